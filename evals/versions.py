"""Versions of prompts against the ones in use, as a table of the documentation.

Comes in: the scored run of what is in use, and runs that differ from it. Goes out: Markdown. Promises: the
unit is the event; Holm corrects the primary number over all runs of the table; a verdict stands beside the
smallest difference that so few events can show.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evals.comparing import RunComparison, compare_runs, primary
from evals.figures import NOTHING, difference, p_value, title, with_arrow, written
from evals.models import Manifest
from evals.scored import read_scores
from evals.scoring.metrics import PRIMARY
from evals.statistics import Comparison

BESIDE = ("facts_f1", "merge_pairs_precision", "value_error_rate", "summary_coverage", "sentence_support")
COSTS = ("calls", "completion_tokens")


def versions(first: Path, others: Sequence[Path]) -> str:
    """A row for each run: what is other in it, and by how much it scores otherwise. Raises AttestError."""
    comparisons = [compare_runs(first, other) for other in others]
    heads = [
        "run", "what is other", f"{title(PRIMARY)}: difference, 95 %", "p (Holm)", "can show", "verdict",
        *map(with_arrow, BESIDE), *map(with_arrow, COSTS),
    ]  # fmt: skip
    base = read_scores(first).manifest
    rows = [
        _row(other.name, _other(base, read_scores(other).manifest), compared, one)
        for other, compared, one in zip(others, comparisons, primary(comparisons), strict=True)
    ]
    return "\n".join([_line(heads), "|---" * len(heads) + "|", _first_row(first), *rows])


def _first_row(first: Path) -> str:
    totals = read_scores(first).totals
    score, *beside = (
        written(name, totals[name].value if name in totals else None) for name in (PRIMARY, *BESIDE, *COSTS)
    )
    return _line([first.name, "in use", score, "", "", "", *beside])


def _row(name: str, what: str, compared: RunComparison, by_primary: Comparison) -> str:
    by_name = {row.name: row.comparison for row in compared.metrics}
    return _line(
        [
            name,
            what,
            difference(PRIMARY, by_primary),
            p_value(by_primary.p_adjusted),
            written(PRIMARY, by_primary.detectable),
            by_primary.verdict,
            *(difference(each, by_name[each]) if each in by_name else NOTHING for each in BESIDE),
            *(written(each, by_name[each].mean_b) if each in by_name else NOTHING for each in COSTS),
        ]
    )


def _other(a: Manifest, b: Manifest) -> str:
    """The model, the versions and the settings of `b` that `a` has otherwise."""
    told = [b.model] if a.model != b.model else []
    told += [f"{task} {b.prompts[task]}" for task in b.prompts if a.prompts.get(task) != b.prompts[task]]
    settings = (name for name in b.sampling if a.sampling.get(name) != b.sampling[name])
    told += [f"{name} {b.sampling[name]}" for name in settings if not name.endswith(".temperature")]
    return ", ".join(told) or "nothing"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
