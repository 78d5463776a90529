"""What the commands do, once their options are read.

Comes in: choices. Goes out: runs on disk, tables on stdout, progress on stderr. Promises: nothing here
decides anything: it opens, calls and prints.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from evals.agreement import agreement
from evals.events import GOLD, inspect_events, load_event, read_labels
from evals.floors import FloorSystem
from evals.gaps import unlabelled
from evals.journal import Journal
from evals.labels import label_troubles
from evals.lines import BadDataset
from evals.progress import Progress
from evals.running import Run
from evals.runs import REPLIES, expected
from evals.scoring.score import score_run
from evals.starting import WhichSplit, chosen_events, manifest_of, record_look
from evals.systems import AttestSystems, Systems
from evals.tables import show_agreement, show_scores
from service.backends.weights import locate
from service.errors import NotFound
from service.settings import PARSER, Settings
from service.text.parsing import Parser


@dataclass(frozen=True)
class RunChoices:
    output: Path
    datasets: Sequence[Path]
    system: str
    repeats: int
    split: WhichSplit
    events: Sequence[str]
    limit: int | None
    replies: Path | None
    retry_failed: bool
    quiet: bool


def start_run(choices: RunChoices, settings: Settings) -> None:
    """Raises AttestError when nothing can be run, or going on is of no use."""
    events = chosen_events(choices.datasets, split=choices.split, names=choices.events, limit=choices.limit)
    systems = _systems(choices, settings)
    try:
        manifest = manifest_of(systems.identity, events, choices.repeats, datetime.now(UTC))
        labelled = [event for event, _ in events]
        progress = Progress(labelled, choices.repeats, time.monotonic, _silent if choices.quiet else _say)
        with Journal(choices.output, manifest, expected(labelled, choices.repeats)) as journal:
            if journal.is_new:
                record_look(manifest, choices.output)
            run = Run(labelled, choices.repeats, systems, time.monotonic, progress, choices.retry_failed)
            run.complete(journal)
    finally:
        systems.close()
    _say(f"{progress.finished()}; {choices.output}")


def _systems(choices: RunChoices, settings: Settings) -> Systems:
    if choices.system == "attest":
        return AttestSystems(settings, choices.replies or choices.output / REPLIES)
    parser = Parser(settings.parser_path or locate(PARSER, settings.models_dir))
    return FloorSystem(
        "cues" if choices.system == "cues" else "sentences", parser, settings.max_article_chars
    )


def check_labels(datasets: Sequence[Path], *, gaps: bool) -> bool:
    """Print what is wrong with each event, or what it holds; whether nothing is wrong."""
    inspected = inspect_events(datasets)
    for found in inspected:
        for trouble in found.troubles:
            typer.echo(str(trouble))
        if found.event is None:
            continue
        event = found.event
        open_sentences = unlabelled(event, found.folder)
        counts = (
            (event.articles, "articles"), (event.gold, "facts"), (event.conflicts, "conflicts"),
            (event.forbidden, "forbidden"), (event.copies, "copies"), (open_sentences, "without a label"),
        )  # fmt: skip
        told = ", ".join(f"{len(items)} {name}" for items, name in counts)
        typer.echo(f"{found.folder}: {event.split}, {told}")
        for gap in open_sentences if gaps else ():
            typer.echo(str(gap))
    troubles = sum(len(found.troubles) for found in inspected)
    typer.echo(f"{len(inspected)} events, {troubles} troubles", err=True)
    return not troubles


def score_and_show(runs: Sequence[Path], *, datasets: Sequence[Path], as_json: bool) -> None:
    """Score every run, then show them side by side."""
    scored = [(str(run), score_run(run, datasets)) for run in runs]
    if as_json:
        for _, scores in scored:
            typer.echo(scores.model_dump_json())
    else:
        show_scores(scored, Console())


def agree_and_show(first: Path, second: Path, *, as_json: bool) -> None:
    """`first`: an event, or a dataset; `second`: its other labels, or folders of them named as events."""
    pairs = [(first, second)]
    if not (second / GOLD).is_file():
        pairs = [(first / found.parent.name, found.parent) for found in sorted(second.glob(f"*/{GOLD}"))]
    if not pairs:
        raise NotFound(f"there are no labels in it: no {GOLD} here or one below", where=str(second))
    for folder, other in pairs:
        event = load_event(folder)
        labels, troubles = read_labels(other)
        texts = {name: article.text for name, article in event.texts.items()}
        troubles += label_troubles(labels, texts, frozenset(texts))
        if troubles:
            raise BadDataset(troubles)
        found = agreement(event.gold, [line.value for line in labels.gold])
        if as_json:
            typer.echo(json.dumps({"event": event.id} | found.figures()))
        else:
            console = Console(soft_wrap=True)
            console.print(Text(event.id, style="bold"))
            show_agreement(found, console)


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _silent(line: str) -> None:
    """Tells nobody."""
