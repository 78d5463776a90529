"""The grounding benchmark: its sets, its tables, LangExtract's answers, its speed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import gate_speed
from benchmarks.gate_speed import Speed, speeds
from benchmarks.grounding import BEGIN, END, GATE, group, rewritten, rows, side, speed_table, table
from benchmarks.grounding_sets import Judged, case_files, judged_sets
from benchmarks.langextract_aligner import aligned_by_langextract
from benchmarks.shares import Share
from service.text.parsing import Parser
from tests.grounding.cases import FOLDER, load_cases


def judged(name: str, kind: str, true: bool, right: bool = True) -> Judged:
    return Judged(name, kind, "A text.", "A statement.", true, right)


SOME = [
    judged("cases", "name", False),
    judged("cases", "passive", True),
    judged("cases", "number", False, right=False),
    judged("mutants, cases", "number", False),
]


def test_true_statements_come_first_and_sets_keep_their_order() -> None:
    found = list(rows(SOME, {GATE: [j.right for j in SOME]}, lambda j: (j.name, group(j))))
    assert found == [
        ("cases: true accepted", (Share(1, 1),)),
        ("cases: false refused", (Share(1, 2),)),
        ("mutants, cases: number changed, refused", (Share(1, 1),)),
    ]


def test_every_judge_has_a_column() -> None:
    answers = {GATE: [True] * 4, "another": [False] * 4}
    drawn = table(answers, rows(SOME, answers, lambda j: (j.name, side(j)))).splitlines()
    assert drawn[0] == "| statements | attest | another |"
    assert drawn[2].startswith("| cases: true accepted | 100.0% (21 to 100), 1/1 | 0.0%")
    assert len({line.count("|") for line in drawn}) == 1


def test_sets_are_found_by_their_names(tmp_path: Path) -> None:
    for name in (
        "cases.jsonl",
        "paraphrases.jsonl",
        "held_out.jsonl",
        "held_out_sports.jsonl",
        "notes.jsonl",
    ):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert [f.name for f in case_files(tmp_path)] == [
        "cases.jsonl",
        "paraphrases.jsonl",
        "held_out.jsonl",
        "held_out_sports.jsonl",
    ]


def test_the_probes_come_first(parser: Parser) -> None:
    found = judged_sets(parser)
    probes = [next(found) for _ in range(10)]
    assert {p.name for p in probes} == {"probes"}
    assert sum(p.true for p in probes) == 4
    assert next(found).name == "first cases"


def test_a_page_is_rewritten_between_its_marks() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    once = rewritten(page, "new")
    assert once == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    assert rewritten(once, "new") == once


@pytest.mark.parametrize("page", ["no marks", BEGIN, END])
def test_a_page_without_marks_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="needs the lines"):
        rewritten(page, "new")


def test_the_page_of_the_figures_has_its_marks() -> None:
    page = Path(__file__).parents[2] / "docs" / "grounding.md"
    assert "new figures" in rewritten(page.read_text(encoding="utf-8"), "new figures")


# -- LangExtract -----------------------------------------------------------------------------------

FAKE = '''
class _Placed:
    def __init__(self, placed): self.char_interval = (0, 1) if placed else None

class WordAligner:
    """Places whatever stands in the text word for word; with lesser matches also its first word."""
    def align_extractions(self, groups, text, accept_match_lesser):
        for group in groups:
            yield [_Placed(e in text or (accept_match_lesser and e.split()[0] in text)) for e in group]
'''


@pytest.fixture
def fake_langextract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "langextract"
    (package / "core").mkdir(parents=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "core" / "__init__.py").write_text("", encoding="utf-8")
    (package / "resolver.py").write_text(FAKE, encoding="utf-8")
    data = "def Extraction(extraction_class, extraction_text): return extraction_text\n"
    (package / "core" / "data.py").write_text(data, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


@pytest.mark.usefixtures("fake_langextract")
@pytest.mark.parametrize(("lesser", "expected"), [(True, [True, True, False]), (False, [True, False, False])])
def test_one_answer_a_pair_in_order(lesser: bool, expected: list[bool]) -> None:
    pairs = [("A ship sank.", "A ship"), ("A ship sank.", "A ferry"), ("A ship sank.", "Nobody")]
    found = aligned_by_langextract(pairs, accept_lesser=lesser, python=Path(sys.executable))
    assert found == expected


def test_without_langextract_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "langextract"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('not here')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(RuntimeError, match=r"not here.*make bench-grounding"):
        aligned_by_langextract([("a", "b")], accept_lesser=True, python=Path(sys.executable))


# -- speed -----------------------------------------------------------------------------------------


def test_speed_is_told_both_ways() -> None:
    assert Speed("drafts", 500, 2.0).rate == 250
    assert Speed("drafts", 500, 2.0).per_thousand == 4
    assert "| 500 drafts | 2.0 | 4.0 | 250 |" in speed_table([Speed("drafts", 500, 2.0)])


def test_both_ways_of_judging_are_timed_on_the_same_statements(
    parser: Parser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate_speed, "ROUNDS", 1)
    monkeypatch.setattr(gate_speed, "STATEMENTS", 5)
    measured = speeds(load_cases(FOLDER / "cases.jsonl")[:8], lambda: parser)
    assert [s.statements for s in measured] == [5, 5]
    assert all(s.seconds > 0 for s in measured)
