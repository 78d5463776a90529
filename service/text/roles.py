"""What a sentence is on the page: news, or what stands around it.

Comes in: the sentences of one article with their lines. Goes out: one role a sentence. Promises:
only what surely is furniture is taken out of the body; in doubt a sentence is body, because a lost
fact is silent and a caption read as a fact is not. Where nothing else is news, the headline is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from service.text.article import SentenceRole
from service.text.furniture import (
    is_bare_credit,
    is_boilerplate,
    is_byline,
    is_comment_form,
    is_credit,
    is_link_heading,
    is_table_row,
)

MAX_HEADLINE_WORDS = 25
MAX_CROSSHEAD_WORDS = 8
MAX_CAPTION_WORDS = 80
MAX_CAPTION_SENTENCES = 3  # the credit and what it is a picture of
MIN_REPEATED_WORDS = 5
MIN_TABLE_ROWS = 3
_CLOSERS = "\"')]"
_BULLET = re.compile(r"(?:[-*•·▪■●–—]|\d{1,2}[.)])\s")


@dataclass(frozen=True, slots=True)
class Placed:
    """A sentence and the line it stands on (`line` counts lines that hold text, from 0).

    `for_machines`: it speaks to the machine that reads the article (see `instructions`).
    """

    text: str
    line: int
    for_machines: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """`first` is the index of its first sentence."""

    first: int
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.sentences)

    @property
    def last(self) -> int:
        return self.first + len(self.sentences) - 1

    @property
    def alone(self) -> bool:
        return len(self.sentences) == 1

    @property
    def open(self) -> bool:
        """One sentence that ends without a full stop: a headline, a link, a row, or a careless hand."""
        return self.alone and not self.text.rstrip(_CLOSERS).endswith((".", "!", "?"))


def roles(sentences: Sequence[Placed], title: str | None) -> list[SentenceRole]:
    """One role for each sentence, in order."""
    found: list[SentenceRole] = []
    for sentence in sentences:
        own: SentenceRole = "body"
        if sentence.for_machines:
            own = "boilerplate"
        elif is_byline(sentence.text):
            own = "byline"
        elif is_boilerplate(sentence.text):
            own = "boilerplate"
        elif is_bare_credit(sentence.text):
            own = "caption"
        found.append(own)
    lines = _lines(sentences)
    _mark_tables_and_links(lines, found)
    _mark_captions(lines, found)
    _mark_headlines(lines, found, title)
    _mark_after_form(lines, found)
    if "body" not in found:
        found = ["body" if role == "headline" else role for role in found]
    return found


def _lines(sentences: Sequence[Placed]) -> list[_Line]:
    lines: list[_Line] = []
    first = 0
    for _, members in groupby(sentences, key=lambda sentence: sentence.line):
        texts = tuple(sentence.text for sentence in members)
        lines.append(_Line(first, texts))
        first += len(texts)
    return lines


def _mark(line: _Line, found: list[SentenceRole], role: SentenceRole) -> None:
    for index in range(line.first, line.first + len(line.sentences)):
        if found[index] == "body":
            found[index] = role


def _mark_tables_and_links(lines: Sequence[_Line], found: list[SentenceRole]) -> None:
    """Rows of figures in a row, and the bare links under "Related stories"."""
    linking = False
    for line in lines:
        linking = is_link_heading(line.text) or (linking and line.open)
        if linking:
            _mark(line, found, "boilerplate")
    for tabular, members in groupby(lines, key=lambda line: line.open and is_table_row(line.text)):
        rows = list(members)
        if tabular and len(rows) >= MIN_TABLE_ROWS:
            for row in rows:
                _mark(row, found, "boilerplate")


def _mark_captions(lines: Sequence[_Line], found: list[SentenceRole]) -> None:
    """Lines that end in a picture credit, and lines that say the same without it.

    A credit after a whole paragraph is the page's, not the paragraph's: then only the credit itself is
    taken out. So it is when no other line tells news.
    """
    credited = [
        line for line in lines if found[line.last] in {"body", "caption"} and is_credit(line.sentences[-1])
    ]
    telling = sum(not line.open and found[line.first] == "body" for line in lines)
    telling -= sum(not line.open and found[line.first] == "body" for line in credited)
    captions: set[str] = set()
    for line in credited:
        short = len(line.sentences) <= MAX_CAPTION_SENTENCES and len(line.text.split()) <= MAX_CAPTION_WORDS
        if telling and short:
            captions |= _beginnings(line.text)
            _mark(line, found, "caption")
    for line in lines:
        if _words(line.text) in captions:
            _mark(line, found, "caption")


def _beginnings(text: str) -> set[str]:
    words = _words(text).split()
    return {" ".join(words[:end]) for end in range(MIN_REPEATED_WORDS, len(words) + 1)}


def _mark_headlines(lines: Sequence[_Line], found: list[SentenceRole], title: str | None) -> None:
    """The title where it stands in the text, lines without a full stop above the news, crossheads in it.

    Where most lines end without a full stop, its absence says nothing.
    """
    titled = _words(title) if title else None
    news = [line for line in lines if found[line.first] == "body"]
    open_lines = sum(line.open and len(line.text.split()) > MAX_CROSSHEAD_WORDS for line in news)
    closed_lines = sum(not line.open for line in news)
    before_body = True
    for position, line in enumerate(news):
        neighbours = news[max(0, position - 1) : position] + news[position + 1 : position + 2]
        if titled and _is_title(line, titled):
            _mark(line, found, "headline")
        elif closed_lines < open_lines and position > 0:
            continue
        elif _above_the_news(line, position) if before_body else _is_crosshead(line, neighbours):
            _mark(line, found, "headline")
        before_body = before_body and found[line.first] != "body"


def _is_title(line: _Line, title: str) -> bool:
    """The title, or all of it but the outlet's name ("Ferry service resumes | Harbour Post")."""
    words = _words(line.text)
    return words == title or (line.open and words.count(" ") >= 3 and title.startswith(words + " "))


def _above_the_news(line: _Line, position: int) -> bool:
    if _BULLET.match(line.text) or len(line.text.split()) > MAX_HEADLINE_WORDS or not _has_letters(line):
        return False
    return line.open or (position == 0 and line.alone and line.text.endswith("?"))


def _is_crosshead(line: _Line, neighbours: Sequence[_Line]) -> bool:
    """A short line by itself between paragraphs. Several together are a list, and a list may tell news."""
    words = line.text.split()
    if not line.alone or len(words) > MAX_CROSSHEAD_WORDS or not _has_letters(line):
        return False
    if line.text.endswith("?"):
        return True
    if not line.open or line.text.endswith(":"):
        return False
    return len(words) <= 3 or not (_BULLET.match(line.text) or any(near.open for near in neighbours))


def _mark_after_form(lines: Sequence[_Line], found: list[SentenceRole]) -> None:
    """Nothing after the comment form is news, when the form stands in the second half of the page."""
    for line in lines:
        if line.first >= len(found) // 2 and any(is_comment_form(text) for text in line.sentences):
            for index in range(line.first, len(found)):
                if found[index] in {"body", "headline"}:
                    found[index] = "boilerplate"
            return


def _has_letters(line: _Line) -> bool:
    return any(character.isalpha() for character in line.text)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
