"""Where sentences begin and end.

Comes in: a `Reading`. Goes out: spans of the reading, in order, without surrounding space.
Promises: spans never overlap and cover every visible character; a line end always ends a sentence.
Splitting inside a line is done by sentencex (abbreviations, initials, quotations); see
docs/decisions/0002-text-libraries.md.
"""

from __future__ import annotations

import re

from sentencex import segment

# An agency tag or a closing bracket remark after the full stop is a sentence of its own: "... it said. (AFN)"
_TRAILING_TAG = re.compile(r"(?<=[.!?\"'])\s+(\([A-Z][A-Za-z/ .-]{1,30}\))$")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Spans `[start, end)` of the sentences of `text`."""
    spans: list[tuple[int, int]] = []
    line_start = 0
    for line in text.split("\n"):
        position = line_start
        for piece in segment("en", line) if line.strip() else ():
            spans.extend(_trimmed(text, position, position + len(piece)))
            position += len(piece)
        line_start += len(line) + 1
    return spans


def _trimmed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return []
    start += piece.index(stripped)
    end = start + len(stripped)
    if tag := _TRAILING_TAG.search(stripped):
        return [(start, start + tag.start()), (start + tag.start(1), end)]
    return [(start, end)]
