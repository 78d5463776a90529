"""Guesses come from what was read, and the latest reading counts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.backends.lookup import KEY_TOKENS, Lookup


def test_what_followed_a_pair_is_guessed() -> None:
    assert Lookup([1, 2, 3, 4, 5, 1, 2]).guess(2) == [3, 4]
    assert Lookup([1, 2, 3, 4, 5, 1, 2]).guess(9) == [3, 4, 5, 1, 2]


def test_the_last_time_counts() -> None:
    assert Lookup([1, 2, 3, 1, 2, 4, 1, 2]).guess(1) == [4]


def test_nothing_is_guessed_from_nothing() -> None:
    assert Lookup([]).guess(4) == []
    assert Lookup([1]).guess(4) == []
    assert Lookup([1, 2]).guess(4) == []
    assert Lookup([1, 2, 3]).guess(4) == []
    assert Lookup([1, 2, 3, 1, 2]).guess(0) == []


def test_tokens_that_are_added_are_known() -> None:
    lookup = Lookup([1, 2, 3])
    lookup.add(1)
    lookup.add(2)
    assert lookup.guess(1) == [3]
    lookup.add(7)
    lookup.add(1)
    lookup.add(2)
    assert lookup.guess(1) == [7]


@given(st.lists(st.integers(0, 3)), st.integers(0, 5))
def test_a_guess_stood_there_after_the_same_tokens(tokens: list[int], most: int) -> None:
    guess = Lookup(tokens).guess(most)
    assert len(guess) <= most
    found = [*tokens[-KEY_TOKENS:], *guess]
    assert not guess or any(tokens[i : i + len(found)] == found for i in range(len(tokens)))
