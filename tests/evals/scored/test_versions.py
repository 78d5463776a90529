"""Versions of prompts against the ones in use, as they stand in the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.scored import NotComparable
from evals.versions import versions
from tests.evals.building import write_event, write_run

BASE = {"extract_facts": "v1", "write_summary": "v1"}


def scores(gain: float, facts: float = 0.5) -> dict[str, float | None]:
    return {"f_record": 0.4 + gain, "facts_f1": facts, "calls": 2.0}


def run(folder: Path, dataset: Path, *, gain: float = 0.0, **prompts: str) -> Path:
    return write_run(
        folder,
        dataset,
        lambda number: scores(gain and gain + number / 1000),
        prompts=BASE | prompts,
    )


def cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


def test_each_run_says_what_is_other_and_by_how_much(tmp_path: Path, dataset: Path) -> None:
    base = run(tmp_path / "base", dataset)
    better = run(tmp_path / "better", dataset, gain=0.2, extract_facts="v2")
    same = run(tmp_path / "same", dataset, write_summary="v3")
    head, _, first, *others = cells(versions(base, [better, same]))
    assert head[:2] == ["run", "what is other"]
    assert first[:3] == ["base", "in use", ".400"]
    assert [row[1] for row in others] == ["extract_facts v2", "write_summary v3"]
    assert others[0][2].startswith("+.20")
    assert others[0][5] == "better"
    assert others[1][2] == "same"
    assert others[1][5] == "equivalent"


def test_more_versions_make_the_proof_harder(tmp_path: Path, dataset: Path) -> None:
    base = run(tmp_path / "base", dataset)
    tried = [run(tmp_path / f"v{n}", dataset, gain=0.2, extract_facts=f"v{n}") for n in range(2, 6)]
    alone = float(cells(versions(base, tried[:1]))[3][3])
    among = float(cells(versions(base, tried))[3][3])
    assert among == pytest.approx(alone * len(tried), abs=0.002)


def test_a_number_that_a_run_lacks_is_a_dash(tmp_path: Path, dataset: Path) -> None:
    table = versions(run(tmp_path / "base", dataset), [run(tmp_path / "other", dataset, gain=0.1)])
    row = cells(table)[3]
    assert row[1] == "nothing"
    assert row[7] == "–"


def test_runs_about_other_events_are_refused(tmp_path: Path, dataset: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    write_event(elsewhere, "lone")
    base = run(tmp_path / "base", dataset)
    with pytest.raises(NotComparable):
        versions(base, [run(tmp_path / "far", elsewhere)])
