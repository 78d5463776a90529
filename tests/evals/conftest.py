"""Fixtures of the evals' tests: no settings of this machine, and a small event."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.models import Event
from service.backends.weights import locate
from service.settings import PARSER, load_settings
from tests.evals.small import small_event, write_event
from tests.newsroom import without_settings


@pytest.fixture(scope="session")
def parser_folder() -> Path:
    return locate(PARSER, load_settings().models_dir)


@pytest.fixture(autouse=True)
def own_settings(parser_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser is located before the settings that may say where it is are taken away."""
    without_settings(monkeypatch, tmp_path)
    monkeypatch.setenv("ATTEST_PARSER_PATH", str(parser_folder))
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A dataset with one event in it."""
    write_event(tmp_path / "data" / "orvela-train")
    return tmp_path / "data" / "orvela-train"


@pytest.fixture
def event(tmp_path: Path) -> Event:
    return small_event(tmp_path / "data" / "orvela-train")
