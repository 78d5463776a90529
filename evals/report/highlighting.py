"""An article's text, cut into pieces that say which facts rest on them.

Comes in: a text and marks on stretches of it, which may overlap. Goes out: pieces in reading order. Promises:
the pieces joined are the text, character for character; a piece under several marks shows the worst.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

# The worst first: a wrong number is worse than a missing one.
Look = Literal["wrong", "forbidden", "invented", "missed", "partly", "duplicate", "found"]
WORST_FIRST: tuple[Look, ...] = ("wrong", "forbidden", "invented", "missed", "partly", "duplicate", "found")


@dataclass(frozen=True, slots=True)
class Mark:
    """`number`: of the fact in the list below the text."""

    start: int
    end: int
    look: Look
    number: int


@dataclass(frozen=True, slots=True)
class Piece:
    """`look` None: no fact rests on it. `ends`: the marks that end with it, to be named there."""

    text: str
    look: Look | None
    ends: tuple[Mark, ...] = ()


def pieces(text: str, marks: Iterable[Mark]) -> tuple[Piece, ...]:
    inside = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    cuts = sorted({0, len(text), *(m.start for m in inside), *(m.end for m in inside)})
    return tuple(
        Piece(
            text=text[start:end],
            look=_worst([mark for mark in inside if mark.start <= start and end <= mark.end]),
            ends=tuple(sorted((m for m in inside if m.end == end), key=lambda m: m.number)),
        )
        for start, end in pairwise(cuts)
    )


def places(text: str, quote: str) -> tuple[int, int] | None:
    """Where a label's quote stands; None when it does not."""
    start = text.find(quote)
    return None if start < 0 else (start, start + len(quote))


def _worst(over: Sequence[Mark]) -> Look | None:
    return min((mark.look for mark in over), key=WORST_FIRST.index, default=None)
