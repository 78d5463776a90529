"""Exit codes of a gate: what CI reads.

Comes in: arguments and errors. Goes out: codes. Promises: 2 means a regression and nothing else, so a
misspelt option or an unreadable run, which elsewhere end with 2, end with 1 here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

from typer.core import TyperCommand

from service.errors import AttestError


class Exit(IntEnum):
    passed = 0
    tool_error = 1
    regression = 2
    insufficient_evidence = 3


class GateCommand(TyperCommand):
    def make_context(self, *args: Any, **more: Any) -> Any:
        with tool_errors():
            return super().make_context(*args, **more)

    def invoke(self, ctx: Any) -> Any:
        with tool_errors():
            return super().invoke(ctx)


@contextmanager
def tool_errors() -> Iterator[None]:
    """Errors that would leave with 2 leave with 1."""
    try:
        yield
    except Exception as error:
        if isinstance(error, AttestError) or hasattr(error, "exit_code"):
            _recode(error)
        raise


def _recode(error: Any) -> None:
    if type(error).__name__ != "Exit":  # typer.Exit carries the verdict itself
        error.exit_code = int(Exit.tool_error)
