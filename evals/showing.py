"""Comparisons and gates as tables for a terminal.

Comes in: a `RunComparison` or a `GateResult`, and a console. Goes out: text. Promises: how many samples came
to something, the interval and the verdict stand beside each score; statements are never read as markup.
"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.comparing import Change, RunComparison, RunSide, outcome_text
from evals.figures import difference, metric, p_value, with_arrow, written
from evals.gating import GateResult
from evals.scoring.metrics import PRIMARY
from evals.statistics import Comparison

_COLOURS = {
    "better": "green",
    "worse": "red",
    "pass": "green",
    "regression": "red",
    "equivalent": "cyan",
    "insufficient evidence": "yellow",
}


WORDY = ("gold fact", "A", "B", "why")


def show_comparison(found: RunComparison, console: Console) -> None:
    for name, side in (("A", found.a), ("B", found.b)):
        console.print(Text(f"{name}  {side.folder}: {described(side)}"))
    for warning in found.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"))
    console.print(_metrics(found))
    if found.traits:
        console.print(_traits(found))
    console.print(Text(f"facts gained from A to B: {found.gained}, lost: {found.lost}"))
    if found.changes:
        console.print(_changes(found.changes))


def show_gate(result: GateResult, console: Console) -> None:
    table = _table("metric", "state", "why")
    for judged in result.rules:
        table.add_row(Text(judged.rule.metric), _coloured(judged.state), Text(judged.reason))
    console.print(table)
    console.print(
        Text.assemble(
            _coloured(result.state),
            f" (exit {result.exit_code}); {result.ok} of {result.samples} samples came to something",
        )
    )


def described(side: RunSide) -> str:
    """One line that says what the run is a run of, and how much of it failed."""
    prompts = ", ".join(f"{task}={version}" for task, version in side.prompts.items())
    system = " · ".join(part for part in (side.system, side.model, prompts) if part and part != "none")
    repeats = f", {side.repeats} repeats" if side.repeats > 1 else ""
    return f"{system}; {side.ok} of {side.samples} samples{repeats}"


def _metrics(found: RunComparison) -> Table:
    table = _table("metric", ">A", ">B", ">B − A, 95 %", ">p", ">could show", ">events", "verdict")
    area = ""
    for row in found.metrics:
        if area and metric(row.name).area != area:
            table.add_section()
        area = metric(row.name).area
        verdict = _coloured(row.comparison.verdict) if row.decides else Text("")
        name = Text(with_arrow(row.name), style="bold" if row.name == PRIMARY else "")
        table.add_row(name, *_figures(row.name, row.comparison), verdict)
    return table


def _traits(found: RunComparison) -> Table:
    table = _table(
        "gold facts right in full", "in", ">facts", ">A", ">B", ">B − A, 95 %", ">p", ">could show"
    )
    group = ""
    for row in found.traits:
        if group and row.group != group:
            table.add_section()
        group = row.group
        place = "articles" if row.level == "article" else "stories"
        table.add_row(Text(row.trait), place, str(row.facts), *_figures("f_record", row.comparison)[:-1])
    return table


def _changes(changes: tuple[Change, ...]) -> Table:
    table = _table("", "gold fact", "A", "B")
    for change in changes:
        place = f"{change.event} {change.article or 'story'} {change.gold_id}"
        table.add_row(
            Text("+" if change.better == "B" else "−", style="green" if change.better == "B" else "red"),
            Text.assemble(change.gold, "\n", (place, "dim")),
            _outcome(change.a.produced, outcome_text(change.a), change.share_a),
            _outcome(change.b.produced, outcome_text(change.b), change.share_b),
        )
        table.add_section()
    return table


def _outcome(produced: str | None, result: str, share: float) -> Text:
    often = "" if share in (0, 1) else f" ({share:.0%} of repeats right)"
    return Text.assemble((f"{result}{often}", "bold"), "\n" if produced else "", produced or "")


def _figures(name: str, of: Comparison) -> tuple[str, ...]:
    return (
        written(name, of.mean_a),
        written(name, of.mean_b),
        difference(name, of),
        p_value(of.p_adjusted),
        written(name, of.detectable),
        str(of.n),
    )


def _coloured(state: str) -> Text:
    return Text(state, style=_COLOURS.get(state, ""))


def _table(*columns: str) -> Table:
    """`>` before a column's name: its numbers end at the right."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(
            column.removeprefix(">"),
            justify="right" if column.startswith(">") else "left",
            no_wrap=column not in WORDY,
        )
    return table
