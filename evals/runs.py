"""A run on disk: what it is a run of, and its samples, one after the other.

    RUN/manifest.json   what was asked, of whom, about which events
    RUN/samples.jsonl   a sample a line, in the order of `expected`
    RUN/replies.db      the model's answers, so that no question is paid for twice

Comes in: a run's folder. Goes out: its manifest, samples (streamed) and events. Promises: what another
version wrote, what was cut off and what no longer fits its article is said with file and line; a last line
without its end is no sample, because whoever wrote it was killed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pydantic import ValidationError

from evals.events import load_with_folders, run_event
from evals.lines import Trouble, parsed, problems_of, text_of
from evals.models import Event, Manifest, RunEvent, Sample
from service.errors import InputError, NotFound

MANIFEST, SAMPLES, REPLIES = "manifest.json", "samples.jsonl", "replies.db"
RUN_SCHEMA = "1"


class BadRun(InputError):
    slug, title = "bad-run", "The run cannot be used"


@dataclass(frozen=True, slots=True)
class Key:
    """Which sample: `article` None is the story of the event."""

    event: str
    repeat: int
    article: str | None


def key_of(sample: Sample) -> Key:
    return Key(sample.event, sample.repeat, sample.article)


def expected(events: Iterable[Event], repeats: int) -> list[Key]:
    """Every sample of a whole run, in order: by event, then repeat, then article, the story last."""
    return [
        Key(event.id, repeat, article)
        for event in events
        for repeat in range(repeats)
        for article in (*(a.id for a in event.articles), None)
    ]


def read_manifest(folder: Path) -> Manifest:
    """Raises NotFound where there is no run, BadRun where it is another version's or damaged."""
    path = folder / MANIFEST
    if not path.exists():
        raise NotFound(f"there is no run in it (no {MANIFEST})", where=str(folder))
    text = text_of(path)
    if isinstance(text, Trouble):
        raise BadRun(text.what, where=text.where)
    try:
        given = json.loads(text)
    except ValueError as error:
        raise BadRun(f"it is not JSON: {error}", where=str(path)) from None
    schema = given.get("run_schema") if isinstance(given, dict) else None
    if schema != RUN_SCHEMA:
        raise BadRun(
            f"it has run_schema {schema!r}, and this version of the evals reads {RUN_SCHEMA!r}; "
            "score it with the version that made it, or run again",
            where=f"{path}:{_line_of(text, 'run_schema')}",
        )
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        raise BadRun(problems_of(error), where=str(path)) from None


def read_samples(folder: Path, events: Iterable[Event] = ()) -> Iterator[Sample]:
    """Each sample as it was appended; one at a time is held.

    Raises BadRun with the line, also where a sample speaks of another text than its event in `events` has.
    """
    labelled = {event.id: event for event in events}
    manifest = read_manifest(folder)
    known = {event.id for event in manifest.events}
    seen: set[Key] = set()
    for number, raw in whole_lines(folder / SAMPLES):
        where = f"{folder / SAMPLES}:{number}"
        sample = _sample(raw, where)
        key = key_of(sample)
        if key.event not in known:
            raise BadRun(f"event {key.event!r} is not in {MANIFEST}", where=where)
        if not 0 <= key.repeat < manifest.repeats:
            raise BadRun(f"repeat {key.repeat} of {manifest.repeats} (they count from 0)", where=where)
        if key in seen:
            raise BadRun(f"{_told(key)} stands in the run twice", where=where)
        seen.add(key)
        if key.event in labelled:
            _check_fits(sample, labelled[key.event], where)
        yield sample


def by_event(samples: Iterable[Sample]) -> Iterator[tuple[str, list[Sample]]]:
    """The samples of one event at a time, which is all that scoring has to hold."""
    for event, group in groupby(samples, key=lambda sample: sample.event):
        yield event, list(group)


def whole_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Numbered lines that were written to their end; none where there is no file yet."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.endswith(b"\n") and line.strip():
                yield number, line


# -- the events of a run --------------------------------------------------------------------------


def run_events(
    manifest: Manifest, datasets: Sequence[Path] = ()
) -> tuple[tuple[Event, ...], tuple[RunEvent, ...]]:
    """The events of a run with their labels of today, and what a manifest would say of them now.

    `datasets`: where to look instead of the folders that the manifest names. Raises BadDataset or NotFound.
    """
    places = list(datasets) or [Path(event.folder) for event in manifest.events]
    for place in places:
        if not place.is_dir():
            raise NotFound(
                "the run's events were read from this folder, and it is not there; say where they are now "
                "with --dataset",
                where=str(place),
            )
    found = {event.id: (event, folder) for event, folder in load_with_folders(places)}
    events = []
    for of in manifest.events:
        if of.id not in found:
            there = ", ".join(sorted(found)) or "none"
            raise NotFound(f"the run has event {of.id!r}, and the dataset has not; there are: {there}")
        events.append(found[of.id])
    return tuple(e for e, _ in events), tuple(run_event(e, folder) for e, folder in events)


def _check_fits(sample: Sample, event: Event, where: str) -> None:
    texts = {name: article.article_id for name, article in event.texts.items()}
    if sample.article is not None and sample.article not in texts:
        raise BadRun(f"event {event.id!r} has no article {sample.article!r}", where=where)
    if (
        sample.facts is not None
        and sample.article is not None
        and sample.facts.article.article_id != texts[sample.article]
    ):
        raise BadRun(
            f"article {sample.article!r} of event {event.id!r} has changed since it was read; run again",
            where=where,
        )
    told = {article.article_id for article in sample.story.articles} if sample.story else set()
    if told - set(texts.values()):
        raise BadRun(
            f"an article of event {event.id!r} has changed since its story was told; run again", where=where
        )


def _sample(raw: bytes, where: str) -> Sample:
    try:
        return Sample.model_validate(parsed(raw.decode("utf-8")))
    except ValidationError as error:
        raise BadRun(problems_of(error), where=where) from None
    except (ValueError, RecursionError) as error:
        raise BadRun(f"it is not a sample: {error}", where=where) from None


def _told(key: Key) -> str:
    what = "the story" if key.article is None else f"article {key.article!r}"
    return f"{what} of event {key.event!r}, repeat {key.repeat},"


def _line_of(text: str, key: str) -> int:
    lines = text.split("\n")
    return next((n for n, line in enumerate(lines, start=1) if f'"{key}"' in line), 1)
