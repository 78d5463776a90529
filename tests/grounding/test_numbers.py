"""Numbers as news writes them."""

from __future__ import annotations

import pytest

from service.facts.numbers import Number, numbers, same_number, within


def one(text: str) -> Number:
    found = numbers(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("12 people died", 12, None),
        ("twelve people died", 12, None),
        ("1,400 people left", 1400, None),
        ("two thousand houses", 2000, None),
        ("twenty-one votes", 21, None),
        ("a dozen cars", 12, None),
        ("$4.6bn", 4.6e9, "USD"),
        ("4.6 billion dollars", 4.6e9, "USD"),
        ("a 10,000-pound reward", 10_000, "GBP"),
        ("€80,000", 80_000, "EUR"),
        ("18.4%", 18.4, "percent"),
        ("18.4 per cent", 18.4, "percent"),
        ("4.2 metres", 4.2, "metre"),
        ("four and a half months", 4.5, "month"),
        ("a 34-year-old man", 34, "age"),
        ("a man aged 34", 34, "age"),
        ("a third of the seats", 1 / 3, None),
        ("1.2m people", 1.2e6, None),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, value: float, unit: str | None) -> None:
    number = one(text)
    assert number.value == pytest.approx(value)
    assert number.unit == unit


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("more than 300 flights", "more"),
        ("at least 85 people", "at_least"),
        ("up to 70 jobs", "at_most"),
        ("nearly 52,000 people", "less"),
        ("about 1,100 jobs", "about"),
        ("300 or more flights", "at_least"),
        ("300 flights", "exact"),
    ],
)
def test_how_exact_a_number_claims_to_be(text: str, bound: str) -> None:
    assert one(text).bound == bound


def test_an_ordinal_is_no_count() -> None:
    assert one("the third district").ordinal
    assert not same_number(one("the third district"), one("three districts"))


@pytest.mark.parametrize(
    ("told", "given"),
    [
        ("half of the cases", "50 percent of the cases"),
        ("a quarter of the staff", "25 percent of the staff"),
        ("a 48-hour strike", "a two-day strike"),
        ("in a decade", "in ten years"),
        ("24 are left", "24 hours are left"),
    ],
)
def test_one_value_has_many_spellings(told: str, given: str) -> None:
    assert same_number(one(told), one(given))


@pytest.mark.parametrize(
    ("told", "given"),
    [
        ("15 people", "12 people"),
        ("4.2 feet", "4.2 metres"),
        ("640 million euros", "640 million dollars"),
        ("640 billion dollars", "640 million dollars"),
        ("8 percent", "8 euros"),
        ("two weeks", "two months"),
        ("dozens of people", "hundreds of people"),
        ("24 hours", "24 people"),
    ],
)
def test_what_is_not_the_same_number(told: str, given: str) -> None:
    assert not same_number(one(told), one(given))


@pytest.mark.parametrize(
    ("told", "given", "fits"),
    [
        ("more than 200 people", "212 people", True),
        ("more than 12,000 people", "12,600 people", True),
        ("nearly 100 people", "97 people", True),
        ("more than 200 people", "198 people", False),
        ("more than 200 people", "900 people", False),
        ("more than 203 people", "212 people", False),
        ("200 people", "212 people", False),
    ],
)
def test_a_round_figure_on_the_right_side_will_do(told: str, given: str, fits: bool) -> None:
    assert within(one(told), one(given)) is fits


@pytest.mark.parametrize("text", ["the G7", "a Covid-19 case", "flight MH370", "an F-16 jet"])
def test_digits_of_a_name_are_no_numbers(text: str) -> None:
    assert not numbers(text)
