"""Which words exclude each other."""

from __future__ import annotations

import pytest

from service.facts.opposites import opposed
from service.facts.thesaurus import key


@pytest.mark.parametrize(("one", "other"), [("rise", "fall"), ("accept", "turn down"), ("arrest", "free")])
def test_opposites_exclude_each_other_both_ways(one: str, other: str) -> None:
    left, right = frozenset({key(one), "price"}), frozenset({key(other), "price"})
    assert opposed(left, right)
    assert opposed(right, left)


def test_a_word_that_both_have_excludes_nothing() -> None:
    both = frozenset({key("rise"), key("fall")})
    assert not opposed(both, frozenset({key("fall")}))
