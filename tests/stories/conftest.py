"""Fixtures of the stories room."""

from __future__ import annotations

import pytest

from service.text.parsing import Parser
from tests.stories.builders import Facts


@pytest.fixture(scope="session")
def facts(parser: Parser) -> Facts:
    return Facts(parser)
