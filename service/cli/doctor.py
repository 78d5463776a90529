"""`attest doctor`: does the configured backend do what attest relies on?

Comes in: options of a backend. Goes out: a table on stdout, and exit code 1 when something is missing.
Promises: the model is asked now, never the reply cache; what a model or a server says is printed as
text, never as markup.
"""

from __future__ import annotations

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.backends.checkup import Checkup
from service.cli.common import (
    BackendOption,
    BaseUrlOption,
    ModelOption,
    PromptOption,
    QuietOption,
    ScriptOption,
    given_settings,
)
from service.pipeline import open_attest

_STYLES = {"ok": "green", "missing": "bold red", "not applicable": "dim"}


def doctor(
    backend: BackendOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    prompt: PromptOption = None,
    script: ScriptOption = None,
    quiet: QuietOption = False,
) -> None:
    """Prove with a few small questions that the backend does what attest relies on.

    Exit code 1 when something is missing; each row says what to do.

    Examples:  attest doctor  |  attest doctor --backend openai --base-url http://127.0.0.1:8080/v1
    """
    attest = open_attest(given_settings(backend, model, base_url, prompt, script))
    if not quiet:
        typer.echo("attest: asking the model a few small questions", err=True)
    try:
        checkup = attest.checkup()
    finally:
        attest.close()
    _show(Console(), checkup)
    if not checkup.healthy:
        raise typer.Exit(1)


def _show(console: Console, checkup: Checkup) -> None:
    table = Table(box=box.SIMPLE_HEAD, expand=True)
    for heading, width in (("check", 14), ("state", 14), ("seen", None), ("what to do", None)):
        table.add_column(heading, width=width, overflow="fold")
    for check in checkup.checks:
        state = Text(check.state, style=_STYLES[check.state])
        table.add_row(check.name, state, Text(check.seen), Text(check.advice))
    console.print(table)
    missing = ", ".join(check.name for check in checkup.missing)
    verdict = f"missing: {missing}" if missing else "nothing is missing"
    console.print(Text(f"  {verdict} ({checkup.seconds:.1f} s)"), soft_wrap=True)
