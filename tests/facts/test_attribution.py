"""Who says so, as the sentence tells it."""

from __future__ import annotations

import pytest

from service.facts.analysis import analyse
from service.text.parsing import Parser

SPOKEN = {
    "Police said the road was closed.": {"closed": "Police"},
    "Not a tank has moved, replied general Tomas Weir.": {"moved": "general Tomas Weir"},
    "Not one battalion has moved, replied chief of staff Tomas Weir, who was calm.": {
        "moved": "chief of staff Tomas Weir"
    },
    "The spokesman said no vote was needed, because no land changes hands.": {
        "needed": "The spokesman",
        "changes": "The spokesman",
    },
}
PLAIN = (
    "The road was closed.",
    "The ferry sank, the coastguard rescued nine people.",
    "Crews reached the valley when the rain stopped.",
)


@pytest.mark.parametrize("sentence", SPOKEN)
def test_what_somebody_says_has_its_speaker(sentence: str, parser: Parser) -> None:
    analysis = analyse(parser.parse_one(sentence))
    speakers = {
        analysis.doc[c.head].text: analysis.text[slice(*a.speaker)]
        for c in analysis.clauses
        for a in c.attributions[:1]
        if a.speaker
    }
    assert SPOKEN[sentence].items() <= speakers.items()


@pytest.mark.parametrize("sentence", PLAIN)
def test_what_the_reporter_tells_has_none(sentence: str, parser: Parser) -> None:
    assert not any(clause.attributions for clause in analyse(parser.parse_one(sentence)).clauses)
