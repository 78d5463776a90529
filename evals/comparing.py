"""Two runs side by side: which is better, where, and which facts that is.

Comes in: the folders of two scored runs. Goes out: a `RunComparison`. Promises: events are paired, repeats
averaged first; the primary number stands alone, Holm corrects its guards together; runs about other labels
are refused; a verdict stands beside what it could have shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from evals.breakdown import DIFFICULTIES, KINDS, FactKey, Level, Tally, is_right, shares, tallies, traits
from evals.figures import in_order, metric
from evals.models import Event, Outcome, Scores
from evals.ruler import ErrorRates, RunStyle, Style, style_of, warnings
from evals.runs import read_samples, run_events
from evals.scored import by_event, check_same_questions, coverage, read_outcomes, read_scores
from evals.scoring.metrics import PRIMARY
from evals.statistics import Comparison, Direction, adjusted, compare
from service.errors import InputError
from service.facts.models import Frozen

CHANGES = 20
# What a prompt is judged by beside the primary number. All other figures say why, and get no verdict: with
# forty tests Holm leaves nothing of what ten events can show.
GUARDS = ("facts_f1", "value_error_rate", "cross_article_recall", "conflict_recall", "summary_coverage")


class MetricComparison(Frozen):
    """`decides` False: a figure that explains; its p is not corrected and its verdict says nothing."""

    name: str
    comparison: Comparison
    decides: bool


class TraitComparison(Frozen):
    """The share of gold facts of one kind or difficulty that are right in full (statement, kind, speaker)."""

    group: Literal["kind", "difficulty"]
    trait: str
    level: Level
    facts: int
    comparison: Comparison


class Change(Frozen):
    """A gold fact that one run has and the other has not, or has otherwise."""

    event: str
    level: Level
    article: str | None
    gold_id: str
    gold: str
    key: bool
    better: Literal["A", "B"]
    share_a: float
    share_b: float
    a: Outcome
    b: Outcome


class RunSide(Frozen):
    """One of the two. `ok` of `samples` came to something; `style` says how its facts are worded."""

    folder: str
    system: str
    model: str
    prompts: dict[str, str]
    repeats: int
    ok: int
    samples: int
    style: RunStyle


class RunComparison(Frozen):
    """`gained` and `lost` count all changes of gold facts from A to B, `changes` shows the weightiest."""

    a: RunSide
    b: RunSide
    events: tuple[str, ...]
    metrics: tuple[MetricComparison, ...]
    traits: tuple[TraitComparison, ...]
    gained: int
    lost: int
    changes: tuple[Change, ...]
    warnings: tuple[str, ...]


def compare_runs(
    run_a: Path,
    run_b: Path,
    *,
    datasets: Sequence[Path] = (),
    errors: Mapping[Style, ErrorRates] | None = None,
) -> RunComparison:
    """Raises NotFound, BadRun, BadDataset or NotComparable."""
    scores_a, scores_b = read_scores(run_a), read_scores(run_b)
    check_same_questions(scores_a, scores_b, (str(run_a), str(run_b)))
    events, _ = run_events(scores_a.manifest, datasets)
    found_a, found_b = tallies(read_outcomes(run_a)), tallies(read_outcomes(run_b))
    side_a, side_b = _side(run_a, scores_a), _side(run_b, scores_b)
    changed = changes(found_a, found_b, events)
    return RunComparison(
        a=side_a,
        b=side_b,
        events=tuple(event.event for event in scores_a.events),
        metrics=compare_metrics(scores_a, scores_b),
        traits=compare_traits(found_a, found_b, events),
        gained=sum(change.better == "B" for change in changed),
        lost=sum(change.better == "A" for change in changed),
        changes=weightiest(changed),
        warnings=(*_failures(side_a, side_b), *warnings(side_a.style, side_b.style, errors)),
    )


def compare_metrics(a: Scores, b: Scores) -> tuple[MetricComparison, ...]:
    """Every number that both have. The primary one stands alone, Holm corrects the guards together."""
    names = [found.name for found in in_order(a.totals.keys() & b.totals.keys())]
    single = {name: _paired(by_event(a, name), by_event(b, name), direction(name)) for name in names}
    guards = [name for name in names if name in GUARDS]
    corrected = adjusted([single[name] for name in guards], [direction(name) for name in guards])
    single.update(zip(guards, corrected, strict=True))
    return tuple(
        MetricComparison(name=name, comparison=single[name], decides=name == PRIMARY or name in GUARDS)
        for name in names
    )


def primary(comparisons: Sequence[RunComparison]) -> tuple[Comparison, ...]:
    """Several runs against one by the primary number, corrected with Holm. Raises InputError."""
    found = [row.comparison for c in comparisons for row in c.metrics if row.name == PRIMARY]
    if len(found) < len(comparisons):
        raise InputError(f"a run has no {PRIMARY}; score all runs with this version of the evals")
    return adjusted(found, ["higher"] * len(found))


def compare_traits(
    a: Mapping[FactKey, Tally], b: Mapping[FactKey, Tally], events: Sequence[Event]
) -> tuple[TraitComparison, ...]:
    """By kind and by difficulty, in articles and in the story. Exploration: p is not corrected over them."""
    of = traits(events)
    rows = []
    for group, names in (("kind", KINDS), ("difficulty", DIFFICULTIES)):
        for trait in names:
            for level in ("article", "story"):
                one, other = shares(a, of, trait, level), shares(b, of, trait, level)
                if one and other:
                    rows.append(
                        TraitComparison(
                            group=group,
                            trait=trait,
                            level=level,
                            facts=sum(n for _, n in one.values()),
                            comparison=_paired(
                                {event: share for event, (share, _) in one.items()},
                                {event: share for event, (share, _) in other.items()},
                                "higher",
                            ),
                        )
                    )
    return tuple(rows)


def changes(
    a: Mapping[FactKey, Tally], b: Mapping[FactKey, Tally], events: Sequence[Event]
) -> tuple[Change, ...]:
    """Gold facts whose outcome differs, the largest change first, key facts before minor ones."""
    gold = {(event.id, fact.id): fact for event in events for fact in event.gold}
    told = []
    for key in sorted(a.keys() & b.keys()):
        fact = gold.get((key.event, key.gold_id))
        one, other = a[key].right, b[key].right
        if fact is None or one == other:
            continue
        told.append(
            Change(
                event=key.event,
                level=key.level,
                article=key.article or None,
                gold_id=key.gold_id,
                gold=fact.statement,
                key=fact.importance == "key",
                better="B" if other > one else "A",
                share_a=one,
                share_b=other,
                a=a[key].typical,
                b=b[key].typical,
            )
        )
    return tuple(sorted(told, key=lambda change: (-abs(change.share_b - change.share_a), not change.key)))


def weightiest(changed: Sequence[Change], most: int = CHANGES) -> tuple[Change, ...]:
    """As many lost as gained ones where there are both; a fact stands once, in the story where it can."""
    seen: set[tuple[str, str]] = set()
    once = []
    for change in sorted(changed, key=lambda change: change.level != "story"):
        if (change.event, change.gold_id) not in seen:
            seen.add((change.event, change.gold_id))
            once.append(change)
    order = {id(change): place for place, change in enumerate(changed)}
    once.sort(key=lambda change: order[id(change)])
    lost = [change for change in once if change.better == "A"]
    gained = [change for change in once if change.better == "B"]
    take = min(len(lost), max(most // 2, most - len(gained)))
    return (*lost[:take], *gained[: most - take])


def outcome_text(outcome: Outcome) -> str:
    """`found`, `found, wrong speaker`, `wrong number`, `missed`."""
    differs = " and ".join(outcome.differs)
    if outcome.result == "wrong_value":
        return f"wrong {differs or 'value'}"
    if outcome.result == "found" and not is_right(outcome):
        return f"found, wrong {differs}"
    return outcome.result


def direction(name: str) -> Direction:
    return "lower" if metric(name).better == "lower" else "higher"


def _paired(a: Mapping[str, float | None], b: Mapping[str, float | None], better: Direction) -> Comparison:
    events = sorted(a.keys() | b.keys())
    return compare([a.get(e) for e in events], [b.get(e) for e in events], better=better)


def _side(folder: Path, scores: Scores) -> RunSide:
    ok, samples = coverage(scores)
    return RunSide(
        folder=str(folder),
        system=scores.manifest.system,
        model=scores.manifest.model,
        prompts=scores.manifest.prompts,
        repeats=scores.manifest.repeats,
        ok=ok,
        samples=samples,
        style=style_of(read_samples(folder)),
    )


def _failures(a: RunSide, b: RunSide) -> tuple[str, ...]:
    """A run that fails more often loses by that alone."""
    told = [
        f"{name}: {side.samples - side.ok} of {side.samples} samples failed and count as zero"
        for name, side in (("A", a), ("B", b))
        if side.ok < side.samples
    ]
    return tuple(told)
