"""What `compare`, `gate`, `baseline` and `report` do, once their options are read.

Comes in: folders and files. Goes out: tables or JSON on stdout, a file. Promises: nothing is decided
here; JSON holds all that the tables show.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import typer
from rich.console import Console

from evals.calibrating import calibrate_pairs, read_pairs
from evals.comparing import compare_runs
from evals.gating import baseline_of, gate
from evals.results import results, rewritten
from evals.ruler import ErrorRates, Style
from evals.scored import read_scores
from evals.showing import show_comparison, show_gate
from evals.versions import versions
from service.cli.common import check_target, write_text

WIDE = 140


def compare_and_show(run_a: Path, run_b: Path, *, datasets: Sequence[Path], as_json: bool) -> None:
    """Raises AttestError."""
    found = compare_runs(run_a, run_b, datasets=datasets, errors=matcher_errors())
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        show_comparison(found, _console())


def gate_and_show(run: Path, baseline: Path, *, as_json: bool) -> int:
    """The exit code of the verdict. Raises AttestError."""
    result = gate(run, baseline)
    if as_json:
        typer.echo(result.model_dump_json(indent=2))
    else:
        show_gate(result, _console())
    return result.exit_code


def _console() -> Console:
    """Tables keep their shape in a file, where no terminal says how wide it is."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDE)


def report_to(runs: Sequence[Path], output: Path, *, datasets: Sequence[Path]) -> None:
    """Raises AttestError or OSError."""
    from evals.report import write_report  # matplotlib takes a second to load

    write_report(runs, output, datasets=datasets, errors=matcher_errors())


def results_to(runs: Sequence[Path], against: Path | None, page: Path | None) -> None:
    """`against`: tell how the runs differ from this one, not their scores. Raises AttestError or OSError."""
    table = versions(against, runs) if against else results(runs)
    if page is None:
        typer.echo(table)
    else:
        of = "versions" if against else "results"
        write_text(page, rewritten(page.read_text(encoding="utf-8"), table, of))


@cache
def matcher_errors() -> dict[Style, ErrorRates]:
    """How the matcher errs on either style of the labelled pairs. Raises NotFound or InputError."""
    return calibrate_pairs(read_pairs()).errors


def write_baseline(run: Path, output: Path, says: str) -> None:
    """Raises AttestError or OSError."""
    check_target(output)
    write_text(output, baseline_of(read_scores(run), says).model_dump_json(indent=2) + "\n")
