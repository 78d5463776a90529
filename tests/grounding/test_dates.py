"""Dates and times as news writes them."""

from __future__ import annotations

from datetime import date

import pytest

from service.facts.dates import When, dates, same_time

TUESDAY = date(2024, 6, 18)


def one(text: str, published: date | None = TUESDAY) -> When:
    found = dates(text, published)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on 2024-06-18", "2024-06-18"),
        ("on June 18, 2024", "2024-06-18"),
        ("on 18 June 2024", "2024-06-18"),
        ("on 18 June", "XXXX-06-18"),
        ("on June 18th", "XXXX-06-18"),
        ("in June 2024", "2024-06"),
        ("since the middle of April", "XXXX-04"),
        ("last September", "2023-09"),
        ("on Tuesday", "2024-06-18"),
        ("on Monday", "2024-06-17"),
        ("last Thursday", "2024-06-13"),
        ("yesterday", "2024-06-17"),
        ("last year", "2023"),
        ("in 1988", "1988"),
        ("at 4 a.m.", "04:00"),
        ("at 4 p.m.", "16:00"),
        ("at 10:42", "10:42"),
    ],
)
def test_a_date_is_as_fine_as_it_is_told(text: str, value: str) -> None:
    assert one(text).value == value


def test_nothing_relative_is_resolved_without_a_day() -> None:
    assert one("on Tuesday", None).value == "tuesday"
    assert one("last year", None).value == "last year"


@pytest.mark.parametrize(
    ("told", "given", "same"),
    [
        ("on 18 June", "on June 18", True),
        ("on Tuesday", "on 18 June 2024", True),
        ("in June", "on 18 June 2024", True),
        ("on 18 June", "in June", False),
        ("on 18 June", "on 8 June", False),
        ("on Tuesday", "on Wednesday", False),
        ("in 1988", "in 1998", False),
        ("at 4 a.m.", "at 4 p.m.", False),
        ("in May", "in March", False),
    ],
)
def test_which_times_are_the_same(told: str, given: str, same: bool) -> None:
    assert same_time(one(told), one(given)) is same


def test_may_and_march_are_verbs_too() -> None:
    assert not dates("It may rain. They march on.", TUESDAY)
    assert not dates("May said so.", TUESDAY)
