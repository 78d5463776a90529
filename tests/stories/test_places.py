"""Spellings of one name, and places that may lie in one another."""

from __future__ import annotations

import pytest

from service.facts.names import name_words
from service.stories.places import country, is_country, places_differ, same_name


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("US", "United States"),
        ("Russia", "Russian"),
        ("Miller", "Matthew Miller"),
        ("DPRK", "North Korea"),
        ("Kim Jong Un", "Kim Jong Un"),
    ],
)
def test_one_name(left: str, right: str) -> None:
    assert same_name(name_words(left), name_words(right))
    assert same_name(name_words(right), name_words(left))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Anna Keller", "Anne Keller"),
        ("North Korea", "South Korea"),
        ("Korea", "North Korea"),
        ("Austria", "Australia"),
        ("Paul Miller", "Paul Holm"),
    ],
)
def test_two_names(left: str, right: str) -> None:
    assert not same_name(name_words(left), name_words(right))


def test_a_capital_stands_for_its_country() -> None:
    assert country(("pyongyang",)) == country(("north", "korean")) == ("north", "korea")
    assert country(("us",)) == country(("washington",)) == ("united", "states")
    assert country(("lindholm",)) is None
    assert is_country(("vietnamese",))
    assert not is_country(("hanoi",))


@pytest.mark.parametrize(
    ("left", "right", "differ"),
    [
        ("Paris", "France", False),
        ("Lindholm", "France", False),
        ("Paris", "Berlin", True),
        ("France", "Germany", True),
        ("Lindholm", "Marstal", True),
        ("Lindholm", "Lindholm", False),
        ("Paris", "Germany", True),
    ],
)
def test_places_that_exclude_each_other(left: str, right: str, differ: bool) -> None:
    assert places_differ(name_words(left), name_words(right)) is differ
    assert places_differ(name_words(right), name_words(left)) is differ
