"""From what is named on the command line to articles.

Comes in: paths and standard input. Goes out: one `Input` an article, in order. Promises: an input that
cannot be read becomes a `problem` that says where and why, and costs no other input; a text file's
characters are kept as they are.
"""

from __future__ import annotations

import codecs
import glob
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import ValidationError

from service.errors import ArticleTooLarge, AttestError, EmptyArticle, InputError, NotFound, NotText
from service.stories.models import Story
from service.stories.written import story_from
from service.text.article import Article

STDIN = "-"
_FOREIGN = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip or office file",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


@dataclass(frozen=True, slots=True)
class Input:
    """An article or the reason why there is none. `where`: the file, and the line or number in it."""

    where: str
    article: Article | None
    problem: AttestError | None


def read_inputs(paths: Sequence[str], stdin: BinaryIO, *, max_bytes: int) -> list[Input]:
    """Articles of .txt, .json, .jsonl and .html files and of `-` (standard input).

    `max_bytes` bounds one file. A pattern such as `news/*.txt` that the shell left alone is expanded.
    Raises nothing: what goes wrong stands in `problem`.
    """
    inputs: list[Input] = []
    for path in paths:
        try:
            for where in _expanded(path):
                inputs.extend(_read(where, stdin, max_bytes))
        except AttestError as problem:
            inputs.append(Input(problem.where or path, None, problem))
    return inputs


def read_story(path: str, stdin: BinaryIO, *, max_bytes: int) -> Story:
    """The story in a file that `attest story` wrote. Raises InputError that names the file."""
    name = "standard input" if path == STDIN else path
    try:
        return story_from(_decoded(_bytes(path, stdin, max_bytes), name))
    except InputError as error:
        error.where = name
        raise


def _expanded(path: str) -> list[str]:
    if path == STDIN or not glob.has_magic(path) or Path(path).exists():
        return [path]
    found = sorted(glob.glob(path, recursive=True))  # noqa: PTH207  Path.glob cannot start at a pattern
    if not found:
        raise NotFound("no file matches this pattern", where=path)
    return found


def _read(where: str, stdin: BinaryIO, max_bytes: int) -> Iterator[Input]:
    """Inputs of one file; a problem of the whole file is one input."""
    try:
        data = _bytes(where, stdin, max_bytes)
        suffix = _stdin_suffix(data) if where == STDIN else Path(where).suffix.lower()
        name = "standard input" if where == STDIN else where
        if suffix in {".html", ".htm"}:
            yield Input(name, _from_html(data, name), None)
            return
        text = _decoded(data, name)
        if suffix == ".jsonl":
            yield from _from_json_lines(text, name)
        elif suffix == ".json":
            yield from _from_json(text, name)
        else:
            yield Input(name, Article(text=text), None)
    except AttestError as problem:
        yield Input(problem.where or where, None, problem)


def _bytes(where: str, stdin: BinaryIO, max_bytes: int) -> bytes:
    if where == STDIN:
        return _bounded(stdin, "standard input", max_bytes)
    path = Path(where)
    try:
        if path.is_dir():
            raise InputError(f"this is a folder; name the files in it, such as {path / '*.txt'}", where=where)
        with path.open("rb") as file:
            return _bounded(file, where, max_bytes)
    except FileNotFoundError:
        raise NotFound("there is no such file", where=where) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"cannot be read: {reason}", where=where) from None


def _bounded(file: BinaryIO, where: str, max_bytes: int) -> bytes:
    data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise ArticleTooLarge(f"more than {max_bytes:,} bytes, the limit for one file", where=where)
    return data


def _decoded(data: bytes, where: str) -> str:
    for mark, kind in _FOREIGN.items():
        if data.startswith(mark):
            raise NotText(f"not UTF-8 text: byte 0 begins {kind}; save its text as UTF-8", where=where)
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start + (len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
        message = f"not UTF-8 text: byte {at} is 0x{data[at]:02x}; save it as UTF-8"
        raise NotText(message, where=where) from None


def _stdin_suffix(data: bytes) -> str:
    """Standard input has no name: what starts with `{` is JSON, several such lines are JSON Lines."""
    begun = data.removeprefix(codecs.BOM_UTF8).lstrip()
    if not begun.startswith(b"{"):
        return ".txt"
    lines = [line for line in begun.splitlines() if line.strip()]
    one_each = len(lines) > 1 and all(re.match(rb"\s*\{.*\}\s*$", line) for line in lines)
    return ".jsonl" if one_each else ".json"


def _from_json_lines(text: str, where: str) -> Iterator[Input]:
    found = False
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            found = True
            at = f"{where}:{number}"
            try:
                yield _checked(_loaded(line, at), at)
            except InputError as problem:
                yield Input(at, None, problem)
    if not found:
        raise EmptyArticle("there is no line in it", where=where)


def _from_json(text: str, where: str) -> Iterator[Input]:
    value = _loaded(text, where)
    if not isinstance(value, list):
        yield _checked(value, where)
        return
    if not value:
        raise EmptyArticle("the list is empty", where=where)
    for number, item in enumerate(value, start=1):
        yield _checked(item, f"{where}, article {number}")


def _loaded(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        message = f"not valid JSON: {error.msg} (line {error.lineno}, column {error.colno})"
    except RecursionError:
        message = "not an article: nested too deeply"
    except ValueError as error:
        message = f"not valid JSON: {error}"
    raise InputError(message, where=where)


def _checked(value: Any, where: str) -> Input:
    if not isinstance(value, dict):
        kind = type(value).__name__
        return Input(
            where, None, InputError(f'an article is an object with a "text", not {kind}', where=where)
        )
    try:
        return Input(where, Article.model_validate(value), None)
    except ValidationError as error:
        return Input(where, None, InputError(_one_line(error), where=where))


def _one_line(error: ValidationError) -> str:
    """Field and problem, without pydantic's own vocabulary."""
    problems: dict[str, str] = {}
    for item in error.errors(include_url=False, include_input=False):
        field = str(item["loc"][0]) if item["loc"] else "article"
        if item["type"] == "extra_forbidden":
            problems[field] = f"unknown key; an article has {', '.join(Article.model_fields)}"
        elif item["type"] == "missing":
            problems[field] = "missing"
        elif field == "published_at":
            problems[field] = "give an ISO 8601 date such as 2024-06-18, or date and time"
        else:
            problems[field] = item["msg"].removeprefix("Input ")
    return "; ".join(f"{field!r}: {problem}" for field, problem in problems.items())


def _from_html(data: bytes, where: str) -> Article:
    """Main text and what the page says about itself. Raises EmptyArticle when there is no main text."""
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    page = bare_extraction(data, with_metadata=True, include_comments=False, include_tables=False)
    if not isinstance(page, Document) or not (page.text or "").strip():
        raise EmptyArticle("no article text was found in this page; save its text as .txt", where=where)
    return Article(
        text=page.text,
        title=page.title or None,
        source=page.sitename or None,
        published_at=page.date or None,
        language=None,
    )
