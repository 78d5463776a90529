"""What the doctor asks: consistent, bound twice the same way, long enough."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from service.backends.canaries import Canaries, ConstraintCanary, ReadingCanary, load_canaries

CANARIES = load_canaries()
READING = CANARIES.reading


def words(text: str) -> int:
    return len(text.split())


@pytest.mark.parametrize("canary", CANARIES.constraint, ids=lambda canary: canary.allowed[0])
def test_grammar_and_schema_say_the_same(canary: ConstraintCanary) -> None:
    request = canary.request(48, bound=True)
    assert request.schema is not None
    assert request.schema["properties"]["answer"]["enum"] == list(canary.allowed)
    assert request.grammar is not None
    for word in canary.allowed:
        assert f'"{word}"' in request.grammar
        assert canary.allows(json.dumps({"answer": word}))
    free = canary.request(48, bound=False)
    assert (free.messages, free.schema, free.grammar) == (request.messages, None, None)


@pytest.mark.parametrize("canary", CANARIES.constraint, ids=lambda canary: canary.allowed[0])
def test_the_question_does_not_give_the_answer_away(canary: ConstraintCanary) -> None:
    assert not any(word in canary.question for word in canary.allowed)


@pytest.mark.parametrize(
    "text", ["", "violet", '{"answer": "yellow"}', '{"answer": ["violet"]}', "{" * 99_999]
)
def test_other_answers_are_not_allowed(text: str) -> None:
    assert not CANARIES.constraint[0].allows(text)


@pytest.mark.parametrize("tokens", [500, 1_200, 4_000])
def test_a_text_has_the_length_that_is_asked_for(tokens: int) -> None:
    text = READING.text(tokens, words)
    assert tokens <= words(text) <= tokens + 45


def test_a_text_begins_with_one_needle_and_has_the_other_in_the_middle() -> None:
    first, second = READING.needle
    text = READING.text(2_000, words)
    assert text.startswith(first.sentence)
    assert 0.45 < text.index(second.sentence) / len(text) < 0.55
    assert text.count(first.word) == text.count(second.word) == 1


def test_the_shortest_texts() -> None:
    assert READING.text(0, words) == " ".join(needle.sentence for needle in READING.needle)
    assert all(line in READING.text(1, words) for line in READING.filler)


def test_questions_about_one_text_share_all_but_the_question() -> None:
    first, second = (READING.request("A text.", needle, 48) for needle in READING.needle)
    assert first.prefix_messages == second.prefix_messages == 3
    assert first.messages[:3] == second.messages[:3]
    assert first.messages[3] != second.messages[3]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ('{"answer": "copper"}', True),
        ("The word is Copper.", True),
        ("copper or amber", False),
        ("amber", False),
        ("", False),
        ("coppersmith", False),
    ],
)
def test_an_answer_names_the_word_and_no_other(answer: str, found: bool) -> None:
    assert READING.found(READING.needle[0], answer) is found


@pytest.mark.parametrize(
    "change",
    [
        {"words": ["amber", "orchid"]},
        {"filler": ["One copper line.", "Another line."]},
        {
            "needle": [
                {"sentence": "No such word.", "question": "?", "word": "copper"},
                READING.needle[1].model_dump(),
            ]
        },
        {"unknown": 1},
    ],
)
def test_what_proves_nothing_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ReadingCanary.model_validate(READING.model_dump() | change)
    with pytest.raises(ValidationError):
        Canaries.model_validate({"constraint": [], "reading": READING.model_dump()})
