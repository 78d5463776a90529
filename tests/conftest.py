"""Fixtures that several rooms share. Weights come from `make test`, which pulls them first."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.backends.weights import locate
from service.settings import PARSER, load_settings
from service.text.parsing import Parser

SMALL_MODEL = "smollm2-135m-instruct-q4_1"


@pytest.fixture(scope="session")
def small_model_path() -> Path:
    """The GGUF file of the smallest catalogue model, for tests that run a real one."""
    return locate(SMALL_MODEL, load_settings().models_dir)


@pytest.fixture(scope="session")
def parser() -> Parser:
    """The English parser, loaded once for all tests."""
    return Parser(locate(PARSER, load_settings().models_dir))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
