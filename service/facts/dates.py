"""Dates and times as news writes them.

Comes in: folded text and, when known, the day it was published. Goes out: every date or time with a
normalised value as fine as the text says it: `2024-06-18`, `2024-09`, `2022`, `19:30`, `XXXX-06-18`
(year not known), `tuesday` (day not known). Promises: granularity is never invented; without a
publication day nothing relative is resolved; the same words on the same day give the same value.
Absolute dates are read by dateparser; this module finds them and decides what relative ones mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import dateparser

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
).split("|")
_MONTH = "(?:(?:{})\\b|(?:{})\\b\\.?)".format(
    "|".join(m.capitalize() for m in _MONTHS[:12]), "|".join(m.capitalize() for m in _MONTHS[12:])
)
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday".split("|")
_DAY = rf"(?:{'|'.join(d.capitalize() for d in _DAYS)})"
_YEAR = r"(?:1[5-9]|20|21)\d{2}"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_PART = r"(?:early|late|mid|earlier|later)[ -]"
_AFTER = "(?:{})".format(
    "|".join(
        f"(?<={word} )"
        for word in "of Of in In since Since by By until Until before Before after After from From".split()
    )
    + "|(?<=mid-)|(?<=early )|(?<=Early )|(?<=late )|(?<=Late )"
)
_FORMS = tuple(
    (name, re.compile(form))
    for name, form in (
        ("iso", rf"\b{_YEAR}-\d{{2}}-\d{{2}}\b"),
        ("full", rf"\b{_MONTH} {_NTH},? {_YEAR}\b|\b{_NTH}(?: of)? {_MONTH},? {_YEAR}\b"),
        ("day", rf"\b{_MONTH} {_NTH}\b(?!,\d|\d)|\b{_NTH}(?: of)? {_MONTH}"),
        ("month_year", rf"\b{_MONTH}(?: of)?,? {_YEAR}\b"),
        ("last_month", rf"\b(?:[Ll]ast|[Tt]his|[Nn]ext|[Tt]his past) {_MONTH}"),
        ("weekday", rf"\b(?:(?:[Ll]ast|[Tt]his|[Nn]ext|[Tt]his past) )?{_DAY}\b"),
        # "May" and "March" are words, too: they are months after a preposition
        ("month", rf"\b(?!May|March){_MONTH}|{_AFTER}{_MONTH}"),
        ("decade", r"\b(?:1[5-9]|20)\d0s\b"),
        ("years", rf"\b{_YEAR}[-/]\d{{2}}\b(?!-)"),
        ("relative_year", r"\b(?:[Ll]ast|[Tt]his|[Nn]ext) "
                          r"(?:year|month|week|weekend|night|summer|winter|spring|autumn)\b"),
        ("near", r"\b(?:[Yy]esterday|[Tt]oday|[Tt]omorrow|[Tt]onight)\b"),
        ("clock", r"\b\d{1,2}(?:[:.]\d{2})?\s?(?:a\.m\.|p\.m\.|am\b|pm\b|AM\b|PM\b)"
                  r"|\b(?:[01]?\d|2[0-3]):[0-5]\d\b|\b(?:noon|midnight)\b"),
        ("year", rf"(?<![\d.,$€£-])\b{_YEAR}\b(?![\d,.]*\d"
                 r"|\s*(?:people|percent|per cent|km|miles|troops|jobs))"),
    )
)  # fmt: skip


_CALENDAR_VALUE = re.compile(r"(?:\d{4}|XXXX)(?:-(?:\d{2}|XX)){0,2}")


@dataclass(frozen=True, slots=True)
class When:
    """A date or time at `[start, end)`. `words` are its plain words, for texts without a known day."""

    start: int
    end: int
    text: str
    value: str
    published: date | None = None  # the day the text was published, where known

    @property
    def words(self) -> frozenset[str]:
        return frozenset(re.findall(r"\w+", self.text.lower()))


def dates(text: str, published: date | None = None) -> tuple[When, ...]:
    """Dates and times of `text`, in order, none overlapping."""
    found: list[When] = []
    for name, form in _FORMS:
        for match in form.finditer(text):
            if not any(w.start < match.end() and match.start() < w.end for w in found):
                value = _value(name, match[0], published)
                found.append(When(match.start(), match.end(), match[0], value, published))
    return tuple(sorted(found, key=lambda w: w.start))


def compatible(left: str, right: str) -> bool:
    """Whether two normalised values can mean the same time, one perhaps told less finely."""
    if left == right:
        return True
    if is_clock(left) or is_clock(right):
        return False
    if left in _DAYS or right in _DAYS:
        day, other = (left, right) if left in _DAYS else (right, left)
        return (
            bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", other))
            and _DAYS[date.fromisoformat(other).weekday()] == day
        )
    if not (_CALENDAR_VALUE.fullmatch(left) and _CALENDAR_VALUE.fullmatch(right)):
        return False
    a, b = left.split("-"), right.split("-")
    return all(x == y or "XX" in x or "XX" in y for x, y in zip(a, b, strict=False))


def is_clock(value: str) -> bool:
    return bool(re.fullmatch(r"\d{2}:\d{2}", value))


def _value(form: str, text: str, published: date | None) -> str:
    if form in {"iso", "full", "day", "month_year"}:
        return _absolute(form, text)
    if form == "clock":
        return _clock(text)
    if form == "weekday":
        return _weekday(text.lower(), published)
    if form in {"last_month", "month"}:
        return _month(text.lower().rstrip("."), published)
    if form == "near":
        return _near(text.lower(), published)
    if form == "relative_year":
        return _relative(text.lower(), published)
    return text


@lru_cache(maxsize=2048)
def _absolute(form: str, text: str) -> str:
    plain = re.sub(r"\b(\d{1,2})(?:st|nd|rd|th)\b", r"\1", text).replace(" of ", " ")
    # a leap year, so that 29 February is a day even where the year is not told
    read = dateparser.parse(
        f"{plain} 2000" if form == "day" else plain,
        languages=["en"],
        settings={"PREFER_DAY_OF_MONTH": "first", "DATE_ORDER": "MDY" if form != "iso" else "YMD"},
    )
    if read is None:
        return text.lower()
    if form == "day":
        return f"XXXX-{read.month:02d}-{read.day:02d}"
    return f"{read.year:04d}-{read.month:02d}" if form == "month_year" else read.date().isoformat()


def _clock(text: str) -> str:
    lower = text.lower().replace(".", ":", 1) if re.match(r"\d{1,2}\.\d{2}", text) else text.lower()
    if lower in {"noon", "midnight"}:
        return "12:00" if lower == "noon" else "00:00"
    hour, minute = [*re.findall(r"\d+", lower), "0"][:2]
    shift = 12 if "p" in lower and int(hour) < 12 else -12 if "a" in lower and int(hour) == 12 else 0
    return f"{int(hour) + shift:02d}:{int(minute):02d}"


def _weekday(text: str, published: date | None) -> str:
    day = next(d for d in _DAYS if text.endswith(d))
    if published is None:
        return day
    # "on Tuesday" is the nearest Tuesday: up to three days ahead, otherwise the one just gone
    offset = (_DAYS.index(day) - published.weekday()) % 7
    if text.startswith("next"):
        offset = offset or 7
    elif text.startswith(("last", "this past")) or offset > 3:
        offset -= 7
    return (published + timedelta(days=offset)).isoformat()


def _month(text: str, published: date | None) -> str:
    words = text.split()
    month = next(i for i, m in enumerate(_MONTHS) if words[-1] == m) if words[-1] in _MONTHS else -1
    number = (
        _MONTHS.index(next(m for m in _MONTHS[:12] if m.startswith(words[-1][:3]))) + 1 if month >= 0 else 0
    )
    if published is None or not number:
        return f"XXXX-{number:02d}" if number else text
    if len(words) == 1:
        return f"XXXX-{number:02d}"
    year = published.year
    if words[0] == "last" and number >= published.month:
        year -= 1
    elif words[0] == "next" and number <= published.month:
        year += 1
    return f"{year}-{number:02d}"


def _near(text: str, published: date | None) -> str:
    if published is None:
        return text
    days = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}[text]
    return (published + timedelta(days=days)).isoformat()


def _relative(text: str, published: date | None) -> str:
    which, unit = text.split()
    if published is None or unit not in {"year", "month"}:
        return text
    step = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "year":
        return str(published.year + step)
    months = published.year * 12 + published.month - 1 + step
    return f"{months // 12}-{months % 12 + 1:02d}"


def same_time(statement: When, evidence: When) -> bool:
    """Whether a time told is one given: the same words, or as fine as or coarser than the evidence."""
    if statement.words == evidence.words:
        return True
    if statement.value.count("-") > evidence.value.count("-"):
        return False  # finer than the evidence
    if _other_week(statement, evidence):
        return True
    if evidence.value.startswith("XXXX") and statement.value[:4].isdigit():
        year, day = int(statement.value[:4]), evidence.published
        if day is None or abs(year - day.year) > 1:
            return False  # the evidence says no year, and publication is another one
    return compatible(statement.value, evidence.value) and not (
        statement.value.isalpha() and evidence.value.isalpha()
    )


def _other_week(statement: When, evidence: When) -> bool:
    """A bare "on Friday" is the last or the next one: the tense tells, which is not known here."""
    if evidence.text not in {day.capitalize() for day in _DAYS}:
        return False
    iso = r"\d{4}-\d{2}-\d{2}"
    if not (re.fullmatch(iso, statement.value) and re.fullmatch(iso, evidence.value)):
        return False
    return abs((date.fromisoformat(statement.value) - date.fromisoformat(evidence.value)).days) == 7
