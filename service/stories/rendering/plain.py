"""A story in plain text, with numbered notes.

Comes in: a `Story`. Goes out: lines of at most `WIDTH` characters (a longer word keeps its line), without
a title. Promises: what it shows is what the Markdown shows; control characters of articles are left out.
"""

from __future__ import annotations

import textwrap

from service.stories.models import Story
from service.stories.rendering.layout import Block, blocks
from service.stories.rendering.view import printable

WIDTH = 100


def plain(story: Story) -> str:
    """Ends with a newline."""
    return "\n".join(map(_spelled, blocks(story, Plain())))


class Plain:
    """An `Inline`."""

    def words(self, text: str) -> str:
        return printable(text)

    def strong(self, text: str) -> str:
        return text

    def cited(self, number: int) -> str:
        return f" [{number}]"


def _spelled(block: Block) -> str:
    if block.kind == "heading":
        return f"{block.lines[0].upper()}\n"
    if block.kind == "items":
        return "".join(_wrapped(f"- {line}", "  ") for line in block.lines)
    if block.kind == "notes":
        marks = [f"[{number}] " for number in range(1, len(block.lines) + 1)]
        pairs = zip(marks, block.lines, strict=True)
        return "NOTES\n\n" + "".join(_wrapped(mark + line, " " * len(mark)) for mark, line in pairs)
    return _wrapped(block.lines[0])


def _wrapped(text: str, indent: str = "") -> str:
    lines = textwrap.wrap(
        text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines) + "\n"
