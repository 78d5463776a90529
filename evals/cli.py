"""`python -m evals`: run, score, compare, gate, report, and what the labels are worth.

Comes in: arguments. Goes out: tables or JSON on stdout, progress on stderr, and an exit code. Promises: an
error is one clear line; a command loads only what it needs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="evals",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Score prompts and models against hand labels, and know when a score means something.",
)

Datasets = Annotated[
    list[Path], typer.Argument(help="Dataset folders or folders of single events.", show_default=False)
]


@app.command(epilog="Example: python -m evals check evals/datasets")
def check(datasets: Datasets) -> None:
    """Check the labels of events: every trouble with its file and line."""
    from evals.events import inspect_events

    inspected = inspect_events(datasets)
    for trouble in (trouble for found in inspected for trouble in found.troubles):
        typer.echo(str(trouble))
    if any(found.troubles for found in inspected):
        raise typer.Exit(2)


@app.callback()
def options() -> None:
    """Generating and scoring are apart: `run` asks a model and keeps what it says, the rest reads files."""


def main() -> None:
    """Entry point of `python -m evals`."""
    sys.exit(app())
