"""Makes service/facts/wordnet_synonyms.txt from the WordNet 3.0 data files.

    python tools/make_synonyms.py /usr/share/wordnet service/facts/wordnet_synonyms.txt

The files come with Debian's package wordnet-base. Only words that WordNet's own sense-tagged texts
count are taken. Two words are written down as related when they name the same sense and that sense is
a main one of both, or when a main sense of a verb or adjective is tied to a main sense of a noun by
derivation (deny, denial). Antonyms, kinds and parts (hypernyms, co-hyponyms, meronyms) are never read.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PARTS = {"noun": "n", "verb": "v", "adj": "a"}
MAIN_SHARE = 0.15  # of a word's tagged uses
# Derived nouns that name whoever acts or what is acted upon, not the act itself.
PARTICLES = frozenset("up down out off away back over in on through apart together".split())
AGENT_ENDINGS = ("er", "or", "ist", "ee", "man")

Sense = tuple[str, str]  # part of speech, offset


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
    synsets: dict[Sense, Synset], ranks: dict[tuple[str, Sense], Rank]
) -> Iterator[tuple[str, str]]:
    """Synonyms and derived forms, main senses only."""
    for sense, synset in synsets.items():
        mains = [w for w in synset.words if _is_main(w, sense, ranks)]
        for n, left in enumerate(mains):
            for right in mains[n + 1 :]:
                yield left, right
        for source, target, place in synset.derived:
            if sense[0] not in "va" or target[0] != "n" or target not in synsets or not source or not place:
                continue
            left, right = synset.words[source - 1], synsets[target].words[place - 1]
            if (
                _is_main(left, sense, ranks)
                and ranks[right, target].first
                and not right.endswith(AGENT_ENDINGS)
            ):
                yield left, right


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


def main(folder: Path, target: Path) -> None:
    synsets, ranks = read_synsets(folder), read_ranks(folder)
    against = opposites(synsets)
    table: dict[str, set[str]] = defaultdict(set)
    for left, right in related_pairs(synsets, ranks):
        plain = all(w.replace("_", "").isalpha() and len(w) > 2 and w.count("_") <= 1 for w in (left, right))
        plain = plain and not ("_" in left and "_" in right)
        if left != right and plain and frozenset((left, right)) not in against:
            first, second = sorted((left, right))
            table[first].add(second)
    lines = [f"{word}: {' '.join(sorted(others))}" for word, others in sorted(table.items())]
    head = "# Made by tools/make_synonyms.py from WordNet 3.0; licence: LICENSE-wordnet. Symmetric pairs.\n"
    target.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
