"""Lines broken to fit a page, made whole again.

Comes in: a `Reading`. Goes out: a `Reading` of the same length in which a line end that only fills
the page reads as a space. Promises: a text with one paragraph a line is left as it is; headlines,
lists and tables keep their lines.
"""

from __future__ import annotations

import dataclasses

from service.text.cleaning import Reading

MIN_WIDTH, MAX_WIDTH = 40, 120  # characters; narrower is verse or a table, wider is a paragraph
MIN_SHARE = 0.3  # of adjacent lines, running on in mid-sentence: about what English prose shows


def unwrapped(reading: Reading) -> Reading:
    """`reading` without the line ends of a fixed width, such as mail and PDF text have.

    A text is wrapped when many lines run on in lower case. The width is that of its widest line; a
    line end is the page's own when the next word would not have fitted.
    """
    lines = reading.text.split("\n")
    pairs = [(index, lines[index].rstrip(), lines[index + 1].lstrip()) for index in range(len(lines) - 1)]
    adjacent = [(index, line, following) for index, line, following in pairs if line and following]
    running = [line for _, line, following in adjacent if _runs_on(line, following)]
    if len(running) < 2 or len(running) < MIN_SHARE * len(adjacent):
        return reading
    width = max(len(line) for line in running)
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        return reading
    joined = {
        index
        for index, line, following in adjacent
        if len(line) <= width and len(line) + 1 + len(following.split(" ", 1)[0]) > width
    }
    text = "".join(line + (" " if index in joined else "\n") for index, line in enumerate(lines))
    return dataclasses.replace(reading, text=text[:-1])


def _runs_on(line: str, following: str) -> bool:
    return following[0].islower() and not line.endswith((".", "!", "?", ":"))
