"""A run becomes a score, and never asks a model.

Comes in: a run's folder, or its manifest, events and samples. Goes out: `Scores`, and `Outcome`s one at a
time. Promises: the samples of one event are held at once, no more; every sample is counted by its state; a
sample that failed is a zero, and an event of which nothing was run is one, too.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import evals
import service.facts
import service.stories
from evals.models import Event, EventScore, Manifest, Measure, Outcome, Sample, Scores
from evals.runs import by_event, read_manifest, read_samples, run_events
from evals.scoring.abreast import cores, in_order
from evals.scoring.conflicts import conflicts_tally
from evals.scoring.contract import contract_tally, cost_tally, grounding_tally
from evals.scoring.facts import facts_tally, score_articles
from evals.scoring.merging import merging_tally
from evals.scoring.metrics import METRICS, Metric
from evals.scoring.reading import Case, Labels, cases
from evals.scoring.record import record_tally, score_record
from evals.scoring.summary import summary_tally
from evals.scoring.tally import NONE, Count, Tally, mean_of, put_together
from evals.statistics import mean, rate
from evals.tokens import read_words
from service.cli.common import write_text

SCORES, OUTCOMES = "scores.json", "outcomes.jsonl"
FEW = 2  # events that are scored before another process has begun
# What decides a score: not the rest of the evals, and not the service, of which a run is a run.
_EVALS = (
    "alike.py", "claims.py", "expressing.py", "matching.py", "models.py", "opposites.*", "pairs.py",
    "slots.py", "statistics.py", "tokens.py", "wording.py", "scoring/*.py",
)  # fmt: skip
_FACTS = (
    "cues.toml", "dates.py", "lexicon.py", "names.py", "numbers.py", "opposites.*", "stems.py",
    "thesaurus.py", "wording.toml", "words/*.txt",
)  # fmt: skip
_STORIES = ("places.*", "values.py")


@dataclass(frozen=True)
class ScoredEvent:
    """`counts`: of every rate, mean over the repeats, so that events can be added up."""

    score: EventScore
    counts: dict[str, Count]
    states: dict[str, int]
    outcomes: tuple[Outcome, ...]


def score_event(event: Event, samples: Sequence[Sample], repeats: int | None = None) -> ScoredEvent:
    """All numbers of one event, each the mean over its repeats.

    `repeats`: how many there should be; what is missing of them is counted as "missing" and scores 0. None:
    as many as the samples know.
    """
    labels = Labels(event)
    wanted = repeats if repeats is not None else max((s.repeat + 1 for s in samples), default=1)
    tally = mean_of([_tally(case) for case in cases(labels, samples, wanted)])
    states = Counter[str](sample.state for sample in samples)
    expected = wanted * (len(event.articles) + 1)
    if len(samples) < expected:
        states["missing"] = expected - len(samples)
    return ScoredEvent(
        EventScore(
            event=event.id,
            split=event.split,
            values={metric.name: _value(metric, tally) for metric in METRICS},
            samples=max(expected, len(samples)),
            ok=states["ok"],
        ),
        {metric.name: tally.counts.get(metric.name, NONE) for metric in METRICS if metric.pooled == "rate"},
        dict(sorted(states.items())),
        tuple(sorted(tally.outcomes, key=_order)),
    )


def score_samples(
    manifest: Manifest,
    events: Sequence[Event],
    samples: Iterable[Sample],
    told: Callable[[Outcome], None] = lambda outcome: None,
) -> Scores:
    """The score of a run. `samples` stand in the order of their events; `told` hears of every outcome."""
    labelled = {event.id: event for event in events}
    scored: dict[str, ScoredEvent] = {}
    workers = min(cores(), len(events) // FEW)
    if workers > 1:
        read_words()  # once, before the others begin
    groups = ((labelled[name], group, manifest.repeats) for name, group in by_event(samples))
    for one in in_order(score_event, groups, workers):
        scored[one.score.event] = _told(one, told)
    for event in events:
        if event.id not in scored:
            scored[event.id] = _told(score_event(event, (), manifest.repeats), told)
    found = [scored[event.id] for event in events]
    states = sum((Counter(one.states) for one in found), Counter[str]())
    return Scores(
        scorer_sha256=scorer_sha256(),
        manifest=manifest,
        events=tuple(one.score for one in found),
        totals={metric.name: _total(metric, found) for metric in METRICS},
        states=dict(sorted(states.items())),
    )


def score_run(run: Path, datasets: Sequence[Path] = ()) -> Scores:
    """Score a run's folder; scores.json and outcomes.jsonl are written into it.

    `datasets`: where the events are now, when not where they were. Raises BadRun, BadDataset or NotFound.
    """
    manifest = read_manifest(run)
    events, _ = run_events(manifest, datasets)
    unfinished = run / f"{OUTCOMES}.part"
    try:
        with unfinished.open("w", encoding="utf-8") as file:
            scores = score_samples(
                manifest,
                events,
                read_samples(run, events),
                told=lambda outcome: print(outcome.model_dump_json(), file=file),
            )
        unfinished.replace(run / OUTCOMES)
    finally:
        unfinished.unlink(missing_ok=True)
    write_text(run / SCORES, scores.model_dump_json(indent=2) + "\n")
    return scores


@lru_cache(maxsize=1)
def scorer_sha256() -> str:
    """Of everything a score depends on besides the run and its labels."""
    folders = {
        Path(evals.__file__).parent: _EVALS,
        Path(service.facts.__file__).parent: _FACTS,
        Path(service.stories.__file__).parent: _STORIES,
    }
    files = [
        (path.relative_to(folder.parent).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for folder, patterns in folders.items()
        for path in sorted({path for pattern in patterns for path in folder.glob(pattern)})
    ]
    return hashlib.sha256(repr(files).encode()).hexdigest()


# -- parts ----------------------------------------------------------------------------------------


def _tally(case: Case) -> Tally:
    articles, record = score_articles(case), score_record(case)
    return put_together(
        (
            contract_tally(case),
            grounding_tally(case),
            facts_tally(case, articles),
            merging_tally(case, articles),
            conflicts_tally(record, articles),
            record_tally(record),
            summary_tally(case),
            cost_tally(case),
        )
    )


def _value(metric: Metric, tally: Tally) -> float | None:
    """Rounded where the order of a sum could show."""
    rate_of = tally.counts.get(metric.name, NONE).share
    value = rate_of if metric.pooled == "rate" else tally.values.get(metric.name)
    return None if value is None else round(value, 10)


def _order(outcome: Outcome) -> tuple[int, str, str, str, str, str]:
    """By what it is about, not by the order of the labels or of the facts."""
    texts = (outcome.gold or "", outcome.gold_id or "", outcome.produced or "", outcome.fact_id or "")
    return (outcome.repeat, f"{outcome.level} {outcome.article or ''}", *texts)


def _told(found: ScoredEvent, told: Callable[[Outcome], None]) -> ScoredEvent:
    """The outcomes are told and not kept."""
    for outcome in found.outcomes:
        told(outcome)
    return replace(found, outcomes=())


def _total(metric: Metric, events: Sequence[ScoredEvent]) -> Measure:
    """A mean over events, or the rate of all events together."""
    if metric.pooled == "mean":
        values = [event.score.values[metric.name] for event in events]
        return mean(values, within=_within(metric))
    count = sum((event.counts[metric.name] for event in events), NONE)
    if not round(count.of):
        return Measure(value=count.share, n=0)
    interval = rate(min(round(count.hits), round(count.of)), round(count.of))
    return interval.model_copy(update={"value": count.share})


def _within(metric: Metric) -> tuple[float, float]:
    if metric.name == "granularity_gap":
        return -1.0, 1.0
    return (0.0, 1.0) if metric.area != "cost" else (0.0, math.inf)
