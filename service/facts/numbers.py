"""Numbers as news writes them.

Comes in: folded text (quotes and dashes already plain). Goes out: every number with its value, unit,
and how exact it claims to be. Promises: "twelve", "12" and "12.0" are equal; "more than 12" and "12"
are not; nothing inside a date or a name is left out here (the caller masks those).
Number words are read by text2num; this module finds where they stand and what surrounds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from text_to_num import text2num

Bound = Literal["exact", "about", "more", "less", "at_least", "at_most"]

_ONES = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen"
    "|eighteen|nineteen"
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SCALES = "hundred|thousand|million|billion|trillion"
_WORD = f"(?:(?:{_TENS})(?:[ -](?:{_ONES}))?|{_ONES}|{_SCALES})"
_WORDS = rf"(?:(?:a|an)\s+(?=(?:{_SCALES})\b))?{_WORD}(?:(?:\s+and\s+|[ -]){_WORD})*"
_ORDINALS = {
    word: n
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
        "fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
}
_RATIO = r"\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twenty"
_VAGUE = "dozens|scores|hundreds|thousands|millions|billions|trillions"
_MAGNITUDE = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "b": 1e9, "billion": 1e9,
    "tn": 1e12, "trillion": 1e12, "hundred": 1e2, "dozen": 12, "lakh": 1e5, "crore": 1e7,
}  # fmt: skip
_FRACTIONS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1}
_CURRENCY = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW"}
CURRENCY_WORDS = {
    "dollar": "USD", "usd": "USD", "euro": "EUR", "eur": "EUR", "pound": "GBP", "gbp": "GBP", "yen": "JPY",
    "jpy": "JPY", "rupee": "INR", "inr": "INR", "won": "KRW", "krw": "KRW", "yuan": "CNY", "rouble": "RUB",
    "ruble": "RUB", "franc": "CHF",
}  # fmt: skip
_UNITS = (
    r"per\s?cent(?:age points?)?|percentage points?|%|degrees?|°c|°f|km/h|kph|mph|kilomet(?:re|er)s?|km"
    r"|met(?:re|er)s?|cm|mm|miles?"
    r"|feet|foot|ft|inch(?:es)?|yards?|acres?|hectares?|kilograms?|kilos?|kg|grams?|tonn?es?|tons?"
    r"|lit(?:re|er)s?|gallons?|barrels?"
    r"|megawatts?|mw|gigawatts?|gw|kilowatts?|kw|seconds?|minutes?|hours?|days?|nights?|weeks?|months?"
    r"|years?|decades?|centur(?:y|ies)"
    r"|m|ft|bps"
)
_NUMBER = re.compile(
    rf"""(?P<currency>(?:US)?\$|[€£¥₹₩])?\s?
    (?:(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:[.,]\d+)?|\.\d+)(?P<ordinal>(?:st|nd|rd|th)\b)?(?!\d|[.,]\d)
      |\b(?P<ordword>{"|".join(_ORDINALS)})\b
      |\b(?P<ratio>(?:{_RATIO})\ (?:in|out\ of)(?:\ every)?\ (?:{_RATIO}|hundred))\b
      |\b(?P<part_of>(?:a\ )?(?:half|quarter)(?:\ of)?\ an?\ (?=(?:million|billion|hour|century|year)\b))
      |\b(?P<fraction>(?:(?:one|two|three|a)[ -])?(?:half|thirds?|quarters?|fifths?|tenths?)\b|half\b)
      |\b(?P<dozen>(?:(?:a|two|three|four|half\sa)\s)?dozen)\b
      |\b(?P<pair>a\ couple\ of|a\ pair\ of|both|twice|thrice)\b
      |\b(?P<decade>a\ decade)\b
      |\b(?P<words>{_WORDS}(?:\ and\ a\ (?P<part>half|quarter))?)\b
      |\b(?P<vague>{_VAGUE})\b)
    (?P<magnitude>[ -]?(?:thousand|million|billion|trillion|hundred|dozen|lakh|crore)\b|(?:k|m|mn|bn|b|tn)\b)?
    (?:[ -]?(?P<age>years?[ -]old\b)|[ -]?(?P<unit>{_UNITS})(?![\w]))?""",
    re.IGNORECASE | re.VERBOSE,
)
_BOUND_WORDS: tuple[tuple[Bound, str], ...] = (
    ("at_least", r"at\s+least|no\s+fewer\s+than|no\s+less\s+than|not\s+less\s+than|a\s+minimum\s+of"),
    (
        "at_most",
        r"at\s+most|up\s+to|no\s+more\s+than|not\s+more\s+than|a\s+maximum\s+of|as\s+many\s+as"
        r"|as\s+much\s+as",
    ),
    (
        "more",
        r"more\s+than|older\s+than|over|above|exceed(?:s|ed|ing)?|upwards?\s+of|in\s+excess\s+of|greater\s+than"
        r"|topped|past",
    ),
    ("less", r"less\s+than|fewer\s+than|younger\s+than|under|below|nearly|almost|just\s+under|close\s+to"),
    ("about", r"about|around|approximately|roughly|some|an\s+estimated|estimated|circa|or\s+so"),
)
_BEFORE: tuple[tuple[Bound, re.Pattern[str]], ...] = tuple(
    # "won over the 31 members" has no bound
    (bound, re.compile(rf"(?:{words})\s+(?:a\s+|an\s+)?$", re.IGNORECASE))
    for bound, words in _BOUND_WORDS
)
_AFTER: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("at_least", re.compile(r"^\s*(?:\w+\s+)?or\s+more\b|^\+", re.IGNORECASE)),
    ("at_most", re.compile(r"^\s*(?:\w+\s+)?or\s+(?:fewer|less)\b", re.IGNORECASE)),
    ("about", re.compile(r"^\s*(?:\w+\s+)?or\s+so\b", re.IGNORECASE)),
)
_UNIT_NAMES = {
    "%": "percent", "km": "kilometre", "kilometer": "kilometre", "meter": "metre", "m": "metre", "ft": "foot",
    "kg": "kilogram", "kilo": "kilogram", "feet": "foot", "inches": "inch", "centuries": "century",
    "mw": "megawatt", "gw": "gigawatt", "kw": "kilowatt", "kph": "km/h", "ton": "tonne", "tonnes": "tonne",
    "tons": "tonne", "liter": "litre",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """`value` is None for a vague number ("dozens"), whose `text` then has to match."""

    start: int
    end: int
    text: str
    value: float | None
    unit: str | None
    bound: Bound
    ordinal: bool = False
    fraction: bool = False

    @property
    def normal(self) -> str | int | float:
        """Value as it is shown: an int when whole, the word itself when vague."""
        if self.value is None:
            return self.text.lower()
        return int(self.value) if self.value == int(self.value) else round(self.value, 6)


def numbers(text: str, masked: tuple[tuple[int, int], ...] = ()) -> tuple[Number, ...]:
    """Numbers of `text` outside the masked spans (dates, names that hold digits), in order."""
    return tuple(_numbers(text, masked))


def _numbers(text: str, masked: tuple[tuple[int, int], ...]) -> Iterator[Number]:
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        if any(a < end and start < b for a, b in masked) or _inside_a_word(text, start, end):
            continue
        value = _value(match)
        if _nobody(text, start, end) or (value is _NOT_A_NUMBER and not match["words"]):
            continue
        if value is _NOT_A_NUMBER:
            value = None  # "thirty-twelve": no number, but not nothing either
        yield Number(
            start=start,
            end=end,
            text=text[start:end],
            value=value,
            unit=_unit(match, text[:start], text[end:]),
            bound=_bound(text[:start], text[end:]),
            ordinal=bool(match["ordinal"] or match["ordword"]),
            fraction=bool(match["fraction"] or match["ratio"]),
        )


_NOT_A_NUMBER = float("nan")


def _inside_a_word(text: str, start: int, end: int) -> bool:
    """G7, COVID-19, MH370, F-16: digits of a name."""
    before = text[start - 1 : start]
    if text[start].isdigit() and before and (before.isalpha() or before == "_"):
        return True
    if text[start].isdigit() and before == "-" and re.search(r"[A-Za-z]-$", text[:start]):
        return True
    return bool(text[end - 1].isdigit() and re.match(r"[A-Za-z]", text[end:]))


def _nobody(text: str, start: int, end: int) -> bool:
    """As in "no one" and "not one" count nothing."""
    return text[start:end].lower() == "one" and bool(
        re.search(r"\b(?:no|not)\s+$", text[:start], re.IGNORECASE)
    )


def _value(match: re.Match[str]) -> float | None:
    magnitude = (match["magnitude"] or "").strip(" -").lower()
    factor = _MAGNITUDE.get(magnitude, 1)
    if digits := match["digits"]:
        plain = digits.replace(",", "") if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits) else digits
        return float(plain.replace(",", ".")) * factor
    if word := match["ordword"]:
        return float(_ORDINALS[word.lower()])
    if fraction := match["fraction"]:
        *count, name = re.split(r"[ -]", fraction.lower())
        times = {"one": 1, "two": 2, "three": 3, "a": 1}.get(count[0], 1) if count else 1
        return _FRACTIONS[name.rstrip("s") if name != "half" else name] * times
    if ratio := match["ratio"]:
        some, every = (
            _words_value(w, 1) if w.isalpha() else float(w) for w in (ratio.split()[0], ratio.split()[-1])
        )
        return some / every if some and every else _NOT_A_NUMBER
    if part := match["part_of"]:
        return (0.25 if "quarter" in part.lower() else 0.5) * factor
    if dozen := match["dozen"]:
        first = dozen.lower().split()[0]
        return {"two": 24.0, "three": 36.0, "four": 48.0, "half": 6.0}.get(first, 12.0)
    if pair := match["pair"]:
        return {"thrice": 3.0}.get(pair.lower(), 2.0)
    if match["decade"]:
        return 10.0
    if words := match["words"]:
        part = match["part"]
        whole = _words_value(re.sub(r" and a (?:half|quarter)$", "", words, flags=re.IGNORECASE), factor)
        return whole + _FRACTIONS[part.lower()] * factor if part and whole is not None else whole
    return None


def _words_value(words: str, factor: float) -> float | None:
    plain = re.sub(r"^(?:a|an)\s+", "one ", words.lower()).replace("-", " ")
    if plain.split()[0] in _SCALES.split("|"):
        plain = f"one {plain}"
    try:
        return float(text2num(plain, "en")) * factor
    except ValueError:
        return _NOT_A_NUMBER


def _unit(match: re.Match[str], before: str, after: str) -> str | None:
    if match["age"] or re.search(r"\baged\s+$", before, re.IGNORECASE):
        return "age"
    if match["decade"]:
        return "year"
    if currency := match["currency"]:
        return _CURRENCY[currency.upper()]
    if word := re.match(r"[\s-]+([A-Za-z]+)", after):
        name = word[1].lower()
        if code := CURRENCY_WORDS.get(name) or CURRENCY_WORDS.get(name.rstrip("s")):
            return code
    if unit := match["unit"]:
        name = re.sub(r"\s", "", unit.lower())
        if name.startswith("percentagepoint"):
            return "percentage point"
        if name.startswith("percent"):
            return "percent"
        return _UNIT_NAMES.get(name) or _UNIT_NAMES.get(name.rstrip("s")) or name.rstrip("s")
    return None


def _bound(before: str, after: str) -> Bound:
    tail = before[-24:]
    for bound, pattern in _BEFORE:
        if pattern.search(tail):
            return bound
    for bound, pattern in _AFTER:
        if pattern.search(after[:24]):
            return bound
    return "exact"


# -- comparing -------------------------------------------------------------------------------------

_DURATION = {
    "minute": ("m", 1.0), "hour": ("m", 60.0), "day": ("m", 1440.0), "week": ("m", 10080.0),
    "month": ("y", 1.0), "year": ("y", 12.0), "decade": ("y", 120.0),
}  # fmt: skip


def same_number(left: Number, right: Number) -> bool:
    """Whether the number told (left) has the value of the one given, whatever its spelling."""
    if left.ordinal != right.ordinal or (left.value is None) != (right.value is None):
        return False
    if _percent(left) is not None and _percent(right) is not None and left.unit != right.unit:
        return abs((_percent(left) or 0) - (_percent(right) or 0)) < 0.5  # half, 50 percent
    if left.unit in _DURATION and right.unit in _DURATION and left.value and right.value:
        (left_scale, left_by), (right_scale, right_by) = _DURATION[left.unit], _DURATION[right.unit]
        return left_scale == right_scale and abs(left.value * left_by - right.value * right_by) < 1e-9
    if left.unit != right.unit and not _unit_may_be_left_out(left, right):
        return False
    if left.value is None or right.value is None:
        return left.text.lower() == right.text.lower()
    return abs(left.value - right.value) <= 1e-9 * max(1.0, abs(left.value))


def _unit_may_be_left_out(statement: Number, evidence: Number) -> bool:
    """As in "24 years" supports "24" only for units that a bare number may count; never money or percent."""
    if "age" in {statement.unit, evidence.unit}:
        return {statement.unit, evidence.unit} <= {"age", None, "year"}  # "Berg, 58," and "58-year-old"
    return statement.unit is None and evidence.unit in {"day", "week", "month", "year", "hour", "minute"}


def _percent(number: Number) -> float | None:
    if number.value is None or number.ordinal:
        return None
    return number.value * 100 if number.fraction else number.value if number.unit == "percent" else None


def _digits(value: float) -> int:
    """Significant digits: 1 of 200, 2 of 650, 3 of 212."""
    return len(f"{value:g}".split("e")[0].replace(".", "").strip("0"))


def within(statement: Number, evidence: Number) -> bool:
    """As in "More than 200" on 212, "nearly 100" on 97: a round figure on the right side and not far off."""
    told, given = statement.value, evidence.value
    if not told or not given or statement.unit != evidence.unit or statement.ordinal or evidence.ordinal:
        return False
    if told == given or _digits(told) > 2 or _digits(told) >= _digits(given):
        return False  # only a rounder figure stands for another
    if statement.bound in {"more", "at_least"}:
        return evidence.bound in {"exact", "more", "at_least"} and told < given <= 1.25 * told
    if statement.bound in {"less", "at_most"}:
        return evidence.bound in {"exact", "less", "at_most"} and 0.8 * told <= given < told
    return statement.bound == "about" and evidence.bound == "exact" and abs(told - given) <= 0.05 * given
