from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from evals.comparing import CHANGES, GUARDS, RunComparison, compare_runs, outcome_text
from evals.models import Measure, Outcome
from evals.ruler import ErrorRates, Style
from evals.runs import BadRun
from evals.scored import NotComparable
from service.errors import NotFound
from tests.evals.building import GOLD, outcome, write_event, write_run

STEPS = (0.10, 0.14, 0.12, 0.16, 0.11, 0.13, 0.15, 0.12)


def low(number: int) -> dict[str, float | None]:
    return {"f_record": 0.3 + number / 50, "facts_f1": 0.5, "kind_accuracy": 0.4, "value_error_rate": 0.2}


def high(number: int) -> dict[str, float | None]:
    return {
        "f_record": 0.3 + number / 50 + STEPS[number],
        "facts_f1": 0.5,
        "kind_accuracy": 0.4 + STEPS[number],
        "value_error_rate": 0.2 + STEPS[number],
    }


def rows(found: RunComparison) -> dict[str, Any]:
    return {row.name: row for row in found.metrics}


def said(results: Iterable[str], **more: Any) -> Callable[[str], list[Outcome]]:
    """Outcomes of g1, g2, ... in every event."""
    return lambda event: [outcome(event, n, result, **more) for n, result in enumerate(results, start=1)]


def test_runs_are_paired_by_event(tmp_path: Path, dataset: Path) -> None:
    a = write_run(tmp_path / "a", dataset, low)
    b = write_run(tmp_path / "b", dataset, high, prompts={"extract_facts": "v2"})
    found = compare_runs(a, b)
    record = rows(found)["f_record"].comparison
    assert record.n == 8
    assert record.difference == pytest.approx(sum(STEPS) / 8)
    assert record.p == pytest.approx(2 / 2**8)
    assert record.verdict == "better"
    assert found.b.prompts == {"extract_facts": "v2"}
    assert (found.a.ok, found.a.samples) == (24, 24)


def test_the_same_run_is_equivalent_to_itself(tmp_path: Path, dataset: Path) -> None:
    a = write_run(tmp_path / "a", dataset, low, outcomes=said(["found", "missed"]))
    found = compare_runs(a, a)
    assert {row.comparison.verdict for row in found.metrics} == {"equivalent"}
    assert (found.gained, found.lost, found.changes, found.warnings) == (0, 0, (), ())


def test_less_is_better_of_a_rate_of_errors(tmp_path: Path, dataset: Path) -> None:
    a, b = write_run(tmp_path / "a", dataset, low), write_run(tmp_path / "b", dataset, high)
    assert rows(compare_runs(a, b))["value_error_rate"].comparison.verdict == "worse"
    assert rows(compare_runs(b, a))["value_error_rate"].comparison.verdict == "better"


def test_guards_are_corrected_together_and_other_figures_decide_nothing(
    tmp_path: Path, dataset: Path
) -> None:
    a, b = write_run(tmp_path / "a", dataset, low), write_run(tmp_path / "b", dataset, high)
    found = rows(compare_runs(a, b))
    smallest = 2 / 2**8
    assert found["f_record"].comparison.p_adjusted == pytest.approx(smallest)
    assert found["value_error_rate"].comparison.p_adjusted == pytest.approx(
        2 * smallest
    )  # of two guards here
    assert found["kind_accuracy"].comparison.p_adjusted == pytest.approx(smallest)
    assert [row.name for row in found.values() if row.decides] == ["f_record", "facts_f1", "value_error_rate"]
    assert "kind_accuracy" not in GUARDS


def test_an_event_that_one_run_cannot_score_is_left_out_and_counted(tmp_path: Path, dataset: Path) -> None:
    a = write_run(tmp_path / "a", dataset, low)
    b = write_run(tmp_path / "b", dataset, lambda n: high(n) | {"f_record": None if n < 3 else 0.5})
    assert rows(compare_runs(a, b))["f_record"].comparison.n == 5


def test_by_kind_and_by_difficulty(tmp_path: Path, dataset: Path) -> None:
    a = write_run(
        tmp_path / "a", dataset, low, outcomes=said(["found", "missed", "found", "missed", "found"])
    )
    b = write_run(tmp_path / "b", dataset, low, outcomes=said(["found", "found", "missed", "found", "found"]))
    found = {(row.group, row.trait): row for row in compare_runs(a, b).traits}
    assert {row.level for row in found.values()} == {"story"}
    said_by = found["kind", "statement"]
    assert said_by.facts == 16
    assert (said_by.comparison.mean_a, said_by.comparison.mean_b) == (0, 1)
    assert found["kind", "accusation"].comparison.difference == -1
    assert found["kind", "event"].comparison.difference == 0
    assert found["difficulty", "disputed"].comparison.difference == 1  # g2 and g4 are its two sides
    assert found["difficulty", "in two"].facts == 8
    assert found["difficulty", "in one article"].facts == 32
    assert found["difficulty", "negated"].facts == 8
    assert ("kind", "plan") not in found


def test_found_with_a_wrong_speaker_is_not_right(tmp_path: Path, dataset: Path) -> None:
    a = write_run(tmp_path / "a", dataset, low, outcomes=said(["found"]))
    b = write_run(
        tmp_path / "b", dataset, low, outcomes=said(["found"], differs=("speaker",), produced="Shut.")
    )
    found = compare_runs(a, b)
    assert (found.gained, found.lost) == (0, 8)
    assert outcome_text(found.changes[0].b) == "found, wrong speaker"
    assert found.changes[0].b.produced == "Shut."


def test_the_facts_that_changed_are_shown_from_both_sides(tmp_path: Path, dataset: Path) -> None:
    a = write_run(
        tmp_path / "a", dataset, low, outcomes=said(["found", "missed", "missed", "missed", "found"])
    )
    b = write_run(
        tmp_path / "b", dataset, low, outcomes=said(["missed", "found", "found", "found", "missed"])
    )
    found = compare_runs(a, b)
    assert (found.gained, found.lost) == (24, 16)
    assert len(found.changes) == CHANGES
    assert [change.better for change in found.changes] == ["A"] * 10 + ["B"] * 10
    assert found.changes[0].gold == GOLD[0]["statement"]
    keys = [change.key for change in found.changes if change.better == "B"]
    assert keys == sorted(keys, reverse=True)


def test_a_fact_stands_once_among_the_changes(tmp_path: Path, dataset: Path) -> None:
    def twice(result: str) -> Callable[[str], list[Outcome]]:
        return lambda event: [
            outcome(event, 1, result),
            outcome(event, 1, result, level="article", article="a1"),
            outcome(event, 1, result, level="article", article="a2"),
        ]

    a = write_run(tmp_path / "a", dataset, low, outcomes=twice("missed"))
    b = write_run(tmp_path / "b", dataset, low, outcomes=twice("found"))
    found = compare_runs(a, b)
    assert found.gained == 24
    assert [(change.event, change.level) for change in found.changes] == [
        (f"bridge-{n}", "story") for n in range(8)
    ]


def test_repeats_are_averaged_and_a_share_can_change(tmp_path: Path, dataset: Path) -> None:
    def repeated(*results: str) -> Callable[[str], list[Outcome]]:
        return lambda event: [outcome(event, 1, result, repeat=n) for n, result in enumerate(results)]

    a = write_run(tmp_path / "a", dataset, low, repeats=3, outcomes=repeated("found", "missed", "missed"))
    b = write_run(tmp_path / "b", dataset, low, repeats=3, outcomes=repeated("found", "found", "missed"))
    change = compare_runs(a, b).changes[0]
    assert [change.share_a, change.share_b] == pytest.approx([1 / 3, 2 / 3])
    assert (change.a.result, change.b.result) == ("missed", "found")


def test_the_order_of_outcomes_changes_nothing(tmp_path: Path, dataset: Path) -> None:
    a = write_run(tmp_path / "a", dataset, low, outcomes=said(["found", "missed", "found"]))
    b = write_run(tmp_path / "b", dataset, low, outcomes=said(["missed", "found", "found"]))
    before = compare_runs(a, b).model_dump_json()
    lines = (b / "outcomes.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (b / "outcomes.jsonl").write_text("".join(reversed(lines)), encoding="utf-8")
    assert compare_runs(a, b).model_dump_json() == before


def test_other_labels_are_refused(tmp_path: Path, dataset: Path) -> None:
    a = write_run(tmp_path / "a", dataset, low)
    gold = dataset / "bridge-3" / "gold.jsonl"
    gold.write_text(gold.read_text(encoding="utf-8").replace("12 weeks.", "a dozen weeks."), encoding="utf-8")
    b = write_run(tmp_path / "b", dataset, low)
    with pytest.raises(NotComparable, match="event bridge-3 had other texts or labels") as error:
        compare_runs(a, b)
    assert error.value.exit_code == 2


def test_other_events_are_refused_by_name(tmp_path: Path, dataset: Path) -> None:
    a = write_run(tmp_path / "a", dataset, low)
    write_event(dataset, "bridge-8")
    b = write_run(tmp_path / "b", dataset, lambda n: low(0))
    with pytest.raises(NotComparable, match=r"event bridge-8 is only in .*/b"):
        compare_runs(a, b)
    with pytest.raises(NotComparable, match=r"event bridge-8 is only in .*/b"):
        compare_runs(b, a)


def test_another_scorer_is_refused(tmp_path: Path, dataset: Path) -> None:
    a = write_run(tmp_path / "a", dataset, low)
    b = write_run(tmp_path / "b", dataset, low, scorer="0" * 64)
    with pytest.raises(NotComparable, match="score both again"):
        compare_runs(a, b)


def test_what_is_not_scored_or_damaged_is_said_with_its_place(tmp_path: Path, dataset: Path) -> None:
    a = write_run(tmp_path / "a", dataset, low, outcomes=said(["found"]))
    with pytest.raises(NotFound, match="evals score"):
        compare_runs(a, tmp_path / "nothing")
    b = write_run(tmp_path / "b", dataset, low, outcomes=said(["found"]))
    with (b / "outcomes.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"event": "bridge-0"}\n')
    with pytest.raises(BadRun, match=r"outcomes\.jsonl:9: .*missing"):
        compare_runs(a, b)
    scores = json.loads((b / "scores.json").read_text(encoding="utf-8"))
    (b / "scores.json").write_text(json.dumps(scores | {"score_schema": "2"}), encoding="utf-8")
    with pytest.raises(BadRun, match="score_schema '2'"):
        compare_runs(a, b)
    (b / "scores.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadRun, match="not JSON"):
        compare_runs(a, b)


def test_failed_samples_are_warned_of(tmp_path: Path, dataset: Path) -> None:
    a = write_run(tmp_path / "a", dataset, low)
    b = write_run(tmp_path / "b", dataset, low, failed=1)
    assert compare_runs(a, b).warnings == ("B: 8 of 24 samples failed and count as zero",)


RATES: dict[Style, ErrorRates] = {
    "copied": ErrorRates(hit=Measure(value=0.77, n=900), false=Measure(value=0.34, n=900)),
    "reworded": ErrorRates(hit=Measure(value=0.8, n=900), false=Measure(value=0.23, n=900)),
}


def test_two_rulers_are_warned_of(tmp_path: Path, dataset: Path) -> None:
    a = write_run(tmp_path / "a", dataset, low, support="verbatim")
    b = write_run(tmp_path / "b", dataset, low, support="supported")
    (warning,) = compare_runs(a, b, errors=RATES).warnings
    assert "100% of A's statements are copied from the article, 0% of B's" in warning
    assert "34% in A and 23% in B" in warning
    (unknown,) = compare_runs(a, b).warnings
    assert "evals calibrate" in unknown


def test_one_ruler_is_no_warning(tmp_path: Path, dataset: Path) -> None:
    a = write_run(tmp_path / "a", dataset, low, support="verbatim")
    b = write_run(tmp_path / "b", dataset, low, support="verbatim")
    assert compare_runs(a, b, errors=RATES).warnings == ()
    c = write_run(tmp_path / "c", dataset, low, support="supported")
    alike = {style: RATES["copied"] for style in RATES}
    assert compare_runs(a, c, errors=alike).warnings == ()
