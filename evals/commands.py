"""What the commands do, once their options are read.

Comes in: choices. Goes out: tables on stdout. Promises: nothing here decides anything: it opens, calls and
prints; a run is launched in evals/launching.py.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from evals.agreement import agreement
from evals.events import GOLD, inspect_events, load_event, read_labels
from evals.gaps import unlabelled
from evals.labels import label_troubles
from evals.lines import BadDataset
from evals.scoring.score import score_run
from evals.tables import show_agreement, show_scores
from service.errors import NotFound


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
