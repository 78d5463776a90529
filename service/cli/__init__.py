"""The command line: parse, call the pipeline, print.

Comes in: arguments. Goes out: results on stdout (or `-o`), progress and logs on stderr, and an exit
code: 0 done, 1 failed, 2 bad usage or bad input. Promises: an error is one clear line, never a
traceback; an interrupted run leaves no half-written file.
"""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer
from rich.console import Console

from service import __version__
from service.cli.articles import check, facts, story
from service.cli.models import models_app
from service.cli.prompts import prompts_app
from service.cli.serve import serve
from service.errors import AttestError

app = typer.Typer(
    name="attest",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Facts that news articles really state, each with the text it rests on, and one cited account of several.",
)
app.command()(story)
app.command()(facts)
app.command()(check)
app.command()(serve)
app.add_typer(models_app, name="models")
app.add_typer(prompts_app, name="prompts")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"attest {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """See the README for a first run; every setting is also an ATTEST_* variable."""


def main() -> None:
    """Entry point of the `attest` command."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    complaint = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        app()
    except AttestError as error:
        complaint.print(f"attest: {error}", markup=False)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        complaint.print("attest: interrupted; nothing was written", markup=False)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        complaint.print(f"attest: {error.strerror or error}: {error.filename or ''}", markup=False)
        sys.exit(1)
