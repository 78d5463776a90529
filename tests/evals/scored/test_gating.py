from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.gating import (
    BASELINES,
    DEFAULT_RULES,
    BadBaseline,
    Baseline,
    GateResult,
    Rule,
    baseline_of,
    gate,
    judge,
    read_baseline,
)
from evals.scored import NotComparable, read_scores
from service.errors import NotFound
from tests.evals.building import Values, write_event, write_run

NOISE = (0.002, -0.003, 0.001, 0.004, -0.002, 0.0, 0.003, -0.001)
DROP = (0.10, 0.14, 0.12, 0.16, 0.11, 0.13, 0.15, 0.12)
SWING = (0.2, -0.25, 0.15, -0.1, 0.22, -0.2, 0.1, -0.15)


def good(number: int) -> dict[str, float | None]:
    return {
        "f_record": 0.5 + number / 100,
        "facts_f1": 0.6,
        "value_error_rate": 0.05,
        "forbidden_rate": 0.02,
        "quote_exact": 1.0,
    }


def changed(**steps: tuple[float, ...]) -> Values:
    def values(number: int) -> dict[str, float | None]:
        before = good(number)
        return before | {name: (before[name] or 0) + step[number] for name, step in steps.items()}

    return values


@pytest.fixture
def baseline(tmp_path: Path, dataset: Path) -> Path:
    kept = baseline_of(read_scores(write_run(tmp_path / "good", dataset, good)), "the good one")
    path = tmp_path / "baseline.json"
    path.write_text(kept.model_dump_json(indent=2), encoding="utf-8")
    return path


def gated(tmp_path: Path, dataset: Path, baseline: Path, values: Values) -> GateResult:
    return gate(write_run(tmp_path / "run", dataset, values), baseline)


def states(result: GateResult) -> dict[str, str]:
    return {judged.rule.metric: judged.state for judged in result.rules}


def test_the_run_of_the_baseline_passes(tmp_path: Path, dataset: Path, baseline: Path) -> None:
    result = gated(tmp_path, dataset, baseline, good)
    assert (result.state, result.exit_code) == ("pass", 0)
    assert {judged.rule.metric for judged in result.rules} == {rule.metric for rule in DEFAULT_RULES}


def test_noise_within_the_margin_passes(tmp_path: Path, dataset: Path, baseline: Path) -> None:
    assert gated(tmp_path, dataset, baseline, changed(f_record=NOISE)).exit_code == 0


def test_better_passes(tmp_path: Path, dataset: Path, baseline: Path) -> None:
    fewer = tuple(-step / 4 for step in DROP)
    assert gated(tmp_path, dataset, baseline, changed(f_record=DROP, value_error_rate=fewer)).exit_code == 0


def test_the_run_that_must_fail_fails(tmp_path: Path, dataset: Path, baseline: Path) -> None:
    result = gated(tmp_path, dataset, baseline, changed(f_record=tuple(-step for step in DROP)))
    assert (result.state, result.exit_code) == ("regression", 2)
    assert states(result) == {
        "f_record": "regression",
        "facts_f1": "pass",
        "value_error_rate": "pass",
        "forbidden_rate": "pass",
        "quote_exact": "pass",
    }
    assert result.rules[0].reason.startswith("worse: −.129 ± ")


def test_more_errors_are_a_regression(tmp_path: Path, dataset: Path, baseline: Path) -> None:
    result = gated(tmp_path, dataset, baseline, changed(value_error_rate=DROP))
    assert (result.exit_code, states(result)["value_error_rate"]) == (2, "regression")


def test_a_swing_without_direction_is_insufficient_evidence(
    tmp_path: Path, dataset: Path, baseline: Path
) -> None:
    result = gated(tmp_path, dataset, baseline, changed(f_record=SWING))
    assert (result.state, result.exit_code) == ("insufficient evidence", 3)
    assert "could be worse than .020" in result.rules[0].reason
    assert "these events show a difference of" in result.rules[0].reason


def test_a_regression_outweighs_what_nobody_knows(tmp_path: Path, dataset: Path, baseline: Path) -> None:
    result = gated(tmp_path, dataset, baseline, changed(f_record=SWING, value_error_rate=DROP))
    assert result.exit_code == 2


def test_a_number_below_its_floor_needs_no_statistics(tmp_path: Path, dataset: Path, baseline: Path) -> None:
    once = (-0.01, *[0.0] * 7)
    result = gated(tmp_path, dataset, baseline, changed(quote_exact=once))
    assert (result.exit_code, states(result)["quote_exact"]) == (2, "regression")
    assert result.rules[-1].reason == ".999 is below 1.000"


def test_what_is_not_measured_any_more_does_not_pass(tmp_path: Path, dataset: Path, baseline: Path) -> None:
    result = gated(
        tmp_path, dataset, baseline, lambda n: good(n) | {"f_record": None if n == 2 else 0.5 + n / 100}
    )
    assert (result.exit_code, states(result)["f_record"]) == (3, "insufficient evidence")
    assert "bridge-2" in result.rules[0].reason
    silent = gate(
        write_run(tmp_path / "silent", dataset, lambda n: good(n) | {"quote_exact": None}), baseline
    )
    assert (silent.exit_code, states(silent)["quote_exact"]) == (3, "insufficient evidence")


def test_two_events_are_never_enough(tmp_path: Path) -> None:
    write_event(tmp_path / "two", "one")
    write_event(tmp_path / "two", "other")
    scores = read_scores(write_run(tmp_path / "run", tmp_path / "two", good))
    result = judge(scores, baseline_of(scores, "two events"))
    assert (result.exit_code, result.rules[0].reason) == (3, "2 events; it takes 3")


def test_other_labels_or_another_scorer_are_errors_of_the_tool(
    tmp_path: Path, dataset: Path, baseline: Path
) -> None:
    with pytest.raises(NotComparable, match="another version of the scorer"):
        gate(write_run(tmp_path / "other", dataset, good, scorer="0" * 64), baseline)
    copies = dataset / "bridge-4" / "articles" / "a1.txt"
    assert copies.exists()
    write_event(dataset, "bridge-8")
    with pytest.raises(NotComparable, match="bridge-8"):
        gate(write_run(tmp_path / "more", dataset, lambda n: good(0)), baseline)


def test_a_broken_baseline_is_named(tmp_path: Path, baseline: Path) -> None:
    with pytest.raises(NotFound, match="no such baseline"):
        read_baseline(tmp_path / "none")
    baseline.write_text("{", encoding="utf-8")
    with pytest.raises(BadBaseline, match=r"baseline\.json"):
        read_baseline(baseline)


def test_a_rule_that_asks_nothing_is_refused(baseline: Path) -> None:
    kept = json.loads(baseline.read_text(encoding="utf-8"))
    baseline.write_text(json.dumps(kept | {"rules": [{"metric": "f_record", "margin": None}]}), "utf-8")
    with pytest.raises(BadBaseline, match="asks nothing"):
        read_baseline(baseline)
    with pytest.raises(ValueError, match="takes no side"):
        Rule(metric="singletons_lea_f1")


def test_a_baseline_is_found_by_its_name(
    tmp_path: Path, baseline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / BASELINES).mkdir(parents=True)
    (tmp_path / BASELINES / "good-dev.json").write_bytes(baseline.read_bytes())
    monkeypatch.chdir(tmp_path)
    assert read_baseline(Path("good-dev")).says == "the good one"
    with pytest.raises(NotFound, match="there are: good-dev"):
        read_baseline(Path("bad-dev"))


def test_a_scored_run_is_a_baseline_too(tmp_path: Path, dataset: Path) -> None:
    before = write_run(tmp_path / "before", dataset, good)
    result = gate(write_run(tmp_path / "run", dataset, changed(value_error_rate=DROP)), before)
    assert (result.exit_code, states(result)["value_error_rate"]) == (2, "regression")


def test_every_baseline_of_the_repo_can_be_read() -> None:
    folder = Path(__file__).parents[3] / BASELINES
    for file in sorted(folder.glob("*.json")):
        assert isinstance(read_baseline(file), Baseline)
