"""How much two facts have in common.

Comes in: two claims. Goes out: shares from 0 to 1. Promises: symmetric, except where it says otherwise; a
rare word, a figure, a quotation count more than what every report of the event has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from service.facts.dates import compatible
from service.facts.numbers import Number
from service.facts.thesaurus import related
from service.stories.claims import Claim, Commonness
from service.stories.places import Words, country, same_name
from service.stories.values import numbers_agree

T = TypeVar("T")

# Figures, dates and quotations single a fact out more than a word does. A small bare number ("two
# leaders", "first visit") counts like half a word: every report of the event has it.
FIGURE_WEIGHT = 1.5
QUOTE_WEIGHT = 2.0
SMALL_NUMBER_WEIGHT = 0.5
# A synonym, a rounded figure, a capital for its country: the same said less plainly.
NEAR = 0.75
QUOTE_OVERLAP = 0.7
TELLING_WORDS = 2


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
    yield _shared_part(left.names, right.names, alike_names, common.of_name)
    yield _shared_part(left.analysis.numbers, right.analysis.numbers, alike_numbers, _number_weight)
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


def alike_names(left: Words, right: Words) -> float:
    if same_name(left, right):
        return 1.0
    return NEAR if country(left) is not None and country(left) == country(right) else 0.0


def alike_numbers(left: Number, right: Number) -> float:
    if left.unit != right.unit or left.ordinal != right.ordinal or not numbers_agree(left, right):
        return 0.0
    return 1.0 if left.value == right.value and left.bound == right.bound else NEAR


def _number_weight(number: Number) -> float:
    small = number.unit is None and number.value is not None and number.value <= 2
    return SMALL_NUMBER_WEIGHT if small else FIGURE_WEIGHT


def _alike_quotations(left: Words, right: Words) -> float:
    share = len(set(left) & set(right)) / max(1, min(len(set(left)), len(set(right))))
    return share if share >= QUOTE_OVERLAP else 0.0
