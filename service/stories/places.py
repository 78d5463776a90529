"""Names and places as two articles may spell them.

Comes in: the folded words of two names. Goes out: whether they mean one thing, and whether one place
lies in the other. Promises: symmetric; a given name is not another given name; a country and a town
are never two different places, since the one may contain the other.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from service.facts.names import Name, NameBook, name_words, without_titles

Words = tuple[str, ...]
MAX_PERSON_WORDS = 4
# A country's other names begin like it ("Viet|nam", "Viet|namese") or are short ("US", "DPRK").
ROOT = 3
ABBREVIATION = 4


@lru_cache(maxsize=65536)
def same_name(left: Words, right: Words) -> bool:
    """`us` and `united states`, `russia` and `russian`; `miller` and `matthew miller`."""
    if left == right:
        return True
    if _carried(left, right) and _carried(right, left):
        return True
    short, long = sorted((left, right), key=lambda words: (len(words), words))
    if not set(short) < set(long) or short[-1] != long[-1] or len(long) > MAX_PERSON_WORDS:
        return False
    return not (country(short) or country(long))  # "Korea" is neither "North Korea" nor "South Korea"


def one_place(left: Words, right: Words) -> bool:
    """One name, or a country and its demonym or capital."""
    return same_name(left, right) or (country(left) is not None and country(left) == country(right))


def name_keys(words: Words) -> frozenset[str]:
    """Keys of which two spellings of one name, or a country and its capital, share at least one."""
    land = country(words)
    return frozenset((*words, " ".join(land))) if land is not None else frozenset(words)


def _carried(words: Words, by: Words) -> bool:
    """Whether each word stands among `by`, as it is, as a demonym of a country or as an abbreviation."""
    given = frozenset(by)
    if given.issuperset(words):
        return True
    lands = sorted({*words, *by} & _land_words())
    book = NameBook(Name(0, len(word), word, (word,), "GPE") for word in lands)
    return all(book.same(word, given) for word in words)


@lru_cache(maxsize=1)
def _land_words() -> frozenset[str]:
    return frozenset(word for land, _ in _capitals() for word in land)


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
    starts = {word[:ROOT] for word in bare}
    short = len(bare) == 1 and len(bare[0]) <= ABBREVIATION
    for land, town in _capitals():
        if bare == town:
            return land
        if (short or not starts.isdisjoint(word[:ROOT] for word in land)) and same_country(bare, land):
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
