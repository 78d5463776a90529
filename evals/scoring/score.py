"""A run becomes a score, and never asks a model.

Comes in: a run's folder, or its manifest, events and samples. Goes out: `Scores`, and `Outcome`s one at a
time. Promises: the samples of one event are held at once, no more; every sample is counted by its state; a
sample that failed is a zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.models import Event, EventScore, Manifest, Outcome, Sample, Scores

SCORES, OUTCOMES = "scores.json", "outcomes.jsonl"


@dataclass(frozen=True, slots=True)
class Count:
    """Of a rate: how many of how many, mean over repeats."""

    hits: float
    of: float


@dataclass(frozen=True)
class ScoredEvent:
    """`counts`: of every rate, so that events can be added up."""

    score: EventScore
    counts: dict[str, Count]
    states: dict[str, int]
    outcomes: tuple[Outcome, ...]


def score_event(event: Event, samples: Sequence[Sample]) -> ScoredEvent:
    """All numbers of one event, each the mean over the repeats that were run."""
    raise NotImplementedError


def score_samples(
    manifest: Manifest,
    events: Sequence[Event],
    samples: Iterable[Sample],
    told: Callable[[Outcome], None] = lambda outcome: None,
) -> Scores:
    """The score of a run. `samples` stand in the order of their events; `told` hears of every outcome."""
    raise NotImplementedError


def score_run(run: Path, datasets: Sequence[Path] = ()) -> Scores:
    """Score a run's folder; scores.json and outcomes.jsonl are written into it."""
    raise NotImplementedError


def scorer_sha256() -> str:
    """Of everything a score depends on besides the run and its labels."""
    raise NotImplementedError
