"""`attest story`, `attest facts`, `attest check`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel
from rich.console import Console

from service.cli.common import (
    BackendOption,
    BaseUrlOption,
    ModelOption,
    PromptOption,
    QuietOption,
    ScriptOption,
    check_target,
    given_settings,
    progress_bar,
    write_text,
)
from service.cli.inputs import Input, read_inputs
from service.cli.show import show_facts, show_rejected, show_story, show_usage
from service.errors import EmptyArticle, InputError, NotFound
from service.pipeline import Attest, open_attest
from service.stories.models import StoryOptions
from service.text.article import Article

Articles = Annotated[
    list[str],
    typer.Argument(help="Files: .txt, .json, .jsonl or .html; - is standard input.", show_default=False),
]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="Write the JSON here, not to stdout.")]
Rejected = Annotated[
    bool, typer.Option("--rejected", help="Also show the drafts that did not pass, with the reason.")
]
Table = Annotated[bool, typer.Option("--table/--json", help="Show tables instead of JSON on stdout.")]


def story(
    articles: Articles,
    output: Output = None,
    table: Table = True,
    sentences: Annotated[int, typer.Option(min=3, max=12, help="Length of the summary.")] = 6,
    words: Annotated[
        int | None, typer.Option(min=20, max=2000, help="At most so many words, instead of sentences.")
    ] = None,
    rejected: Rejected = False,
    backend: BackendOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    prompt: PromptOption = None,
    script: ScriptOption = None,
    quiet: QuietOption = False,
) -> None:
    """One cited account of several articles about the same event.

    Examples:  attest story seeds/*.json -o story.json  |  attest story a.txt b.txt --json | jq .summary.text
    """
    check_target(output)
    settings = given_settings(backend, model, base_url, prompt, script)
    inputs, problems = _readable(articles, settings.max_body_bytes)
    attest = open_attest(settings)
    try:
        with progress_bar(quiet) as progress, _told_where([where for _, where in inputs]):
            told = attest.story(
                [i for i, _ in inputs],
                StoryOptions(summary_sentences=sentences, summary_words=words),
                progress=progress,
            )
    finally:
        attest.close()
    _deliver(told, output, table)
    if table:
        console = Console()
        show_story(console, told)
        if rejected:
            show_rejected(console, told.rejected)
        show_usage(console, told.usage, told.ledger)
    for skipped in told.skipped:
        typer.echo(f"attest: skipped {inputs[skipped.position][1]}: {skipped.detail}", err=True)
    if problems or any(s.reason != "duplicate-article" for s in told.skipped):
        raise typer.Exit(2)


def facts(
    article: Annotated[str, typer.Argument(help="One article; - is standard input.", show_default=False)],
    output: Output = None,
    table: Table = False,
    rejected: Rejected = False,
    backend: BackendOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    prompt: PromptOption = None,
    script: ScriptOption = None,
    quiet: QuietOption = False,
) -> None:
    """The facts of one article, each with the exact text it rests on.

    Examples:  attest facts article.txt  |  attest facts article.html --table --rejected
    """
    check_target(output)
    settings = given_settings(backend, model, base_url, prompt, script)
    given = _single(article, settings.max_body_bytes)
    attest = open_attest(settings)
    try:
        with progress_bar(quiet) as progress, _told_where([article]):
            found = attest.facts(given, progress=progress)
    finally:
        attest.close()
    _deliver(found, output, table)
    if table:
        console = Console()
        show_facts(console, found.facts)
        if rejected:
            show_rejected(console, found.rejected)
        show_usage(console, found.usage, [found.ledger])


def check(
    article: Annotated[str, typer.Argument(help="The article to check against.", show_default=False)],
    statements: Annotated[
        str, typer.Argument(help="A text file, one statement a line; - is standard input.")
    ] = "-",
) -> None:
    """Does the article support these statements? One verdict a line (JSON Lines); no model is asked.

    Examples:  attest check article.txt claims.txt  |  echo "12 people died." | attest check article.txt
    """
    if article == "-" and statements == "-":
        raise InputError("the article and the statements cannot both come from standard input")
    settings = given_settings()
    lines = [line.strip() for line in _statement_text(statements).splitlines() if line.strip()]
    if not lines:
        raise EmptyArticle("there is no statement in it", where=statements)
    attest: Attest = open_attest(settings)
    given = _single(article, settings.max_body_bytes)
    with _told_where([article]):
        verdicts = attest.check(given, lines)
    for verdict in verdicts:
        sys.stdout.write(verdict.model_dump_json() + "\n")


def _statement_text(name: str) -> str:
    where = "standard input" if name == "-" else name
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"it is not UTF-8 (byte {error.start})", where=where) from None
    except FileNotFoundError:
        raise NotFound("there is no such file", where=where) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"cannot be read: {reason}", where=where) from None


def _readable(names: Sequence[str], max_bytes: int) -> tuple[list[tuple[Article, str]], list[Input]]:
    """Articles with where they came from; what cannot be read is told and left out."""
    read = read_inputs(names, sys.stdin.buffer, max_bytes=max_bytes)
    problems = [i for i in read if i.problem is not None]
    found = [(i.article, i.where) for i in read if i.article is not None]
    if not found:
        problem = problems[0].problem if problems else EmptyArticle("no article was given")
        if problem is None or len(problems) > 1:
            raise InputError(f"none of the {len(problems)} inputs can be read; the first: {problem}")
        raise problem
    for item in problems:
        typer.echo(f"attest: skipped {item.problem}", err=True)
    return found, problems


@contextmanager
def _told_where(names: Sequence[str]) -> Iterator[None]:
    """Name the file in what is wrong with the only article there is."""
    try:
        yield
    except InputError as error:
        if error.where is None and len(names) == 1:
            error.where = "standard input" if names[0] == "-" else names[0]
        raise


def _single(name: str, max_bytes: int) -> Article:
    found, _ = _readable([name], max_bytes)
    if len(found) != 1:
        raise InputError(f"it holds {len(found)} articles; give one", where=name)
    return found[0][0]


def _deliver(result: BaseModel, output: Path | None, table: bool) -> None:
    """JSON to the file, or to stdout unless tables are shown there."""
    text = result.model_dump_json(indent=2) + "\n"
    if output is not None:
        write_text(output, text)
    elif not table:
        sys.stdout.write(text)
