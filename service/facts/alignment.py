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
from service.facts.clauses import Attribution, Clause, can_speak
from service.facts.dates import same_time
from service.facts.events import Event, noun_event
from service.facts.lexicon import lexicon
from service.facts.models import Reason
from service.facts.names import NameBook
from service.facts.numbers import same_number, within
from service.facts.phrases import Reference, measures, spoken_by
from service.facts.stems import bare_keys, stem, token_keys
from service.facts.synonyms import kin, related

if TYPE_CHECKING:
    from spacy.tokens import Token

_OPEN = frozenset({"future", "possible", "planned", "conditional", "duty"})
_EMPTY_VERBS = frozenset({"be", "have", "do"})
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


@dataclass(frozen=True)
class Partner:
    """An event of the evidence, and the sentence it stands in."""

    analysis: Analysis
    event: Event


def aligned(clause: Clause, evidence: Sequence[Analysis]) -> list[tuple[Analysis, Clause]]:
    """Evidence clauses with the same predicate; failing that, with a related one."""
    wanted = stem(clause.lemma)
    same = [(e, c) for e in evidence for c in e.clauses if stem(c.lemma) == wanted]
    if clause.lemma in _EMPTY_VERBS:
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
        partners = _partners(event, evidence)
        if not partners:
            if not event.light and not _in_quotes(event, statement):
                yield Mismatch("word_not_in_evidence", f"the evidence does not tell of {event.token.text!r}")
            elif event.light and len(evidence) > 1 and event.token.lemma_ != "be":
                yield Mismatch("word_not_in_evidence", f"the evidence does not tell of {event.token.text!r}")
            elif not event.modality & _OPEN and _all_open(evidence):
                yield Mismatch("kind_laundered", "what the evidence tells has not happened yet")
            elif event.negated and not any(e.negated for a in evidence for e in a.events):
                yield Mismatch("polarity_changed", "nothing is negated in the evidence")
            continue
        found = [_mismatch(event, statement, partner, reference) for partner in partners]
        if None not in found and all(f and f.reason == "subject_changed" for f in found):
            others = [p for p in _partners(event, evidence, exactly=False) if not p.event.nominal]
            found += [_mismatch(event, statement, partner, reference) for partner in others]
        if None not in found:
            yield max((f for f in found if f), key=lambda f: _STRENGTH.get(f.reason, 0))


def _all_open(evidence: Sequence[Analysis]) -> bool:
    """Whether nothing the evidence tells has happened."""
    told = [e for a in evidence for e in a.events if not _is_frame(e, a) and e.token.lemma_.lower() not in lexicon().plan]
    return bool(told) and all(e.modality & _OPEN for e in told)


def _in_quotes(event: Event, statement: Analysis) -> bool:
    return any(a <= event.token.idx < b for a, b in statement.quotes)


def _is_frame(event: Event, statement: Analysis) -> bool:
    """Plain reporting verbs and "plans to": judged with what stands below them."""
    if event.negated:
        return False
    if any(a.head == event.token.i and a.manner in {"say", "according", "deny"} for e in statement.events for a in e.attributions):
        return True
    below = [e for e in statement.events if e.token.head.i == event.token.i and e.token.dep_ == "xcomp"]
    lemma = event.token.lemma_.lower()
    return bool(below) and (lemma in lexicon().plan | lexicon().fail | {"be"}) and not event.negated


def _complement(event: Event, statement: Analysis) -> bool:
    """The "shut" of "stays shut" is judged with "stays"."""
    return event.token.dep_ in {"acomp", "oprd"} and any(e.light and e.token.i == event.token.head.i for e in statement.events)


# -- which events of the evidence speak of the same -----------------------------------------------


def _partners(event: Event, evidence: Sequence[Analysis], *, exactly: bool = True) -> list[Partner]:
    """Events with the same predicate; failing that (or not `exactly`), those with a related one."""
    phrasal = frozenset(k for k in event.keys if "_" in k and kin(k))
    wanted = event.noun_keys if event.light and event.noun_keys else phrasal or event.keys
    if event.token.lemma_.lower() not in _EMPTY_VERBS and not phrasal:
        wanted = wanted | event.keys
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


# -- does it agree --------------------------------------------------------------------------------


def _mismatch(event: Event, statement: Analysis, partner: Partner, reference: Reference) -> Mismatch | None:
    given = partner.event
    word = event.token.text
    shared = event.keys | event.noun_keys
    shared = shared.union(*map(kin, shared)) & (given.keys | given.noun_keys)
    told_keys = shared.union(*map(kin, shared))
    event = _without_predicate(event, told_keys)
    if not _roles_fit(event, _without_predicate(given, shared), reference):
        return Mismatch("subject_changed", f"who does or undergoes {word!r} is not who does in the evidence")
    if len(reference.evidence) > 1 and (detail := _scattered(event, statement, partner)):
        return Mismatch("subject_changed", detail)
    denied = _frames(given, "deny")
    told_denied = _frames(event, "deny")
    negated = given.negated != (bool(denied) and not told_denied)
    told_negated = event.negated != (bool(told_denied) and not denied)
    if negated != told_negated:
        return Mismatch("polarity_changed", f"{word!r} is {'' if negated else 'not '}negated in the evidence")
    if ("unconfirmed" in event.modality) != ("unconfirmed" in given.modality):
        return Mismatch("polarity_changed", f"whether {word!r} is so is {'left open' if 'unconfirmed' in given.modality else 'said'}")
    if not _modality_kept(event, given):
        return Mismatch("kind_laundered", _modality_detail(event, given))
    if detail := _frame_dropped(event, given):
        return Mismatch("kind_laundered", detail)
    if detail := _speaker_changed(event, statement, partner, reference):
        return Mismatch("speaker_not_in_evidence", detail)
    return None


def _scattered(event: Event, statement: Analysis, partner: Partner) -> str | None:
    """With two sentences at hand, one of them must carry the whole clause; the other may only say what
    names and definite nouns ("the flood", "his lawyer") mean."""
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
        if _nearest_at(when.start, statement) == event.token.i and not any(same_time(when, w) for w in given.dates):
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


def _without_predicate(event: Event, predicate: frozenset[str]) -> Event:
    """A light verb's noun says what happened, not to whom: "no arrests were made"."""
    if not event.light:
        return event
    return replace(
        event,
        agents=tuple(t for t in event.agents if token_keys(t).isdisjoint(predicate)),
        patients=tuple(t for t in event.patients if token_keys(t).isdisjoint(predicate)),
    )


def _roles_fit(told: Event, given: Event, reference: Reference) -> bool:
    if told.token.lemma_.lower() == "be" and not told.agents:
        return True  # "there was ..."
    if told.token.lemma_.lower() == "be" and given.nominal and told.agents[0].pos_ == "PRON":
        return False  # "he is a suspect" needs more than a suspect
    infinitive = given.token.tag_ == "VB" and not told.keys & given.keys
    unsaid = not infinitive and (given.passive or not told.keys & given.keys)  # the evidence leaves open who did it
    if told.agents and not given.agents and unsaid and any(_somebody(t) for t in told.agents) and not _by_office(told):
        return not told.patients and reference.fits(told.agents, given.patients)  # nobody is blamed in the evidence
    if told.agents and told.patients:
        if given.agents and given.patients:
            straight = reference.fits(told.agents, given.agents) and reference.fits(told.patients, given.patients)
            moved = not told.keys & given.keys and reference.fits(told.agents, given.patients)
            if moved and not reference.fits(told.patients, given.agents) and not any(measures(t) for t in told.patients):
                return True  # "people left their homes" on "forced people from their homes"
            return straight or (given.light != told.light and _anywhere(told, given, reference))
        if given.patients:
            return reference.fits(told.patients, given.patients)
        if not told.keys & given.keys:  # "the blast killed two" on "two died"
            doer = not any(_somebody(t) for t in told.agents)
            return (doer and reference.fits(told.patients, given.agents)) or reference.fits(told.agents, given.agents)
        return reference.fits(told.agents, given.agents)
    if told.patients:
        return reference.fits(told.patients, given.patients or given.agents)
    if told.agents:
        if not given.agents:
            return reference.fits(told.agents, given.patients)
        if reference.fits(told.agents, given.agents):
            return True
        return bool(given.patients) and reference.fits(told.agents, given.patients)
    return True


def _by_office(told: Event) -> bool:
    """"Police arrested a man" on "a man was arrested": nobody else arrests."""
    return {t.lemma_.lower() for t in told.agents} <= {"police", "officer"} and "arrest" in told.keys.union(*map(kin, told.keys))


def _somebody(token: Token) -> bool:
    return token.dep_ != "appos" and token.pos_ != "PRON" and can_speak(token)


def _anywhere(told: Event, given: Event, reference: Reference) -> bool:
    """Between a full verb and a light one with its noun, objects change places."""
    if any(measures(t) for t in told.patients):
        return False
    everybody = (*given.agents, *given.patients)
    return reference.fits(told.agents, given.agents) and reference.fits(told.patients, everybody)


def _frames(event: Event, manner: str) -> list[Attribution]:
    return [a for a in event.attributions if a.manner == manner]


def _modality_kept(told: Event, given: Event) -> bool:
    hedged = bool(told.modality & {"alleged", "reported", "possible"}) or bool(told.attributions)
    if "alleged" in given.modality and not (told.modality & {"alleged", "reported"} or told.attributions):
        return False
    if "reported" in given.modality and not hedged:
        return False
    given_open, told_open = bool(given.modality & _OPEN), bool(told.modality & _OPEN)
    if given.modality == {"future"} and told.token.lemma_ in {"stay", "remain"} and told.token.tag_ in {"VBZ", "VBP"}:
        return True  # "the museum stays shut until Friday"
    if given_open and not told_open:
        if "reported" in told.modality and given.modality <= {"possible", "reported"}:
            return True  # "she believes the number is higher" on "was probably higher"
        return told.progressive and not given.modality & {"possible", "conditional"}
    if told_open and not given_open:
        return given.nominal and told.light and told.modality == {"future"}  # "will take five months"
    if "possible" in given.modality and "reported" in told.modality:
        return True
    if "possible" in given.modality:
        return bool(told.modality & {"possible", "conditional", "planned"}) and "future" not in told.modality
    return "conditional" not in given.modality or bool(told.modality & {"conditional", "possible"})


def _modality_detail(told: Event, given: Event) -> str:
    said = ", ".join(sorted(given.modality)) or "as a fact"
    how = ", ".join(sorted(told.modality)) or "as a fact"
    return f"{told.token.text!r} is told {how}, the evidence says it {said}"


def _frame_dropped(told: Event, given: Event) -> str | None:
    """An accusation stays an accusation, a denial a denial."""
    word = told.token.text
    if _frames(given, "accuse") and not (_frames(told, "accuse") or told.modality & {"alleged"} or told.attributions):
        return f"{word!r} is somebody's accusation in the evidence"
    if _frames(given, "deny") and not told.attributions:
        return f"{word!r} is somebody's denial in the evidence"
    return None


def _speaker_changed(told: Event, statement: Analysis, partner: Partner, reference: Reference) -> str | None:
    for attribution in told.attributions:
        if attribution.speaker is None:
            continue
        speaker = spoken_by(statement, attribution.speaker)
        given = [a.speaker for a in partner.event.attributions if a.speaker is not None]
        heads = [head for span in given for head in spoken_by(partner.analysis, span)]
        if speaker and not (_generic(speaker[0].lemma_.lower(), bool(heads), partner.analysis) or any(reference.same(speaker[0], h) for h in heads)):
            return f"it is not {speaker[0].text!r} who says so in the evidence"
    return None


def _generic(lemma: str, somebody_speaks: bool, given: Analysis) -> bool:
    """"Officials say" wherever somebody says it; "reports say" where it is reported."""
    if lemma == "report" and "report" in given.stems:
        return True
    return somebody_speaks and lemma in {"official", "authority", "report", "source"}
