"""`python -m evals`: run, score, compare, gate, report, and what the labels are worth.

Comes in: arguments. Goes out: tables or JSON on stdout, progress on stderr, and an exit code: 0 done, 1
failed, 2 bad usage or bad input (`gate` has codes of its own). Promises: an error is one clear line; a
command loads only what it needs, so that `--help` is quick.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from evals.exits import GateCommand
from service.cli.common import (
    BackendOption,
    BaseUrlOption,
    ModelOption,
    PromptOption,
    QuietOption,
    ScriptOption,
)
from service.cli.leaving import run_and_leave

app = typer.Typer(
    name="evals",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Score prompts and models against hand labels, and know when a score means something.",
)


class SystemName(StrEnum):
    attest = "attest"
    sentences = "sentences"
    cues = "cues"


class SplitName(StrEnum):
    dev = "dev"
    test = "test"
    all = "all"


Datasets = Annotated[
    list[Path],
    typer.Argument(help="Folders of datasets or of single events.", show_default=False),
]
DatasetOption = Annotated[
    list[Path] | None,
    typer.Option("--dataset", help="A folder of events, or of one; repeatable.", show_default=False),
]
RunFolder = Annotated[Path, typer.Argument(help="The folder of a run.", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON on stdout instead of tables.")]

HERE = Path("evals/datasets")


@app.command(
    epilog="Examples:  python -m evals run --dataset evals/datasets -o out/qwen  |  "
    "python -m evals run --system cues -o out/cues  |  "
    "python -m evals run --events putin-visit --prompt extract_facts=v2 --repeats 3 -o out/v2"
)
def run(
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The run's folder; an unfinished run goes on.")
    ],
    dataset: DatasetOption = None,
    system: Annotated[
        SystemName, typer.Option(help="attest, or one of the floors, which ask no model.")
    ] = SystemName.attest,
    backend: BackendOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    prompt: PromptOption = None,
    script: ScriptOption = None,
    repeats: Annotated[int, typer.Option(min=1, help="How often everything is asked, with a seed each.")] = 1,
    split: Annotated[
        SplitName, typer.Option(help="A run on test events is noted beside them.")
    ] = SplitName.dev,
    events: Annotated[list[str] | None, typer.Option(help="Ids of events, also with commas between.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many events.")] = None,
    replies: Annotated[
        Path | None, typer.Option(help="File of answers, shared between runs; else one in the run's folder.")
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Go on from the first case that failed, not from the end.")
    ] = False,
    quiet: QuietOption = False,
) -> None:
    """Read every article and tell every event, and keep what is said. Killed, it goes on where it was."""
    from evals.launching import RunChoices, start_run
    from service.cli.common import given_settings

    start_run(
        RunChoices(
            output=output,
            datasets=tuple(dataset or [HERE]),
            system=system.value,
            repeats=repeats,
            split=split.value,
            events=tuple(name for item in events or () for name in item.split(",") if name),
            limit=limit,
            replies=replies,
            retry_failed=retry_failed,
            quiet=quiet,
        ),
        given_settings(backend, model, base_url, prompt, script),
    )


@app.command(
    epilog="Examples:  python -m evals score out/v1  |  python -m evals score out/cues out/v1 out/v2"
)
def score(
    runs: Annotated[list[Path], typer.Argument(help="Folders of runs.", show_default=False)],
    dataset: DatasetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score runs against the labels as they are now; asks no model. Writes scores.json and outcomes.jsonl."""
    from evals.commands import score_and_show

    score_and_show(runs, datasets=dataset or (), as_json=as_json)


@app.command(
    epilog="Examples:  python -m evals calibrate  |  python -m evals calibrate --realsumm data/realsumm"
)
def calibrate(
    pairs: Annotated[
        Path | None,
        typer.Option(help="Labelled pairs of your own, a JSON object a line.", show_default=False),
    ] = None,
    realsumm: Annotated[
        Path | None,
        typer.Option(help="A folder with REALSumm: facts.jsonl and summaries.jsonl.", show_default=False),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """How far the matcher agrees with people. Exit code 1 where a bar is missed."""
    from evals.calibrated import calibrate_and_show

    if not calibrate_and_show(pairs, realsumm, as_json=as_json):
        raise typer.Exit(1)


@app.command(
    epilog="Examples:  python -m evals check evals/datasets  |  python -m evals check my/event --gaps"
)
def check(
    datasets: Datasets,
    gaps: Annotated[
        bool, typer.Option("--gaps", help="Also show the sentences that no label touches.")
    ] = False,
) -> None:
    """Check the labels of events: every trouble with its file and line."""
    from evals.commands import check_labels

    if not check_labels(datasets, gaps=gaps):
        raise typer.Exit(2)


@app.command(
    epilog="Examples:  python -m evals agreement evals/datasets evals/second_labels  |  "
    "python -m evals agreement my/event my/event-again"
)
def agreement(
    first: Annotated[
        Path, typer.Argument(help="The folder of an event or of a dataset.", show_default=False)
    ],
    second: Annotated[
        Path,
        typer.Argument(help="A folder with its second labels, or one for each event.", show_default=False),
    ],
    as_json: JsonOption = False,
) -> None:
    """How far two people who labelled an event agree: F1 of their facts, kappa of kind and speaker."""
    from evals.commands import agree_and_show

    agree_and_show(first, second, as_json=as_json)


@app.command(
    epilog="Examples:  python -m evals compare out/v1 out/v2  |  python -m evals compare out/v1 out/v2 --json"
)
def compare(
    run_a: RunFolder,
    run_b: RunFolder,
    dataset: DatasetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Is B better than A? Paired by event, with what so few events can show, and where the two differ."""
    from evals.verdicts import compare_and_show

    compare_and_show(run_a, run_b, datasets=dataset or (), as_json=as_json)


@app.command(
    cls=GateCommand,
    epilog="Examples:  python -m evals gate out/v2 --baseline cues-dev  |  "
    "python -m evals gate out/v2 --baseline my/baseline.json",
)
def gate(
    run: RunFolder,
    baseline: Annotated[
        Path,
        typer.Option(help="A file, the name of one in evals/baselines, or a scored run.", show_default=False),
    ],
    as_json: JsonOption = False,
) -> None:
    """May this run be released? Exit code 0 pass, 1 error, 2 regression, 3 insufficient evidence."""
    from evals.verdicts import gate_and_show

    raise typer.Exit(gate_and_show(run, baseline, as_json=as_json))


@app.command(
    epilog="Example: python -m evals baseline out/v1 --says 'prompts v1 on dev' -o evals/baselines/v1.json"
)
def baseline(
    run: RunFolder,
    output: Annotated[Path, typer.Option("-o", "--output", help="The baseline file to write.")],
    says: Annotated[str, typer.Option(help="What it is the baseline of, for people.", show_default=False)],
) -> None:
    """Keep the numbers of a scored run, to hold later ones against; rules are edited in the file."""
    from evals.verdicts import write_baseline

    write_baseline(run, output, says)


@app.command(epilog="Example: python -m evals report out/cues out/v1 out/v2 -o out/report.html")
def report(
    runs: Annotated[
        list[Path], typer.Argument(help="Scored runs; the first is what the others are held against.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="The HTML file to write.")],
    dataset: DatasetOption = None,
) -> None:
    """Runs side by side in one HTML file that needs nothing else: scores, events, every article."""
    from evals.verdicts import report_to

    report_to(runs, output, datasets=dataset or ())


@app.command(
    epilog="Examples:  python -m evals results out/cues out/v1 --write docs/results.md  |  "
    "python -m evals results --against out/v1 out/v2 out/v3"
)
def results(
    runs: Annotated[list[Path], typer.Argument(help="Scored runs, a column each.")],
    against: Annotated[
        Path | None,
        typer.Option(
            help="A scored run: show how the others differ from it, a row each.", show_default=False
        ),
    ] = None,
    write: Annotated[
        Path | None, typer.Option(help="Put the table between the marks of this page.", show_default=False)
    ] = None,
) -> None:
    """The main numbers of runs side by side, in Markdown."""
    from evals.verdicts import results_to

    results_to(runs, against, write)


@app.callback()
def options() -> None:
    """Generating and scoring are apart: `run` asks a model and keeps what it says, the rest reads files."""


def main() -> None:
    """Entry point of `python -m evals`."""
    run_and_leave(app, "evals", "interrupted; the samples so far are kept, and the same command goes on")
