"""`attest prompts`: what attest asks the models, on screen.

Comes in: command-line arguments. Goes out: text on standard output. Promises: nothing here changes a
file; `lint` looks at every prompt and reports every broken one before it exits with 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from service.errors import AttestError, NotFound
from service.prompting.rendering import render
from service.prompting.templates import PromptLibrary
from service.resources import data_dir
from service.settings import load_settings

prompts_app = typer.Typer(
    name="prompts", help="List, read and check the prompts.", no_args_is_help=True, rich_markup_mode=None
)

PromptsDir = Annotated[
    Path | None,
    typer.Option("--prompts-dir", help="Folder of prompts to use instead of attest's own."),
]


@prompts_app.command(
    "list",
    epilog="Examples:\n\nattest prompts list\n\nattest prompts list --prompts-dir my-prompts",
)
def list_prompts(prompts_dir: PromptsDir = None) -> None:
    """One line for each prompt version: task, version, scope, sha256, purpose."""
    table = Table("task", "version", "scope", "sha256", "purpose")
    for column in table.columns[:4]:
        column.no_wrap = True
    for prompt in _library(prompts_dir).all():
        table.add_row(prompt.task, prompt.version, prompt.scope, prompt.sha256[:12], prompt.purpose)
    Console().print(table)


@prompts_app.command(
    epilog="Examples:\n\nattest prompts show extract_facts=v1\n\nattest prompts show write_summary",
)
def show(
    prompt: Annotated[str, typer.Argument(metavar="TASK[=VERSION]", help="Without a version: the newest.")],
    prompts_dir: PromptsDir = None,
) -> None:
    """The messages a model gets, with <placeholders> where the inputs go."""
    library = _library(prompts_dir)
    task, _, version = prompt.partition("=")
    shown = library.get(task, version or _newest(library, task))
    typer.echo(f"# {shown.task}/{shown.version}  sha256 {shown.sha256}")
    typer.echo(f"# scope {shown.scope}, reply {shown.reply}, at most {shown.max_tokens} tokens")
    typer.echo(f"# {shown.changes}")
    for message in render(shown, **{name: f"<{name}>" for name in shown.inputs}):
        typer.echo(f"\n[{message.role}]\n{message.content}")


@prompts_app.command(
    epilog="Examples:\n\nattest prompts lint\n\nattest prompts lint my-prompts",
)
def lint(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="Folder of <task>/<version> folders to check."),
    ] = None,
    prompts_dir: PromptsDir = None,
) -> None:
    """Check every prompt: one line each. Exit code 2 when any of them is broken."""
    problems = 0
    for name, problem in _checked(_library(folder or prompts_dir)):
        problems += problem is not None
        typer.echo(f"ok       {name}" if problem is None else f"problem  {problem}")
    if problems:
        raise typer.Exit(2)


def _library(prompts_dir: Path | None) -> PromptLibrary:
    return PromptLibrary(load_settings(prompts_dir=prompts_dir).prompts_dir or data_dir("prompts"))


def _newest(library: PromptLibrary, task: str) -> str:
    versions = library.versions(task)
    if not versions:
        raise NotFound(f"prompt task {task!r} has no version yet")
    return versions[-1]


def _checked(library: PromptLibrary) -> Iterator[tuple[str, str | None]]:
    """Name of each prompt, and what is wrong with it."""
    tasks = library.tasks()
    if not tasks:
        yield "", "no <task>/<version> folder in this folder"
    for task in tasks:
        versions = library.versions(task)
        if not versions:
            yield task, f"{task}: no version folder, such as {task}/v1"
        for version in versions:
            try:
                library.get(task, version)
            except AttestError as error:
                yield f"{task}/{version}", str(error)
            else:
                yield f"{task}/{version}", None
