"""Which different words and expressions may carry the same news.

Comes in: the files in words/. Goes out: for what is told, the keys of what may carry it. Promises: a
key is the stem of a word, or the words of an expression joined by `_`; "a, b" carry one another, while
"a > b" and "b < a" say that a, the more special, carries b and not the other way round; what never.txt
keeps apart stays apart; of WordNet's pairs, none joins a word that reports, accuses, denies or fails with
one that does not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import lru_cache
from itertools import permutations
from pathlib import Path

from service.facts.lexicon import lexicon
from service.facts.stems import stem

WORDS = Path(__file__).parent / "words"
_ARTICLES = frozenset({"a", "an", "the", "one's", "oneself", "somebody", "something", "someone"})


@lru_cache(maxsize=65536)
def key(expression: str) -> str:
    """The key of a listed word or expression: `arrest`, `turn_down`, `give_evidence`."""
    spelled = expression.lower().replace("-", " ").split()
    words = [w for w in spelled if w not in _ARTICLES] or spelled
    return stem(words[0]) if len(words) == 1 else "_".join(words)


def kin(told: str) -> frozenset[str]:
    """All keys that may carry this one, without itself."""
    return _table().get(told, frozenset())


def related(left: str, right: str) -> bool:
    """Whether one of two keys may carry the other."""
    return left == right or right in kin(left) or left in kin(right)


def carries(given: Set[str], told: Iterable[str]) -> bool:
    """Whether one of the keys given is one of those told, or may carry it."""
    return any(key in given or not kin(key).isdisjoint(given) for key in told)


@lru_cache(maxsize=1)
def expressions() -> Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """The listed expressions of several words by the stem of their first: (key, stems of the others)."""
    found: dict[str, set[tuple[str, tuple[str, ...]]]] = defaultdict(set)
    for listed in {k for word, others in _table().items() for k in (word, *others) if "_" in k}:
        first, *rest = listed.split("_")
        found[stem(first)].add((listed, tuple(map(stem, rest))))
    return {first: tuple(sorted(listed)) for first, listed in found.items()}


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = defaultdict(set)
    for special, general in _pairs():
        if special != general:
            table[general].add(special)
    for line in _lines(WORDS / "never.txt"):
        for left, right in permutations(map(key, line.split(",")), 2):
            table[left].discard(right)
    return {told: frozenset(carriers) for told, carriers in table.items()}


def _pairs() -> Iterator[tuple[str, str]]:
    """(what carries, what is carried), from all files."""
    classes = _cue_classes()
    for file in sorted(WORDS.glob("*.txt")):
        if file.name == "never.txt":
            continue
        from_wordnet = file.name.startswith("wordnet")
        for line in _lines(file):
            for carrier, carried in _read(line):
                if not from_wordnet or classes.get(carrier) == classes.get(carried):
                    yield key(carrier), key(carried)


def _read(line: str) -> Iterator[tuple[str, str]]:
    """(carrier, carried) of one line: `a, b`, `carrier > carried` or `carried < carrier`."""
    mark = next((m for m in "<>" if m in line), "")
    left, right = (
        [word.strip() for word in part.split(",") if word.strip()]
        for part in (line.split(mark) if mark else (line, ""))
    )
    if mark == "<":
        left, right = right, left
    yield from ((a, b) for a in left for b in right) if mark else permutations(left, 2)


def _lines(file: Path) -> Iterator[str]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if plain := re.sub(r"#.*", "", line).strip():
            yield plain


def _cue_classes() -> dict[str, str]:
    words = lexicon()
    classes = {"say": words.say, "fail": words.fail, "accuse": words.accuse, "deny": words.deny}
    return {word: name for name, members in classes.items() for word in members}
