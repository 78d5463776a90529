"""Which events of the evidence speak of what a statement tells.

Comes in: an event told, and the analyses of its evidence. Goes out: `Partner`s. Promises: the same
predicate goes before a related one; a noun counts as an event when no clause does ("the closure").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.facts.analysis import Analysis
from service.facts.events import Event, noun_event
from service.facts.stems import token_keys
from service.facts.syntax import particle_lemma
from service.facts.thesaurus import kin

EMPTY_VERBS = frozenset({"be", "have", "do"})


@dataclass(frozen=True)
class Partner:
    """An event of the evidence, and the sentence it stands in."""

    analysis: Analysis
    event: Event


def _wanted(event: Event) -> frozenset[str]:
    """What the event is known by: a verb with its particle ("turn down") or a light verb with its noun
    ("give evidence") not by the bare verb.
    """
    listed = frozenset(k for k in event.keys if "_" in k and kin(k))
    particle = particle_lemma(event.token)
    if "_" in particle and particle in listed:
        return listed
    if event.light and (listed or event.noun_keys):
        said = listed | event.noun_keys
        return said if event.token.lemma_.lower() in EMPTY_VERBS else said | event.keys
    return event.keys


def partners(event: Event, evidence: Sequence[Analysis], *, exactly: bool = True) -> list[Partner]:
    """Events with the same predicate; failing that (or not `exactly`), those with a related one."""
    wanted = _wanted(event)
    near = wanted.union(*map(kin, wanted))
    exact = [Partner(a, e) for a in evidence for e in a.events if not wanted.isdisjoint(e.keys | e.noun_keys)]
    if exact and exactly:
        children = {(id(p.analysis), c.i) for p in exact for c in p.event.token.children if p.event.light}
        return [p for p in exact if (id(p.analysis), p.event.token.i) not in children]
    clauses = [Partner(a, e) for a in evidence for e in a.events if not near.isdisjoint(e.keys | e.noun_keys)]
    heads = {(id(p.analysis), p.event.token.i) for p in clauses}
    nouns = [
        Partner(a, noun_event(t, a.clauses))
        for a in evidence
        for t in a.doc
        if t.pos_ in {"NOUN", "ADJ", "ADV", "VERB", "PROPN"}
        and (id(a), t.i) not in heads
        and not near.isdisjoint(token_keys(t))
        and not any(e.token.i == t.i for e in a.events)
    ]
    # the noun of a light verb's own clause is not a second event
    taken = {(id(p.analysis), c.i) for p in clauses for c in p.event.token.children}
    return clauses + [n for n in nouns if (id(n.analysis), n.event.token.i) not in taken]
