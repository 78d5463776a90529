"""Words that exclude each other: "rise" and "fall", "accept" and "reject".

Comes in: keys of words (see `thesaurus`), or texts. Goes out: whether one excludes the other. Promises:
symmetric; the words are those that the thesaurus keeps apart, and those of opposites.txt; "voted for it"
excludes "voted against it".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Set
from functools import lru_cache
from itertools import permutations, product
from pathlib import Path

from service.facts.thesaurus import WORDS, key

_EMPTY = frozenset({"say", "tell", "get", "take", "claim"})  # too many meanings to exclude anything

_SIDE = re.compile(
    r"\b(?:vot(?:e[sd]?|ing)|sp(?:eaks?|oke)|argue[sd]?|campaign(?:s|ed)?|rule[sd]?|decide[sd]?|sided?"
    r"|demonstrate[sd]?|march(?:es|ed)?)\b(?:(?!\b(?:to|that)\b(?! \d))[^.;:,])*?"
    r"\b(for|in favou?r of|against)\b",
    re.I,
)


def opposed(left: Set[str], right: Set[str]) -> bool:
    """Whether a key that only the left has, and one that only the right has, exclude each other."""
    others = right - left
    return any(not _opposites().get(k, frozenset()).isdisjoint(others) for k in left - right)


def sides_differ(left: str, right: str) -> bool:
    """Whether one text has somebody vote or speak for a thing and the other against it."""
    return {_side(left), _side(right)} == {"for", "against"}


def _side(text: str) -> str | None:
    found = {"against" if match[1].lower() == "against" else "for" for match in _SIDE.finditer(text)}
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=1)
def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for line in _lines(WORDS / "never.txt"):
        _keep_apart(found, permutations(map(key, line.split(",")), 2))
    for line in _lines(Path(__file__).parent / "opposites.txt"):
        left, right = ([key(word) for word in side.split(",")] for side in line.split("/"))
        _keep_apart(found, product(left, right))
        _keep_apart(found, product(right, left))
    return {one: frozenset(others) for one, others in found.items()}


def _lines(file: Path) -> list[str]:
    lines = (line.split("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def _keep_apart(found: dict[str, set[str]], pairs: Iterable[tuple[str, str]]) -> None:
    for one, other in pairs:
        if not {one, other} & _EMPTY:
            found[one].add(other)
