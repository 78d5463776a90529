"""What a sentence says happened, in a form that two wordings of it share.

Comes in: a parsed sentence and its clauses. Goes out: one `Event` a clause. Promises: "was closed",
"closed" and "the closure took place" are known by the same keys; "failed to" counts as not; a verb
that says little by itself is known by the noun beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from service.facts.attribution import Attribution, frame_of
from service.facts.clauses import Clause
from service.facts.expressions import Expression
from service.facts.lexicon import lexicon
from service.facts.modality import Modality
from service.facts.stems import bare_keys, token_keys
from service.facts.syntax import particle_lemma

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_STILL_OPEN: frozenset[Modality] = frozenset({"future", "possible", "planned", "conditional"})
_EMPTY_PHRASES = frozenset({"carry_out", "bring_about", "make_up", "come_about", "go_on", "go_through"})
_COMPLEMENT = frozenset({"attr", "acomp", "oprd", "dobj"})


@dataclass(frozen=True)
class Event:
    """`keys` name the predicate; `noun_keys` the noun or adjective that carries the meaning of a light
    verb. `agents` and `patients` are heads of noun phrases. `negated` counts "failed to" as "not".
    """

    token: Token
    keys: frozenset[str]
    noun_keys: frozenset[str]
    light: bool
    agents: tuple[Token, ...]
    patients: tuple[Token, ...]
    passive: bool
    negated: bool
    modality: frozenset[Modality]
    attributions: tuple[Attribution, ...]
    progressive: bool = False
    nominal: bool = False
    refused: bool = False


def events(
    doc: Doc, clauses: tuple[Clause, ...], expressions: tuple[Expression, ...] = ()
) -> tuple[Event, ...]:
    """One event for each clause, in order."""
    return tuple(_with_expressions(_event(doc, clause), expressions) for clause in clauses)


def _with_expressions(event: Event, expressions: tuple[Expression, ...]) -> Event:
    """Who "gives evidence" gives nothing: the expression is the predicate, its words take no part."""
    own = [e for e in expressions if e.tokens[0] == event.token.i]
    if not own:
        return event
    # "lifts the ban" does something to the ban, "gives evidence" nothing to evidence
    inside = {place for e in own for place in e.tokens} if event.light else set()
    return replace(
        event,
        keys=event.keys | {e.key for e in own},
        agents=tuple(t for t in event.agents if t.i not in inside),
        patients=tuple(t for t in event.patients if t.i not in inside),
    )


def _event(doc: Doc, clause: Clause) -> Event:
    token = doc[clause.head]
    failed = "failed" in clause.modality
    light = is_light(token)
    if token.lemma_ == "plead" and re.search(r"\bnot guilty\b", doc.text):
        return _denial(doc, clause)
    modality = set(clause.modality - {"failed"})
    if _is_arranged(token, clause):  # "a vote is planned", "it needs approval"
        light, modality = True, modality | {"planned" if clause.passive else "duty"}
    unmade = light and any(bare_keys(c) for c in token.children if c.dep_ == "acomp")  # "was undamaged"
    return Event(
        token=token,
        keys=token_keys(token) | bare_keys(token),
        noun_keys=_noun_keys(token, clause, doc) if light else frozenset(),
        light=light,
        agents=tuple(doc[i] for i in clause.agent_heads),
        patients=tuple(
            doc[i] for i in clause.patient_heads if not (light and doc[i].lemma_ in {"place", "part"})
        ),
        passive=clause.passive,
        negated=(clause.negated != failed) != (unmade or bool(bare_keys(token))),
        modality=frozenset(modality),
        attributions=clause.attributions,
        refused=token.dep_ == "xcomp" and token.head.lemma_ in {"refuse", "decline"},
        progressive=token.tag_ == "VBG"
        and any(c.dep_ == "aux" and c.tag_ in {"VBZ", "VBP"} for c in token.children),
    )


def _denial(doc: Doc, clause: Clause) -> Event:
    """Who pleads not guilty denies the charges."""
    return Event(
        token=doc[clause.head],
        keys=frozenset({"deni"}),
        noun_keys=frozenset(),
        light=False,
        agents=tuple(doc[i] for i in clause.agent_heads),
        patients=(),
        passive=False,
        negated=False,
        modality=clause.modality,
        attributions=clause.attributions,
    )


def _is_arranged(token: Token, clause: Clause) -> bool:
    lemma = token.lemma_.lower()
    if any(c.dep_ in {"xcomp", "ccomp"} for c in token.children):
        return False
    if clause.passive:
        return lemma in {"plan", "schedule", "expect", "set", "intend", "slate"}
    return lemma in {"need", "require", "await"} and any(c.dep_ == "dobj" for c in token.children)


def is_light(token: Token) -> bool:
    """Whether a verb needs a noun beside it to say anything."""
    if "_" in (particle := particle_lemma(token)) and particle not in _EMPTY_PHRASES:
        return False  # "gave back", "took over"
    if token.lemma_ in {"see", "find"}:  # "sees no evidence of"
        return any(c.dep_ == "dobj" and c.lemma_ in {"evidence", "sign", "reason"} for c in token.children)
    return token.lemma_.lower() in lexicon().light


def _noun_keys(token: Token, clause: Clause, doc: Doc) -> frozenset[str]:
    """Keys of what a light verb is said with: complement or object; else where; else its subject."""
    beside = [c for c in token.children if c.dep_ in _COMPLEMENT]
    if any(c.lemma_ == "place" for c in beside):  # "took place"
        return frozenset().union(*(token_keys(doc[i]) for i in clause.agent_heads))
    if not beside:
        beside = [
            g
            for c in token.children
            if c.dep_ == "prep"
            for g in c.children
            if g.dep_ == "pobj" and g.pos_ != "PROPN"
        ]
    if (
        clause.passive
        or not beside
        or token.lemma_.lower() in {"happen", "occur", "exist", "come", "go", "begin", "start"}
    ):
        beside = [*beside, *(doc[i] for i in (*clause.patient_heads, *clause.agent_heads))]
    return frozenset().union(*(bare_keys(c) or token_keys(c) for c in beside)) if beside else frozenset()


# -- nouns that stand for events ------------------------------------------------------------------


def noun_event(token: Token, clauses: tuple[Clause, ...]) -> Event:
    """The event a noun or adjective speaks of: as real as what governs it lets it be."""
    doc = token.doc
    modality, negated = (set(), False) if token.dep_ == "amod" else _status(token, clauses)
    around = [c for c in token.subtree if c.i != token.i and c.pos_ in {"NOUN", "PROPN"}]
    governor = _governor(token)
    clause = next((c for c in clauses if governor is not None and c.head == governor.i), None)
    if clause is not None:
        around += [doc[i] for i in (*clause.agent_heads, *clause.patient_heads) if i != token.i]
    described = token.dep_ == "amod"  # "affected households"
    return Event(
        token=token,
        keys=token_keys(token),
        noun_keys=frozenset(),
        light=False,
        agents=() if described else tuple(around),
        patients=(token.head,) if described else tuple(around),
        passive=False,
        negated=negated,
        modality=frozenset(modality),
        attributions=_frames_of_a_noun(token, clause),
        nominal=True,
    )


def _frames_of_a_noun(token: Token, clause: Clause | None) -> tuple[Attribution, ...]:
    """Frames of its clause; who "denies any mistake" denies that it was made."""
    if clause is None:
        return ()
    verb = token.doc[clause.head]
    frame = frame_of(verb) if token.dep_ in {"dobj", "nsubjpass"} and token.head.i == verb.i else None
    denied = (frame,) if frame is not None and frame.manner == "deny" else ()
    return (*denied, *clause.attributions)


def _status(token: Token, clauses: tuple[Clause, ...]) -> tuple[set[Modality], bool]:
    words = lexicon()
    modality: set[Modality] = set()
    negated = any(
        c.lower_ in {"no", "neither"} for c in token.children if c.dep_ in {"det", "neg", "preconj"}
    )
    for step in _upwards(token):
        lemma, parent = step.lemma_.lower(), step.head
        if step.lower_ == "without":
            negated = not negated
        if step.i != token.i and step.pos_ == "NOUN" and lemma in words.charge_nouns | words.accusing:
            modality.add("alleged")
        if step.i != token.i and step.pos_ == "NOUN" and lemma in words.possible_nouns:
            modality.add("planned")
        if parent.pos_ in {"VERB", "AUX"} and parent.i != step.i:
            clause = next((c for c in clauses if c.head == parent.i), None)
            return _under(parent, step, clause, modality, negated)
    return modality, negated


def _under(
    verb: Token, step: Token, clause: Clause | None, modality: set[Modality], negated: bool
) -> tuple[set[Modality], bool]:
    """What the governing verb does to the reality of a noun below it."""
    words = lexicon()
    if step.dep_ == "prep" and step.lower_ in {"despite", "amid"}:
        return modality, negated  # "voted to close the school despite protests": they took place
    if clause is not None and step.dep_ == "nsubj" and not clause.patient:
        modality |= set(clause.modality) - {"failed"}  # "a second strike could follow"
    undergoes = step.dep_ in {"dobj", "nsubjpass", "attr", "pobj"} or (
        step.dep_ == "prep" and step.lower_ == "for"
    )
    names = {verb.lemma_.lower(), particle_lemma(verb)}
    if clause is not None and step.dep_ == "prep":
        modality |= set(clause.modality) & _STILL_OPEN  # "is to be lifted into its final orbit"
    if step.dep_ == "dobj" and verb.lemma_.lower() in {"risk", "threaten", "face"}:
        modality.add("possible")
    if clause is not None and undergoes:
        if clause.negated and step.dep_ in {"dobj", "attr", "nsubjpass"} and not negated:
            negated = not negated
        modality |= set(clause.modality) - {"failed"}
    if (
        verb.lemma_.lower() in {"respond", "reply", "answer"}
        and clause is not None
        and clause.negated
        and step.lower_ == "to"
    ):
        return modality - {"planned"}, not negated  # "did not respond to requests for comment"
    if undergoes and names & words.fail and step.dep_ != "prep":
        negated = not negated
    elif undergoes and names & (words.plan - words.say - {"set", "look", "offer"}):
        modality.add("planned")
    if (
        step.dep_ == "prep"
        and verb.lemma_.lower() in words.accusing
        and step.lower_ in {"with", "of", "for", "over"}
    ):
        modality.add("alleged")
    return modality, negated


def _upwards(token: Token) -> Iterator[Token]:
    for _ in range(6):
        yield token
        if token.head.i == token.i:
            return
        token = token.head
        if token.pos_ in {"VERB", "AUX"}:
            return


def _governor(token: Token) -> Token | None:
    for step in _upwards(token):
        if step.head.pos_ in {"VERB", "AUX"} and step.head.i != step.i:
            return step.head
    return None
