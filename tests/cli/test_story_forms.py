"""`attest story`: its formats, and how a story takes up new articles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service.backends.base import ModelRequest
from service.cli.app import app
from service.errors import AttestError, InputError, NotFound
from service.pipeline import Attest
from service.settings import Settings
from service.stories.models import Story
from service.stories.rendering.markdown import markdown
from service.stories.rendering.plain import plain
from service.text.parsing import Parser
from tests.newsroom import TRAIN, TRAIN_AGAIN, TRAIN_LATER, check_story, scripted
from tests.test_pipeline import obliging


@pytest.fixture(autouse=True)
def calls(
    own_settings: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parser: Parser
) -> list[ModelRequest]:
    """Three articles, and the questions a scripted model is asked."""
    monkeypatch.setenv("COLUMNS", "120")
    asked: list[ModelRequest] = []

    def answer(request: ModelRequest) -> str:
        asked.append(request)
        return obliging(request)

    def opened(settings: Settings) -> Attest:
        return Attest(settings, backend=scripted(answer), parser=parser)

    monkeypatch.setattr("service.cli.articles.open_attest", opened)
    for name, text, source in (
        ("a", TRAIN, "Harbour Post"),
        ("b", TRAIN_AGAIN, "Valley Radio"),
        ("c", TRAIN_LATER, "Evening Lantern"),
    ):
        content = {"text": text, "source": source, "published_at": "2024-06-18"}
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return asked


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, [*arguments, "--quiet"], input=stdin)


def told(*arguments: str) -> Story:
    result = run("story", *arguments, "--json")
    assert result.exit_code == 0, result.output
    return Story.model_validate_json(result.stdout)


def failure(kind: type[AttestError], *arguments: str, stdin: str = "") -> str:
    result = run("story", *arguments, stdin=stdin)
    assert isinstance(result.exception, kind), result.output
    assert result.exception.exit_code == 2
    assert result.stdout == ""
    assert "\n" not in str(result.exception)
    return str(result.exception)


class TestFormats:
    @pytest.mark.parametrize(("form", "render"), [("markdown", markdown), ("text", plain)])
    def test_on_stdout_or_in_a_file(self, tmp_path: Path, form: str, render: object) -> None:
        assert callable(render)
        expected = render(told("a.json", "b.json"))
        shown = run("story", "a.json", "b.json", "--format", form)
        assert (shown.exit_code, shown.stdout) == (0, expected)
        written = run("story", "a.json", "b.json", "--format", form, "-o", "out/story")
        assert (written.exit_code, written.stdout) == (0, "")
        assert (tmp_path / "out/story").read_text(encoding="utf-8") == expected

    def test_json_and_table_are_what_they_were(self, tmp_path: Path) -> None:
        assert told("a.json") == Story.model_validate_json(
            run("story", "a.json", "--format", "json").stdout
        ).model_copy(update={"usage": told("a.json").usage})
        shown = run("story", "a.json", "--format", "table", "-o", "story.json").stdout
        assert "Facts, most important first" in shown
        check_story(Story.model_validate_json((tmp_path / "story.json").read_text(encoding="utf-8")))

    def test_the_format_that_is_named_wins(self) -> None:
        assert run("story", "a.json", "--json", "--format", "text").stdout == plain(told("a.json"))

    def test_an_unknown_format_is_bad_usage(self) -> None:
        assert run("story", "a.json", "--format", "pdf").exit_code == 2

    def test_the_table_shows_dates_and_people(self) -> None:
        shown = run("story", "a.json", "b.json", "c.json").stdout
        for words in ("Timeline", "2024-06-17", "People, organisations, places", "Ivo Marek ("):
            assert words in shown


class TestAdding:
    def test_one_by_one_is_the_story_of_all_at_once(self, tmp_path: Path) -> None:
        at_once = told("a.json", "b.json", "c.json")
        run("story", "a.json", "-o", "one.json")
        run("story", "--add", "b.json", "one.json", "-o", "two.json")
        grown = told("--add", "c.json", "two.json")
        check_story(grown)
        assert grown.story_id == at_once.story_id
        assert told("--add", "b.json", "--add", "c.json", "one.json").story_id == at_once.story_id
        assert Story.model_validate_json((tmp_path / "one.json").read_text("utf-8")).articles[1:] == ()

    def test_only_the_new_article_is_asked_about(self, calls: list[ModelRequest]) -> None:
        run("story", "a.json", "b.json", "-o", "story.json")
        assert [c for c in calls if c.stage == "extract_facts"]
        calls.clear()
        told("--add", "c.json", "story.json")
        added = [c.messages for c in calls if c.stage == "extract_facts"]
        calls.clear()
        run("facts", "c.json")
        assert added == [c.messages for c in calls if c.stage == "extract_facts"]

    def test_a_story_may_grow_in_place_and_be_told_as_text(self, tmp_path: Path) -> None:
        run("story", "a.json", "-o", "story.json")
        shown = run("story", "--add", "b.json", "story.json", "-o", "story.json").stdout
        assert "Valley Radio" in shown
        written = (tmp_path / "story.json").read_text(encoding="utf-8")
        assert len(Story.model_validate_json(written).articles) == 2
        assert run("story", "--add", "c.json", "story.json", "--format", "text").stdout.count("Lantern") >= 1

    def test_the_length_stays_unless_it_is_given(self) -> None:
        run("story", "a.json", "b.json", "--sentences", "3", "-o", "story.json")
        assert told("--add", "c.json", "story.json").options.summary_sentences == 3
        assert told("--add", "c.json", "story.json", "--sentences", "5").options.summary_sentences == 5

    def test_the_story_may_come_from_standard_input(self) -> None:
        first = run("story", "a.json", "--json").stdout
        result = run("story", "--add", "b.json", "-", "--json", stdin=first)
        assert len(Story.model_validate_json(result.stdout).articles) == 2

    def test_an_article_that_is_there_already_is_told_and_no_failure(self) -> None:
        run("story", "a.json", "-o", "story.json")
        result = run("story", "--add", "a.json", "story.json", "--json")
        assert result.exit_code == 0
        assert result.stderr.startswith("attest: skipped a.json: the same text")

    def test_what_cannot_be_read_is_told_and_the_rest_is_done(self, tmp_path: Path) -> None:
        (tmp_path / "empty.txt").write_text(" ", encoding="utf-8")
        run("story", "a.json", "-o", "story.json")
        result = run("story", "--add", "b.json", "--add", "empty.txt", "story.json", "--json")
        assert result.exit_code == 2
        assert len(Story.model_validate_json(result.stdout).articles) == 2
        assert failure(InputError, "--add", "empty.txt", "story.json").startswith("empty.txt: ")
        assert failure(NotFound, "--add", "none.txt", "story.json") == "none.txt: there is no such file"


class TestBadStories:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ('{"story_id": "story_', "it is not valid JSON (line 1)"),
            ('{"text": "An article."}', "it is no story of attest: look at"),
            ("", "it is not valid JSON"),
            (TRAIN, "it is not valid JSON"),
        ],
        ids=["cut", "an article", "empty", "text"],
    )
    def test_broken_or_foreign(self, tmp_path: Path, content: str, message: str) -> None:
        (tmp_path / "story.json").write_text(content, encoding="utf-8")
        assert failure(InputError, "--add", "b.json", "story.json").startswith(f"story.json: {message}")

    def test_edited(self, tmp_path: Path, calls: list[ModelRequest]) -> None:
        run("story", "a.json", "-o", "story.json")
        calls.clear()
        path = tmp_path / "story.json"
        path.write_text(path.read_text("utf-8").replace("killing 3", "killing 9"), encoding="utf-8")
        message = failure(InputError, "--add", "b.json", "story.json")
        assert message == "story.json: it was changed after attest wrote it; read its articles again"
        assert calls == []

    def test_not_there_or_not_text(self, tmp_path: Path) -> None:
        assert failure(NotFound, "--add", "b.json", "none.json") == "none.json: there is no such file"
        (tmp_path / "story.json").write_bytes(b"\xff\xfe{")
        assert failure(InputError, "--add", "b.json", "story.json").startswith("story.json: not UTF-8")

    def test_read_by_another_prompt(self) -> None:
        run("story", "a.json", "-o", "story.json")
        message = failure(InputError, "--add", "b.json", "story.json", "--prompt", "extract_facts=v2")
        assert message.startswith("story.json: it was read with another prompt extract_facts")

    @pytest.mark.parametrize("stories", [["a.json", "b.json"], ["story.json", "story.json"]])
    def test_one_story_only(self, stories: list[str]) -> None:
        assert "one story.json; 2 files" in failure(InputError, "--add", "c.json", *stories)
