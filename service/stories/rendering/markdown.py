"""A story in Markdown, with a footnote for every place that is cited.

Comes in: a `Story`. Goes out: GitHub-flavoured Markdown without a title, so that it can be put under one.
Promises: the words of articles and models are text: nothing in them becomes a heading, emphasis, a link,
an image, HTML or a footnote; addresses (with `://`, `www.` or `@`) are set as code, so that none becomes
a link by itself.
"""

from __future__ import annotations

import re

from service.stories.models import Story
from service.stories.rendering.layout import Block, blocks
from service.stories.rendering.view import printable

_MARKED = re.compile(r"[\\`*_{}\[\]#|~$^]|=(?==)|(?<==)=")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}  # not every renderer knows `\<`
# At the beginning of a block these are lists, rules, definitions or comments.
_OPENING = re.compile(r"^(?:(?P<number>\d{1,9})(?P<mark>[.)])(?=\s|$)|(?P<sign>[-+:=%]))")
_ADDRESS = re.compile(r"\S*(?:://|www\.|@)\S*", re.IGNORECASE)


def markdown(story: Story) -> str:
    """Ends with a newline."""
    return "\n\n".join(map(_spelled, blocks(story, Markdown()))) + "\n"


class Markdown:
    """An `Inline`."""

    def words(self, text: str) -> str:
        return escaped(text)

    def strong(self, text: str) -> str:
        return f"**{text}**"

    def cited(self, number: int) -> str:
        return f"[^{number}]"


def escaped(text: str) -> str:
    """Text that every Markdown renderer shows as these characters, on one line."""
    plain = printable(text)
    pieces, done = [], 0
    for address in _ADDRESS.finditer(plain):
        pieces += [_without_marks(plain[done : address.start()]), _code(address[0])]
        done = address.end()
    spelled = "".join([*pieces, _without_marks(plain[done:])])
    return _OPENING.sub(lambda m: f"{m['number'] or ''}\\{m['mark'] or m['sign']}", spelled)


def _without_marks(text: str) -> str:
    marked = _MARKED.sub(lambda m: "\\" + m[0], text)
    return re.sub("[&<>]", lambda m: _ENTITIES[m[0]], marked)


def _code(text: str) -> str:
    """A code span, fenced by more backticks than stand in a row in it."""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    gap = " " if "`" in text else ""
    return f"{fence}{gap}{text}{gap}{fence}"


def _spelled(block: Block) -> str:
    if block.kind == "heading":
        return f"## {block.lines[0]}"
    if block.kind == "items":
        return "\n".join(f"- {line}" for line in block.lines)
    if block.kind == "notes":
        return "\n".join(f"[^{number}]: {line}" for number, line in enumerate(block.lines, start=1))
    return block.lines[0]
