"""Laying what a statement tells beside what its evidence says.

Comes in: analyses of a statement and of its evidence. Goes out: what they do not agree on, in words.
Promises: each thing told needs one thing in the evidence that agrees with it in everything at once:
who, to whom, whether it happened, and whose word it is. A hedge may be kept or added to a claim,
never dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from service.facts.analysis import Analysis
from service.facts.clauses import Clause
from service.facts.dates import same_time
from service.facts.events import Event
from service.facts.lexicon import lexicon
from service.facts.models import Reason
from service.facts.names import NameBook
from service.facts.numbers import same_number, within
from service.facts.participants import roles_fit, without_predicate
from service.facts.partners import EMPTY_VERBS, Partner, partners
from service.facts.phrases import Reference, spoken_by
from service.facts.stems import bare_keys, stem, token_keys
from service.facts.synonyms import kin, related
from service.facts.voices import OPEN, frame_dropped, frames, modality_detail, modality_kept, speaker_changed

if TYPE_CHECKING:
    from spacy.tokens import Token
_STRENGTH: dict[Reason, int] = {
    "word_not_in_evidence": 0,
    "subject_changed": 1,
    "polarity_changed": 2,
    "kind_laundered": 3,
    "speaker_not_in_evidence": 4,
}


@dataclass(frozen=True)
class Mismatch:
    reason: Reason
    detail: str


def aligned(clause: Clause, evidence: Sequence[Analysis]) -> list[tuple[Analysis, Clause]]:
    """Evidence clauses with the same predicate; failing that, with a related one."""
    wanted = stem(clause.lemma)
    same = [(e, c) for e in evidence for c in e.clauses if stem(c.lemma) == wanted]
    if clause.lemma in EMPTY_VERBS:
        return [(e, c) for e, c in same if c.agent & clause.agent or c.patient & clause.patient]
    return same or [(e, c) for e in evidence for c in e.clauses if related(stem(c.lemma), wanted)]


def disagreements(
    statement: Analysis, evidence: Sequence[Analysis], book: NameBook, stands_for: frozenset[str]
) -> Iterator[Mismatch]:
    """For each event told, why no event of the evidence carries it; nothing when one does."""
    reference = Reference(evidence, book, stands_for)
    for event in statement.events:
        if _is_frame(event, statement) or _complement(event, statement):
            continue
        found_partners = partners(event, evidence)
        if not found_partners:
            if (not event.light and not _in_quotes(event, statement)) or (
                event.light and len(evidence) > 1 and event.token.lemma_ != "be"
            ):
                yield Mismatch("word_not_in_evidence", f"the evidence does not tell of {event.token.text!r}")
            elif not event.modality & OPEN and _all_open(evidence):
                yield Mismatch("kind_laundered", "what the evidence tells has not happened yet")
            elif event.negated and not any(e.negated for a in evidence for e in a.events):
                yield Mismatch("polarity_changed", "nothing is negated in the evidence")
            continue
        found = [_mismatch(event, statement, partner, reference) for partner in found_partners]
        if None not in found and all(f and f.reason == "subject_changed" for f in found):
            others = [p for p in partners(event, evidence, exactly=False) if not p.event.nominal]
            found += [_mismatch(event, statement, partner, reference) for partner in others]
        if None not in found:
            yield max((f for f in found if f), key=lambda f: _STRENGTH.get(f.reason, 0))


def _all_open(evidence: Sequence[Analysis]) -> bool:
    """Whether nothing the evidence tells has happened."""
    told = [
        e
        for a in evidence
        for e in a.events
        if not _is_frame(e, a) and e.token.lemma_.lower() not in lexicon().plan
    ]
    return bool(told) and all(e.modality & OPEN for e in told)


def _in_quotes(event: Event, statement: Analysis) -> bool:
    return any(a <= event.token.idx < b for a, b in statement.quotes)


def _is_frame(event: Event, statement: Analysis) -> bool:
    """Plain reporting verbs and "plans to": judged with what stands below them."""
    if event.negated:
        return False
    if any(
        a.head == event.token.i and a.manner in {"say", "according", "deny"}
        for e in statement.events
        for a in e.attributions
    ):
        return True
    below = [e for e in statement.events if e.token.head.i == event.token.i and e.token.dep_ == "xcomp"]
    lemma = event.token.lemma_.lower()
    return bool(below) and (lemma in lexicon().plan | lexicon().fail | {"be"}) and not event.negated


def _complement(event: Event, statement: Analysis) -> bool:
    """The "shut" of "stays shut" is judged with "stays"."""
    state = event.token.dep_ in {"acomp", "oprd"} or (
        event.token.dep_ == "xcomp" and event.token.tag_ == "VBN"
    )
    return state and any(e.light and e.token.i == event.token.head.i for e in statement.events)


# -- does it agree --------------------------------------------------------------------------------


def _mismatch(event: Event, statement: Analysis, partner: Partner, reference: Reference) -> Mismatch | None:
    given = partner.event
    word = event.token.text
    if event.light and event.token.lemma_ in {"see", "find"} and _says(event.agents, partner, reference):
        event = replace(event, agents=())  # who says that there is no evidence sees none
    shared = event.keys | event.noun_keys
    shared = shared.union(*map(kin, shared)) & (given.keys | given.noun_keys)
    told_keys = shared.union(*map(kin, shared))
    event = without_predicate(event, told_keys)
    if not roles_fit(event, without_predicate(given, shared), reference):
        return Mismatch("subject_changed", f"who does or undergoes {word!r} is not who does in the evidence")
    if len(reference.evidence) > 1 and (detail := _scattered(event, statement, partner)):
        return Mismatch("subject_changed", detail)
    denied = frames(given, "deny")
    told_denied = frames(event, "deny")
    negated = given.negated != (bool(denied) and not told_denied)
    told_negated = event.negated != (bool(told_denied) and not denied)
    if negated != told_negated:
        return Mismatch("polarity_changed", f"{word!r} is {'' if negated else 'not '}negated in the evidence")
    if ("unconfirmed" in event.modality) != ("unconfirmed" in given.modality):
        return Mismatch(
            "polarity_changed",
            f"whether {word!r} is so is {'left open' if 'unconfirmed' in given.modality else 'said'}",
        )
    if not modality_kept(event, given):
        return Mismatch("kind_laundered", modality_detail(event, given))
    if detail := frame_dropped(event, given):
        return Mismatch("kind_laundered", detail)
    if detail := speaker_changed(event, statement, partner, reference):
        return Mismatch("speaker_not_in_evidence", detail)
    return None


def _says(agents: Sequence[Token], partner: Partner, reference: Reference) -> bool:
    spans = [a.speaker for a in partner.event.attributions if a.speaker is not None]
    heads = [head for span in spans for head in spoken_by(partner.analysis, span)]
    return bool(agents) and any(reference.same(agent, head) for agent in agents for head in heads)


def _scattered(event: Event, statement: Analysis, partner: Partner) -> str | None:
    """With two sentences at hand, one of them must carry the whole clause; the other may only say what
    names and definite nouns ("the flood", "his lawyer") mean.
    """
    given = partner.analysis
    for token in statement.content:
        own = _nearest_event(token, statement) == event.token.i and token.i not in statement.frame_words
        if not own or _definite(token):
            continue
        keys = token_keys(token) | bare_keys(token)
        if keys.isdisjoint(given.stems) and all(kin(k).isdisjoint(given.stems) for k in keys):
            return f"{token.text!r} is not said together with {event.token.text!r} in the evidence"
    told = [n for n in statement.numbers if _nearest_at(n.start, statement) == event.token.i]
    if not all(any(same_number(n, m) or within(n, m) for m in given.numbers) for n in told):
        return f"the number is not said together with {event.token.text!r} in the evidence"
    for when in statement.dates:
        if _nearest_at(when.start, statement) == event.token.i and not any(
            same_time(when, w) for w in given.dates
        ):
            return f"{when.text!r} is not said together with {event.token.text!r} in the evidence"
    return None


def _definite(token: Token) -> bool:
    """A name, or a word of a phrase that begins with "the", "its" or a possessor."""
    head = token
    while head.dep_ in {"compound", "amod", "poss", "nmod"} and head.head.i != head.i:
        head = head.head
    return token.pos_ == "PROPN" or any(
        c.dep_ == "poss" or c.lower_ in {"the", "this", "that", "these", "those"} for c in head.children
    )


def _nearest_event(token: Token, statement: Analysis) -> int:
    heads = {e.token.i for e in statement.events}
    while token.i not in heads and token.head.i != token.i:
        token = token.head
    return token.i


def _nearest_at(start: int, statement: Analysis) -> int:
    token = statement.token_at(start)
    return _nearest_event(token, statement) if token is not None else -1
