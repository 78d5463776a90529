"""Runs side by side in one HTML file.

Comes in: the folders of scored runs. Goes out: a file that needs no network, no other file and no script.
Promises: whatever an article or a model says is text there, never markup; all or nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evals.comparing import outcome_text
from evals.report.articles import look_of
from evals.report.charts import LOOK_NAMES, charts_of
from evals.report.collecting import Report, collect
from evals.ruler import ErrorRates, Style
from service.cli.common import check_target, write_text
from service.prompting.templates import PromptLibrary
from service.resources import data_dir
from service.settings import load_settings

HERE = Path(__file__).parent


def write_report(
    runs: Sequence[Path],
    output: Path,
    *,
    datasets: Sequence[Path] = (),
    errors: Mapping[Style, ErrorRates] | None = None,
) -> None:
    """`errors`: of the matcher, for the warning about two rulers. Raises AttestError or OSError."""
    check_target(output)
    library = PromptLibrary(load_settings().prompts_dir or data_dir("prompts"))
    write_text(output, html_of(collect(runs, datasets=datasets, errors=errors, library=library)))


def html_of(report: Report) -> str:
    page = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,  # whatever the template is called
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    css = (HERE / "report.css").read_text(encoding="utf-8")
    page.globals.update(looks=LOOK_NAMES, look_of=look_of, outcome_text=outcome_text)
    return page.get_template("report.html.j2").render(report=report, charts=charts_of(report), css=css)
