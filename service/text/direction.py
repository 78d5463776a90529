"""Sentences that are shown in another order than they are stored.

Comes in: an article's text and spans of its sentences. Goes out: for each, whether it stands wholly
inside an override or a right-to-left embedding although it is written from left to right. Promises: a
name or a number that is embedded in a sentence leaves the sentence alone, and so does a page that embeds
most of its text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MIN_WORDS = 3
_OPEN = frozenset("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")  # UAX 9: embeddings, overrides, isolates
_CLOSE = frozenset("\u202c\u2069")
_TURNING = frozenset("\u202b\u202d\u202e\u2067")  # right to left, or whatever the letters say
_PARAGRAPH_END = frozenset("\n\r\u2029\x85")
_CONTROL = re.compile("[\u202a-\u202e\u2066-\u2069\n\r\u2029\x85]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def turned_round(text: str, spans: Sequence[tuple[int, int]]) -> list[bool]:
    """Whether each of `spans` (in order, of `text`) is such a sentence."""
    regions = _regions(text)
    found = [
        any(start <= a and b <= end for start, end in regions)
        and len(_LATIN_WORD.findall(text[a:b])) >= MIN_WORDS
        for a, b in spans
    ]
    return found if 2 * sum(found) <= len(found) else [False] * len(found)


def _regions(text: str) -> list[tuple[int, int]]:
    """Where something is embedded that turns round; every paragraph starts afresh."""
    regions: list[tuple[int, int]] = []
    opened: list[str] = []
    start = None
    for control in _CONTROL.finditer(text):
        character = control[0]
        if character in _OPEN:
            opened.append(character)
            if start is None and character in _TURNING:
                start = control.start()
        elif character in _CLOSE and opened:
            opened.pop()
        elif character in _PARAGRAPH_END:
            opened.clear()
        if start is not None and _TURNING.isdisjoint(opened):
            regions.append((start, control.end()))
            start = None
    if start is not None:
        regions.append((start, len(text)))
    return regions
