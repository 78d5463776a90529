"""Which different words may carry the same news.

Comes in: stems. Goes out: the stems that may stand for one. Promises: symmetric and closed; the words
are listed in synonyms.toml (by hand) and wordnet_synonyms.txt (from WordNet, see LICENSE-wordnet);
words that report, accuse, deny, plan or fail never stand for words that do not.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from service.facts.lexicon import lexicon
from service.facts.stems import key

_FOLDER = Path(__file__).parent


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    kept_apart = _cue_classes()
    table: dict[str, set[str]] = defaultdict(set)
    for line in (_FOLDER / "wordnet_synonyms.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            word, others = line.split(": ")
            for other in others.split():
                if kept_apart.get(word) == kept_apart.get(other):
                    table[key(word)].add(key(other))
    with (_FOLDER / "synonyms.toml").open("rb") as file:
        raw = tomllib.load(file)
    for part in raw["never"]["pairs"]:
        left, right = map(key, part.split())
        table[left].discard(right)
        table[right].discard(left)
    for group in (group for name, part in raw.items() if name != "never" for group in part["groups"]):
        for left, right in combinations(group.split(), 2):
            table[key(left)].add(key(right))
    symmetric: dict[str, set[str]] = defaultdict(set)
    for left, rights in table.items():
        for right in rights - {left}:
            symmetric[left].add(right)
            symmetric[right].add(left)
    return {word: frozenset(others) for word, others in symmetric.items()}


def _cue_classes() -> dict[str, str]:
    words = lexicon()
    classes = {"say": words.say, "fail": words.fail, "accuse": words.accuse, "deny": words.deny}
    return {word: name for name, members in classes.items() for word in members}


def kin(word: str) -> frozenset[str]:
    """All stems that may stand for this one, without itself."""
    return _table().get(word, frozenset())


def related(left: str, right: str) -> bool:
    """Whether one of two stems may stand for the other."""
    return left == right or right in kin(left)
