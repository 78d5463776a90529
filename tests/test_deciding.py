"""A model decides with one word, and only where there is an answer."""

from __future__ import annotations

import json

import pytest

from service.asking.asker import Asker
from service.backends.base import ModelRequest
from service.backends.grammar import verdict_grammar
from service.deciding import STAGE, Decider
from service.errors import BackendTimeout
from service.prompting.templates import PromptLibrary
from service.resources import data_dir
from service.stories.undecided import Question
from service.text.parsing import Parser
from service.usage import Meter
from tests.newsroom import asked, scripted
from tests.stories.builders import Facts, article

POST = article("Six helicopters took the injured to hospitals.\n", "Post")
STAR = article("Helicopters flew the wounded to hospital.\n", "Star")


@pytest.fixture
def question(parser: Parser) -> Question:
    facts = Facts(parser)
    left, right = facts.claims([*facts.all_of(POST), *facts.all_of(STAR)], (POST, STAR))
    return Question(left, right, 0.4)


def decider(answer: object, version: str = "v1") -> Decider:
    backend = scripted(answer if callable(answer) else lambda _request: str(answer))
    prompt = PromptLibrary(data_dir("prompts")).get(STAGE, version)
    return Decider(Asker(backend, Meter()), prompt)


@pytest.mark.parametrize("verdict", ["same", "different", "conflict"])
def test_the_word_is_the_answer(question: Question, verdict: str) -> None:
    assert decider(json.dumps({"verdict": verdict})).answers([question]) == {question.key: verdict}


def test_a_reason_may_stand_before_it(question: Question) -> None:
    reply = json.dumps({"reason": "both tell who flew", "verdict": "same"})
    assert decider(reply, "v2").answers([question]) == {question.key: "same"}


@pytest.mark.parametrize("reply", ["", "same", "{}", '{"verdict": "perhaps"}', '{"verdict": "sa'])
def test_what_is_no_answer_decides_nothing(question: Question, reply: str) -> None:
    assert decider(reply).answers([question]) == {}


def test_a_backend_that_fails_decides_nothing(question: Question) -> None:
    def answer(request: ModelRequest) -> str:
        raise BackendTimeout("too slow")

    assert decider(answer).answers([question]) == {}


def test_it_sees_the_two_statements_and_nothing_else(question: Question) -> None:
    seen: list[str] = []

    def answer(request: ModelRequest) -> str:
        seen.append(asked(request))
        assert request.grammar == verdict_grammar(["same", "different", "conflict"], reasoned=False)
        return ""

    decider(answer).answers([question])
    assert seen == [
        "1. Helicopters flew the wounded to hospital.\n2. Six helicopters took the injured to hospitals."
    ]
