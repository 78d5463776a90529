"""`attest prompts list | show | lint`, as typed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service.cli.prompts import prompts_app
from service.errors import NotFound, PromptError
from service.resources import data_dir


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of this machine, and lines that are not cut at 80 columns."""
    monkeypatch.delenv("ATTEST_PROMPTS_DIR", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped prompts that a test may spoil."""
    return Path(shutil.copytree(data_dir("prompts"), tmp_path / "mine"))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(prompts_app, [str(argument) for argument in arguments])


def test_list_shows_every_prompt_on_its_line() -> None:
    result = run("list")
    assert result.exit_code == 0
    tasks = ("extract_facts", "repair_statement", "same_fact", "write_summary")
    rows = [line for line in result.output.splitlines() if any(task in line for task in tasks)]
    assert len(rows) == 12
    assert "v1" in rows[0] and "sentence" in rows[0] and "Split one compound" in rows[0]


def test_list_shows_the_beginning_of_the_hash(folder: Path) -> None:
    sha256 = run("show", "write_summary=v1").output.splitlines()[0].split()[-1]
    assert len(sha256) == 64
    assert sha256[:12] in run("list", "--prompts-dir", folder).output


def test_list_reads_the_folder_it_is_given(folder: Path) -> None:
    shutil.rmtree(folder / "write_summary")
    assert "write_summary" not in run("list", "--prompts-dir", folder).output


def test_the_folder_may_come_from_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(folder / "write_summary")
    monkeypatch.setenv("ATTEST_PROMPTS_DIR", str(folder))
    assert "write_summary" not in run("list").output


def test_show_prints_the_messages_with_placeholders() -> None:
    result = run("show", "extract_facts=v1")
    assert result.exit_code == 0
    assert result.output.startswith("# extract_facts/v1  sha256 ")
    assert "[system]\nYou split" in result.output
    assert '[assistant]\n{"facts": ["' in result.output
    assert result.output.endswith("[user]\n<sentence>\n")


def test_show_takes_the_newest_version_when_none_is_given() -> None:
    result = run("show", "extract_facts")
    assert result.output.startswith("# extract_facts/v3  sha256 ")
    assert "<sentence>" in result.output


def test_show_says_what_there_is_when_it_is_asked_for_something_else(folder: Path) -> None:
    assert str(run("show", "extract").exception) == (
        "no prompt task 'extract'; there are: extract_facts, repair_statement, same_fact, write_summary"
    )
    error = run("show", "extract_facts=v9").exception
    assert isinstance(error, NotFound)
    assert str(error) == "no version 'v9' of prompt 'extract_facts'; there are: v1, v2, v3"
    (folder / "empty").mkdir()
    assert "no version yet" in str(run("show", "empty", "--prompts-dir", folder).exception)


def test_lint_passes_the_shipped_prompts() -> None:
    result = run("lint")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "ok       extract_facts/v1",
        "ok       extract_facts/v2",
        "ok       extract_facts/v3",
        "ok       repair_statement/v1",
        "ok       repair_statement/v2",
        "ok       repair_statement/v3",
        "ok       same_fact/v1",
        "ok       same_fact/v2",
        "ok       same_fact/v3",
        "ok       write_summary/v1",
        "ok       write_summary/v2",
        "ok       write_summary/v3",
    ]


@pytest.mark.parametrize("option", [[], ["--prompts-dir"]])
def test_lint_reports_every_broken_prompt_and_exits_with_2(folder: Path, option: list[str]) -> None:
    (folder / "extract_facts" / "v1" / "user.md").write_text("$sentence $hint", encoding="utf-8")
    (folder / "write_summary" / "v1" / "system.md").unlink()
    (folder / "empty").mkdir()
    result = run("lint", *option, folder)
    assert result.exit_code == 2
    assert result.output.splitlines() == [
        "problem  empty: no version folder, such as empty/v1",
        "problem  mine/extract_facts/v1/user.md: variable $hint is not declared in inputs",
        "ok       extract_facts/v2",
        "ok       extract_facts/v3",
        "ok       repair_statement/v1",
        "ok       repair_statement/v2",
        "ok       repair_statement/v3",
        "ok       same_fact/v1",
        "ok       same_fact/v2",
        "ok       same_fact/v3",
        "problem  mine/write_summary/v1/system.md: the file is missing",
        "ok       write_summary/v2",
        "ok       write_summary/v3",
    ]


def test_lint_of_a_folder_without_prompts_is_a_problem(tmp_path: Path) -> None:
    result = run("lint", tmp_path)
    assert result.exit_code == 2
    assert result.output == "problem  no <task>/<version> folder in this folder\n"


def test_a_folder_that_is_not_there_is_an_error() -> None:
    for command in (["list", "--prompts-dir", "nowhere"], ["lint", "nowhere"]):
        error = run(*command).exception
        assert isinstance(error, PromptError)
        assert str(error) == "nowhere: there is no such folder of prompts"


@pytest.mark.parametrize("command", ["list", "show", "lint"])
def test_help_has_examples(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"attest prompts {command}" in result.output
