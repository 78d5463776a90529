"""`calibrate`: figures, bars, exit codes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from evals.calibrated import Calibration, bars, show_calibration
from evals.calibrating import Agreement, OwnPairs, Realsumm
from evals.cli import app
from evals.models import Measure
from service.errors import AttestError

RIGHT = (
    ("Three people were killed near Orvela.", "Three people died near Orvela.", "same"),
    ("The accident injured 14 people.", "Fourteen people were injured in the accident.", "same"),
    ("The accident injured 14 people.", "The accident injured 15 people.", "value_differs"),
    ("Ivo Marek will visit Orvela.", "Mira Dahl heard a loud bang.", "unrelated"),
)


def agreement(kappa: float | None = 0.9) -> Agreement:
    some = Measure(value=0.5, low=0.4, high=0.6, n=10)
    return Agreement(
        n=18600, kappa=Measure(value=kappa, low=None, high=None, n=10), precision=some, hit=some, false=some
    )


def calibration(
    own: float | None = 0.9, differs: float | None = 0.01, realsumm: float | None = 0.5, *, given: bool = True
) -> Calibration:
    pairs = OwnPairs(
        threshold=0.6,
        whole=agreement(own),
        styles={"wire [x]": agreement()},
        value_differs=Measure(value=differs, low=0.0, high=0.05, n=100),
        close=0.49,
        errors={},
    )
    public = Realsumm(threshold=0.5, tuned_on=agreement(), whole=agreement(realsumm), systems={}, tau=0.7)
    return Calibration(pairs=pairs, realsumm=public if given else None)


def write_pairs(path: Path, pairs: tuple[tuple[str, str, str], ...] = RIGHT) -> Path:
    lines = [json.dumps({"left": a, "right": b, "label": label, "style": "wire"}) for a, b, label in pairs]
    path.write_text("\n".join(lines) + "\n")
    return path


def calibrate(*given: str | Path) -> Result:
    return CliRunner().invoke(app, ["calibrate", *map(str, given)])


@pytest.mark.parametrize(
    ("found", "reached"),
    [
        (calibration(), [True, True, True]),
        (calibration(own=0.8, differs=0.02), [True, True, True]),
        (calibration(own=0.79), [False, True, True]),
        (calibration(differs=0.03), [True, False, True]),
        (calibration(realsumm=0.49), [True, True, False]),
        (calibration(given=False), [True, True]),
        (calibration(own=None, differs=None, realsumm=None), [False, False, False]),
    ],
)
def test_bars(found: Calibration, reached: list[bool]) -> None:
    assert [bar.reached for bar in bars(found)] == reached


def shown(found: Calibration) -> str:
    console = Console(file=io.StringIO(), width=60)
    show_calibration(found, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_every_figure_has_its_interval_and_none_is_cut_off() -> None:
    told = shown(calibration())
    assert "REALSumm    18,600  .500" in told
    assert ".500 (.400 to .600)" in told
    assert "wire [x]" in told
    assert "own pairs that differ in a value: .010 (.000 to .050) matched" in told
    assert "…" not in told
    assert told.count("reached  ") == 3


def test_what_was_not_given_is_told_to_be_missing() -> None:
    told = shown(calibration(own=0.5, given=False))
    assert "REALSumm: not measured" in told
    assert "missed  kappa on own pairs at least 0.80" in told


def test_pairs_of_one_s_own(tmp_path: Path) -> None:
    result = calibrate("--pairs", write_pairs(tmp_path / "pairs.jsonl"))
    assert result.exit_code == 0, result.output
    found = json.loads(calibrate("--pairs", tmp_path / "pairs.jsonl", "--json").stdout)
    assert found["pairs"]["whole"]["kappa"]["value"] == 1
    assert found["realsumm"] is None


def test_a_missed_bar_is_exit_code_1(tmp_path: Path) -> None:
    wrong = tuple((a, b, "unrelated" if label == "same" else "same") for a, b, label in RIGHT)
    assert calibrate("--pairs", write_pairs(tmp_path / "pairs.jsonl", wrong)).exit_code == 1


def test_what_is_no_pair_is_told_with_its_line(tmp_path: Path) -> None:
    path = write_pairs(tmp_path / "pairs.jsonl")
    path.write_text(path.read_text() + '{"left": "a"}\n')
    result = calibrate("--pairs", path)
    assert isinstance(result.exception, AttestError)
    assert str(result.exception).startswith(f"{path}:5: ")


def test_no_such_folder_of_realsumm(tmp_path: Path) -> None:
    result = calibrate("--pairs", write_pairs(tmp_path / "pairs.jsonl"), "--realsumm", tmp_path / "none")
    assert isinstance(result.exception, AttestError)
    assert "there is no such file of labels" in str(result.exception)
