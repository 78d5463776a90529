"""Fixtures that several rooms share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def small_model_path() -> Path:
    """The GGUF file of the smallest catalogue model, for tests that run a real one."""
    named = os.environ.get("ATTEST_TEST_SMALL_MODEL")
    if not named:
        pytest.fail("set ATTEST_TEST_SMALL_MODEL to the GGUF file of smollm2-135m-instruct-q4_1")
    return Path(named)
