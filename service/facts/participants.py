"""Whether the same people and things take part.

Comes in: an event told and one given. Goes out: yes or no. Promises: whoever acts and whoever
undergoes may not change places; voice may; somebody whom the evidence does not blame is not blamed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.facts.attribution import can_speak
from service.facts.events import Event
from service.facts.phrases import ANYBODY, Reference, measures
from service.facts.stems import stem, token_keys
from service.facts.thesaurus import kin

if TYPE_CHECKING:
    from spacy.tokens import Token


# Who forces somebody out makes them leave: here the one acted upon acts.
_MOVING = frozenset(map(stem, "force drive displace evacuate compel make cause send uproot".split()))


def without_predicate(event: Event, predicate: frozenset[str]) -> Event:
    """A light verb's noun says what happened, not to whom: "no arrests were made"."""
    if not event.light:
        return event
    return replace(
        event,
        agents=tuple(t for t in event.agents if token_keys(t).isdisjoint(predicate)),
        patients=tuple(t for t in event.patients if token_keys(t).isdisjoint(predicate)),
    )


def roles_fit(told: Event, given: Event, reference: Reference) -> bool:
    """Whether those who take part in what is told take the same part in what is given."""
    told = replace(told, agents=tuple(t for t in told.agents if t.lemma_.lower() not in ANYBODY))
    if told.token.lemma_.lower() == "be":
        if not told.agents:
            return True  # "there was ..."
        if given.nominal and told.agents[0].lower_ in {"he", "she", "they"}:
            return False  # "he is a suspect" needs more than a suspect
    if told.agents and not given.agents and _blames(told, given):
        return False
    if told.agents and told.patients:
        return _both_fit(told, given, reference)
    if told.patients:
        return reference.fits(told.patients, given.patients or given.agents)
    if told.agents and given.patients and not _MOVING.isdisjoint(given.keys - told.keys):
        return reference.fits(told.agents, given.patients)  # "families left" on "forced families out"
    if not told.agents or (given.agents and reference.fits(told.agents, given.agents)):
        return True
    if not given.agents and not given.passive:
        return not given.patients or not given.nominal  # an infinitive leaves open who acts
    # "schools closed" on "closed schools", "12 died" on "killed 12"; never "they shot" on "shot them"
    acts = told.keys & given.keys and told.token.tag_ != "VBN" and any(_somebody(t) for t in told.agents)
    return bool(given.patients) and not acts and reference.fits(told.agents, given.patients)


def _blames(told: Event, given: Event) -> bool:
    """Whether the statement names somebody who did what the evidence only says was done."""
    same = bool(told.keys & given.keys)
    if not given.passive and not given.nominal and given.token.tag_ in {"VBD", "VBZ"}:
        return False  # it has a subject, which the parser did not find
    if not (given.passive or not same) or (given.token.tag_ == "VB" and not same) or not told.patients:
        return False
    return any(_somebody(t) for t in told.agents) and not _by_office(told)


def _both_fit(told: Event, given: Event, reference: Reference) -> bool:
    same = bool(told.keys & given.keys)
    straight = reference.fits(told.agents, given.agents)
    if given.agents and given.patients:
        if straight and reference.fits(told.patients, given.patients):
            return True
        counted = any(measures(t) for t in told.patients)
        moved = (
            not same
            and not counted
            and not _MOVING.isdisjoint(given.keys)
            and reference.fits(told.agents, given.patients)
        )
        if moved and not reference.fits(told.patients, given.agents):
            return True  # "people left their homes" on "forced people from their homes"
        return given.light != told.light and not counted and _anywhere(told, given, reference)
    if given.patients:
        return reference.fits(told.patients, given.patients)
    if same or straight:
        return straight
    # "the blast killed two" on "two died"
    return not any(_somebody(t) for t in told.agents) and reference.fits(told.patients, given.agents)


def _by_office(told: Event) -> bool:
    """As in "Police arrested a man" on "a man was arrested": nobody else arrests."""
    return {t.lemma_.lower() for t in told.agents} <= {"police", "officer"} and "arrest" in told.keys.union(
        *map(kin, told.keys)
    )


def _somebody(token: Token) -> bool:
    return token.dep_ != "appos" and token.pos_ != "PRON" and can_speak(token)


def _anywhere(told: Event, given: Event, reference: Reference) -> bool:
    """Between a full verb and a light one with its noun, objects change places."""
    everybody = (*given.agents, *given.patients)
    return reference.fits(told.agents, given.agents) and reference.fits(told.patients, everybody)
