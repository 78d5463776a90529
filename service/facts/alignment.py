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
from service.facts.claims import Claim
from service.facts.clauses import Clause
from service.facts.dates import same_time
from service.facts.events import Event
from service.facts.lexicon import lexicon
from service.facts.modality import RAISING
from service.facts.models import Reason
from service.facts.names import name_words
from service.facts.numbers import same_number, within
from service.facts.participants import roles_fit, without_predicate
from service.facts.partners import EMPTY_VERBS, Partner, partners
from service.facts.phrases import Reference, spoken_by
from service.facts.stems import bare_keys, stem, token_keys
from service.facts.thesaurus import kin, related
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


def disagreements(claim: Claim) -> Iterator[Mismatch]:
    """For each event told, why no event of the evidence carries it; nothing when one does."""
    statement, evidence, reference = claim.statement, claim.evidence, Reference(claim)
    carried: dict[int, set[int]] = {}  # the sentences that carry each event
    for event in statement.events:
        if _complement(event, statement):
            continue
        if _is_frame(event, statement):
            if not event.negated and (turned := _frame_turned(event, evidence)):
                yield turned
            elif not _act_of_speech_kept(event, statement, reference):
                yield Mismatch("kind_laundered", f"nobody {event.token.text!r} that in the evidence")
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
        carried[event.token.i] = {
            id(p.analysis) for p, f in zip(found_partners, found, strict=True) if f is None
        }
        if None not in found and all(f and f.reason == "subject_changed" for f in found):
            others = [p for p in partners(event, evidence, exactly=False) if not p.event.nominal]
            found += [_mismatch(event, statement, partner, reference) for partner in others]
        if None not in found:
            yield max((f for f in found if f), key=lambda f: _STRENGTH.get(f.reason, 0))
    for event in statement.events:
        above = carried.get(event.token.head.i)
        own = carried.get(event.token.i)
        if event.token.dep_ == "advcl" and own and above and own.isdisjoint(above):
            yield Mismatch(
                "word_not_in_evidence",
                f"{event.token.text!r} is not told together with {event.token.head.text!r}",
            )


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
        return event.token.lemma_.lower() in RAISING and any(c.dep_ == "xcomp" for c in event.token.children)
    if any(
        a.head == event.token.i and a.manner in {"say", "according", "deny"}
        for e in statement.events
        for a in e.attributions
    ):
        return True
    below = [e for e in statement.events if e.token.head.i == event.token.i and e.token.dep_ == "xcomp"]
    lemma = event.token.lemma_.lower()
    return bool(below) and (lemma in lexicon().plan | lexicon().fail | {"be"}) and not event.negated


# To admit, confirm or promise a thing is more than to say it.
_ACTS = frozenset(
    "admit confirm acknowledge concede confess promise pledge vow threaten order demand predict apologise "
    "apologize guarantee".split()
)


def _act_of_speech_kept(frame: Event, statement: Analysis, reference: Reference) -> bool:
    if frame.token.lemma_.lower() not in _ACTS:
        return True
    found = partners(frame, reference.evidence)
    return any(
        p.event.nominal
        or not p.event.agents
        or not frame.agents
        or reference.fits(frame.agents, p.event.agents)
        for p in found
    )


def _frame_turned(frame: Event, evidence: Sequence[Analysis]) -> Mismatch | None:
    """ "Has agreed to" on "has not agreed to": the verb of the frame itself, where the evidence has it."""
    same = [e for a in evidence for e in a.events if stem(e.token.lemma_) == stem(frame.token.lemma_)]
    if same and all(e.negated != frame.negated for e in same):
        return Mismatch(
            "polarity_changed",
            f"{frame.token.text!r} is {'' if same[0].negated else 'not '}negated in the evidence",
        )
    if same and not frame.modality & OPEN and all(e.modality & OPEN for e in same):
        return Mismatch("kind_laundered", f"{frame.token.text!r} has not happened yet in the evidence")
    return None


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
    if detail := _in_another_part(event, statement, partner):
        return Mismatch("subject_changed", detail)
    if len(reference.evidence) > 1 and (detail := _scattered(event, statement, partner, reference)):
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


def _scattered(event: Event, statement: Analysis, partner: Partner, reference: Reference) -> str | None:
    """With two sentences at hand, one of them must carry the whole clause; the other may only say what
    names and definite nouns ("the flood", "his lawyer") mean.
    """
    given = partner.analysis
    for token in statement.content:
        own = _nearest_event(token, statement) == event.token.i and token.i not in statement.frame_words
        if not own or (token.pos_ != "PROPN" and _definite(token)) or _named_there(token, partner, reference):
            continue
        keys = token_keys(token) | bare_keys(token)
        if (
            token.pos_ == "NOUN"
            and reference.claim.references is not None
            and (reference.claim.references.in_context(given, keys))
        ):
            continue
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


def _in_another_part(event: Event, statement: Analysis, partner: Partner) -> str | None:
    """A semicolon parts a sentence in two: a number told with the event stands in its own part."""
    text, place = partner.analysis.text, partner.event.token.idx
    if ";" not in text:
        return None
    start, end = text.rfind(";", 0, place) + 1, text.find(";", place)
    end = len(text) if end < 0 else end
    for number in statement.numbers:
        if _nearest_at(number.start, statement) != event.token.i:
            continue
        same = [n for n in partner.analysis.numbers if same_number(number, n) or within(number, n)]
        if same and not any(start <= n.start < end for n in same):
            return f"{number.text!r} is not said together with {event.token.text!r} in the evidence"
    return None


def _named_there(token: Token, partner: Partner, reference: Reference) -> bool:
    """Whether a name stands in the sentence of the event, or something there stands for it."""
    if token.pos_ != "PROPN":
        return False
    name = [t for t in (token, token.head, *token.children, *token.head.children) if t.pos_ == "PROPN"]
    words = frozenset(word for t in name for word in name_words(t.text))
    there = partner.analysis.words | reference.claim.reachable(partner.analysis)
    return reference.book.same_any(frozenset(name_words(token.text)) or words, there) or (
        token.dep_ == "compound" and reference.book.same_any(words, there)
    )


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
