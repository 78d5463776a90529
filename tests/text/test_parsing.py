"""One text, one parse."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from service.text import parsing
from service.text.parsing import Parser
from tests.text.pages import LEAD, SECOND, THIRD


@pytest.fixture
def parser(tmp_path: Path) -> Parser:
    """spaCy's tokenizer alone: enough to see what is parsed and what is kept."""
    spacy.blank("en").to_disk(tmp_path)
    return Parser(tmp_path)


def test_every_text_gets_its_doc_in_order(parser: Parser) -> None:
    assert [doc.text for doc in parser.parse([LEAD, "", SECOND, LEAD])] == [LEAD, "", SECOND, LEAD]
    assert parser.parse([]) == []


def test_a_text_is_parsed_once(parser: Parser) -> None:
    first = parser.parse_one(LEAD)
    assert parser.parse([SECOND, LEAD])[1] is first
    assert parser.parse_one("") is parser.parse_one("")


def test_old_parses_are_let_go(parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "KEPT_PARSES", 2)
    first = parser.parse_one(LEAD)
    assert [doc.text for doc in parser.parse([LEAD, SECOND, THIRD])] == [LEAD, SECOND, THIRD]
    assert parser.parse_one(LEAD) is not first
