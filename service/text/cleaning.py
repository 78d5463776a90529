"""Text as one reads it, with a way back to the text as it came.

Comes in: an article's text, any string. Goes out: a `Reading`: characters folded for reading (one
kind of quotation mark, one kind of space, no invisible or direction-changing characters) and, for
every folded character, the stretch of the original it came from. Promises: the original is never
changed; any span of the reading maps back to a span of the original.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_QUOTES = {
    **dict.fromkeys("“”„‟«»〝〞＂", '"'),
    **dict.fromkeys("‘’‚‛‹›´`＇ʼ", "'"),
    **dict.fromkeys("‐‑‒−﹣－", "-"),
    "…": "...",
}
_NEWLINES = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


@dataclass(frozen=True, slots=True)
class Reading:
    """`text[i]` came from `original[starts[i]:ends[i]]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Span of the original that the non-empty span `[start, end)` of the reading came from."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no such span in the reading: {start}:{end} of {len(self.text)} characters")
        return self.starts[start], self.ends[end - 1]


def fold(original: str) -> Reading:
    """Read `original`: fold quotes, dashes and spaces, compose accents, drop what cannot be seen."""
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    while position < len(original):
        after = position + 1
        # "\r\n" is one line end; a letter and its combining marks are one character
        if original[position] == "\r" and original[after : after + 1] == "\n":
            after += 1
        else:
            while after < len(original) and unicodedata.combining(original[after]):
                after += 1
        for character in _folded(original[position:after]):
            text.append(character)
            starts.append(position)
            ends.append(after)
        position = after
    return Reading("".join(text), tuple(starts), tuple(ends))


def _folded(cluster: str) -> str:
    """What a cluster (one character with its combining marks) reads as; empty when invisible."""
    first = cluster[0]
    if first in _NEWLINES:
        return "\n"
    if first in _QUOTES:
        return _QUOTES[first]
    if first == "\t" or unicodedata.category(first) == "Zs":
        return " "
    if unicodedata.category(first) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
        return ""  # NUL, BOM, zero-width, bidi controls, tags, lone surrogates
    # compatibility forms (ligatures, full-width digits) read as their plain letters; fractions and
    # superscripts do not, since "5²" is not 52 and "1½" is not 11/2
    if unicodedata.decomposition(first).startswith(("<super>", "<sub>", "<fraction>", "<circle>")):
        return cluster
    return "".join(c for c in unicodedata.normalize("NFKC", cluster) if c != "\n")


def folded(text: str) -> str:
    """The reading of a short text, when the way back is not needed."""
    return fold(text).text
