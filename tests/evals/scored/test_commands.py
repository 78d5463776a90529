from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from evals.cli import app
from evals.figures import between, difference, p_value, title, with_arrow, written
from evals.statistics import compare
from service.errors import AttestError
from tests.evals.building import outcome, write_run

LOWER = (0.10, 0.14, 0.12, 0.16, 0.11, 0.13, 0.15, 0.12)


@pytest.fixture
def good(tmp_path: Path, dataset: Path) -> Path:
    values = {
        "f_record": 0.5,
        "facts_f1": 0.6,
        "value_error_rate": 0.05,
        "forbidden_rate": 0.0,
        "quote_exact": 1.0,
    }
    return write_run(
        tmp_path / "good", dataset, lambda n: values, outcomes=lambda e: [outcome(e, 1, "found")]
    )


@pytest.fixture
def worse(tmp_path: Path, dataset: Path) -> Path:
    """The run that the gate must stop."""
    values = {"facts_f1": 0.6, "value_error_rate": 0.05, "forbidden_rate": 0.0, "quote_exact": 1.0}
    return write_run(
        tmp_path / "worse",
        dataset,
        lambda n: {"f_record": 0.5 - LOWER[n], **values},
        outcomes=lambda e: [outcome(e, 1, "missed")],
    )


@pytest.fixture
def baseline(tmp_path: Path, good: Path) -> Path:
    path = tmp_path / "baseline.json"
    assert call("baseline", good, "--says", "eight bridges", "-o", path).exit_code == 0
    return path


def call(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def gate_code(*arguments: object) -> int:
    """As a shell sees it: errors that `main` turns into a line carry their code."""
    result = call("gate", *arguments)
    return result.exception.exit_code if isinstance(result.exception, AttestError) else result.exit_code


def test_the_four_exit_codes_of_the_gate(tmp_path: Path, good: Path, worse: Path, baseline: Path) -> None:
    assert gate_code(good, "--baseline", baseline) == 0
    assert gate_code(tmp_path / "nothing", "--baseline", baseline) == 1
    assert gate_code(worse, "--baseline", baseline) == 2
    scores = json.loads((good / "scores.json").read_text(encoding="utf-8"))
    for number, event in enumerate(scores["events"]):
        event["values"]["f_record"] = 0.5 + (0.2 if number % 2 else -0.2)
    (good / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
    assert gate_code(good, "--baseline", baseline) == 3


def test_bad_usage_of_the_gate_is_no_regression(good: Path, baseline: Path) -> None:
    assert gate_code(good) == 1
    assert gate_code(good, "--baseline", baseline, "--nonsense") == 1
    assert gate_code("--help") == 0


def test_the_gate_says_why(worse: Path, baseline: Path) -> None:
    told = call("gate", worse, "--baseline", baseline).stdout
    assert "f_record" in told
    assert "worse: −.129" in told
    assert "regression (exit 2); 24 of 24 samples" in told
    read = json.loads(call("gate", worse, "--baseline", baseline, "--json").stdout)
    assert read["state"] == "regression"


def test_compare_in_a_terminal(good: Path, worse: Path) -> None:
    told = call("compare", good, worse).stdout
    assert "F record" in told
    assert "−.129 ±" in told
    assert "worse" in told
    assert "facts gained from A to B: 0, lost: 8" in told
    assert "The town bridge was closed on Monday." in told


def test_compare_as_json(good: Path, worse: Path) -> None:
    read = json.loads(call("compare", good, worse, "--json").stdout)
    assert read["lost"] == 8
    assert {"better", "share_a", "a"} <= read["changes"][0].keys()


def test_report_writes_its_file(tmp_path: Path, good: Path, worse: Path) -> None:
    page = tmp_path / "out" / "report.html"
    assert call("report", good, worse, "-o", page).exit_code == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_moved_dataset_is_asked_for(tmp_path: Path, dataset: Path, good: Path, worse: Path) -> None:
    dataset.rename(tmp_path / "moved")
    assert call("compare", good, worse).exit_code != 0
    assert call("compare", good, worse, "--dataset", tmp_path / "moved").exit_code == 0


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("f_record", 0.4123, ".412"),
        ("f_record", 1.0, "1.000"),
        ("f_record", -0.0001, ".000"),
        ("f_record", None, "–"),
        ("prompt_tokens", 12345.6, "12,346"),
        ("calls", 3.25, "3.2"),
        ("seconds_per_article", 48.04, "48.0 s"),
        ("seconds_per_article", 0.25, "0.25 s"),
    ],
)
def test_numbers_as_people_read_them(name: str, value: float | None, text: str) -> None:
    assert written(name, value) == text


def test_a_difference_of_nothing_is_no_number() -> None:
    assert difference("f_record", compare([0.1, 0.2, 0.4], [0.1, 0.2, 0.4])) == "same"
    assert difference("f_record", compare([0.1, 0.2, 0.3], [0.1, 0.3, 0.2])) == ".000 ± .248"
    assert difference("f_record", compare([0.1], [0.2])) == "+.100"
    assert difference("f_record", compare([None], [0.2])) == "–"


def test_signs_intervals_and_names() -> None:
    assert written("f_record", 0.05, signed=True) == "+.050"
    assert written("f_record", -0.05) == "−.050"
    assert written("f_record", 0.0, signed=True) == ".000"
    assert between("f_record", 0.1, 0.2) == ".100 to .200"
    assert between("f_record", None, 0.2) == ""
    assert (p_value(0.0004), p_value(0.03125), p_value(None)) == ("<.001", ".031", "–")
    assert (title("merge_lea_f1"), title("f_w")) == ("merge LEA F1", "F_w")
    assert with_arrow("value_error_rate").endswith("↓")
