"""Parts say what their sentence says, or they do not."""

from __future__ import annotations

import pytest

from service.facts.analysis import analyse
from service.facts.coverage import says_it_all, speaks_of_it_all, words_of
from service.text.parsing import Parser

WHOLE = "A freight train left the rails near Orvela on Monday, killing 3 people and injuring 14."
LEFT = "A freight train left the rails near Orvela on Monday."
KILLED = "A freight train killed 3 people."
INJURED = "A freight train injured 14 people."


@pytest.mark.parametrize(
    ("parts", "all_of_it"),
    [
        ((WHOLE,), True),
        ((LEFT, KILLED, INJURED), True),
        ((INJURED, LEFT, KILLED), True),
        ((LEFT, KILLED), False),
        ((LEFT, KILLED, "A freight train injured people."), False),
        ((LEFT, KILLED, "A freight train injured 140 people."), False),
        ((LEFT.replace("Orvela", "Wick"), KILLED, INJURED), False),
        ((LEFT.replace("Monday", "Sunday"), KILLED, INJURED), False),
        ((), False),
    ],
)
def test_no_value_may_be_lost(parser: Parser, parts: tuple[str, ...], all_of_it: bool) -> None:
    assert says_it_all(parts, analyse(parser.parse_one(WHOLE)), parser) is all_of_it


@pytest.mark.parametrize(
    ("parts", "all_of_it"),
    [
        ((LEFT, KILLED, "A freight train injured 140 people."), True),
        ((LEFT, "A freight train killed 5 people.", INJURED), True),
        ((LEFT, INJURED), True),
        ((KILLED, INJURED), False),
        ((), False),
    ],
)
def test_values_that_are_wrong_can_be_put_right(
    parser: Parser, parts: tuple[str, ...], all_of_it: bool
) -> None:
    assert speaks_of_it_all(parts, analyse(parser.parse_one(WHOLE)), parser) is all_of_it


def test_words_are_folded() -> None:
    assert words_of("The U.S.'s Erdoğan") == words_of("the US Erdogan")
    assert words_of("14") != words_of("140")
    assert words_of(" .,") == frozenset()
