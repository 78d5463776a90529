"""Narrow grammars: no number and no name that the sentence does not have, whatever a model would like."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.asking.asker import typographic
from service.backends.base import Message, ModelRequest, Profile
from service.backends.grammar import (
    check_grammar,
    drafts_grammar,
    sentence_grammar,
    statements_grammar,
    wording_grammar,
    words_grammar,
)
from service.backends.llama_cpp import LlamaCppBackend
from service.errors import BackendError, BackendUnavailable
from service.facts.analysis import analyse
from service.facts.wording import wording
from service.text.parsing import Parser
from tests.backends.test_grammar import NASTY

WHOLE = "A freight train left the rails near Orvela on Monday, killing more than 3 people and injuring 14."
VALUES = ("Orvela", "Monday", "more than 3", "14")
WORDS = ("freight", "train", "killed", "people", "a", "in")


# -- every grammar that attest can make parses --------------------------------------------------------


@pytest.mark.parametrize("names", [*([name] for name in NASTY), NASTY, [f"Name {n}" for n in range(300)]])
def test_every_grammar_parses_whatever_things_are_called(names: list[str]) -> None:
    check_grammar(statements_grammar(6), "statements")
    check_grammar(sentence_grammar(), "sentence")
    check_grammar(drafts_grammar(["s1", "s2"], names), "drafts")
    for values, words in product((names, []), (names, ["a"])):
        check_grammar(wording_grammar(values, [*words, "a"]), "wording")
    check_grammar(words_grammar([*names, "."]), "words")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_no_word_breaks_a_grammar(values: list[str], words: list[str]) -> None:
    check_grammar(wording_grammar(values, [*words, "a"]), "wording")
    check_grammar(words_grammar([*values, *words, "a"]), "words")


def test_those_of_real_sentences_parse_and_stay_small(parser: Parser) -> None:
    for text in (WHOLE, f'"{WHOLE}" said O\'Hara\\, of "Wick & Co", 李明 and Erdoğan.'):
        found = wording([analyse(parser.parse_one(text))])
        grammar = wording_grammar([typographic(v) for v in found.values], found.words)
        check_grammar(grammar, "wording")
        assert len(grammar.encode()) < 3_000
        assert "{" not in grammar.split("first ::=")[1]  # no counted repetition: it multiplies rules


@pytest.mark.parametrize("text", ["", "  ", 'root ::= "a', "root ::= nowhere", "no grammar", "root ::= root"])
def test_what_does_not_parse_is_named(text: str) -> None:
    with pytest.raises(BackendError, match=r"^repair_statement/sentence: .*does not parse"):
        check_grammar(text, "repair_statement/sentence")


def test_a_broken_grammar_is_no_passing_trouble() -> None:
    """Asking again would not help, so that nobody waits for it."""
    with pytest.raises(BackendError) as caught:
        check_grammar("root ::= nowhere", "x")
    assert not caught.value.retryable
    assert not isinstance(caught.value, BackendUnavailable)


# -- with a real model --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(small_model_path: Path) -> Iterator[LlamaCppBackend]:
    opened = LlamaCppBackend(
        small_model_path, model="small", profile=Profile("v1", "v1"), context_tokens=512, threads=1
    )
    yield opened
    opened.close()


def told(
    backend: LlamaCppBackend, grammar: str, question: str, *, temperature: float = 0.0, seed: int = 7
) -> str:
    """What the model says, also when it did not come to an end."""
    reply = backend.complete(
        ModelRequest(
            stage="repair_statement",
            messages=(Message("system", "Repeat the sentence as JSON."), Message("user", question)),
            max_tokens=40,
            grammar=grammar,
            temperature=temperature,
            seed=seed,
        )
    )
    if reply.finish == "stop":
        json.loads(reply.text)
    return reply.text


def strangers(text: str, allowed: Sequence[str]) -> set[str]:
    """Figures and capitalised words of a reply that are not allowed; its last word may be unfinished."""
    told = re.sub(r'^\{"(?:sentence|words)": \[?"?', "", text)
    for value in sorted(allowed, key=len, reverse=True):
        told = told.replace(value, "")
    cut = told if text.endswith("}") else re.sub(r"\S+$", "", told)
    return set(re.findall(r"\d+|[A-Z]\w+", cut))


@pytest.mark.model
@pytest.mark.parametrize("temperature", [0.0, 1.0])
@pytest.mark.parametrize(
    "question",
    [
        "A freight train killed 25 people in Berlin on Friday.",
        '{"sentence": "99 people died in Paris, Ivo Marek said in 2019."}',
        "12345",
    ],
)
def test_a_number_or_name_that_is_not_there_cannot_be_written(
    small: LlamaCppBackend, question: str, temperature: float
) -> None:
    capitals = [word.capitalize() for word in (*WORDS, *VALUES)]
    for seed in (1, 2, 3) if temperature else (7,):
        text = told(small, wording_grammar(VALUES, WORDS), question, temperature=temperature, seed=seed)
        assert text.startswith('{"sentence": "')
        assert strangers(text, [*VALUES, *(v[0].upper() + v[1:] for v in VALUES), *capitals]) == set()


@pytest.mark.model
def test_without_the_grammar_it_would_have_been(small: LlamaCppBackend) -> None:
    free = told(small, sentence_grammar(), "A freight train killed 25 people in Berlin on Friday.")
    assert strangers(free, [*VALUES, "A"]) & {"25", "Berlin", "Friday"}


@pytest.mark.model
def test_words_one_by_one(small: LlamaCppBackend) -> None:
    text = told(small, words_grammar([*VALUES, *WORDS]), "25 people died in Berlin.")
    items = re.findall(r'"([^"]+)"', text)[1:]
    assert items and set(items[:-1]) <= {*VALUES, *WORDS}


@pytest.mark.model
def test_a_grammar_that_does_not_parse_decodes_nothing(small: LlamaCppBackend) -> None:
    with pytest.raises(BackendError, match=r"repair_statement/reply: its grammar does not parse"):
        told(small, "root ::= nowhere", "x")
    assert told(small, 'root ::= "{}"', "x") == "{}"
