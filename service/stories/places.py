"""Names and places as two articles may spell them.

Comes in: the folded words of two names. Goes out: whether they mean one thing, and whether one place
lies in the other. Promises: symmetric; a given name is not another given name; a country and a town
are never two different places, since the one may contain the other.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from service.facts.names import NameBook, name_words, without_titles

Words = tuple[str, ...]
MAX_PERSON_WORDS = 4
_ANY_BOOK = NameBook(())  # knows no article, only spellings: demonyms and the names of great powers


@lru_cache(maxsize=65536)
def same_name(left: Words, right: Words) -> bool:
    """`us` and `united states`, `russia` and `russian`; `miller` and `matthew miller`."""
    if left == right:
        return True
    if _carried(left, right) and _carried(right, left):
        return True
    short, long = sorted((left, right), key=lambda words: (len(words), words))
    person = len(short) == 1 < len(long) <= MAX_PERSON_WORDS or 1 < len(short) < len(long) <= MAX_PERSON_WORDS
    return person and short[-1] == long[-1] and set(short) < set(long) and not (country(short) or country(long))


def _carried(words: Words, by: Words) -> bool:
    given = frozenset(by)
    return all(_ANY_BOOK.same(word, given) for word in words)


@lru_cache(maxsize=1)
def _capitals() -> tuple[tuple[Words, Words], ...]:
    with (Path(__file__).parent / "places.toml").open("rb") as file:
        lines = tomllib.load(file)["countries"].split("\n")
    pairs = [line.split(": ") for line in lines if line]
    return tuple((name_words(land), name_words(town)) for land, town in pairs)


@lru_cache(maxsize=16384)
def country(words: Words) -> Words | None:
    """The country that a name, a demonym or a capital stands for."""
    bare = without_titles(words)
    for land, town in _capitals():
        if bare == town or same_country(bare, land):
            return land
    return None


def same_country(words: Words, land: Words) -> bool:
    return words == land or (_carried(words, land) and _carried(land, words))


@lru_cache(maxsize=16384)
def is_country(words: Words) -> bool:
    """Whether a name is a country or its demonym, not its capital."""
    land = country(words)
    return land is not None and same_country(without_titles(words), land)


def places_differ(left: Words, right: Words) -> bool:
    """Whether two places exclude each other. A country may contain any town."""
    if same_name(left, right):
        return False
    lands = country(left), country(right)
    if lands[0] is not None and lands[1] is not None:
        return lands[0] != lands[1] or not (is_country(left) or is_country(right))
    return not (is_country(left) or is_country(right))
