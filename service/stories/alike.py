"""Whether two facts may be one: what they share, and what forbids it.

Comes in: two claims. Goes out: a similarity from 0 to 1, and the vetoes between them. Promises:
symmetric; a veto names the slot that differs ("number", "date", ...), so that a conflict can be told
from a mere difference; when in doubt there is a veto, because a wrong merge says what nobody said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, TypeVar

from service.facts.analysis import Analysis, stem
from service.facts.clauses import Clause
from service.facts.dates import compatible
from service.facts.models import Kind
from service.facts.numbers import Number
from service.facts.thesaurus import related
from service.stories.claims import Claim, Commonness
from service.stories.places import Words, country, same_name

Veto = Literal["polarity", "kind", "speaker", "number", "date", "name", "roles"]
T = TypeVar("T")
U = TypeVar("U")

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

# Figures, dates and quotations single a fact out more than a word does. A small bare number ("two
# leaders", "first visit") counts like half a word: every report of the event has it.
FIGURE_WEIGHT = 1.5
QUOTE_WEIGHT = 2.0
SMALL_NUMBER_WEIGHT = 0.5
# A synonym, a rounded figure, a capital for its country: the same said less plainly.
NEAR = 0.75
QUOTE_OVERLAP = 0.7
TELLING_WORDS = 2


# -- what they share ------------------------------------------------------------------------------


def similarity(left: Claim, right: Claim, common: Commonness) -> float:
    """Weighted Dice coefficient over values and words: 2 x shared / (all left + all right)."""
    shared = total = 0.0
    for part, whole in _parts(left, right, common):
        shared += part
        total += whole
    return 2 * shared / total if total else 0.0


def carried_by(claim: Claim, other: Claim, common: Commonness) -> float:
    """Share of what `claim` says that `other` says too."""
    parts = list(_parts(claim, other, common))
    own = sum(whole for _, whole in _parts(claim, claim, common)) / 2
    return min(1.0, sum(part for part, _ in parts) / own) if own else 0.0


def word_overlap(left: Claim, right: Claim, common: Commonness) -> float:
    """The same coefficient over words and quotations alone, names and figures left out."""
    terms = _shared_part(left.terms, right.terms, _alike_terms, common.weight)
    quoted = _quoted_part(left, right)
    whole = terms[1] + quoted[1]
    return 2 * (terms[0] + quoted[0]) / whole if whole else 0.0


def speak_alike(left: Claim, right: Claim) -> bool:
    """They share half of the words of the shorter one, or two: "six helicopters" alone is no news."""
    if left.quotations or right.quotations:
        return True
    shared = min(_answered(left.terms, right.terms), _answered(right.terms, left.terms))
    return shared >= min(TELLING_WORDS, -(-min(len(left.terms), len(right.terms)) // 2))


def _answered(terms: frozenset[str], others: frozenset[str]) -> int:
    return sum(any(_alike_terms(a, b) for b in others) for a in terms)


def _quoted_part(left: Claim, right: Claim) -> tuple[float, float]:
    return _shared_part(left.quotations, right.quotations, _alike_quotations, lambda _: QUOTE_WEIGHT)


def _parts(left: Claim, right: Claim, common: Commonness) -> Iterable[tuple[float, float]]:
    yield _shared_part(left.terms, right.terms, _alike_terms, common.weight)
    yield _shared_part(left.names, right.names, _alike_names, common.of_name)
    yield _shared_part(left.analysis.numbers, right.analysis.numbers, _alike_numbers, _number_weight)
    yield _shared_part(
        {w.value for w in left.analysis.dates},
        {w.value for w in right.analysis.dates},
        lambda a, b: float(a == b) or (NEAR if compatible(a, b) else 0.0),
        lambda _: FIGURE_WEIGHT,
    )
    yield _quoted_part(left, right)


def _shared_part(
    left: Iterable[T], right: Iterable[T], alike: Callable[[T, T], float], weight: Callable[[T], float]
) -> tuple[float, float]:
    """Weight of what is matched (mean of both sides), and of everything. Each item answers one item."""
    first, second = sorted(left, key=repr), sorted(right, key=repr)
    total = sum(map(weight, first)) + sum(map(weight, second))
    scored = ((-alike(a, b), i, j) for i, a in enumerate(first) for j, b in enumerate(second))
    pairs = sorted(pair for pair in scored if pair[0] < 0)
    used_left: set[int] = set()
    used_right: set[int] = set()
    shared = 0.0
    for score, i, j in pairs:
        if i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            shared += -score * (weight(first[i]) + weight(second[j])) / 2
    return shared, total


def _alike_terms(left: str, right: str) -> float:
    return 1.0 if left == right else NEAR if related(left, right) else 0.0


def _alike_names(left: Words, right: Words) -> float:
    if same_name(left, right):
        return 1.0
    return NEAR if country(left) is not None and country(left) == country(right) else 0.0


def _alike_numbers(left: Number, right: Number) -> float:
    if left.unit != right.unit or left.ordinal != right.ordinal or not numbers_agree(left, right):
        return 0.0
    return 1.0 if left.value == right.value and left.bound == right.bound else NEAR


def _number_weight(number: Number) -> float:
    small = number.unit is None and number.value is not None and number.value <= 2
    return SMALL_NUMBER_WEIGHT if small else FIGURE_WEIGHT


def _alike_quotations(left: Words, right: Words) -> float:
    share = len(set(left) & set(right)) / max(1, min(len(set(left)), len(set(right))))
    return share if share >= QUOTE_OVERLAP else 0.0


# -- what forbids it ------------------------------------------------------------------------------


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
    if any(a.negated != b.negated for a, b in _same_predicates(left.analysis, right.analysis)):
        return True
    return left.fact.polarity != right.fact.polarity and _negations(left) != _negations(right)


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
    return [n for n in _told_numbers(claim) if not any(_alike_numbers(n, o) for o in told)]


def _told_numbers(claim: Claim) -> list[Number]:
    return [n for n in claim.analysis.numbers if not any(a <= n.start < b for a, b in claim.analysis.quotes)]


def numbers_agree(left: Number, right: Number) -> bool:
    """Whether both can be true of one quantity: "24" and "more than 20", "512" and "about 500"."""
    if left.value is None or right.value is None:
        return left.value is right.value and left.text.lower() == right.text.lower()
    if left.value == right.value:
        return True
    (low_a, high_a), (low_b, high_b) = _interval(left), _interval(right)
    return max(low_a, low_b) <= min(high_a, high_b)


# How far "about" and "more than" reach: a writer who has 512 says "about 500" or "more than 500", and
# one who has 24 says "over 20", but one who has 90 does not say "over 20".
ABOUT = 0.1
ROUNDED = 0.5


def _interval(number: Number) -> tuple[float, float]:
    value = number.value or 0.0
    reach = {"exact": (0.0, 0.0), "about": (ABOUT, ABOUT), "more": (0.0, ROUNDED), "at_least": (0.0, ROUNDED),
             "less": (ROUNDED / 2, 0.0), "at_most": (ROUNDED / 2, 0.0)}  # fmt: skip
    below, above = reach[number.bound]
    return value - abs(value) * below, value + abs(value) * above


def _dates_differ(left: Claim, right: Claim) -> bool:
    return dates_exclude((w.value for w in left.analysis.dates), (w.value for w in right.analysis.dates))


def dates_exclude(left: Iterable[str], right: Iterable[str]) -> bool:
    """Both sides date what they say, and a date on each side has no equal on the other."""
    first, second = [v for v in left if is_resolved(v)], [v for v in right if is_resolved(v)]
    return any(not any(compatible(a, b) for b in second) for a in first) and any(
        not any(compatible(a, b) for a in first) for b in second
    )


def is_resolved(value: str) -> bool:
    """Not "last week" or "1950s", which exclude nothing."""
    if value[:1].isdigit():
        return not value.endswith("s")
    return value.startswith("XXXX") or value.endswith("day")


def names_differ(left: Claim, right: Claim) -> bool:
    """Each side names somebody or something that the other does not. Adjectives of nationality aside."""
    return any(not any(_alike_names(a, b) for b in right.names) for a in left.things) and any(
        not any(_alike_names(a, b) for a in left.names) for b in right.things
    )


def _roles_differ(left: Claim, right: Claim) -> bool:
    """Whoever acts on one side is acted upon on the other."""
    for a, b in _same_predicates(left.analysis, right.analysis):
        swapped = a.agent & b.patient and b.agent & a.patient
        if swapped and not a.agent & b.agent:
            return True
    return False


_VETOES: tuple[tuple[Veto, Callable[[Claim, Claim], bool]], ...] = (
    ("polarity", _polarity_differs),
    ("kind", _kind_differs),
    ("speaker", _speaker_differs),
    ("number", _numbers_differ),
    ("date", _dates_differ),
    ("name", names_differ),
    ("roles", _roles_differ),
)
