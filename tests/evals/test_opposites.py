"""The side that somebody takes."""

from __future__ import annotations

import pytest

from evals.opposites import sides_differ


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The board voted 7 to 2 for the dam.", "The board voted 7 to 2 against the dam."),
        ("Members voted on Monday in favour of the strike.", "Members voted on Monday against the strike."),
        ("The judge ruled against the airline.", "The judge ruled for the airline."),
    ],
)
def test_a_vote_for_excludes_a_vote_against(one: str, other: str) -> None:
    assert sides_differ(one, other)
    assert sides_differ(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The board voted for the dam.", "The board voted for the dam after a protest against it."),
        ("She voted for the tax and spoke against the dam.", "She voted against the dam."),
        ("They decided to search for the crew.", "They decided against a new search."),
        ("The board voted on the dam.", "The board voted against the dam."),
        ("The fund is for widows.", "The vaccine is against measles."),
    ],
)
def test_nothing_is_excluded_where_a_side_is_not_plain(one: str, other: str) -> None:
    assert not sides_differ(one, other)
