"""What a word is known by: its stems.

Comes in: a word or a parsed token. Goes out: Snowball stems, and `turn_down` for a verb with its
particle. Promises: pure; the same word always gives the same stems, whichever thread asks.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

import snowballstemmer

from service.facts.names import fold_word
from service.facts.syntax import particle_lemma

if TYPE_CHECKING:
    from spacy.tokens import Token


_ONE_AT_A_TIME = threading.Lock()  # a stemmer keeps the word it works on in itself


@lru_cache(maxsize=1)
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


# Words that Snowball cuts down to another word's stem (import, author, intern, universe, organ).
_OWN_STEMS = {
    word: word
    for word in "important importance authority international university organisation organization".split()
} | {"authorities": "authority", "universities": "university"}


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Snowball stem of a lower-case word."""
    if word in _OWN_STEMS:
        return _OWN_STEMS[word]
    with _ONE_AT_A_TIME:
        return str(_stemmer().stemWord(word))


# Words whose "un" is no "not", or whose rest says nothing by itself.
_UN_WORDS = frozenset(
    "united unified unfold unveil unload unlock uncover undo untie unpack unleash unite unify unearth unwind "
    "unaccounted unprecedented unexpected unlimited undisclosed".split()
)


def bare_keys(token: Token) -> frozenset[str]:
    """For "undamaged", the keys of "damaged"; nothing for other words."""
    lower = token.lower_
    if not _UN_WORDS.isdisjoint((token.lemma_.lower(), lower)):
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
