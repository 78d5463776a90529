"""What a word is known by: its stems.

Comes in: a word or a parsed token. Goes out: Snowball stems, and `turn_down` for a verb with its
particle. Promises: pure; the same word always gives the same stems.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import snowballstemmer

from service.facts.clauses import particle_lemma
from service.facts.names import fold_word

if TYPE_CHECKING:
    from spacy.tokens import Token


@lru_cache(maxsize=1)
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Snowball stem of a lower-case word."""
    return str(_stemmer().stemWord(word))


# Verbs whose "un" is no "not".
_UN_VERBS = frozenset(
    "unfold unveil unload unlock uncover undo untie unpack unleash unite unify unearth unwind".split()
)


def bare_keys(token: Token) -> frozenset[str]:
    """For "undamaged", the keys of "damaged"; nothing for other words."""
    lower = token.lower_
    if token.lemma_.lower() in _UN_VERBS or lower in {"united", "unified"}:
        return frozenset()
    if lower.startswith("un") and (lower.endswith("ed") or lower == "unhurt"):
        return frozenset(
            (stem(lower[2:]), stem(lower[2:].removesuffix("d")), stem(lower[2:].removesuffix("ed")))
        )
    return frozenset()


def token_keys(token: Token) -> frozenset[str]:
    """The stems a token may be known by, with its particle when the verb has one."""
    phrase = particle_lemma(token)
    plain = frozenset((stem(token.lemma_.lower()), stem(fold_word(token.text) or token.lower_)))
    return plain | {phrase} if "_" in phrase else plain
