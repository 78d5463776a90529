"""A run, from its options to the last sample.

Comes in: the choices of a person. Goes out: a run on disk, progress on stderr. Promises: what costs time to
load (the pipeline, its backends) is loaded only here.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer

from evals.floors import FloorSystem
from evals.journal import Journal
from evals.progress import Progress
from evals.running import Run
from evals.runs import REPLIES, expected
from evals.starting import WhichSplit, chosen_events, manifest_of, record_look
from evals.systems import AttestSystems, Systems
from service.backends.weights import locate
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
        say = _silent if choices.quiet else _say
        progress = Progress(labelled, choices.repeats, time.monotonic, say, lambda: systems.spent)
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


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _silent(line: str) -> None:
    """Tells nobody."""
