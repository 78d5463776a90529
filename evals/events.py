"""An event's folder (docs/labelling.md), read and checked.

Comes in: folders, of one event or with events below them. Goes out: `Event`s. Promises: an event that
loads has labels that fit its articles; every trouble is named with file and line, all of them at once.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, Field, ValidationError

from evals.labels import Labels, label_troubles
from evals.lines import BadDataset, Line, Trouble, each_problem, problems_of, read_lines, text_of
from evals.models import (
    Event,
    EventArticle,
    Forbidden,
    GoldConflict,
    GoldCopies,
    GoldFact,
    RunEvent,
    Split,
)
from service.facts.models import Frozen
from service.text.article import Article

EVENT, GOLD, CONFLICTS = "event.toml", "gold.jsonl", "conflicts.jsonl"
FORBIDDEN, COPIES, ARTICLES = "forbidden.jsonl", "copies.jsonl", "articles"

_Model = TypeVar("_Model", bound=BaseModel)


class _Head(Frozen):
    """`event.toml`."""

    id: str = Field(min_length=1, pattern=r"^[\w.-]+$")
    title: str = Field(min_length=1)
    split: Split
    language: str = Field(min_length=1)
    articles: tuple[EventArticle, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found in one folder; `event` is there when nothing is wrong."""

    folder: Path
    event: Event | None
    troubles: tuple[Trouble, ...]


def load_events(paths: Sequence[Path]) -> list[Event]:
    """The events of dataset roots and event folders, each once, in the order of `paths`, then by folder name.

    Raises BadDataset with every trouble of every event.
    """
    return [event for event, _ in load_with_folders(paths)]


def load_with_folders(paths: Sequence[Path]) -> list[tuple[Event, Path]]:
    """The same, each with its folder."""
    inspected = inspect_events(paths)
    troubles = [trouble for found in inspected for trouble in found.troubles]
    if troubles:
        raise BadDataset(troubles)
    return [(found.event, found.folder) for found in inspected if found.event is not None]


def inspect_events(paths: Sequence[Path]) -> list[Inspected]:
    """Every event below `paths` with what is wrong with it. Raises BadDataset where there is no event."""
    found: list[Inspected] = []
    places: dict[str, Path] = {}
    for folder in event_folders(paths):
        seen = inspect_event(folder)
        if seen.event is not None and (first := places.setdefault(seen.event.id, folder)) != folder:
            twice = Trouble(folder / EVENT, None, f"event id {seen.event.id!r} is that of {first}, too")
            seen = Inspected(folder, None, (twice,))
        found.append(seen)
    return found


def event_folders(paths: Sequence[Path]) -> list[Path]:
    """Folders with an event.toml: those given, and those right below a folder given."""
    folders: dict[Path, Path] = {}
    for path in paths:
        if not path.is_dir():
            what = "it is a file; give the event's folder" if path.exists() else "there is no such folder"
            raise BadDataset([Trouble(path, None, what)])
        below = sorted(child.parent for child in path.glob(f"*/{EVENT}"))
        here = [path] if (path / EVENT).is_file() else below
        if not here:
            raise BadDataset([Trouble(path, None, f"there is no event in it: no {EVENT} here or one below")])
        for folder in here:
            folders.setdefault(folder.resolve(), folder)
    return list(folders.values())


def load_event(folder: Path) -> Event:
    """Raises BadDataset with every trouble of the event."""
    found = inspect_event(folder)
    if found.event is None:
        raise BadDataset(found.troubles)
    return found.event


def inspect_event(folder: Path) -> Inspected:
    """Reads and checks everything in one event's folder."""
    path = folder / EVENT
    text = text_of(path)
    if isinstance(text, Trouble):
        return Inspected(folder, None, (text,))
    head, troubles = _head(path, text)
    if head is None:
        return Inspected(folder, None, tuple(troubles))
    texts, unread = _texts(folder, head, text)
    troubles += unread
    labels, unreadable = read_labels(folder)
    troubles += unreadable
    troubles += label_troubles(labels, {i: article.text for i, article in texts.items()}, _ids(head))
    if troubles:
        return Inspected(folder, None, tuple(troubles))
    event = Event(
        id=head.id,
        title=head.title,
        split=head.split,
        language=head.language,
        articles=head.articles,
        texts=texts,
        gold=_values(labels.gold),
        conflicts=_values(labels.conflicts),
        forbidden=_values(labels.forbidden),
        copies=_values(labels.copies),
    )
    return Inspected(folder, event, ())


def run_event(event: Event, folder: Path) -> RunEvent:
    """What a run remembers of an event."""
    return RunEvent(id=event.id, split=event.split, folder=str(folder), sha256=folder_sha256(folder))


def folder_sha256(folder: Path) -> str:
    """Of the names and bytes of everything in it but hidden files."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder)
        if any(part.startswith(".") for part in name.parts):
            continue
        digest.update(f"{name.as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


# -- event.toml and the articles ------------------------------------------------------------------


def _head(path: Path, text: str) -> tuple[_Head | None, list[Trouble]]:
    try:
        given = tomllib.loads(text)
        head = _Head.model_validate(given)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        return None, [Trouble(path, int(at[1]) if at else None, f"it is not TOML: {error}")]
    except ValidationError as error:
        return None, [Trouble(path, _toml_line(text, place), what) for place, what in each_problem(error)]
    return head, _head_troubles(path, text, head)


def _head_troubles(path: Path, text: str, head: _Head) -> list[Trouble]:
    troubles = []
    for key in ("id", "file"):
        seen: set[str] = set()
        for number, article in enumerate(head.articles):
            value = getattr(article, key)
            if value in seen:
                line = _toml_line(text, ("articles", number, key))
                troubles.append(Trouble(path, line, f"two articles have the {key} {value!r}"))
            seen.add(value)
    return troubles


def _toml_line(text: str, place: Sequence[int | str]) -> int | None:
    """The line of a key of event.toml; of its article's header, or 1, when the key is not there."""
    lines = text.split("\n")
    heads = [n for n, line in enumerate(lines, start=1) if re.match(r"\s*\[\[\s*articles\s*\]\]", line)]
    if len(place) > 1 and place[0] == "articles" and isinstance(place[1], int) and place[1] < len(heads):
        start = heads[place[1]]
        end = heads[place[1] + 1] - 1 if place[1] + 1 < len(heads) else len(lines)
        key = place[2] if len(place) > 2 else None
    else:
        start, end, key = 1, (heads[0] - 1 if heads else len(lines)), place[0] if place else None
    for number in range(start, end + 1):
        if key is not None and re.match(rf"\s*\"?{re.escape(str(key))}\"?\s*=", lines[number - 1]):
            return number
    return start


def _texts(folder: Path, head: _Head, toml: str) -> tuple[dict[str, Article], list[Trouble]]:
    texts: dict[str, Article] = {}
    troubles: list[Trouble] = []
    # As written, because an article knows a day from a moment, and a year from seconds since 1970.
    dates = [given.get("published_at") for given in tomllib.loads(toml)["articles"]]
    for number, article in enumerate(head.articles):
        path = folder / article.file
        line = _toml_line(toml, ("articles", number, "file"))
        if not path.resolve().is_relative_to(folder.resolve()):
            what = f"file {article.file!r} is outside the event's folder"
            troubles.append(Trouble(folder / EVENT, line, what))
            continue
        text = text_of(path)
        if isinstance(text, Trouble):
            what = f"{article.file}: {text.what}" if not path.exists() else text.what
            troubles.append(text if path.exists() else Trouble(folder / EVENT, line, what))
            continue
        if (digest := hashlib.sha256(path.read_bytes()).hexdigest()) != article.sha256.lower():
            troubles.append(
                Trouble(
                    folder / EVENT,
                    _toml_line(toml, ("articles", number, "sha256")),
                    f"{article.file} is not the text that was labelled: its sha256 is {digest}, not "
                    f"{article.sha256}; put the text back, or check its labels and write the new hash here",
                )
            )
        if not text.strip():
            troubles.append(Trouble(path, None, "the article is empty"))
        try:
            texts[article.id] = Article(
                text=text,
                title=article.title,
                source=article.source,
                published_at=dates[number],
                language=head.language,
            )
        except ValidationError as error:
            line = _toml_line(toml, ("articles", number, "published_at"))
            troubles.append(Trouble(folder / EVENT, line, problems_of(error)))
    return texts, troubles + _strays(folder, head)


def _strays(folder: Path, head: _Head) -> list[Trouble]:
    named = {(folder / article.file).resolve() for article in head.articles}
    found = sorted((folder / ARTICLES).glob("*.txt")) if (folder / ARTICLES).is_dir() else []
    return [
        Trouble(path, None, f"no [[articles]] of {EVENT} names this file")
        for path in found
        if path.resolve() not in named
    ]


def _ids(head: _Head) -> frozenset[str]:
    return frozenset(article.id for article in head.articles)


# -- the labels -----------------------------------------------------------------------------------


def read_labels(folder: Path) -> tuple[Labels, list[Trouble]]:
    """Every label that can be read. Only gold facts must be there: an event may have no conflict."""
    gold, troubles = read_lines(folder / GOLD, GoldFact)
    if not gold and not troubles:
        troubles = [Trouble(folder / GOLD, None, "there is no gold fact in it: nothing can be scored")]
    conflicts, bad_conflicts = _optional(folder / CONFLICTS, GoldConflict)
    forbidden, bad_forbidden = _optional(folder / FORBIDDEN, Forbidden)
    copies, bad_copies = _optional(folder / COPIES, GoldCopies)
    labels = Labels(folder, tuple(gold), tuple(conflicts), tuple(forbidden), tuple(copies))
    return labels, [*troubles, *bad_conflicts, *bad_forbidden, *bad_copies]


def _optional(path: Path, model: type[_Model]) -> tuple[list[Line[_Model]], list[Trouble]]:
    return read_lines(path, model) if path.exists() else ([], [])


def _values(lines: Sequence[Line[_Model]]) -> tuple[_Model, ...]:
    return tuple(line.value for line in lines)
