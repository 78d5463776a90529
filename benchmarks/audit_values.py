"""Numbers, dates and names of a text, read in the audit's own simple way.

Comes in: a text, and the day it was published where known. Goes out: `Mention`s with their spans.
Promises: only the standard library, and nothing of `service`: what the gate overlooks must not be
overlooked here for the same reason. A span belongs to at most one mention; dates go first, then numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from benchmarks.audit_dates import Moment, dates

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: n for n, word in enumerate(_UNITS)} | {word: 20 + 10 * n for n, word in enumerate(_TENS)}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "bn": 10**9,
           "trillion": 10**12}  # fmt: skip
_ORDINALS = {word: n for n, word in enumerate("first second third fourth fifth sixth seventh eighth ninth "
             "tenth eleventh twelfth".split(), start=1)}  # fmt: skip
_VAGUE = "tens dozens scores hundreds thousands millions billions half twice".split()
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen"}
_CURRENCY = re.compile(
    r"\s?-?(?:US )?(dollar|euro|pound|yen|yuan|rouble|ruble|rupee|franc|kron|crown|florin|mark)[a-z]?s?\b"
)
_PERCENT = re.compile(r"\s?-?(?:%|per ?cent\b)")
_NUMBER = re.compile(
    r"(?P<mark>[$€£¥]\s?)?(?<![\w.,])(?<![A-Za-z]-)(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:(?P<ordinal>st|nd|rd|th)\b|(?:\s?-?(?P<scale>dozen|hundred|thousand|million|billion|trillion|bn)\b)"
    r"|(?P<short>[mk])\b)?"
    rf"|\b(?P<words>(?:{'|'.join((*_WORDS, *_SCALES))}|a(?=[ -](?:{'|'.join(_SCALES)})\b))"
    rf"(?:[ -](?:and )?(?:{'|'.join((*_WORDS, *_SCALES))})\b)*)\b(?! another)"
    rf"|\b(?P<nth>{'|'.join(_ORDINALS)})s?\b|\b(?P<vague>{'|'.join(_VAGUE)})\b",
    re.I,
)

_WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W\d_]\w*(?:\.\w+)*(?:'\w+)?")
_STARTS = re.compile(r"(?:[.!?:;]['\")]*\s|\n|[\"(]|- )\s*$")
COMMON_FIRST = frozenset(
    "a an the this that these those he she it they we i you his her its their our my there here in on at by "
    "for from to of with as after before during since until under over about around according among and but "
    "or if when while where who what which why how both neither either each every all some many most several "
    "no not none nobody only also then so such however although though because once still yet another other "
    "others few more less than per s".split()
)
_ENDINGS = ("an", "ian", "ean", "n", "ese", "i", "ish", "ic")
# After a dropped last vowel fewer endings are possible: Mexico, Mexican, but no "Kenji" out of "Kenje".
_DROPPED = ((r"e$", ("ian", "ean")), (r"(?:a|o|y|ey)$", ("an", "ian", "ish", "ese")))
_SAME_PLACE = (
    {"us", "america", "american", "united states"}, {"uk", "britain", "british", "united kingdom"},
    {"france", "french"}, {"germany", "german"}, {"spain", "spanish"}, {"poland", "polish"},
    {"netherlands", "dutch"}, {"sweden", "swedish"}, {"denmark", "danish"}, {"finland", "finnish"},
    {"scotland", "scottish"}, {"ireland", "irish"}, {"norway", "norwegian"}, {"greece", "greek"},
)  # fmt: skip


@dataclass(frozen=True)
class Amount:
    """A number. `word` tells ordinals and vague words ("dozens") from plain numbers."""

    value: Decimal
    unit: str | None = None
    word: str | None = None

    def covers(self, told: Amount) -> bool:
        return self.value == told.value and self.word == told.word and told.unit in {None, self.unit}


@dataclass(frozen=True)
class Mention:
    """`readings`: what the words may mean; one for a number, several for a weekday."""

    kind: Literal["number", "date", "name"]
    text: str
    start: int
    end: int
    readings: tuple[Moment | Amount | str, ...]


def plain(text: str) -> str:
    """Straight quotation marks and apostrophes, one dash, single spaces where a space is."""
    for marks, straight in (("“”„«»", '"'), ("‘’ʼ", "'"), ("–—‑", "-"), ("\u00a0\u2009\u202f", " ")):
        text = text.translate(dict.fromkeys(map(ord, marks), straight))
    return text


def mentions(text: str, published: date | None = None) -> list[Mention]:
    """Everything in `text` that can be checked; `text` is folded by `plain` first, length kept."""
    text = plain(text)
    dated = [Mention("date", m[0], *m.span(), readings) for m, readings in dates(text, published)]
    rest = _blanked(text, dated)
    counted = list(_amounts(rest))
    return dated + counted + list(_names(_blanked(rest, counted)))


def _blanked(text: str, taken: list[Mention]) -> str:
    for m in taken:
        text = text[: m.start] + "\x00" * (m.end - m.start) + text[m.end :]
    return text


# -- numbers ---------------------------------------------------------------------------------------


def _amounts(text: str) -> Iterator[Mention]:
    for m in _NUMBER.finditer(text):
        if m["digits"]:
            value = Decimal(m["digits"].replace(",", ""))
            short = {"m": 10**6, "k": 10**3}.get((m["short"] or "").lower(), 1) if m["mark"] else 1
            value *= _SCALES.get((m["scale"] or "").lower(), short)
            amount = Amount(value, _unit(text, m), "nth" if m["ordinal"] else None)
        elif m["words"]:
            if m["words"].lower() == "one" and text[: m.start()].lower().endswith("no "):
                continue  # "no one" counts nothing
            amount = Amount(Decimal(_counted(m["words"].lower())), _unit(text, m))
        elif m["nth"]:
            amount = Amount(Decimal(_ORDINALS[m["nth"].lower()]), None, "nth")
        else:
            amount = Amount(Decimal(0), None, m["vague"].lower())
        yield Mention("number", m[0], *m.span(), (amount,))


def _unit(text: str, m: re.Match[str]) -> str | None:
    if mark := (m["mark"] or "").strip():
        return _CURRENCIES[mark]
    if _PERCENT.match(text, m.end()):
        return "percent"
    named = _CURRENCY.match(text, m.end())
    return named[1] if named else None


def _counted(words: str) -> int:
    """As "two hundred and five thousand": 205,000."""
    total = current = 0
    for word in re.findall(r"[a-z]+", words):
        if word in _WORDS:
            current += _WORDS[word]
        elif word in {"dozen", "hundred"}:
            current = max(current, 1) * _SCALES[word]
        elif word in _SCALES:
            total, current = total + max(current, 1) * _SCALES[word], 0
    return total + current


# -- names -----------------------------------------------------------------------------------------


def _names(text: str) -> Iterator[Mention]:
    for m in _WORD.finditer(text):
        word = re.sub(r"'s?$", "", m[0])
        first = begins_a_sentence(text, m.start())
        if not word[0].isupper() or (first and word.lower() in COMMON_FIRST) or word in {"I", "The"}:
            continue
        yield Mention("name", m[0], *m.span(), (name_key(word),))


def begins_a_sentence(text: str, start: int) -> bool:
    """Whether the capital letter at `start` may be there for the sentence's sake only."""
    return start == 0 or bool(_STARTS.search(plain(text[max(0, start - 6) : start])))


def name_key(word: str) -> str:
    """One spelling for comparing: no accents, dots or capitals."""
    letters = unicodedata.normalize("NFKD", word.replace(".", "")).lower()
    return "".join(c for c in letters if not unicodedata.combining(c))


def same_name(one: str, other: str) -> bool:
    """Equal, or a place and its people: Russia, Russian, Russians; US, American."""
    if one == other or any(one in group and other in group for group in _SAME_PLACE):
        return True
    short, long = sorted((one.removesuffix("s"), other.removesuffix("s")), key=len)
    if len(short) < 4:
        return False
    formed = [short + ending for ending in _ENDINGS]
    for vowel, endings in _DROPPED:
        if (stem := re.sub(vowel, "", short)) != short:
            formed += [stem + ending for ending in endings]
    return long in formed
