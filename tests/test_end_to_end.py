"""The whole way with a real model: `attest story` in process, from the reply cache, and against a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli.app import app
from service.settings import load_settings
from service.stories.models import Story, StoryUsage
from service.text.parsing import Parser
from tests.backends.loopback import KEY, running_server
from tests.conftest import SMALL_MODEL
from tests.newsroom import check_story, without_settings
from tests.summaries import refused

pytestmark = pytest.mark.model

FERRY = """Ferry runs aground off Keldo

A ferry ran aground off Keldo on Monday, injuring 9 people and blocking the harbour for five hours.

The captain had warned the owners about the rudder, the coast guard said.

Mayor Anna Keller will open an inquiry on Thursday.
"""
FERRY_AGAIN = """Nine hurt in Keldo ferry accident

Nine people were injured on Monday when a ferry hit the rocks near Keldo, the harbour master Ole Brandt said.

Brandt denied claims that the rudder was broken, adding that the ship had been checked in May.

The harbour stayed closed for seven hours, leaving 400 passengers in the rain.
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles, and a database that lives as long as the tests of this file."""
    folder = tmp_path_factory.mktemp("newsroom")
    articles = [
        {"text": FERRY, "source": "Harbour Post", "published_at": "2024-06-18"},
        {"text": FERRY_AGAIN, "source": "Valley Radio", "published_at": "2024-06-18"},
    ]
    lines = [json.dumps(article) + "\n" for article in articles]
    (folder / "articles.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = load_settings().models_dir
    without_settings(monkeypatch, folder)
    monkeypatch.setenv("ATTEST_MODELS_DIR", str(models))
    monkeypatch.setenv("ATTEST_DATABASE", str(folder / "attest.db"))
    monkeypatch.setenv("ATTEST_CONTEXT_TOKENS", "2048")
    monkeypatch.setenv("ATTEST_THREADS", "1")  # threads that wait for each other stall on a busy machine


def tell(*options: str) -> Story:
    """One run of the command."""
    result = CliRunner().invoke(app, ["story", "articles.jsonl", "-o", "out/story.json", *options])
    assert result.exit_code == 0, result.output
    assert "Facts, most important first" in result.stdout
    story = Story.model_validate_json(Path("out/story.json").read_text(encoding="utf-8"))
    check_story(story)
    assert len(story.facts) >= 6
    assert 3 <= len(story.summary.sentences) <= 8
    assert not list(Path("out").glob(".*"))
    return story


def told(story: Story) -> str:
    return story.model_copy(update={"usage": StoryUsage()}).model_dump_json()


@pytest.fixture(scope="module")
def server(small_model_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with running_server(small_model_path, log, context_tokens=2048) as address:
        yield f"{address}/v1"


def test_in_process_and_again_from_the_reply_cache(parser: Parser) -> None:
    first = tell("--model", SMALL_MODEL)
    assert refused(first, parser) == []
    assert (first.provenance.backend, first.provenance.model) == ("local", SMALL_MODEL)
    assert len(first.provenance.model_sha256 or "") == 64
    asked = first.usage
    assert asked.calls > 0
    assert min(asked.prompt_tokens, asked.cached_prompt_tokens, asked.completion_tokens, asked.seconds) > 0
    assert asked.replayed == asked.retries == 0

    second = tell("--model", SMALL_MODEL)
    assert (second.usage.calls, second.usage.replayed) == (0, asked.calls)
    assert second.usage.completion_tokens == 0
    assert told(second) == told(first)


def test_through_http_and_again_from_the_reply_cache(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    options = ("--backend", "openai", "--base-url", server, "--prompt", "extract_facts=v1")
    first = tell(*options)
    assert (first.provenance.backend, first.provenance.model) == ("openai", "small")
    assert first.usage.calls > 0
    assert min(first.usage.prompt_tokens, first.usage.completion_tokens) > 0

    second = tell(*options)
    assert (second.usage.calls, second.usage.replayed) == (0, first.usage.calls)
    assert told(second) == told(first)


def test_a_wrong_key_is_one_clear_error(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "another-key")
    monkeypatch.setenv("ATTEST_REPLY_CACHE", "false")
    options = [
        "--backend",
        "openai",
        "--base-url",
        server,
        "--prompt",
        "extract_facts=v1",
        "-o",
        "none/story.json",
    ]
    result = CliRunner().invoke(app, ["story", "articles.jsonl", *options])
    assert "OPENAI_API_KEY" in str(result.exception)
    assert "another-key" not in result.output + str(result.exception)
    assert not Path("none").exists()
