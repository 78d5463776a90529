"""Scores and agreement as tables for a terminal.

Comes in: `Scores` of one or several runs, an `Agreement`. Goes out: text. Promises: beside every score stands
its interval, and over them how many samples came to something; statements are never read as markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

from evals.agreement import Agreement
from evals.figures import between, in_order, title, written
from evals.models import GoldFact, Scores
from evals.scoring.metrics import PRIMARY, Metric

# What an event is looked at for, in few characters; all of it stands in scores.json.
BY_EVENT = {
    PRIMARY: "F record", "f_w": "F_w", "facts_f1": "facts", "value_error_rate": "wrong",
    "merge_pairs_recall": "merged", "conflict_recall": "disputes", "summary_coverage": "summary",
}  # fmt: skip


NAME_WIDTH, RUN_WIDTH = 26, 28


def show_scores(runs: Sequence[tuple[str, Scores]], console: Console) -> None:
    """Runs side by side, each with its folder; the events of each below."""
    # What is cut off a number makes it another number; a narrow terminal breaks the line instead.
    console.width = max(console.width, NAME_WIDTH + RUN_WIDTH * len(runs))
    named = [(Path(folder).name, scores) for folder, scores in runs]
    for folder, scores in runs:
        console.print(Text(f"{folder}: {described(scores)}"))
    console.print(_totals(named))
    for name, scores in named:
        console.print(Text(f"\n{name}, event by event"))
        console.print(_events(scores))


def described(scores: Scores) -> str:
    """One line: who was asked what, and how much of it failed how."""
    of = scores.manifest
    prompts = ", ".join(f"{task}={version}" for task, version in of.prompts.items())
    who = " · ".join(part for part in (of.system, of.model, prompts) if part and part != "none")
    ok, every = scores.states.get("ok", 0), sum(scores.states.values())
    failed = ", ".join(f"{n} {state}" for state, n in sorted(scores.states.items()) if state != "ok" and n)
    repeats = f", {of.repeats} repeats" if of.repeats > 1 else ""
    return f"{who}; {ok} of {every} samples ok{f' ({failed})' if failed else ''}{repeats}"


def show_agreement(found: Agreement, console: Console) -> None:
    """The numbers first, then every fact on which somebody should look again."""
    console.print(
        Text(
            f"facts: {found.first} and {found.second}, {len(found.pairs)} alike, F1 {found.f1:.3f}\n"
            f"kind: kappa {_kappa(found.kind_kappa)}; speaker: kappa {_kappa(found.speaker_kappa)} "
            f"(on the {len(found.pairs)} facts that both found)"
        )
    )
    for heading, facts in (
        ("only the first has", found.first_only),
        ("only the second has", found.second_only),
    ):
        for fact in facts:
            console.print(Text(f"{heading} {_named(fact)}"))
    for heading, pairs in (("another kind", found.other_kind), ("another speaker", found.other_speaker)):
        for one, two in pairs:
            console.print(Text(f"{heading}: {_named(one)}\n  and {_named(two)}"))


def _totals(runs: Sequence[tuple[str, Scores]]) -> Table:
    table = _table("metric", *(heading for name, _ in runs for heading in (">", f"{name}, 95 %")))
    metrics = in_order([name for _, scores in runs for name in scores.totals])
    for before, metric in zip((None, *metrics), metrics, strict=False):
        if before is not None and before.area != metric.area:
            table.add_section()
        table.add_row(_name(metric), *(cell for _, scores in runs for cell in _measure(metric, scores)))
    return table


def _measure(metric: Metric, scores: Scores) -> tuple[str, str]:
    measure = scores.totals.get(metric.name)
    if measure is None:
        return written(metric.name, None), ""
    return written(metric.name, measure.value), between(metric.name, measure.low, measure.high)


def _events(scores: Scores) -> Table:
    table = _table("event", ">ok", *(f">{heading}" for heading in BY_EVENT.values()))
    for event in scores.events:
        numbers = [written(name, event.values.get(name)) for name in BY_EVENT]
        table.add_row(Text(event.event), f"{event.ok}/{event.samples}", *numbers)
    return table


def _name(metric: Metric) -> Text:
    return Text(title(metric.name), style="bold" if metric.name == PRIMARY else "")


def _named(fact: GoldFact) -> str:
    return f"{fact.id} ({fact.kind}, {fact.speaker or 'the reporter'}): {fact.statement}"


def _kappa(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"


def _table(*columns: str) -> Table:
    """`>` before a column's name: its numbers end at the right."""
    table = Table(box=None, pad_edge=False, collapse_padding=True, header_style="dim")
    for column in columns:
        side: JustifyMethod = "right" if column.startswith(">") else "left"
        table.add_column(column.removeprefix(">"), justify=side, no_wrap=True)
    return table
