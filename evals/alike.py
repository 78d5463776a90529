"""The values of two claims, compared.

Comes in: two `Slots`. Goes out: how much they share, and which kinds of value contradict each other.
Promises: symmetric; a round figure agrees with the exact one it stands for; what only one side says
contradicts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeVar

from evals.slots import Name, Slots, Words
from evals.wording import Wording, same_word
from service.facts.dates import compatible, is_clock
from service.facts.numbers import Number, same_number, within
from service.stories.places import country, same_name

Slot = Literal["number", "date", "name"]
T = TypeVar("T")
NEAR = 0.75  # a round figure, a coarser date
HEDGED = 0.1  # how far apart two figures may be that both say they are not exact
NAME_WEIGHT = 0.5  # of a number's: a name is often left to the context
_DEMONYM = re.compile(r"(?:i?ans?|ns?|ese|ish|is?|s|ic)$")
_LESS, _MORE = frozenset({"less", "at_most"}), frozenset({"more", "at_least"})


@dataclass(frozen=True, slots=True)
class Compared:
    """Weights of what is shared and of all that counts on each side, and the kinds that contradict.

    `forgiven`: what would be shared if the contradicting values agreed. `figures`: a number or a date is
    shared, or would be.
    """

    shared: float
    forgiven: float
    left: float
    right: float
    differing: frozenset[Slot]
    figures: bool = False

    @property
    def similarity(self) -> float | None:
        """None when neither side has a value."""
        return 2 * self.shared / (self.left + self.right) if self.left + self.right else None

    @property
    def left_in_right(self) -> float | None:
        return min(1.0, self.shared / self.left) if self.left else None

    @property
    def right_in_left(self) -> float | None:
        return min(1.0, self.shared / self.right) if self.right else None

    @property
    def if_agreed(self) -> float | None:
        return 2 * self.forgiven / (self.left + self.right) if self.left + self.right else None


NO_VALUES = Compared(0.0, 0.0, 0.0, 0.0, frozenset())


def compare_slots(left: Slots, right: Slots) -> Compared:
    """Symmetric."""
    parts = (
        _numbers_compared(left, right) if left.numbers or right.numbers else NO_VALUES,
        _dates_compared(left, right) if left.dates or right.dates else NO_VALUES,
        _names_compared(left, right) if left.names or right.names else NO_VALUES,
    )
    return Compared(
        shared=sum(p.shared for p in parts),
        forgiven=sum(p.forgiven for p in parts),
        left=sum(p.left for p in parts),
        right=sum(p.right for p in parts),
        differing=frozenset().union(*(p.differing for p in parts)),
        figures=bool(parts[0].forgiven >= 1 or parts[1].forgiven),
    )


def _numbers_compared(left: Slots, right: Slots) -> Compared:
    pairs, lone_left, lone_right = _paired(left.numbers, right.numbers, numbers_alike)
    clashing = _clashes(lone_left, lone_right, _numbers_clash)
    return _compared(
        "number", pairs, left.needed(lone_left), right.needed(lone_right), clashing, _number_weight
    )


def _number_weight(number: Number) -> float:
    """Small bare numbers ("two leaders") come and go with the wording."""
    return 0.25 if number.unit is None and (number.value or 0) <= 2 else 1.0


def numbers_alike(left: Number, right: Number) -> float:
    """1 for the same number, however written; less for a round figure that fits."""
    if same_number(left, right) or same_number(right, left) or _same_but_unit(left, right):
        opposed = {left.bound, right.bound}
        return 0.0 if opposed & _LESS and opposed & _MORE else 1.0
    if left.ordinal != right.ordinal and left.value == right.value:
        return NEAR  # "the ninth stage", "stage nine"
    if "exact" not in {left.bound, right.bound} and _near_by(left, right):
        return NEAR  # "some 210,000", "more than 200,000"
    return NEAR if within(left, right) or within(right, left) or _rounded(left, right) else 0.0


def _same_but_unit(left: Number, right: Number) -> bool:
    """A unit that one side leaves out, except percent, which makes another number."""
    units = {left.unit, right.unit}
    return (
        left.value == right.value
        and left.ordinal == right.ordinal
        and None in units
        and "percent" not in units
    )


def _rounded(left: Number, right: Number) -> bool:
    """As in "4.2" told as "4.21" or as "4": within half of the last place that the coarser one states."""
    if left.unit != right.unit or left.value is None or right.value is None or left.ordinal or right.ordinal:
        return False
    places = [_last_place(n) for n in (left, right)]
    if places[0] == places[1]:
        return False
    return abs(left.value - right.value) <= max(places) / 2 + 1e-9


def _near_by(left: Number, right: Number) -> bool:
    opposed = {left.bound, right.bound}
    if left.unit != right.unit or left.value is None or right.value is None or left.ordinal or right.ordinal:
        return False
    both_ways = bool(opposed & _LESS and opposed & _MORE)
    return not both_ways and abs(left.value - right.value) <= HEDGED * max(left.value, right.value)


def _last_place(number: Number) -> float:
    """0.1 of 4.2; 100,000 of 1.2 million; 1 of 900, which may be exact."""
    digits = re.match(r"\D{0,4}(\d[\d,]*)(?:\.(\d+))?", number.text)
    if not digits or not number.value:
        return 1.0
    stated = float(digits[1].replace(",", "") + ("." + digits[2] if digits[2] else ""))
    scale = number.value / stated if stated else 1.0
    return float(scale / 10 ** len(digits[2] or ""))


def _numbers_clash(left: Number, right: Number) -> bool:
    return left.unit == right.unit and left.ordinal == right.ordinal


def _dates_compared(left: Slots, right: Slots) -> Compared:
    pairs, lone_left, lone_right = _paired(left.dates, right.dates, _dates_alike)
    clashing = _clashes(lone_left, lone_right, lambda a, b: is_clock(a) == is_clock(b))
    return _compared("date", pairs, left.needed(lone_left), right.needed(lone_right), clashing, _one)


def _one(_: object) -> float:
    return 1.0


def _dates_alike(left: str, right: str) -> float:
    return 1.0 if left == right else NEAR if compatible(left, right) else 0.0


def _names_compared(left: Slots, right: Slots) -> Compared:
    pairs, lone_left, lone_right = _paired(left.names, right.names, _names_alike)
    # "Rossani" stands for Elena only where it does not stand for Tomas already
    free_left = left.spelled.difference(*(a.words for a, _, _ in pairs))
    free_right = right.spelled.difference(*(b.words for _, b, _ in pairs))
    spelled_right = [n for n in lone_left if _is_spelled(n.words, free_right)]
    spelled_left = [n for n in lone_right if _is_spelled(n.words, free_left)]
    missing_left = [n for n in lone_left if n not in spelled_right]
    missing_right = [n for n in lone_right if n not in spelled_left]
    # a name that a mention leaves out is there in other words, perhaps in those of the other name
    needed = left.needed(missing_left), right.needed(missing_right)
    clashing = _clashes(*needed, _names_clash)
    compared = _compared("name", pairs, *needed, clashing, _name_weight)
    more = NAME_WEIGHT * (len(spelled_left) + len(spelled_right))
    return Compared(
        compared.shared + more,
        compared.forgiven + more,
        compared.left + more,
        compared.right + more,
        compared.differing,
    )


def _name_weight(_: Name) -> float:
    return NAME_WEIGHT


def _names_alike(left: Name, right: Name) -> float:
    """A capital may stand for its country, less plainly."""
    if _one_name(left.words, right.words):
        return 1.0
    land = country(left.words)
    return NEAR if land is not None and land == country(right.words) else 0.0


@lru_cache(maxsize=65536)
def _one_name(left: Words, right: Words) -> bool:
    """The same name, or all words of the shorter one in the longer one."""
    return same_name(left, right) or any(
        all(_in(word, frozenset(long)) for word in short) for short, long in ((left, right), (right, left))
    )


def _is_spelled(words: Words, spelled: frozenset[str]) -> bool:
    """Whether a text's words hold the name, whole, by its last word or as a demonym."""
    return all(_in(word, spelled) for word in words) or (_in(words[-1], spelled) and len(words[-1]) > 2)


@lru_cache(maxsize=65536)
def _in(word: str, spelled: frozenset[str]) -> bool:
    if word in spelled:
        return True
    if len(word) < 4:
        return False
    return any(
        long.startswith(short) and _DEMONYM.fullmatch(long, len(short)) is not None
        for other in spelled
        if other[:4] == word[:4]
        for short, long in [sorted((word, other), key=len)]
    )


def _names_clash(left: Name, right: Name) -> bool:
    """Both stand in the same place of what is told: the same words beside them, on the same side."""
    if left.start < 0 or right.start < 0 or left.led != right.led:
        return False
    return _beside(left.before, right.before) or _beside(left.after, right.after)


def _beside(left: Wording, right: Wording) -> bool:
    return any(same_word(a, b) for a in left.units for b in right.units)


def _paired(
    left: Sequence[T], right: Sequence[T], alike: Callable[[T, T], float]
) -> tuple[list[tuple[T, T, float]], list[T], list[T]]:
    """Best pairs first, each value in one pair; and what is left over."""
    if not left or not right:
        return [], list(left), list(right)
    # ties by i + j, so that the two sides may change places
    scored = sorted(
        (-score, i + j, abs(i - j), i, j)
        for i, a in enumerate(left)
        for j, b in enumerate(right)
        if (score := alike(a, b))
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    pairs = []
    for score, _, _, i, j in scored:
        if i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            pairs.append((left[i], right[j], -score))
    return (
        pairs,
        [a for i, a in enumerate(left) if i not in used_left],
        [b for j, b in enumerate(right) if j not in used_right],
    )


def _clashes(left: Sequence[T], right: Sequence[T], clash: Callable[[T, T], bool]) -> list[tuple[T, T]]:
    pairs, _, _ = _paired(left, right, lambda a, b: float(clash(a, b)))
    return [(a, b) for a, b, _ in pairs]


def _compared(
    kind: Slot,
    pairs: Sequence[tuple[T, T, float]],
    lone_left: Sequence[T],
    lone_right: Sequence[T],
    clashing: Sequence[tuple[T, T]],
    weigh: Callable[[T], float],
) -> Compared:
    shared = sum(score * (weigh(a) + weigh(b)) / 2 for a, b, score in pairs)
    return Compared(
        shared=shared,
        forgiven=shared
        + sum((weigh(a) * (a in lone_left) + weigh(b) * (b in lone_right)) / 2 for a, b in clashing),
        left=sum(weigh(a) for a, _, _ in pairs) + sum(map(weigh, lone_left)),
        right=sum(weigh(b) for _, b, _ in pairs) + sum(map(weigh, lone_right)),
        differing=frozenset({kind}) if clashing else frozenset(),
    )
