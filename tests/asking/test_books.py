"""Whatever a model answers, and however often it is asked, every draft is in the books."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.backends.base import ModelReply, ModelRequest
from service.facts.ledger import Account
from service.text.parsing import Parser
from tests.newsroom import TRAIN, WINDOW, statements
from tests.test_extracting import INJURED, KILLED, LEFT, VISIT, WHOLE, extract
from tests.test_extracting_windows import BANG, BODY, CLOSED, MAREK, ORVELA

STATEMENTS = st.sampled_from(
    [
        LEFT,
        KILLED,
        INJURED,
        WHOLE,
        CLOSED,
        BANG,
        MAREK,
        ORVELA,
        "A freight train killed 5 people.",
        "The line was not closed.",
        "It rained.",
        "Mira Dahl said.",
        "Ivo Marek visited the site.",
        "",
        "3",
        "\x00",
        "\u202e",
        '"',
        "\\",
    ]
)
IDS = st.lists(st.sampled_from(["s1", "s2", "s3", "s5", "s7", "s99", "S2", ""]), max_size=3)
KINDS = st.sampled_from(["event", "plan", "denial", "rumour", None])
FACTS: st.SearchStrategy[Any] = st.one_of(
    STATEMENTS,
    st.fixed_dictionaries({"ids": IDS, "statement": STATEMENTS, "kind": KINDS, "speaker": st.none()}),
    st.integers(),
)
REPLIES: st.SearchStrategy[Any] = st.one_of(
    st.fixed_dictionaries({"facts": st.lists(FACTS, max_size=5)}),
    st.fixed_dictionaries({"sentence": STATEMENTS}),
    st.fixed_dictionaries({"words": st.lists(STATEMENTS, max_size=4)}),
    st.lists(st.integers(), max_size=2),
)


@st.composite
def replies(draw: st.DrawFn) -> ModelReply:
    """JSON of any of the shapes, whole or broken off, told to be cut or not; or no JSON at all."""
    text = draw(st.one_of(REPLIES.map(json.dumps), st.text(max_size=30)))
    end = draw(st.one_of(st.just(0), st.integers(0, len(text))))
    finish = draw(st.sampled_from(["stop", "length"]))
    return ModelReply(text=text[: len(text) - end], finish=finish, model="script")  # type: ignore[arg-type]


def told(parser: Parser, script: Sequence[ModelReply], text: str, version: str, **more: Any) -> Account:
    """The account of `text`; `extract` looks into its books."""
    asked: list[ModelRequest] = []

    def answer(request: ModelRequest) -> ModelReply:
        asked.append(request)
        assert len(asked) < 200
        return script[(len(asked) - 1) % len(script)]

    account = extract(parser, answer, text, version=version, **more)
    again = sum(request.stage == "repair_statement" for request in asked)
    assert account.entry.retried == again
    assert account.entry.salvaged >= 0
    return account


@settings(max_examples=60, deadline=None)
@given(script=st.lists(replies(), min_size=1, max_size=5), repair=st.sampled_from([None, "v1", "v2"]))
def test_by_sentence(parser: Parser, script: list[ModelReply], repair: str | None) -> None:
    account = told(parser, script, f"{WHOLE} {VISIT}", "v1", repair=repair)
    words = " ".join(statements(account.facts))
    assert all(word in words for word in ("Orvela", "Monday", "3 people", "14", "Ivo Marek", "40 engineers"))


@settings(max_examples=60, deadline=None)
@given(script=st.lists(replies(), min_size=1, max_size=5), repair=st.sampled_from([None, "v1", "v2"]))
def test_by_window(parser: Parser, script: list[ModelReply], repair: str | None) -> None:
    told(parser, script, TRAIN, "v2", repair=repair, profile=WINDOW)


@settings(max_examples=30, deadline=None)
@given(script=st.lists(replies(), min_size=1, max_size=3))
def test_what_is_told_was_in_the_article(parser: Parser, script: list[ModelReply]) -> None:
    account = told(parser, script, TRAIN, "v2", repair="v2", profile=WINDOW)
    text = " ".join(BODY)
    for fact in account.facts:
        assert all(value.text in text for value in fact.values)
        assert not {"5", "rained", "visited"} & set(fact.statement.strip(".").split())


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("text", ["", "no", '{"facts": [', '{"facts": [{"ids": ["s2"]', "null"])
@pytest.mark.parametrize("finish", ["stop", "length"])
def test_after_an_unusable_reply_every_sentence_stands(
    parser: Parser, version: str, text: str, finish: Any
) -> None:
    reply = ModelReply(text=text, finish=finish, model="script")
    profile = {} if version == "v1" else {"profile": WINDOW}
    account = told(parser, [reply], TRAIN, version, repair=version, **profile)
    for sentence in BODY:
        assert any(fact.evidence[0].quote == sentence for fact in account.facts)
    lost = {r.reason for r in account.rejected} & {"unparsable", "truncated"}
    assert lost == {"truncated" if finish == "length" else "unparsable"}
