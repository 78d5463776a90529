"""The command line: parse, call the pipeline, print.

Comes in: arguments. Goes out: results on stdout (or `-o`), progress and logs on stderr, and an exit
code: 0 done, 1 failed, 2 bad usage or bad input. Promises: an error is one clear line, never a
traceback; an interrupted run leaves no half-written file.
"""

from __future__ import annotations

from typing import Annotated

import typer

from service import __version__
from service.cli.articles import check, facts, story
from service.cli.doctor import doctor
from service.cli.group import group
from service.cli.leaving import run_and_leave
from service.cli.models import models_app
from service.cli.prompts import prompts_app
from service.cli.serve import serve

app = typer.Typer(
    name="attest",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Facts that news articles really state, each with the text it rests on, "
    "and one cited account of several.",
)
app.command()(story)
app.command()(facts)
app.command()(check)
app.command()(group)
app.command()(serve)
app.command()(doctor)
app.add_typer(models_app, name="models")
app.add_typer(prompts_app, name="prompts")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"attest {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """See the README for a first run; every setting is also an ATTEST_* variable."""


def main() -> None:
    """Entry point of the `attest` command."""
    run_and_leave(app, "attest")
