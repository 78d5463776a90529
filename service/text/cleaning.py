"""Text as one reads it, with a way back to the text as it came.

Comes in: an article's text, any string. Goes out: a `Reading`: characters folded for reading (one
kind of quotation mark, one kind of space, no invisible or direction-changing characters) and, for
every folded character, the stretch of the original it came from. Promises: the original is never
changed; any span of the reading maps back to a span of the original.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_QUOTES = {
    **dict.fromkeys("“”„‟«»〝〞＂", '"'),
    **dict.fromkeys("‘’‚‛‹›´`＇ʼ", "'"),
    **dict.fromkeys("‐‑‒−﹣－", "-"),
    "…": "...",
}
_PAIRS = {"\r\n": "\n", "``": '"', "''": '"'}  # two characters that read as one; wires type quotes so
_NEWLINES = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
# Visible by category, blank on the page: Unicode's Default_Ignorable_Code_Point, and the blank Braille cell.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_PLAIN = re.compile(r"[ !-&(-_a-~\n]+(?=[ -~\n])")  # reads as it stands: nothing to fold, no mark may follow
_KEPT = ("<super>", "<sub>", "<fraction>", "<circle>", "<compat> 0020")
MAX_MARKS = 30  # Stream-Safe Text Format, Unicode Standard Annex 15: no real letter carries more


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
        if plain := _PLAIN.match(original, position):
            after = plain.end()
            text.append(plain[0])
            starts.extend(range(position, after))
            ends.extend(range(position + 1, after + 1))
            position = after
            continue
        after = _cluster_end(original, position)
        for character in _folded(original[position:after]):
            text.append(character)
            starts.append(position)
            ends.append(after)
        position = after
    return Reading("".join(text), tuple(starts), tuple(ends))


def _cluster_end(original: str, start: int) -> int:
    """Where the cluster at `start` ends: a letter and its combining marks are read together."""
    if original[start : start + 2] in _PAIRS:
        return start + 2
    end = start + 1
    if unicodedata.category(original[start])[0] in "CZ":
        return end  # nothing there that could carry a mark
    while end < len(original) and end - start <= MAX_MARKS and unicodedata.combining(original[end]):
        end += 1
    return end


def _folded(cluster: str) -> str:
    """What a cluster (one character with its combining marks) reads as; empty when invisible."""
    first = cluster[0]
    if cluster in _PAIRS:
        return _PAIRS[cluster]
    if first in _NEWLINES:
        return "\n"
    if first in _QUOTES:
        return _QUOTES[first]
    if first.isspace():
        return " "
    if unicodedata.category(first)[0] == "C" or _BLANK.match(first):
        return ""  # NUL, BOM, zero-width, bidi controls, tags, lone surrogates
    # compatibility forms (ligatures, full-width digits) read as their plain letters; fractions and
    # superscripts do not, since "5²" is not 52 and "1½" is not 11/2, nor do free-standing accents,
    # which would become a space and a mark
    if unicodedata.decomposition(first).startswith(_KEPT):
        return cluster
    return unicodedata.normalize("NFKC", cluster)


def folded(text: str) -> str:
    """The reading of a short text, when the way back is not needed."""
    return fold(text).text


def tidy(sentence: str) -> str:
    """A sentence as it is parsed and told: one line, plain quotation marks, a full stop at the end."""
    # once more, for what stands side by side only after folding: "'´" is a pair of marks
    text = re.sub(r"\s+", " ", folded(folded(sentence))).strip()
    return text if not text or text[-1] in ".!?\"'" else f"{text}."
