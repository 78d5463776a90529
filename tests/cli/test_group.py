"""`attest group`, as typed: every article in one event, problems told, files that `attest story` reads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service.cli.app import app
from service.cli.inputs import read_inputs
from service.cli.piles import SMALL, read_profiles
from service.errors import EmptyArticle, InputError, NotFound, TooManyArticles
from service.stories.event_terms import Profile
from service.stories.groups import Grouping
from service.text.article import Article, ReadArticle
from tests.stories.piles import ELECTION_IN_LOMEN, FIRE_IN_BRASK, PILE


@pytest.fixture(autouse=True)
def environment(own_settings: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    for number, article in enumerate([*FIRE_IN_BRASK, *ELECTION_IN_LOMEN[:1]], start=1):
        (tmp_path / f"{number}.json").write_text(line(article), encoding="utf-8")
    (tmp_path / "empty.txt").write_text(" \n", encoding="utf-8")
    (tmp_path / "pile.jsonl").write_text("\n".join(map(line, PILE)), encoding="utf-8")


def line(article: ReadArticle) -> str:
    return article.model_dump_json(include=set(Article.model_fields), exclude_none=True)


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, ["group", *arguments], input=stdin)


def found(result: Result) -> Grouping:
    return Grouping.model_validate_json(result.stdout)


def events(grouping: Grouping) -> set[frozenset[str]]:
    return {frozenset(group.where) for group in grouping.groups}


def test_json_on_stdout_says_which_files_are_one_event() -> None:
    result = run("1.json", "2.json", "3.json", "--json", "-q")
    assert (result.exit_code, result.stderr) == (0, "")
    grouping = found(result)
    assert events(grouping) == {frozenset({"1.json", "2.json"}), frozenset({"3.json"})}
    assert [(a.where, a.source) for a in grouping.articles] == [
        ("1.json", "Outlet 1"), ("2.json", "Outlet 2"), ("3.json", "Outlet 1"),
    ]  # fmt: skip


def test_the_table_shows_title_outlets_and_files() -> None:
    shown = run("*.json").stdout
    for words in (
        "Brask",
        "Outlet 1",
        "Outlet 2",
        "1.json",
        "2.json",
        "3 articles, 2 events, 1 of them told once",
    ):
        assert words in shown


def test_output_and_progress(tmp_path: Path) -> None:
    result = run("1.json", "2.json", "-o", "out/groups.json")
    grouping = Grouping.model_validate_json((tmp_path / "out/groups.json").read_text(encoding="utf-8"))
    assert len(grouping.groups) == 1
    assert "sorting into events 2/2" in result.stderr
    assert "2 articles, 1 events" in result.stdout


def test_the_lines_of_a_pile_and_standard_input() -> None:
    grouping = found(run("pile.jsonl", "--json", "-q"))
    assert len(grouping.groups) == 5
    assert frozenset({"pile.jsonl:1", "pile.jsonl:2"}) in events(grouping)
    piped = found(run("-", "--json", "-q", stdin="\n".join(map(line, reversed(PILE)))))
    assert [g.article_ids for g in piped.groups] == [g.article_ids for g in grouping.groups]


def test_split_writes_each_event_as_the_articles_that_story_reads(tmp_path: Path) -> None:
    grouping = found(run("1.json", "2.json", "3.json", "--split", "events", "--json", "-q"))
    (file,) = (tmp_path / "events").iterdir()
    assert file.name == f"{grouping.groups[0].group_id}.jsonl"
    with (tmp_path / "empty.txt").open("rb") as nothing:
        read = read_inputs([str(file)], nothing, max_bytes=100_000)
    assert [i.article.article_id for i in read if i.article] == list(grouping.groups[0].article_ids)


def test_what_cannot_be_read_is_told_listed_and_costs_nothing_else() -> None:
    result = run("1.json", "empty.txt", "none.txt", "--json", "-q")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "attest: skipped none.txt: there is no such file",
        "attest: skipped empty.txt: there is no readable text in it",
    ]
    assert {(s.where, s.reason) for s in found(result).skipped} == {
        ("none.txt", "not-found"), ("empty.txt", "empty-article"),
    }  # fmt: skip


def test_a_duplicate_is_told_and_no_failure() -> None:
    result = run("1.json", "2.json", "1.json", "--json", "-q")
    assert result.exit_code == 0
    assert result.stderr == "attest: skipped 1.json: the same text and source as 1.json\n"
    assert len(found(result).articles) == 2


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (["none.txt"], NotFound, "none.txt: there is no such file"),
        (["empty.txt"], EmptyArticle, "empty.txt: there is no readable text in it"),
        (["empty.txt", "empty.txt"], InputError, "none of the 2 inputs can be read; the first: empty.txt: "),
        (["1.json", "-o", "1.json/groups.json"], InputError, "cannot be written"),
        (["1.json", "--split", "1.json"], InputError, "cannot be written"),
    ],
)
def test_what_stops_it(arguments: list[str], kind: type[InputError], message: str) -> None:
    result = run(*arguments, "-q")
    assert isinstance(result.exception, kind)
    assert message in str(result.exception)
    assert result.stdout == ""


def test_the_limit_names_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTEST_MAX_PILE_ARTICLES", "2")
    result = run("pile.jsonl", "-q")
    assert isinstance(result.exception, TooManyArticles)
    assert str(result.exception) == "10 articles; the limit is 2 (ATTEST_MAX_PILE_ARTICLES)"


def test_no_limit_of_stories_applies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTEST_MAX_ARTICLES", "1")
    monkeypatch.setenv("ATTEST_MAX_BODY_BYTES", "1024")
    assert run("pile.jsonl", "-q").exit_code == 0


def test_a_hostile_article_does_not_steer_the_terminal(tmp_path: Path) -> None:
    article = {
        "text": "A train left \x1b]0;owned\x07 Orvela.",
        "title": "[bold]\x1b[2J\u202eOrvela[/x]",
        "source": "\x1b",
    }
    (tmp_path / "hostile.json").write_text(json.dumps(article), encoding="utf-8")
    shown = run("hostile.json", "-q").stdout
    assert "[bold]" in shown
    assert not {"\x1b", "\u202e"} & set(shown)


def test_help() -> None:
    assert "Examples:" in run("--help").stdout


def test_the_number_of_processes_changes_nothing() -> None:
    articles = [Article(text=f"In Brask {n} people met Olle Brandt.", source=f"{n}") for n in range(SMALL)]
    articles[7] = Article(text=" ")
    alone, together = (list(read_profiles(articles, max_chars=1000, processes=count)) for count in (1, 2))
    assert list(map(told, alone)) == list(map(told, together))
    assert isinstance(alone[7], EmptyArticle)


def told(result: Profile | InputError) -> tuple[object, ...]:
    if isinstance(result, InputError):
        return type(result), str(result)
    return (
        result.article_id,
        result.terms,
        result.names,
        bytes(result.sketch.minhash),
        tuple(_ints(result.sketch.shingles)),
    )


def _ints(values: Iterable[int]) -> Iterable[int]:
    return (int(value) for value in values)
