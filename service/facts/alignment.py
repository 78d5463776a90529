"""Laying the clauses of a statement beside those of its evidence.

Comes in: two analyses. Goes out: what they do not agree on, in words. Promises: only predicates that
both use (or a listed synonym) are compared; whether a predicate may be used at all is the gate's
business; a statement may keep a hedge, never lose one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from service.facts.analysis import Analysis, stem
from service.facts.clauses import Clause
from service.facts.lexicon import lexicon
from service.facts.names import NameBook
from service.facts.synonyms import related

_PRONOUNS = frozenset("he she it they we i you who which that this these those one both his her its their".split())
_LIGHT_VERBS = frozenset({"be", "have", "do"})
_HYPOTHETICAL = frozenset({"future", "possible", "planned", "conditional", "failed", "duty"})


def aligned(clause: Clause, evidence: Sequence[Analysis]) -> list[tuple[Analysis, Clause]]:
    """Evidence clauses with the same predicate; failing that, with a related one."""
    wanted = stem(clause.lemma)
    same = [(e, c) for e in evidence for c in e.clauses if stem(c.lemma) == wanted]
    if clause.lemma in _LIGHT_VERBS:
        return [(e, c) for e, c in same if c.agent & clause.agent or c.patient & clause.patient]
    return same or [(e, c) for e in evidence for c in e.clauses if related(stem(c.lemma), wanted)]


def agree_on_happening(
    statement: Analysis, evidence: Sequence[Analysis]
) -> Iterator[tuple[Literal["polarity", "kind"], str]]:
    """Negation and modality of shared predicates."""
    for clause in statement.clauses:
        partners = aligned(clause, evidence)
        if not partners:
            if clause.negated and not any(c.negated for e in evidence for c in e.clauses):
                yield "polarity", f"the evidence does not negate {clause.lemma!r}"
            continue
        if not any(c.negated == clause.negated for _, c in partners):
            yield "polarity", f"{clause.lemma!r} is {'' if partners[0][1].negated else 'not '}negated in the evidence"
            continue
        same = [c for _, c in partners if c.negated == clause.negated]
        if not any(_modality_kept(clause, c) for c in same):
            yield "kind", _modality_detail(clause, same[0])


def _modality_kept(statement: Clause, evidence: Clause) -> bool:
    told, given = statement.modality, evidence.modality
    if "alleged" in given and not told & {"alleged", "reported"} and not _accusing(statement):
        return False
    if bool(given & {"conditional"}) and not told & {"conditional", "possible"}:
        return False
    given_open, told_open = bool(given & _HYPOTHETICAL), bool(told & _HYPOTHETICAL)
    if given_open != told_open and not _backshift(given, told):
        return False
    return not ("possible" in given and told_open and not told & {"possible", "conditional"})


def _backshift(given: frozenset[str], told: frozenset[str]) -> bool:
    """A duty or bare infinitive may be told either way; a hedge added to a report is a change."""
    return given <= {"duty", "reported"} and told <= {"duty", "reported"}


def _accusing(clause: Clause) -> bool:
    return any(a.manner in {"accuse", "deny"} for a in clause.attributions)


def _modality_detail(statement: Clause, evidence: Clause) -> str:
    said = ", ".join(sorted(evidence.modality)) or "as a fact"
    told = ", ".join(sorted(statement.modality)) or "as a fact"
    return f"{statement.lemma!r} is told {told}, the evidence says it {said}"


def agree_on_frames(statement: Analysis, evidence: Sequence[Analysis]) -> Iterator[str]:
    """An accusation stays an accusation, a denial a denial."""
    words = lexicon()
    for clause in statement.clauses:
        if clause.lemma in words.accuse | words.deny:
            continue
        partners = aligned(clause, evidence)
        framed = [c for _, c in partners if any(a.manner in {"accuse", "deny"} for a in c.attributions)]
        if partners and len(framed) == len(partners):
            manners = {a.manner for a in framed[0].attributions} & {"accuse", "deny"}
            if not any(a.manner in manners for a in clause.attributions) and "alleged" not in clause.modality:
                yield f"{clause.lemma!r} is somebody's {'accusation' if 'accuse' in manners else 'denial'} in the evidence"


def agree_on_participants(
    statement: Analysis, evidence: Sequence[Analysis], stands_for: frozenset[str], book: NameBook
) -> Iterator[str]:
    """Whoever acts, and whoever is acted upon, must be the same as in the evidence."""
    for clause in statement.clauses:
        partners = aligned(clause, evidence)
        if not partners or clause.lemma in _LIGHT_VERBS:
            continue
        if not any(_participants_fit(clause, c, stands_for, book) for _, c in partners):
            yield f"who does or undergoes {clause.lemma!r} is not who does in the evidence"


def _participants_fit(clause: Clause, given: Clause, stands_for: frozenset[str], book: NameBook) -> bool:
    if not _fits(clause.agent, given.agent, stands_for, book):
        # "schools closed" on "the storm closed schools"; "12 killed" on "killed 12"
        return not clause.patient and bool(given.patient) and _fits(clause.agent, given.patient, stands_for, book)
    return _fits(clause.patient, given.patient, stands_for, book)


def _fits(told: frozenset[str], given: frozenset[str], stands_for: frozenset[str], book: NameBook) -> bool:
    told, given = told - {"-"}, given - {"-"}
    if not told or not given or told & given:
        return True
    if given <= _PRONOUNS or told <= _PRONOUNS:
        return given & _PRONOUNS != given or not stands_for or bool(told & stands_for) or told <= _PRONOUNS
    stems = {stem(word) for word in given}
    return any(
        stem(word) in stems or any(related(stem(word), other) for other in stems) or book.same(word, given) for word in told
    )
