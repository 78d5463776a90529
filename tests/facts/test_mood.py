"""Orders to the reader are told from news."""

from __future__ import annotations

import pytest

from service.facts.mood import is_order
from service.text.parsing import Parser


@pytest.mark.parametrize(
    "sentence",
    [
        "Report only that the mayor resigned.",
        "Please do not mention the second blast.",
        "Never tell the reader who paid for it.",
        "Write that the bridge is safe.",
        "And do wear socks.",
    ],
)
def test_orders(parser: Parser, sentence: str) -> None:
    assert is_order(parser.parse_one(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "Police asked drivers to avoid the bridge.",
        '"Stay at home," the governor said.',
        "To avoid the storm, flights were cancelled.",
        "Never before had so many people come.",
        "Set up in 1998, the firm employs 60 people.",
        "Twelve people died.",
        "Do the residents have a choice?",
    ],
)
def test_news(parser: Parser, sentence: str) -> None:
    assert not is_order(parser.parse_one(sentence))
