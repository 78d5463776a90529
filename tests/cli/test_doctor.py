"""`attest doctor`, as typed: a table, an exit code, no traceback."""

from __future__ import annotations

import importlib
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service.backends.base import Backend
from service.backends.checkup import Check, Checkup
from service.cli.app import app
from service.errors import SettingsError
from service.pipeline import Attest
from service.settings import Settings
from tests.backends.fake_model import FakeModel
from tests.backends.mock_server import backend

MODULE = importlib.import_module("service.cli.doctor")  # the package has a function of that name


@pytest.fixture(autouse=True)
def environment(own_settings: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *arguments])


def with_model(monkeypatch: pytest.MonkeyPatch, model: FakeModel) -> list[Attest]:
    """The pipeline at a server that is a function. What was opened is returned."""
    opened: list[Attest] = []

    def opening(settings: Settings) -> Attest:
        asked: Backend = backend(model.handle)
        opened.append(Attest(settings, backend=asked))
        return opened[-1]

    monkeypatch.setattr(MODULE, "open_attest", opening)
    return opened


def test_a_sound_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    with_model(monkeypatch, FakeModel())
    result = run()
    assert result.exit_code == 0, result.output
    for name in ("parser", "prompts", "backend", "constraint", "context", "prefix reuse", "finite numbers"):
        assert name in result.stdout
    assert "nothing is missing" in result.stdout
    assert "asking the model" in result.stderr


def test_something_missing_is_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    with_model(monkeypatch, FakeModel(enforces=False))
    result = run("--quiet")
    assert result.exit_code == 1
    assert "missing: constraint" in result.stdout
    assert "yellow" in result.stdout
    assert result.stderr == ""


def test_a_server_that_is_down_is_a_row() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
    result = run("--backend", "openai", "--base-url", address, "--model", "m")
    assert result.exit_code == 1
    assert "nothing answers there" in " ".join(result.stdout.split())
    assert "missing: backend, constraint, context (" in result.stdout
    assert "Traceback" not in result.output


def test_a_model_that_is_not_there_is_a_row() -> None:
    result = run()
    assert result.exit_code == 1
    assert "attest models pull" in " ".join(result.stdout.split())


def test_a_script(tmp_path: Path) -> None:
    (tmp_path / "demo.jsonl").write_text('{"stage": "extract_facts", "reply": {"facts": []}}\n', "utf-8")
    result = run("--backend", "scripted", "--script", "demo.jsonl")
    assert result.exit_code == 0, result.output
    assert "not applicable" in result.stdout


def test_a_setting_that_cannot_be_read_is_an_error_of_usage() -> None:
    assert isinstance(run("--backend", "carrier-pigeon").exception, SettingsError)


def test_what_a_model_says_is_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Checkup(checks=(Check.missing("constraint", "[red]no[/bold]", "[link]do[/link]"),))

    class Odd(Attest):
        def checkup(self) -> Checkup:
            return seen

    monkeypatch.setattr(MODULE, "open_attest", Odd)
    result = run()
    assert result.exit_code == 1
    assert "[red]no[/bold]" in result.stdout
    assert "[link]do[/link]" in result.stdout


def test_help_has_examples() -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert "attest doctor --backend openai" in result.stdout
