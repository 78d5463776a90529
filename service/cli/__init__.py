"""The command line: parse, call the pipeline, print.

Comes in: arguments. Goes out: results on stdout (or `-o`), progress and logs on stderr, and an exit
code: 0 done, 1 failed, 2 bad usage or bad input. Promises: an error is one clear line, never a
traceback; an interrupted run leaves no half-written file.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from service import __version__
from service.cli.articles import check, facts, story
from service.cli.doctor import doctor
from service.cli.group import group
from service.cli.models import models_app
from service.cli.prompts import prompts_app
from service.cli.serve import serve
from service.errors import AttestError

INTERRUPTED = 130  # what typer makes of Ctrl-C
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
    logging.basicConfig(
        level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # JSON is UTF-8 (RFC 8259, section 8.1), whatever the locale
    try:
        code = _run()
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has gone; the rest of the buffer must not raise at shutdown
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)


def _run() -> int:
    """The exit code of the command given; what went wrong is told on stderr."""
    try:
        app()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        if code == INTERRUPTED:
            _interrupted()
        return code
    except AttestError as error:
        return _complain(str(error), error.exit_code)
    except KeyboardInterrupt:
        _interrupted()
    except BrokenPipeError:
        raise
    except OSError as error:
        return _complain(": ".join(str(part) for part in (error.filename, error.strerror or error) if part))
    return 0


def _interrupted() -> NoReturn:
    """Leave without waiting for the threads of questions that a server has not answered yet."""
    code = _complain("interrupted; no file is left half written")
    os._exit(code)


def _complain(message: str, code: int = 1) -> int:
    complaint = Console(stderr=True, highlight=False, soft_wrap=True)
    complaint.print(f"attest: {' '.join(message.split())}", markup=False)
    return code
