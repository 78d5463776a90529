from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.models import Outcome
from evals.report import write_report
from evals.report.collecting import collect
from evals.report.highlighting import WORST_FIRST, Look, Mark, pieces
from evals.scored import NotComparable
from service.errors import InputError
from service.text.article import Article
from tests.evals.building import outcome, write_event, write_run

VOID = {"meta", "link", "br", "input", "img", "hr"}


class Tree(HTMLParser):
    """Tags that are open, ids and references; complains of tags that do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.wanted: list[str] = []
        self.tags: list[str] = []
        self.text: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "xlink:href"):
                self.wanted.append(value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another tag"

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def values(shift: float) -> dict[str, float | None]:
    return {
        "f_record": 0.4 + shift,
        "facts_f1": 0.5,
        "value_error_rate": 0.1,
        "seconds_per_article": 12.5,
        "prompt_tokens": 2345.0,
        "copies_f1": None,
    }


def outcomes(event: str) -> Iterable[Outcome]:
    """In the first article: right, a wrong value, a missed one, and a caption taken for a fact."""
    yield outcome(event, 1, "found", produced="The town bridge was closed.")
    yield outcome(event, 2, "found", fact_id="m-none", produced="Repairs take 12 weeks.")
    yield outcome(event, 4, "missed")
    yield outcome(event, 1, "found", level="article", article="a1", produced="The bridge <b>was</b> closed.")
    yield outcome(
        event,
        2,
        "wrong_value",
        level="article",
        article="a1",
        produced="Repairs take 13 weeks.",
        differs=("number",),
    )
    yield outcome(event, 3, "missed", level="article", article="a1")
    yield outcome(
        event,
        1,
        "forbidden",
        level="article",
        article="a1",
        gold_id=None,
        gold=None,
        produced="Photo & <script>",
    )


@pytest.fixture
def runs(tmp_path: Path, dataset: Path) -> list[Path]:
    return [
        write_run(tmp_path / "first", dataset, lambda n: values(n / 100), outcomes=outcomes),
        write_run(
            tmp_path / "second<v2>",
            dataset,
            lambda n: values(n / 100 + (n + 5) / 50),
            outcomes=outcomes,
            prompts={"extract_facts": "v2"},
        ),
    ]


@pytest.fixture
def html(tmp_path: Path, runs: list[Path]) -> str:
    write_report(runs, tmp_path / "report.html")
    return (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_file_needs_nothing_else(html: str) -> None:
    tree = Tree(html)
    assert "script" not in tree.tags
    for wanted in tree.wanted:
        assert wanted.startswith(("#", "data:"))
    for place in re.findall(r"url\(([^)]*)\)", html):
        assert place.startswith("#")
    assert "@import" not in html


def test_every_reference_has_its_target_and_no_id_is_used_twice(html: str) -> None:
    tree = Tree(html)
    assert len(tree.ids) == len(set(tree.ids))
    for wanted in (w for w in tree.wanted if w.startswith("#")):
        assert wanted[1:] in tree.ids, wanted
    for wanted in re.findall(r"url\(#([^)]*)\)", html):
        assert wanted in tree.ids


def test_what_articles_and_models_say_is_text(html: str) -> None:
    tree = Tree(html)
    text = "".join(tree.text)
    assert "A bridge <closed>" in text
    assert "The bridge <b>was</b> closed." in text
    assert "the bridge at <dawn> & dusk" in text
    assert "Photo & <script>" in text
    assert "20 <weeks>" in text
    assert "second<v2>" in text


def test_runs_are_columns_with_intervals_and_a_verdict(html: str) -> None:
    text = " ".join("".join(Tree(html).text).split())
    assert "B is better than A: F record +.170 ± .041, p .008" in text
    assert ".435" in text  # mean of the first run
    assert "2,345" in text
    assert "12.5 s" in text
    assert "extract_factsv2" in text
    assert "24 of 24" in text


def test_what_is_not_known_is_no_zero(runs: list[Path]) -> None:
    report = collect(runs)
    row = next(row for section in report.sections for row in section.rows if row.name == "copies F1")
    assert [(cell.text, cell.share) for cell in row.cells] == [("–", None), ("–", None)]


def test_an_article_shows_what_became_of_its_facts(runs: list[Path]) -> None:
    view = collect(runs).events[0].articles[0].views[0]
    looks = {piece.text: piece.look for piece in view.pieces}
    assert looks["The town bridge was closed on Monday"] == "found"
    assert looks["repairs would take 12 weeks"] == "wrong"
    assert looks["Residents accused the town of ignoring warnings"] == "missed"
    assert view.counts == {"found": 1, "wrong": 1, "missed": 1, "forbidden": 1}
    assert [fact.result for fact in view.facts] == ["found", "wrong number", "missed", "forbidden"]


def test_a_conflict_that_was_told_and_one_that_is_none(runs: list[Path]) -> None:
    story = collect(runs).events[0].stories[0]
    assert story.conflicts[0].told == "one side only"
    assert story.others == ("the repairs: “12 weeks” against “20 <weeks>” (disputed)",)


def test_a_conflict_is_told_when_its_sides_stand_against_each_other(tmp_path: Path, dataset: Path) -> None:
    """By what the members of merged facts are found to say in their articles, as the scorer has it."""
    texts = {
        id_: (dataset / "bridge-0" / "articles" / f"{id_}.txt").read_text("utf-8") for id_ in ("a1", "a2")
    }
    ids = {
        id_: Article(text=text, source=source, title=f"{source} on the bridge").article_id
        for (id_, text), source in zip(texts.items(), ("Town Post", "River Wire"), strict=True)
    }

    def sides(event: str) -> Iterable[Outcome]:
        yield outcome(event, 2, "found", level="article", article="a1", fact_id=f"{ids['a1']}-s2")
        yield outcome(event, 4, "found", level="article", article="a2", fact_id=f"{ids['a2']}-s3")

    run = write_run(tmp_path / "run", dataset, lambda n: values(0), outcomes=sides, events=["bridge-0"])
    story = collect([run]).events[0].stories[0]
    assert story.conflicts[0].told == "told"
    assert story.others == ()


def test_several_runs_are_corrected_together(tmp_path: Path, runs: list[Path], dataset: Path) -> None:
    third = write_run(tmp_path / "third", dataset, lambda n: values(n / 100 - n / 50), outcomes=outcomes)
    two, three = collect(runs), collect([*runs, third])
    alone, together = two.headlines[0].comparison, three.headlines[0].comparison
    assert alone.p is not None
    assert together.p_adjusted == pytest.approx(2 * alone.p)


def test_one_run_alone_has_a_report_too(tmp_path: Path, runs: list[Path]) -> None:
    write_report(runs[:1], tmp_path / "one.html")
    tree = Tree((tmp_path / "one.html").read_text(encoding="utf-8"))
    assert "changes" not in tree.ids


def test_failed_samples_are_told(tmp_path: Path, dataset: Path) -> None:
    run = write_run(tmp_path / "run", dataset, lambda n: values(0), failed=2)
    about = dict(collect([run]).runs[0].about)
    assert about["samples"] == "8 of 24 (16 invalid)"


def test_the_same_runs_make_the_same_bytes(tmp_path: Path, runs: list[Path], html: str) -> None:
    write_report(runs, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == html


def test_runs_about_other_events_are_refused(tmp_path: Path, runs: list[Path], dataset: Path) -> None:
    write_event(dataset, "bridge-8")
    other = write_run(tmp_path / "other", dataset, lambda n: values(0))
    with pytest.raises(NotComparable, match="bridge-8"):
        write_report([runs[0], other], tmp_path / "never.html")
    assert not (tmp_path / "never.html").exists()


def test_no_runs_or_a_folder_to_write_to_are_said_before_the_work(tmp_path: Path, runs: list[Path]) -> None:
    with pytest.raises(InputError, match="1 to 26 runs"):
        write_report([], tmp_path / "never.html")
    with pytest.raises(InputError, match="name a file"):
        write_report(runs, tmp_path)


LOOKS = st.sampled_from(WORST_FIRST)
MARKS = st.lists(
    st.builds(Mark, st.integers(-2, 14), st.integers(-2, 14), LOOKS, st.integers(1, 9)), max_size=6
)


@given(st.text(max_size=12), MARKS)
def test_the_pieces_are_the_text(text: str, marks: list[Mark]) -> None:
    cut = pieces(text, marks)
    assert "".join(piece.text for piece in cut) == text
    inside = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    assert sorted(mark.number for piece in cut for mark in piece.ends) == sorted(m.number for m in inside)
    place = 0
    for piece in cut:
        over: list[Look] = [m.look for m in inside if m.start <= place < m.end]
        assert piece.look == min(over, key=WORST_FIRST.index, default=None)
        place += len(piece.text)


def test_a_wrong_value_shows_through_a_right_fact() -> None:
    cut = pieces("six of nine", [Mark(0, 11, "found", 1), Mark(7, 11, "wrong", 2)])
    assert [(piece.text, piece.look) for piece in cut] == [("six of ", "found"), ("nine", "wrong")]
    assert [mark.number for mark in cut[1].ends] == [1, 2]


def test_text_and_ground_differ_enough_in_light_and_dark() -> None:
    css = (Path(__file__).parents[3] / "evals" / "report" / "report.css").read_text(encoding="utf-8")
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part)) for part in _schemes(css))
    for colours in (light, light | dark):
        for ground in ("ground", "sheet", *(name for name in colours if name.endswith("-ground"))):
            assert _contrast(colours["ink"], colours[ground]) >= 4.5, ground
        for ink in ("quiet", "accent", "good", "bad"):
            for ground in ("ground", "sheet"):
                assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
        for run in (name for name in colours if name.startswith("run-")):
            assert _contrast(colours["ground"], colours[run]) >= 4.5, run


def _schemes(css: str) -> tuple[str, str]:
    first, _, rest = css.partition("@media (prefers-color-scheme: dark)")
    return first, rest.partition("* { box-sizing")[0]


def _contrast(one: str, other: str) -> float:
    """WCAG 2, 1.4.3."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[a:b], 16) / 255 for a, b in pairwise((1, 3, 5, 7))]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
