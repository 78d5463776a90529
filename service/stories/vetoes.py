"""What forbids that two facts are one.

Comes in: two claims. Goes out: the vetoes between them. Promises: symmetric; a veto names the slot that
differs ("number", "date", ...), so that a conflict can be told from a mere difference; when in doubt there
is a veto, because a wrong merge says what nobody said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from service.facts.analysis import Analysis, stem
from service.facts.clauses import Clause
from service.facts.dates import compatible
from service.facts.models import Kind
from service.facts.numbers import Number
from service.facts.opposites import opposed
from service.facts.thesaurus import related
from service.stories.alike import alike_names, alike_numbers
from service.stories.claims import Claim
from service.stories.places import Words, same_name
from service.stories.values import is_resolved

Veto = Literal["polarity", "opposite", "kind", "speaker", "number", "date", "name", "roles"]

# What is told, said, open, alleged and denied are different facts even in the same words.
KIND_CLASS: dict[Kind, str] = {
    "event": "told",
    "background": "told",
    "statement": "said",
    "plan": "open",
    "accusation": "alleged",
    "denial": "denied",
}

# In present tense a standing fact and a plan read alike ("the refund is 189 euros"); an event does not.
_OPEN = frozenset({"future", "planned", "possible", "conditional", "duty"})
_MAY_BE_ONE = (
    frozenset({"told", "said"}),
    frozenset({"told", "open"}),
    frozenset({"said", "open"}),
    frozenset({"said", "alleged"}),
)

# Whoever a report calls by one of these, another calls by name.
_ROLES = frozenset(
    "company firm operator maker manufacturer producer group employer club team bank airline union minister "
    "president mayor general governor spokesman spokeswoman chief executive director head chairman both two "
    "countries nations country nation sides governments parties".split()
)


def vetoes(left: Claim, right: Claim) -> frozenset[Veto]:
    """Every slot in which the two cannot both be one fact."""
    return frozenset(name for name, differs in _VETOES if differs(left, right))


def vetoed(left: Claim, right: Claim) -> bool:
    return any(differs(left, right) for _, differs in _VETOES)


def _polarity_differs(left: Claim, right: Claim) -> bool:
    """A shared predicate is negated on one side; or one fact is a no, and has a negation more.

    The label alone does not count: "... will not ..., said X" is read as a no of the agreement or as
    an affirmed statement of X, in the same words.
    """
    if one_is_negated(left, right):
        return True
    return left.fact.polarity != right.fact.polarity and _negations(left) != _negations(right)


def one_is_negated(left: Claim, right: Claim) -> bool:
    """One says of a deed that it was done, the other that it was not."""
    return any(a.negated != b.negated for a, b in _same_predicates(left.analysis, right.analysis))


def _opposites(left: Claim, right: Claim) -> bool:
    """One says that it rose, the other that it fell; one a yes, the other its denial."""
    return left.denies != right.denies or opposed(left.content, right.content)


def _negations(claim: Claim) -> int:
    return sum(clause.negated for clause in claim.analysis.clauses)


def _same_predicates(left: Analysis, right: Analysis) -> list[tuple[Clause, Clause]]:
    return [
        (a, b)
        for a in left.clauses
        for b in right.clauses
        if a.lemma not in {"be", "have", "do"} and stem(a.lemma) == stem(b.lemma)
    ]


def _kind_differs(left: Claim, right: Claim) -> bool:
    """Whether one tells as done what the other leaves open, or as said what the other denies.

    What one reporter says and another hands on from the police is one fact, which is then shown as that of
    the police (`merging.representative`); so is what one calls a charge and another what somebody says.
    """
    kinds = {left.fact.kind, right.fact.kind}
    classes = {KIND_CLASS[kind] for kind in kinds}
    if len(classes) == 1:
        return False
    if classes == {"told", "said"} and "event" in kinds:
        return _open_on_one_side(left, right)
    return "event" in kinds or classes not in _MAY_BE_ONE


def _open_on_one_side(left: Claim, right: Claim) -> bool:
    """One says of the same deed that it happened, the other that it will or may."""
    return any(
        bool(a.modality & _OPEN) != bool(b.modality & _OPEN)
        for a, b in _same_predicates(left.analysis, right.analysis)
    )


def same_speaker(left: Words, right: Words) -> bool:
    if not left or not right:
        return False
    return same_name(left, right) or (set(left) <= set(right) or set(right) <= set(left))


def _speaker_differs(left: Claim, right: Claim) -> bool:
    if not left.speaker or not right.speaker or same_speaker(left.speaker, right.speaker):
        return False
    if left.acronyms & right.acronyms:
        return False  # "the VTG union", "the transport workers' union VTG"
    # "the company" may be anybody's name; the police are only the police
    if _is_a_role(left) and _is_a_role(right):
        return not any(related(stem(a), stem(b)) for a in left.speaker for b in right.speaker)
    return not (_is_a_role(left) or _is_a_role(right))


def _is_a_role(claim: Claim) -> bool:
    return set(claim.speaker) <= _ROLES


def _numbers_differ(left: Claim, right: Claim) -> bool:
    return any(True for _ in number_differences(left, right))


def number_differences(left: Claim, right: Claim) -> Iterable[tuple[Number, Number]]:
    """Numbers of the same unit that have no equal on the other side, on both sides."""
    for a in _without_partner(left, right):
        for b in _without_partner(right, left):
            if a.unit == b.unit and a.ordinal == b.ordinal and None not in (a.value, b.value):
                yield a, b


def _without_partner(claim: Claim, other: Claim) -> list[Number]:
    told = _told_numbers(other)
    return [n for n in _told_numbers(claim) if not any(alike_numbers(n, o) for o in told)]


def _told_numbers(claim: Claim) -> list[Number]:
    return [n for n in claim.analysis.numbers if not any(a <= n.start < b for a, b in claim.analysis.quotes)]


def _dates_differ(left: Claim, right: Claim) -> bool:
    return dates_exclude((w.value for w in left.analysis.dates), (w.value for w in right.analysis.dates))


def dates_exclude(left: Iterable[str], right: Iterable[str]) -> bool:
    """Both sides date what they say, and a date on each side has no equal on the other."""
    first, second = [v for v in left if is_resolved(v)], [v for v in right if is_resolved(v)]
    return any(not any(compatible(a, b) for b in second) for a in first) and any(
        not any(compatible(a, b) for a in first) for b in second
    )


def names_differ(left: Claim, right: Claim) -> bool:
    """Each side names somebody or something that the other does not. Adjectives of nationality aside."""
    return any(not any(alike_names(a, b) for b in right.names) for a in left.things) and any(
        not any(alike_names(a, b) for a in left.names) for b in right.things
    )


def _pronouns_differ(left: Claim, right: Claim) -> bool:
    """Nobody knows who "he" is, but he is not "they"."""
    first, second = ({word.lower() for word in c.fact.unresolved} for c in (left, right))
    return bool(first and second) and first.isdisjoint(second)


def _roles_differ(left: Claim, right: Claim) -> bool:
    """Whoever acts on one side is acted upon on the other."""
    for a, b in _same_predicates(left.analysis, right.analysis):
        swapped = a.agent & b.patient and b.agent & a.patient
        if swapped and not a.agent & b.agent:
            return True
    return False


_VETOES: tuple[tuple[Veto, Callable[[Claim, Claim], bool]], ...] = (
    ("polarity", _polarity_differs),
    ("opposite", _opposites),
    ("kind", _kind_differs),
    ("speaker", _speaker_differs),
    ("number", _numbers_differ),
    ("date", _dates_differ),
    ("name", lambda left, right: names_differ(left, right) or _pronouns_differ(left, right)),
    ("roles", _roles_differ),
)
