"""The tables of a report: a row a number, a column a run.

Comes in: runs, and the comparisons of the others with the first. Goes out: sections of rows of cells, written
out. Promises: a verdict stands only beside the numbers that decide; what is not known is an en dash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.breakdown import DIFFICULTIES, KINDS, FactKey, Level, Tally, shares, tallies, traits
from evals.comparing import RunComparison, direction
from evals.figures import between, difference, in_order, is_share, metric, with_arrow, written
from evals.models import Event, Measure
from evals.report.runs import Run
from evals.scoring.metrics import PRIMARY
from evals.statistics import Comparison


@dataclass(frozen=True)
class Cell:
    """`share`: value and interval from 0 to 1, for the bar behind the number."""

    text: str
    interval: str
    difference: str
    verdict: str
    share: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Row:
    name: str
    says: str
    cells: tuple[Cell, ...]
    primary: bool = False


@dataclass(frozen=True)
class Section:
    name: str
    rows: tuple[Row, ...]


def score_sections(
    runs: Sequence[Run], comparisons: Sequence[RunComparison], primary: Sequence[Comparison]
) -> tuple[Section, ...]:
    names = [found.name for found in in_order({name for run in runs for name in run.scores.totals})]
    areas: dict[str, list[Row]] = {}
    for name in names:
        cells = [_cell(name, runs[0].scores.totals.get(name), None, decides=False)]
        for n, (run, comparison) in enumerate(zip(runs[1:], comparisons, strict=True)):
            row = next((row for row in comparison.metrics if row.name == name), None)
            of = primary[n] if name == PRIMARY else row.comparison if row else None
            cells.append(_cell(name, run.scores.totals.get(name), of, decides=bool(row and row.decides)))
        found = metric(name)
        areas.setdefault(found.area, []).append(
            Row(with_arrow(name), found.says, tuple(cells), name == PRIMARY)
        )
    return tuple(Section(area, tuple(rows)) for area, rows in areas.items())


def _cell(name: str, total: Measure | None, of: Comparison | None, *, decides: bool) -> Cell:
    value = total.value if total else None
    low = total.low if total and total.low is not None else value
    high = total.high if total and total.high is not None else value
    bar = (value, low, high) if value is not None and low is not None and high is not None else None
    return Cell(
        text=written(name, value),
        interval=between(name, total.low, total.high) if total else "",
        difference=difference(name, of) if of and of.difference is not None else "",
        verdict=_shown_verdict(name, of, decides=decides),
        share=bar if is_share(name) else None,
    )


def _shown_verdict(name: str, of: Comparison | None, *, decides: bool) -> str:
    """Of the numbers that decide; else only the colour of a difference that its interval keeps off 0."""
    if of is None or of.difference is None:
        return ""
    if decides:
        return of.verdict
    if metric(name).better == "neither" or of.low is None or of.high is None or of.low <= 0 <= of.high:
        return ""
    return "leans better" if (of.difference > 0) == (direction(name) == "higher") else "leans worse"


def breakdown_sections(runs: Sequence[Run], events: Sequence[Event]) -> tuple[Section, ...]:
    counted, of = [tallies(run.outcomes) for run in runs], traits(events)
    levels: tuple[tuple[Level, str], ...] = (("article", "in articles"), ("story", "in stories"))
    return tuple(
        Section(f"{group}, {place}", tuple(rows))
        for group, names in (("By kind", KINDS), ("By difficulty", DIFFICULTIES))
        for level, place in levels
        if (rows := [row for name in names if (row := _trait_row(counted, of, name, level))])
    )


def _trait_row(
    counted: Sequence[dict[FactKey, Tally]],
    of: dict[tuple[str, str], frozenset[str]],
    trait: str,
    level: Level,
) -> Row | None:
    """All facts of all events together: the interval of so few is in `compare`."""
    cells, facts = [], 0
    for tally in counted:
        found = shares(tally, of, trait, level)
        facts = sum(n for _, n in found.values())
        value = sum(share * n for share, n in found.values()) / facts if facts else None
        bar = None if value is None else (value, value, value)
        cells.append(Cell(written(PRIMARY, value), "", "", "", bar))
    return Row(trait, f"{facts} gold facts", tuple(cells)) if facts else None
