"""What the commands share: options, settings, progress, safe writing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from service.errors import InputError, SettingsError
from service.progress import Progress as Tell
from service.progress import silent
from service.settings import Settings, load_settings

BackendOption = Annotated[
    str | None, typer.Option("--backend", help="local, openai, scripted or none (no model).")
]
ModelOption = Annotated[
    str | None, typer.Option("--model", help="Catalogue name, GGUF path or served model.")
]
BaseUrlOption = Annotated[str | None, typer.Option("--base-url", help="OpenAI-compatible API, with /v1.")]
PromptOption = Annotated[
    list[str] | None, typer.Option("--prompt", help="Prompt version, such as extract_facts=v2; repeatable.")
]
ScriptOption = Annotated[Path | None, typer.Option("--script", help="Replies of the scripted backend.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]

_STAGES = {
    "read": "reading articles",
    "article": "article",
    "extract_facts": "asking about sentences",
    "write_summary": "writing the summary",
}


def given_settings(
    backend: str | None = None,
    model: str | None = None,
    base_url: str | None = None,
    prompt: list[str] | None = None,
    script: Path | None = None,
) -> Settings:
    """Settings with the command's options on top. Raises SettingsError."""
    return load_settings(
        backend=backend, model=model, base_url=base_url, prompts=_versions(prompt) or None, script=script
    )


def _versions(given: list[str] | None) -> dict[str, str]:
    chosen = {}
    for item in given or ():
        task, equals, version = item.partition("=")
        if not (task and equals and version):
            raise SettingsError(f"--prompt {item}: write it as task=version, for example extract_facts=v2")
        chosen[task] = version
    return chosen


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Tell]:
    """A bar on stderr that names the stage; plain lines where stderr is no terminal."""
    console = Console(stderr=True)
    if quiet:
        yield silent
    elif not console.is_terminal:
        yield _Lines(console)
    else:
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=console, transient=True) as bar:
            yield _Bars(bar)


class _Bars:
    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[str, int] = {}

    def __call__(self, stage: str, done: int, total: int, detail: str = "") -> None:
        if stage not in self._tasks:
            self._tasks[stage] = int(self._bar.add_task(_STAGES.get(stage, stage), total=total))
        label = (
            f"{_STAGES.get(stage, stage)} {detail[:40]}" if stage == "article" else _STAGES.get(stage, stage)
        )
        self._bar.update(self._tasks[stage], completed=done, total=total, description=label)  # type: ignore[arg-type]


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console = console

    def __call__(self, stage: str, done: int, total: int, detail: str = "") -> None:
        if stage == "article" or done == total:
            self._console.print(
                f"{_STAGES.get(stage, stage)} {done}/{total} {detail}", markup=False, highlight=False
            )


def check_target(path: Path | None) -> None:
    """Fail before the work, not after it. Raises InputError when nothing can be written to `path`."""
    if path is None or _is_stream(path):
        return
    if path.is_dir():
        raise InputError("this is a folder; name a file to write to", where=str(path))
    nearest = next((folder for folder in path.absolute().parents if folder.exists()), path.absolute().parent)
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise InputError(f"cannot be written: {nearest} is no folder that you may write to", where=str(path))


def write_text(path: Path, text: str) -> None:
    """All of `text` or nothing: a temporary file beside the target, then a rename.

    A link stays a link; a device such as /dev/stdout is written to. Raises OSError.
    """
    if _is_stream(path):
        path.write_text(text, encoding="utf-8")
        return
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _is_stream(path: Path) -> bool:
    """A pipe, a terminal, /dev/null: there is nothing to replace."""
    return path.exists() and not path.is_file() and not path.is_dir()
