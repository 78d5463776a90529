"""Near-copies in a large pile: texts that are the same but for a few words.

Comes in: texts, sketched one by one. Goes out: for each near-copy, the earlier text it repeats. Promises:
each pair is confirmed on the shingles themselves, MinHash only proposes; a copy is compared with the text
that a group of copies began with and never with another copy, so copies of copies glue nothing together
and a thousand copies cost a thousand comparisons.

`copies.py` finds every shared passage with its offsets inside one story. This finds, in thousands of
articles, which pairs are worth that.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from datasketch import MinHash, MinHashLSH

from service.facts.names import fold_word

SHINGLE_WORDS = 5
PERMUTATIONS = 64
# 16 bands of 4 rows propose a pair of Jaccard similarity .5 with a probability of .64, one of .7 with .99.
BANDS = (16, 4)
MIN_OVERLAP = 0.7  # of the smaller text's shingles
MIN_SHINGLES = 20

_WORD = re.compile(r"\w+(?:[.'&]\w+)*")


@dataclass(frozen=True, eq=False, slots=True)
class Sketch:
    """`shingles`: sorted 32-bit hashes of every run of five words; `minhash`: the least under each of
    `PERMUTATIONS` permutations.
    """

    shingles: np.ndarray[tuple[int], np.dtype[np.uint32]]
    minhash: np.ndarray[tuple[int], np.dtype[np.uint32]]


@lru_cache(maxsize=1)
def _empty() -> MinHash:
    return MinHash(num_perm=PERMUTATIONS, seed=1, hashfunc=zlib.crc32, scheme="affine32")


def sketch(text: str) -> Sketch:
    """The sketch of a text; its quotation marks, capitals and line breaks say nothing."""
    words = [fold_word(word) for word in _WORD.findall(text)]
    runs = zip(*(words[at:] for at in range(SHINGLE_WORDS)), strict=False)
    found = sorted({" ".join(run).encode() for run in runs})
    minhash = _empty().copy()
    minhash.update_batch(found)
    return Sketch(np.unique(np.array([zlib.crc32(run) for run in found], np.uint32)), minhash.hashvalues)


def overlap(left: Sketch, right: Sketch) -> float:
    """Share of the smaller text's shingles that stand in the other, 0 to 1."""
    smaller = min(len(left.shingles), len(right.shingles))
    shared = np.intersect1d(left.shingles, right.shingles, assume_unique=True)
    return len(shared) / smaller if smaller else 0.0


def near_copies(sketches: Iterable[tuple[str, Sketch]]) -> Mapping[str, tuple[str, float]]:
    """For each id that repeats an earlier one, which, and how much of it; `sketches` in the order of time.

    Where several earlier texts are repeated it is the one with the largest overlap, then the first.
    """
    index = MinHashLSH(num_perm=PERMUTATIONS, params=BANDS)
    originals: dict[str, tuple[int, Sketch]] = {}
    copies: dict[str, tuple[str, float]] = {}
    for name, found in sketches:
        if len(found.shingles) < MIN_SHINGLES:
            continue
        minhash = MinHash(
            hashvalues=found.minhash,
            permutations=_empty().permutations,
            scheme="affine32",
            hashfunc=zlib.crc32,
        )
        best = max(_shares(found, index.query(minhash), originals), default=None)
        if best and best[0] >= MIN_OVERLAP:
            copies[name] = (best[2], round(best[0], 4))
        else:
            originals[name] = (len(originals), found)
            index.insert(name, minhash)
    return copies


def _shares(
    found: Sketch, proposed: Iterable[str], originals: Mapping[str, tuple[int, Sketch]]
) -> Iterator[tuple[float, int, str]]:
    """(overlap, minus the place, id) of each proposal: the largest is the best."""
    for name in proposed:
        place, other = originals[name]
        yield overlap(found, other), -place, name
