"""Laying what a statement tells beside what its evidence says.

Comes in: analyses of a statement and of its evidence. Goes out: what they do not agree on, in words.
Promises: each thing told needs one thing in the evidence that agrees with it in everything at once:
who, to whom, whether it happened, and whose word it is. A hedge may be kept or added to a claim,
never dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from service.facts.analysis import Analysis
from service.facts.attribution import Attribution
from service.facts.claims import Claim, Refusal
from service.facts.clauses import Clause
from service.facts.events import Event
from service.facts.frames import frame_refusal, is_frame
from service.facts.lexicon import lexicon
from service.facts.models import Reason
from service.facts.participants import roles_fit, without_predicate
from service.facts.partners import EMPTY_VERBS, Partner, partners
from service.facts.phrases import Reference, spoken_by
from service.facts.stems import stem
from service.facts.thesaurus import kin, related
from service.facts.together import apart
from service.facts.voices import OPEN, frame_dropped, frames, modality_detail, modality_kept, speaker_changed

if TYPE_CHECKING:
    from spacy.tokens import Token
# What somebody does who says how things are.
_MINDS = frozenset({"see", "find", "expect", "believe", "think", "hope", "fear", "predict", "forecast"})
# What ties two events to one time or reason; "while" and "although" only set them side by side.
_TYING = frozenset({"when", "as", "after", "before", "because", "since", "until", "once"})
_STRENGTH: dict[Reason, int] = {
    "word_not_in_evidence": 0,
    "subject_changed": 1,
    "polarity_changed": 2,
    "kind_laundered": 3,
    "speaker_not_in_evidence": 4,
}


def aligned(clause: Clause, evidence: Sequence[Analysis]) -> list[tuple[Analysis, Clause]]:
    """Evidence clauses with the same predicate; failing that, with a related one."""
    wanted = stem(clause.lemma)
    same = [(e, c) for e in evidence for c in e.clauses if stem(c.lemma) == wanted]
    if clause.lemma in EMPTY_VERBS:
        return [(e, c) for e, c in same if c.agent & clause.agent or c.patient & clause.patient]
    return same or [(e, c) for e in evidence for c in e.clauses if related(stem(c.lemma), wanted)]


def disagreements(claim: Claim) -> Iterator[Refusal]:
    """For each event told, why no event of the evidence carries it; nothing when one does."""
    statement, reference = claim.statement, Reference(claim)
    carried: dict[int, set[int]] = {}  # the sentences that carry each event
    for event in statement.events:
        if _complement(event, statement):
            continue
        if is_frame(event, statement):
            refusal = frame_refusal(event, reference)
        elif found := partners(event, claim.evidence):
            refusal = _carried_by(event, claim, found, reference, carried)
        else:
            refusal = _without_partner(event, claim)
        if refusal is not None:
            yield refusal
    yield from _parted(statement, carried)


def _carried_by(
    event: Event, claim: Claim, found: Sequence[Partner], reference: Reference, carried: dict[int, set[int]]
) -> Refusal | None:
    """None when one of the partners agrees in everything; notes which sentences do."""
    judged = [(p, _mismatch(event, claim.statement, p, reference)) for p in found]
    if all(r is not None and r.reason == "subject_changed" for _, r in judged):
        others = (p for p in partners(event, claim.evidence, exactly=False) if not p.event.nominal)
        judged += [(p, _mismatch(event, claim.statement, p, reference)) for p in others]
    carried[event.token.i] = {id(p.analysis) for p, r in judged if r is None}
    refusals = [r for _, r in judged if r is not None]
    return max(refusals, key=lambda r: _STRENGTH.get(r.reason, 0)) if len(refusals) == len(judged) else None


def _without_partner(event: Event, claim: Claim) -> Refusal | None:
    """An event that nothing in the evidence speaks of: only a verb that says little may be one."""
    telling = not event.light and not _in_quotes(event, claim.statement)
    if telling or (event.light and len(claim.evidence) > 1 and event.token.lemma_ != "be"):
        return Refusal("word_not_in_evidence", f"the evidence does not tell of {event.token.text!r}")
    if not event.modality & OPEN and _all_open(claim.evidence):
        return Refusal("kind_laundered", "what the evidence tells has not happened yet")
    if event.negated and not any(e.negated for a in claim.evidence for e in a.events):
        return Refusal("polarity_changed", "nothing is negated in the evidence")
    return None


def _parted(statement: Analysis, carried: dict[int, set[int]]) -> Iterator[Refusal]:
    """What is told with "when" or "as" stands in one sentence of the evidence."""
    for event in statement.events:
        own, above = carried.get(event.token.i), carried.get(event.token.head.i)
        tied = any(c.lower_ in _TYING for c in event.token.children)
        if tied and event.token.dep_ == "advcl" and own and above and own.isdisjoint(above):
            word, other = event.token.text, event.token.head.text
            yield Refusal("word_not_in_evidence", f"{word!r} is not told together with {other!r}")


def _all_open(evidence: Sequence[Analysis]) -> bool:
    """Whether nothing the evidence tells has happened."""
    told = [
        e
        for a in evidence
        for e in a.events
        if not is_frame(e, a) and e.token.lemma_.lower() not in lexicon().plan
    ]
    return bool(told) and all(e.modality & OPEN for e in told)


def _in_quotes(event: Event, statement: Analysis) -> bool:
    return any(a <= event.token.idx < b for a, b in statement.quotes)


def _complement(event: Event, statement: Analysis) -> bool:
    """The "shut" of "stays shut" is judged with "stays"."""
    state = event.token.dep_ in {"acomp", "oprd"} or (
        event.token.dep_ == "xcomp"
        and event.token.tag_ == "VBN"
        and not any(c.dep_ in {"aux", "auxpass"} for c in event.token.children)
    )
    return state and any(e.light and e.token.i == event.token.head.i for e in statement.events)


# -- does it agree --------------------------------------------------------------------------------


def _mismatch(event: Event, statement: Analysis, partner: Partner, reference: Reference) -> Refusal | None:
    given = partner.event
    word = event.token.text
    if event.token.lemma_ in _MINDS and _says(event.agents, partner, reference):
        event = replace(event, agents=())  # who says that none is expected expects none
    shared = event.keys | event.noun_keys
    shared = shared.union(*map(kin, shared)) & (given.keys | given.noun_keys)
    told_keys = shared.union(*map(kin, shared))
    event = without_predicate(event, told_keys)
    if not roles_fit(event, without_predicate(given, shared), reference):
        return Refusal("subject_changed", f"who does or undergoes {word!r} is not who does in the evidence")
    if detail := apart(event, statement, partner, reference):
        return Refusal("subject_changed", detail)
    denied = frames(given, "deny")
    told_denied = frames(event, "deny")
    negated = given.negated != (bool(denied) and not told_denied)
    if told_denied and not denied and _denies_it(told_denied, statement, reference):
        return None  # "he denies having done it" on "she accuses him of having done it; he denies it"
    accused = "alleged" in event.modality  # "dismissed the accusation that": who accuses is evidence
    told_negated = event.negated != (bool(told_denied) and not denied and not accused)
    if negated != told_negated:
        return Refusal("polarity_changed", f"{word!r} is {'' if negated else 'not '}negated in the evidence")
    if ("unconfirmed" in event.modality) != ("unconfirmed" in given.modality):
        return Refusal(
            "polarity_changed",
            f"whether {word!r} is so is {'left open' if 'unconfirmed' in given.modality else 'said'}",
        )
    if not modality_kept(event, given):
        return Refusal("kind_laundered", modality_detail(event, given))
    if detail := frame_dropped(event, given):
        return Refusal("kind_laundered", detail)
    if detail := speaker_changed(event, statement, partner, reference):
        return Refusal("speaker_not_in_evidence", detail)
    return None


def _denies_it(told: Sequence[Attribution], statement: Analysis, reference: Reference) -> bool:
    """Whether somebody is accused in the evidence, and whoever denies it in the statement denies it there."""
    words = lexicon()
    speakers = [t for frame in told if frame.speaker for t in spoken_by(statement.doc, frame.speaker)]
    events = [e for a in reference.evidence for e in a.events]
    if not speakers or not any("alleged" in e.modality or frames(e, "accuse") for e in events):
        return False
    return any(
        e.token.lemma_.lower() in words.deny | words.reject
        and not e.negated
        and any(t.lower_ in {"it", "this", "that"} or t.lemma_ in words.charge_nouns for t in e.patients)
        and reference.fits(speakers, e.agents)
        for e in events
    )


def _says(agents: Sequence[Token], partner: Partner, reference: Reference) -> bool:
    spans = [a.speaker for a in partner.event.attributions if a.speaker is not None]
    heads = [head for span in spans for head in spoken_by(partner.analysis.doc, span)]
    return bool(agents) and any(reference.same(agent, head) for agent in agents for head in heads)
