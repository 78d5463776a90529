"""Which different words may carry the same news.

Comes in: two stems. Goes out: whether one may stand for the other. Promises: symmetric, small and
closed; groups are listed in synonyms.toml by part of speech, and nothing is inferred from spelling.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from service.facts.analysis import stem


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[int]]:
    with (Path(__file__).parent / "synonyms.toml").open("rb") as file:
        raw = tomllib.load(file)
    members: dict[str, set[int]] = {}
    for number, group in enumerate(group for part in raw.values() for group in part["groups"]):
        for word in group.split():
            members.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in members.items()}


def related(left: str, right: str) -> bool:
    """Whether two stems stand in one group."""
    groups = _groups()
    return left == right or not groups.get(left, frozenset()).isdisjoint(groups.get(right, frozenset()))


@lru_cache(maxsize=65536)
def kin(word: str) -> frozenset[str]:
    """All stems related to a stem, without itself."""
    numbers = _groups().get(word, frozenset())
    return frozenset(other for other, theirs in _groups().items() if other != word and not numbers.isdisjoint(theirs))
