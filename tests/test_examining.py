"""One checkup of everything: what is there, what is not, and how long questions are taken to be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from service.backends.checkup import Check, Checkup
from service.examining import checkup
from service.pipeline import Attest
from service.prompting.templates import PromptLibrary
from service.resources import data_dir
from service.settings import Settings
from service.text.parsing import Parser
from tests.backends.fake_model import FakeModel
from tests.backends.mock_server import backend
from tests.newsroom import SILENT, scripted, without_settings

PROMPTS = PromptLibrary(data_dir("prompts"))


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_settings(monkeypatch, tmp_path)


def by_name(found: Checkup) -> dict[str, Check]:
    return {check.name: check for check in found.checks}


def longest_text(*prompts: tuple[str, str], window_tokens: int, parser: Parser) -> int:
    """Tokens of the text that a server is asked about."""
    model = FakeModel()
    asked = backend(model.handle)
    used = [PROMPTS.get(*prompt) for prompt in prompts]
    found = checkup(lambda: asked, lambda: parser, lambda: used, window_tokens=window_tokens)
    assert found.healthy
    asked.close()
    return asked.count_tokens(model.bodies[2]["messages"][1]["content"])


def test_all_is_well(parser: Parser, tmp_path: Path) -> None:
    attest = Attest(Settings(database=tmp_path / "a.db"), backend=scripted(lambda _: SILENT), parser=parser)
    found = attest.checkup()
    assert found.healthy
    checks = by_name(found)
    assert list(checks)[:3] == ["parser", "prompts", "backend"]
    assert "extract_facts=" in checks["prompts"].seen
    assert "write_summary=" in checks["prompts"].seen


def test_seconds_are_counted(parser: Parser) -> None:
    moments = iter([10.0, 14.25])
    found = checkup(
        lambda: scripted(lambda _: SILENT), lambda: parser, tuple, window_tokens=100,
        clock=lambda: next(moments),
    )  # fmt: skip
    assert found.seconds == 4.2


@pytest.mark.parametrize(
    ("settings", "name", "advice"),
    [
        ({"parser_path": "nowhere"}, "parser", "nowhere"),
        ({"models_dir": "empty"}, "parser", "attest models pull en-core-web-sm"),
        ({"prompts": {"extract_facts": "v99"}}, "prompts", "no version 'v99'"),
        ({"prompts_dir": "nowhere"}, "prompts", "no such folder"),
    ],
)
def test_what_is_not_there_is_a_row(settings: dict[str, Any], name: str, advice: str, tmp_path: Path) -> None:
    given: dict[str, Any] = {"database": tmp_path / "a.db", "models_dir": tmp_path / "none"}
    attest = Attest(Settings(**(given | settings)), backend=scripted(lambda _: SILENT))
    check = by_name(attest.checkup())[name]
    assert check.state == "missing"
    assert advice in check.advice


def test_a_backend_that_cannot_be_opened_is_a_row(parser: Parser, tmp_path: Path) -> None:
    attest = Attest(
        Settings(backend="openai", base_url="nonsense", database=tmp_path / "a.db"), parser=parser
    )
    checks = by_name(attest.checkup())
    assert checks["parser"].state == "ok"
    assert "http://127.0.0.1:8080/v1" in checks["backend"].advice
    attest.close()


def test_a_window_makes_questions_long(parser: Parser) -> None:
    small = longest_text(("extract_facts", "v2"), window_tokens=300, parser=parser)
    large = longest_text(("extract_facts", "v2"), window_tokens=1_300, parser=parser)
    assert 950 < large - small < 1_050


def test_sentences_are_short_whatever_the_window(parser: Parser) -> None:
    asked = [
        longest_text(("extract_facts", "v1"), window_tokens=tokens, parser=parser) for tokens in (300, 3_000)
    ]
    assert asked[0] == asked[1]


def test_the_longest_of_several_prompts_counts(parser: Parser) -> None:
    long = longest_text(("extract_facts", "v2"), window_tokens=900, parser=parser)
    both = longest_text(("write_summary", "v1"), ("extract_facts", "v2"), window_tokens=900, parser=parser)
    assert both == long
