"""How long work tells where it is.

Comes in: stage names and counts. Goes out: calls of a `Progress`. Promises: telling costs nothing
and can be left out.
"""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """`done` of `total` steps of `stage` are finished; `detail` says what was just done."""

    def __call__(self, stage: str, done: int, total: int, detail: str = "") -> None: ...


def silent(stage: str, done: int, total: int, detail: str = "") -> None:
    """Tells nobody."""
