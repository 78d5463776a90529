"""The values of a claim, brought into one form and compared: numbers, dates, names.

Comes in: a text, and the values that its labels or the system give. Goes out: `Slots`, and of two of them
how alike they are and which kinds contradict each other. Promises: how a value is written changes nothing
("1,200", "1200", "twelve hundred"; "18 June", "2024-06-18"); a round figure agrees with the exact one it
stands for; what only one side says contradicts nothing. Quotations are compared as words, which is all they
are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeVar

from evals.wording import Wording, same_word, wording
from service.facts.dates import compatible, dates, is_clock
from service.facts.models import ValueType
from service.facts.names import CALENDAR, fold_word, name_words, without_titles
from service.facts.numbers import Number, numbers, same_number, within
from service.facts.stems import stem
from service.facts.thesaurus import kin
from service.stories.alike import is_resolved
from service.stories.places import country, same_name

Slot = Literal["number", "date", "name"]
Words = tuple[str, ...]
Given = tuple[ValueType, str | int | float, str | None]
T = TypeVar("T")
V = TypeVar("V", bound="Number | str | Name")

NEAR = 0.75  # a round figure, a coarser date
NAME_WEIGHT = 0.5  # of a number's: a name is often left to the context
CONTEXT = 3  # words beside a name that say what it does there
_NO_COUNT = re.compile(r"(?:one|first|both|once|a (?:pair|couple) of)", re.I)
_CAPITALISED = re.compile(
    r"(?<![\w'’])(?:[A-Z][\w'’&.-]*[\w]|[A-Z]{1,2})"
    r"(?:(?:\s+(?:of|de|la|von|van|bin|al)(?=\s+[A-Z]))?[ ][A-Z][\w'’&.-]*\w|[ ][A-Z]\b)*"
)
_DEMONYM = re.compile(r"(?:i?ans?|ns?|ese|ish|is?|s|ic)$")
_LEADS = frozenset("in at near from of to by on for with into around outside across against through".split())
_LESS, _MORE = frozenset({"less", "at_most"}), frozenset({"more", "at_least"})


@dataclass(frozen=True, slots=True)
class Name:
    """`start` is -1 when the text does not spell it. `before` and `after`: what stands beside it."""

    words: Words
    start: int
    end: int
    led: bool
    before: Wording
    after: Wording


@dataclass(frozen=True)
class Slots:
    """`spelled`: the folded words of the text with a capital, and those of whoever speaks. `spans`: where
    values stand in the text. `optional`: values that the other side need not have, though it may not
    contradict them.
    """

    numbers: tuple[Number, ...]
    dates: tuple[str, ...]
    names: tuple[Name, ...]
    spelled: frozenset[str]
    spans: tuple[tuple[int, int], ...]
    optional: frozenset[Number | str | Name] = frozenset()

    def needed(self, lone: Sequence[V]) -> list[V]:
        return [value for value in lone if value not in self.optional]


# -- reading --------------------------------------------------------------------------------------


def read_slots(text: str, given: Iterable[Given] | None = None, speaker: str | None = None) -> Slots:
    """Slots of a text. `given` None: nobody listed its values, so names are looked for by their capitals."""
    listed = tuple(given) if given is not None else None
    return _read(text, listed, speaker)


@lru_cache(maxsize=4096)
def _read(text: str, given: tuple[Given, ...] | None, speaker: str | None) -> Slots:
    plain = text.replace("’", "'").replace("‘", "'").replace("–", "-")
    whens = dates(plain)
    found = [n for n in numbers(plain, tuple((w.start, w.end) for w in whens)) if _counts(n)]
    listed = given or ()
    named = [name_words(str(v)) for kind, v, _ in listed if kind == "name"]
    if given is None:
        named = [name_words(span) for span in _capitalised(plain)]
    names = _names(plain, [without_titles(words) for words in named if words])
    spans = [(w.start, w.end) for w in whens] + [(n.start, n.end) for n in found]
    return Slots(
        numbers=_all_numbers(found, listed),
        dates=_all_dates([w.value for w in whens], [str(v) for kind, v, _ in listed if kind == "date"]),
        names=names,
        spelled=_spelled(plain) | frozenset(name_words(speaker or "")),
        spans=(*spans, *((n.start, n.end) for n in names if n.start >= 0)),
    )


def _counts(number: Number) -> bool:
    return number.value is not None and not (number.unit is None and _NO_COUNT.fullmatch(number.text))


def _all_numbers(read: Sequence[Number], given: Iterable[Given]) -> tuple[Number, ...]:
    """Those of the text, which tell how exact they are, and what else was given."""
    found = list(read)
    for kind, value, unit in given:
        if kind != "number":
            continue
        number = _given_number(value, unit)
        if number is not None and not any(n.value == number.value or same_number(number, n) for n in found):
            found.append(number)
    return tuple(dict.fromkeys(found))


def _given_number(value: str | int | float, unit: str | None) -> Number | None:
    if isinstance(value, str):
        return next((n for n in numbers(value) if n.value is not None), None)
    return Number(0, 0, f"{value:g}", float(value), unit, "exact")


def _all_dates(read: Iterable[str], given: Iterable[str]) -> tuple[str, ...]:
    """Each day once, as finely as it is known."""
    found: list[str] = []
    for value in sorted((v for v in (*given, *read) if _resolved(v)), key=_fineness, reverse=True):
        if not any(compatible(value, other) for other in found):
            found.append(value)
    return tuple(sorted(found))


def _resolved(value: str) -> bool:
    return is_resolved(value) and value not in {"today", "yesterday"}


def _fineness(value: str) -> tuple[int, str]:
    known = sum(part.isdigit() for part in value.split("-")) if value[:1].isdigit() or value[:1] == "X" else 0
    return known, value


def _spelled(text: str) -> frozenset[str]:
    """Words with a capital, and those that stand in a name between them."""
    return frozenset(
        folded
        for raw in re.findall(r"[\w.'’&-]+", text)
        for part in (raw, *raw.split("-"))
        if any(c.isupper() or c.isdigit() for c in part) and (folded := fold_word(part))
    )


def _capitalised(plain: str) -> list[str]:
    """Runs of capitalised words; a known word at the beginning of a sentence is none."""
    found = []
    for match in _CAPITALISED.finditer(plain):
        words = match[0].split()
        if _begins_sentence(plain, match.start()) and _is_word(words[0]):
            words = words[1:]
        words = [w for w in words if fold_word(w) not in CALENDAR]
        while words and words[0].islower():
            words = words[1:]
        if words and any(len(w) > 1 for w in words):
            found.append(" ".join(words))
    return found


def _begins_sentence(plain: str, start: int) -> bool:
    before = plain[:start].rstrip(" \"'“”(«")
    return not before or before[-1] in ".!?:\n"


@lru_cache(maxsize=65536)
def _is_word(word: str) -> bool:
    """Whether a capitalised word is one of the language: it means something, or means nothing by itself."""
    folded = fold_word(word)
    return not wording(folded).units or bool(kin(stem(folded))) or folded.endswith(("ers", "ors", "ing"))


def _names(plain: str, named: Sequence[Words]) -> tuple[Name, ...]:
    found: dict[Words, Name] = {}
    for words in named:
        if words and words not in found:
            found[words] = _placed(plain, words)
    return tuple(found[key] for key in sorted(found))


def _placed(plain: str, words: Words) -> Name:
    start, end = _longest_run(plain, words)
    if start < 0:
        empty = Wording("", ())
        return Name(words, -1, -1, False, empty, empty)
    lead = re.search(r"(\w+)\s+(?:the\s+|an?\s+)?$", plain[:start])
    units = wording(plain).units
    before = tuple(u for u in units if u.end <= start and u.weight == 1)[-CONTEXT:]
    after = tuple(u for u in units if u.start >= end and u.weight == 1)[:CONTEXT]
    led = bool(lead and lead[1].lower() in _LEADS)
    return Name(words, start, end, led, Wording("", before), Wording("", after))


def together(several: Sequence[Slots]) -> Slots:
    """The values of several claims, as if one told them all."""
    return Slots(
        numbers=tuple(dict.fromkeys(n for slots in several for n in slots.numbers)),
        dates=tuple(dict.fromkeys(d for slots in several for d in slots.dates)),
        names=tuple({n.words: n for slots in several for n in slots.names}.values()),
        spelled=frozenset().union(*(slots.spelled for slots in several)),
        spans=(),
    )


def _longest_run(plain: str, words: Words) -> tuple[int, int]:
    """Where most words of a name stand together, the first place among equals; (-1, -1) where none does."""
    best, length, run = (-1, -1), 0, 0
    start = 0
    for match in re.finditer(r"[\w.'&]+", plain):
        if fold_word(match[0]) not in words:
            run = 0
            continue
        start = match.start() if run == 0 else start
        run += 1
        if run > length:
            best, length = (start, match.end()), run
    return best


# -- comparing ------------------------------------------------------------------------------------


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


def compare_slots(left: Slots, right: Slots) -> Compared:
    """Symmetric."""
    parts = (
        _numbers_compared(left, right),
        _dates_compared(left, right),
        _names_compared(left, right),
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
    clashing = _clashes(missing_left, missing_right, _names_clash)
    needed = left.needed(missing_left), right.needed(missing_right)
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
