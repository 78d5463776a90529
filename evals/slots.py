"""The values of a claim, brought into one form: numbers, dates, names.

Comes in: a text, and the values that its labels or the system give. Goes out: `Slots`. Promises: how a value
is written changes nothing ("1,200", "1200", "twelve hundred"; "18 June", "2024-06-18"). Quotations are
compared as words, which is all they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeVar

from evals.tokens import wording
from evals.wording import Wording
from service.facts.dates import compatible, dates
from service.facts.models import ValueType
from service.facts.names import CALENDAR, fold_word, name_words, without_titles
from service.facts.numbers import Number, numbers, same_number
from service.facts.stems import stem
from service.facts.thesaurus import kin
from service.stories.values import is_resolved

Slot = Literal["number", "date", "name"]
Words = tuple[str, ...]
Given = tuple[ValueType, str | int | float, str | None]
V = TypeVar("V", bound="Number | str | Name")

CONTEXT = 3  # words beside a name that say what it does there
_NO_COUNT = re.compile(r"(?:one|first|both|once|a (?:pair|couple) of)", re.I)
_CAPITALISED = re.compile(
    r"(?<![\w'’])(?:[A-Z][\w'’&.-]*[\w]|[A-Z]{1,2})"
    r"(?:(?:\s+(?:of|de|la|von|van|bin|al)(?=\s+[A-Z]))?[ ][A-Z][\w'’&.-]*\w|[ ][A-Z]\b)*"
)
_LEADS = frozenset("in at near from of to by on for with into around outside across against through".split())


@dataclass(frozen=True, slots=True)
class Name:
    """`start` is -1 when the text does not spell it. `before` and `after`: what stands beside it, which is
    no part of what the name is.
    """

    words: Words
    start: int
    end: int
    led: bool
    before: Wording = field(compare=False)
    after: Wording = field(compare=False)


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
        return [value for value in lone if value not in self.optional] if self.optional else list(lone)


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
