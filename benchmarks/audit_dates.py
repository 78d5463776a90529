"""Dates of a text, read in the audit's own simple way.

Comes in: a text, and the day it was published where known. Goes out: each date's span with what it may
mean: a weekday is one of two days, a month without a year one of two years. Promises: only the standard
library, nothing of `service`; nothing is made finer than it is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = "|".join(f"{m.title()}" for m in _MONTHS) + "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
_NTH = "(?:st|nd|rd|th)?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_DATE = re.compile(
    rf"\b(?P<iso>{_YEAR}-\d\d(?:-\d\d)?)\b"
    rf"|\b(?P<day>\d{{1,2}}){_NTH}(?: of)? (?P<month_after>{_MONTH})\b(?:,? (?P<year_after>\d{{4}}))?"
    rf"|\b(?:(?P<when>[Ll]ast|[Nn]ext|[Tt]his) )?(?P<month>{_MONTH})\b(?:\.(?= \d))?"
    rf"(?: (?P<day_of>\d{{1,2}}){_NTH}\b(?!,\d))?(?:,? (?:of )?(?P<year>{_YEAR})\b)?"
    rf"|\b(?P<weekday>{'|'.join(d.title() for d in _DAYS)})\b"
    r"|\b(?P<relative>(?:last|next|this|the same|previous) (?:year|month|week|spring|summer|autumn|winter)"
    r"|yesterday|today|tonight|tomorrow)\b"
    rf"|(?<![\w.,$€£-])(?P<alone>{_YEAR})s?\b(?![.,]\d|\s?%)",
)


@dataclass(frozen=True)
class Moment:
    """A date as fine as it is told; None: not told. `phrase` is for what cannot be resolved."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    phrase: str | None = None

    def covers(self, told: Moment) -> bool:
        """Everything that `told` says is so here as well."""
        mine = (self.year, self.month, self.day, self.weekday, self.phrase)
        theirs = (told.year, told.month, told.day, told.weekday, told.phrase)
        return all(b is None or a == b for a, b in zip(mine, theirs, strict=True))


def dates(text: str, published: date | None) -> Iterator[tuple[re.Match[str], tuple[Moment, ...]]]:
    """Every date of `text` and what it may mean."""
    for found in _DATE.finditer(text):
        yield found, tuple(_moments(found, published))


def _moments(m: re.Match[str], published: date | None) -> Iterator[Moment]:
    if m["iso"]:
        yield _full(*map(int, m["iso"].split("-")))
    elif month := m["month"] or m["month_after"]:
        number = next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(month[:3].lower()))
        day = m["day"] or m["day_of"]
        year = m["year"] or m["year_after"]
        yield from _in_month(
            number, int(day) if day else None, int(year) if year else None, m["when"], published
        )
    elif m["weekday"]:
        weekday = _DAYS.index(m["weekday"].lower())
        yield Moment(weekday=weekday)
        if published:
            back = (published.weekday() - weekday) % 7
            for days in (-back, 7 - back):
                yield _on(published + timedelta(days=days))
    elif m["alone"]:
        yield Moment(phrase=m[0]) if m[0].endswith("s") else Moment(year=int(m["alone"]))
    else:
        yield from _relative(m["relative"].lower(), published)


def _in_month(
    month: int, day: int | None, year: int | None, when: str | None, published: date | None
) -> Iterator[Moment]:
    if year is not None or published is None:
        yield _full(year, month, day)
        return
    passed = (month, day or 1) <= (published.month, published.day)
    latest, coming = published.year - (not passed), published.year + passed
    wanted = {"last": (latest,), "next": (coming,), "this": (published.year,)}.get(
        when.lower() if when else "", (latest, coming)
    )
    meant = [_full(y, month, day) for y in wanted]
    if day is not None:  # told to the day, the nearer one is meant
        meant.sort(key=lambda m: abs(_days(m) - _days(_on(published))))
        del meant[1:]
    yield from meant


def _days(moment: Moment) -> int:
    """Days as a number, near enough to compare; also for a day that does not exist."""
    return round((moment.year or 0) * 365.2425 + (moment.month or 0) * 30.4 + (moment.day or 0))


def _relative(phrase: str, published: date | None) -> Iterator[Moment]:
    yield Moment(phrase=phrase)
    steps = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "last": -1, "this": 0, "next": 1}
    first, *unit = phrase.split()
    if published is None or first not in steps:
        return
    step = steps[first]
    if not unit:
        yield _on(published + timedelta(days=step))
    elif unit == ["year"]:
        yield Moment(year=published.year + step)
    elif unit == ["month"]:
        months = published.year * 12 + published.month - 1 + step
        yield Moment(year=months // 12, month=months % 12 + 1)


def _on(day: date) -> Moment:
    return Moment(day.year, day.month, day.day, day.weekday())


def _full(year: int | None, month: int, day: int | None = None) -> Moment:
    try:
        return _on(date(year or 0, month, day or 0))
    except ValueError:  # not told to the day, or no such day
        return Moment(year, month, day)
