"""The charts of a report, as SVG that takes its colours from the page.

Comes in: a `Report`. Goes out: charts, each with a title and a sentence for those who cannot see it.
Promises: the same report draws the same bytes; a run has one colour and one shape throughout; light, dark and
print need no second picture.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evals.comparing import GUARDS
from evals.figures import between, title, with_arrow, written
from evals.models import Measure
from evals.report.articles import look_of
from evals.report.collecting import Report, Run
from evals.report.highlighting import Look
from evals.scoring.metrics import PRIMARY

WIDTH = 3.75  # inches of 96 pixels: as wide as a telephone, so that text is read at its size
ROW = 0.2
SHORT_LABELS = 6  # letters of runs: so many stand in one line
SHAPES = "osD^vPX*"
# matplotlib wants colours, the page has variables: these stand for them until the picture is drawn.
INK, QUIET, LINE = "#000001", "#000002", "#000003"
FIRST_RUN, RUN_COLOURS = 0x10, 6
LOOK_COLOURS: dict[Look, str] = {
    "found": "#000021", "partly": "#000022", "wrong": "#000023", "missed": "#000024",
    "invented": "#000025", "forbidden": "#000026", "duplicate": "#000027",
}  # fmt: skip
LOOK_NAMES: dict[Look, str] = {
    "found": "right in full", "partly": "found, kind or speaker wrong", "wrong": "wrong value",
    "missed": "missed", "invented": "no gold fact", "forbidden": "forbidden text", "duplicate": "said twice",
}  # fmt: skip
VARIABLES = {
    INK: "--ink", QUIET: "--quiet", LINE: "--line",
    **{f"#{FIRST_RUN + n:06x}": f"--run-{n}" for n in range(RUN_COLOURS)},
    **{colour: f"--{look}" for look, colour in LOOK_COLOURS.items()},
}  # fmt: skip
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "attest",
    "font.size": 8.25,  # points: 11 pixels
    "axes.edgecolor": LINE,
    "axes.labelcolor": QUIET,
    "xtick.color": QUIET,
    "ytick.color": INK,
    "text.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "ytick.left": False,
    "grid.color": LINE,
}


@dataclass(frozen=True, slots=True)
class Chart:
    name: str
    title: str
    says: str
    svg: Markup


def charts_of(report: Report) -> tuple[Chart, ...]:
    runs = report.runs
    headline = [
        n for n in (PRIMARY, *GUARDS) if any(r.scores.totals.get(n, _NONE).value is not None for r in runs)
    ]
    charts = [
        _chart(
            "scores",
            "What the runs are judged by",
            _told(runs),
            len(headline) * (1 + len(runs) / 3),
            _scores(runs, headline),
        ),
        _chart(
            "events",
            f"{title(PRIMARY)} of each event",
            "Each event has a point a run; the table of events has the numbers.",
            len(report.events),
            _events(report),
        ),
        _chart(
            "gold",
            "What became of the gold facts in stories",
            "Shares of right, partly right, wrong and missed facts, a bar a run.",
            len(runs),
            _outcomes(runs, ("found", "partly", "wrong", "missed")),
        ),
        _chart(
            "produced",
            "What the produced facts of articles are",
            "Shares of facts that are right and of those that are none, a bar a run.",
            len(runs),
            _outcomes(runs, ("found", "partly", "wrong", "duplicate", "forbidden", "invented"), "article"),
        ),
    ]
    timed = [run for run in runs if run.scores.totals.get("seconds_per_article", _NONE).value]
    if timed:
        says = "; ".join(
            f"{r.letter}: {written('seconds_per_article', r.scores.totals['seconds_per_article'].value)}"
            for r in timed
        )
        charts.append(_chart("cost", f"{title(PRIMARY)} and seconds an article", says, 6, _cost(timed)))
    return tuple(charts)


_NONE = Measure(value=None, n=0)


def _scores(runs: Sequence[Run], names: Sequence[str]) -> Callable[[Axes], None]:
    def draw(axes: Axes) -> None:
        for n, run in enumerate(runs):
            shift = (n - (len(runs) - 1) / 2) * min(0.3, 0.7 / len(runs))
            for y, name in enumerate(names):
                found = run.scores.totals.get(name, _NONE)
                if found.value is None:
                    continue
                low, high = found.low if found.low is not None else found.value, found.high or found.value
                reach = [[found.value - low], [high - found.value]]
                axes.errorbar(
                    [found.value], [y + shift], xerr=reach, **_pen(n, run.letter if y == 0 else None)
                )
        _rows(axes, [with_arrow(name) for name in names])
        axes.set_xlim(0, 1)

    return draw


def _events(report: Report) -> Callable[[Axes], None]:
    def draw(axes: Axes) -> None:
        ids = [page.event.id for page in report.events]
        for y, event in enumerate(ids):
            values = [v for run in report.runs if (v := _value(run, event)) is not None]
            if values:
                axes.plot([min(values), max(values)], [y, y], color=LINE, linewidth=2, zorder=1)
        for n, run in enumerate(report.runs):
            points = [(v, y) for y, event in enumerate(ids) if (v := _value(run, event)) is not None]
            axes.plot([v for v, _ in points], [y for _, y in points], **_pen(n, run.letter), linestyle="none")
        _rows(axes, [_cut(event) for event in ids])
        axes.set_xlim(0, 1)

    return draw


def _outcomes(runs: Sequence[Run], looks: Sequence[Look], level: str = "story") -> Callable[[Axes], None]:
    def draw(axes: Axes) -> None:
        for y, run in enumerate(runs):
            found = [look_of(o) for o in run.outcomes if o.level == level]
            counts = {look: found.count(look) for look in looks}
            whole, left = sum(counts.values()) or 1, 0.0
            for look in looks:
                width = counts[look] / whole
                axes.barh(
                    y,
                    width,
                    left=left,
                    height=0.7,
                    color=LOOK_COLOURS[look],
                    label=LOOK_NAMES[look] if not y else None,
                )
                left += width
        _rows(axes, [run.letter for run in runs])
        axes.set_xlim(0, 1)

    return draw


def _cost(runs: Sequence[Run]) -> Callable[[Axes], None]:
    def draw(axes: Axes) -> None:
        for n, run in enumerate(runs):
            x = run.scores.totals["seconds_per_article"].value
            y = run.scores.totals.get(PRIMARY, _NONE).value
            if x is not None and y is not None:
                axes.plot([x], [y], **_pen(n, run.letter), linestyle="none")
        axes.set_xlim(0, 1.1 * max(run.scores.totals["seconds_per_article"].value or 0 for run in runs))
        axes.set_ylim(0, 1)
        axes.set_xlabel("seconds an article")
        axes.grid(visible=True, linewidth=0.5)
        axes.set_axisbelow(True)

    return draw


def _value(run: Run, event: str) -> float | None:
    return next((e.values.get(PRIMARY) for e in run.scores.events if e.event == event), None)


def _rows(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(visible=True, axis="x", linewidth=0.5)
    axes.set_axisbelow(True)


def _pen(n: int, label: str | None) -> dict[str, Any]:
    colour = f"#{FIRST_RUN + n % RUN_COLOURS:06x}"
    return {
        "color": colour,
        "marker": SHAPES[n % len(SHAPES)],
        "markersize": 4.5,
        "label": label,
        "linewidth": 1.2,
    }


def _cut(name: str, most: int = 24) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _told(runs: Sequence[Run]) -> str:
    totals = [(run.letter, run.scores.totals.get(PRIMARY, _NONE)) for run in runs]
    return "; ".join(
        f"{letter}: {title(PRIMARY)} {written(PRIMARY, total.value)}, "
        f"{between(PRIMARY, total.low, total.high) or 'no interval'}"
        for letter, total in totals
    )


def _chart(name: str, heading: str, says: str, rows: float, draw: Callable[[Axes], None]) -> Chart:
    with rc_context(STYLE):
        figure = Figure(layout="constrained")
        axes = figure.subplots()
        draw(axes)
        handles, labels = axes.get_legend_handles_labels()
        columns = SHORT_LABELS if all(len(label) < SHORT_LABELS for label in labels) else 2
        figure.set_size_inches(WIDTH, 0.5 + ROW * (max(rows, 2) + math.ceil(len(labels) / columns)))
        if handles:
            figure.legend(
                handles, labels, loc="outside lower center", ncols=min(columns, len(labels)), frameon=False,
                handlelength=1.2, columnspacing=1.2, borderpad=0,
            )  # fmt: skip
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None})
    svg = _on_page(drawn.getvalue(), name)
    return Chart(name, heading, says, Markup(svg))  # noqa: S704 - drawn here, and matplotlib escapes its text


def _on_page(svg: str, name: str) -> str:
    """Without prologue and size, ids of its own, colours and letters those of the page."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.S)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', rf'\1 class="{name}" aria-hidden="true"', svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'\bid="|(?<=href="#)|(?<=url\(#)', lambda m: f"{m[0]}{name}-", svg)
    svg = re.sub(r"#0000[0-9a-f]{2}", lambda m: f"var({VARIABLES.get(m[0], '--ink')})", svg)
    return re.sub(r"(font: [^;\"']*?px) [^;\"]*", r"\1 system-ui, sans-serif", svg)
