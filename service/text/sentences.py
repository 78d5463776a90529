"""Where sentences begin and end.

Comes in: a `Reading`. Goes out: spans of its text, in order, without surrounding space. Promises:
spans never overlap, cover every visible character and never cut a character of the original in two;
a line end always ends a sentence, and so does machine text such as a chat token; none is longer than
`MAX_SENTENCE_CHARS`. Splitting inside a line is done by sentencex (abbreviations, initials,
quotations); see docs/decisions/0002-text-libraries.md.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from sentencex import segment

from service.text.cleaning import Reading
from service.text.furniture import DATELINE
from service.text.markup import breaks

# The longest sentences of newspapers stay under a thousand characters. What is longer is no prose, and
# the parser needs memory in proportion: it is cut at spaces.
MAX_SENTENCE_CHARS = 2000
# what sentencex takes for an abbreviation ("no. 5"), and where it sees an end that is none ("9 a.m. EDT")
_NO = re.compile(r"\bno\.[\"']? +(?=[A-Z\"'])")
_HALF_DAY = re.compile(r"\b[ap]\.m\. *$")
_ZONE = re.compile(r"(?:[A-Z]{1,3}T|GMT|UTC)\b")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,2}|[a-z])[.)]")


def sentence_spans(reading: Reading) -> list[tuple[int, int]]:
    """Spans `[start, end)` of the sentences of `reading.text`."""
    spans: list[tuple[int, int]] = []
    line_start = 0
    machine = sorted(breaks(reading.text))
    for line in reading.text.split("\n"):
        inner = machine[bisect_left(machine, line_start) : bisect_left(machine, line_start + len(line))]
        bounds = sorted({*_bounds(line), *(at - line_start for at in inner if at > line_start), len(line)})
        start = line_start
        for bound in bounds:
            end = line_start + bound
            if bound < len(line) and not _between_characters(reading, end):
                continue
            spans.extend(_pieces(reading, start, end))
            start = end
        line_start += len(line) + 1
    return spans


def _bounds(line: str) -> Iterator[int]:
    """Offsets in `line` after which a new sentence begins."""
    if not line.strip():
        return
    # "SEOUL, June 18 (Yonhap) -- Putin arrived": what stands before the dash is about the report
    if dateline := DATELINE.match(line):
        yield dateline.end()
    for answer in _NO.finditer(line):
        yield answer.end()
    position = 0
    for piece in segment("en", line):
        position += len(piece)
        # the "1." of a list is no sentence, it belongs to what it counts
        counts = _ENUMERATOR.fullmatch(piece.strip())
        if not counts and not (_HALF_DAY.search(piece) and _ZONE.match(line, position)):
            yield position


def _between_characters(reading: Reading, position: int) -> bool:
    """Whether no character of the original is read on both sides of `position` ("…" reads as "...")."""
    return reading.starts[position - 1] != reading.starts[position]


def _pieces(reading: Reading, start: int, end: int) -> Iterator[tuple[int, int]]:
    """`[start, end)` without surrounding space, cut where it is longer than any sentence."""
    text = reading.text
    while start < end:
        start, end = _trimmed(text, start, end)
        cut = end
        if end - start > MAX_SENTENCE_CHARS:
            space = text.rfind(" ", start, start + MAX_SENTENCE_CHARS)
            cut = space if space > start else start + MAX_SENTENCE_CHARS
            while cut < end and not _between_characters(reading, cut):
                cut += 1
        if start < cut:
            yield _trimmed(text, start, cut)
        start = cut


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
