"""Words that exclude each other: "rise" and "fall", "accept" and "reject".

Comes in: keys of words (see `thesaurus`). Goes out: whether one excludes the other. Promises: symmetric; the
words are those that the thesaurus keeps apart, and those of opposites.txt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from functools import lru_cache
from itertools import permutations, product
from pathlib import Path

from service.facts.thesaurus import WORDS, key

_EMPTY = frozenset({"say", "tell", "get", "take", "claim"})  # too many meanings to exclude anything


def opposed(left: Set[str], right: Set[str]) -> bool:
    """Whether a key that only the left has, and one that only the right has, exclude each other."""
    others = right - left
    return any(not _opposites().get(k, frozenset()).isdisjoint(others) for k in left - right)


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
