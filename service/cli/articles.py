"""`attest story`, `attest facts`, `attest check`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

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
from service.cli.inputs import Input, read_inputs, read_story
from service.cli.show import show_facts, show_rejected, show_story, show_usage
from service.errors import EmptyArticle, InputError, NotFound
from service.pipeline import Attest, open_attest
from service.stories.models import Story, StoryOptions
from service.stories.parts import THE_STORY
from service.stories.rendering.markdown import markdown
from service.stories.rendering.plain import plain
from service.text.article import Article

# A story holds its articles' texts and, several times over, what was found in them.
STORY_FILE = 16

Articles = Annotated[
    list[str],
    typer.Argument(help="Files: .txt, .json, .jsonl or .html; - is standard input.", show_default=False),
]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="Write the JSON here, not to stdout.")]
Rejected = Annotated[
    bool, typer.Option("--rejected", help="Also show the drafts that did not pass, with the reason.")
]
Added = Annotated[
    list[str] | None,
    typer.Option("--add", help="One more article for the story.json that is named; repeatable."),
]
Format = Annotated[
    Literal["table", "json", "markdown", "text"] | None,
    typer.Option("--format", help="What is shown on stdout; Markdown and text go to -o, if given."),
]
Table = Annotated[bool, typer.Option("--table/--json", help="Show tables instead of JSON on stdout.")]


def story(
    articles: Articles,
    output: Output = None,
    table: Table = True,
    form: Format = None,
    add: Added = None,
    sentences: Annotated[
        int | None, typer.Option(min=3, max=12, help="Length of the summary; 6, or that of the story.")
    ] = None,
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
    |  attest story *.txt --format markdown -o story.md  |  attest story --add new.txt story.json -o new.json
    """
    check_target(output)
    settings = given_settings(backend, model, base_url, prompt, script)
    old = _old_story(articles, settings.max_body_bytes) if add else None
    inputs, problems = readable(add or articles, settings.max_body_bytes)
    lengths = {"summary_sentences": sentences, "summary_words": words}
    given = {name: length for name, length in lengths.items() if length is not None}
    attest = open_attest(settings)
    try:
        with progress_bar(quiet) as progress, _told_where([where for _, where in inputs], articles[0]):
            if old is None:
                told = attest.story([i for i, _ in inputs], StoryOptions(**given), progress=progress)
            else:
                options = old.options.model_copy(update=given)
                told = attest.add(old, [i for i, _ in inputs], options, progress=progress)
    finally:
        attest.close()
    form = form or ("table" if table else "json")
    if form == "markdown":
        _write(markdown(told), output)
    elif form == "text":
        _write(plain(told), output)
    else:
        deliver(told, output, form == "table")
    if form == "table":
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
    deliver(found, output, table)
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


def readable(names: Sequence[str], max_bytes: int) -> tuple[list[tuple[Article, str]], list[Input]]:
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


def _old_story(names: Sequence[str], max_bytes: int) -> Story:
    if len(names) != 1:
        raise InputError(f"--add takes up articles into one story.json; {len(names)} files are named")
    return read_story(names[0], sys.stdin.buffer, max_bytes=STORY_FILE * max_bytes)


@contextmanager
def _told_where(names: Sequence[str], story: str | None = None) -> Iterator[None]:
    """Name the file in what is wrong with the story, or with the only article there is."""
    try:
        yield
    except InputError as error:
        if error.where == THE_STORY and story is not None:
            error.where = story
        if error.where is None and len(names) == 1:
            error.where = "standard input" if names[0] == "-" else names[0]
        raise


def _single(name: str, max_bytes: int) -> Article:
    found, _ = readable([name], max_bytes)
    if len(found) != 1:
        raise InputError(f"it holds {len(found)} articles; give one", where=name)
    return found[0][0]


def deliver(result: BaseModel, output: Path | None, table: bool) -> None:
    """JSON to the file, or to stdout unless tables are shown there."""
    if output is not None or not table:
        _write(result.model_dump_json(indent=2) + "\n", output)


def _write(text: str, output: Path | None) -> None:
    if output is not None:
        write_text(output, text)
    else:
        sys.stdout.write(text)
