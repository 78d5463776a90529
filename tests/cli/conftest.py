"""What the commands are tested with."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.backends.weights import locate
from service.settings import PARSER, load_settings
from tests.newsroom import without_settings


@pytest.fixture
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder, a database and weights of our own; the parser from where it always is."""
    parser = locate(PARSER, load_settings().models_dir)
    without_settings(monkeypatch, tmp_path)
    monkeypatch.setenv("ATTEST_PARSER_PATH", str(parser))
    monkeypatch.setenv("ATTEST_DATABASE", str(tmp_path / "attest.db"))
    monkeypatch.setenv("ATTEST_MODELS_DIR", str(tmp_path / "models"))
