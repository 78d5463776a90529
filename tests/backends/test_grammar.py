"""Grammars parse whatever the article is called, stay small, and let through what they are meant to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import llama_cpp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.backends.grammar import drafts_grammar, sentence_grammar, statements_grammar, verdict_grammar
from service.backends.sampling import Grammar
from service.errors import BackendUnavailable
from service.facts.models import Kind

NASTY = [
    '"',
    "\\",
    "\n",
    'Jim "J\\n" O’Hara',
    "a\tb\x00\x7f\x85",
    "🧑‍🚀",
    "李明",
    "]}",
    "::=",
    "[^x]",
    "null",
    "\u202e",
    "\ud800",
    "",
]
Accepts = Callable[[str, str], bool]


def parses(grammar: str) -> bool:
    """Whether llama.cpp can read it (no vocabulary is needed for that)."""
    sampler = llama_cpp.llama_sampler_init_grammar(None, grammar.encode("utf-8", "replace"), b"root")
    if sampler:
        llama_cpp.llama_sampler_free(sampler)
    return bool(sampler)


@pytest.fixture(scope="module")
def accepts(small_model_path: Path) -> Iterator[Accepts]:
    """Whether a text is a whole answer within a grammar, token by token, as the engine would see it."""
    params = llama_cpp.llama_model_default_params()
    params.vocab_only = True
    model: Any = llama_cpp.llama_model_load_from_file(str(small_model_path).encode(), params)
    vocab = llama_cpp.llama_model_get_vocab(model)

    def check(text: str, grammar: str) -> bool:
        raw = text.encode()
        tokens = (llama_cpp.llama_token * (len(raw) + 8))()
        count = llama_cpp.llama_tokenize(vocab, raw, len(raw), tokens, len(tokens), False, False)
        reading = Grammar(vocab, llama_cpp.llama_vocab_eos(vocab), grammar)
        try:
            for token in tokens[:count]:
                if not reading.allows(token):
                    return False
                reading.accept(token)
            return reading.satisfied
        finally:
            llama_cpp.llama_sampler_free(reading.sampler)

    yield check
    llama_cpp.llama_model_free(model)


@pytest.mark.parametrize("most", [1, 2, 6, 60])
def test_every_grammar_parses(most: int) -> None:
    assert parses(statements_grammar(most))
    assert parses(sentence_grammar())
    assert parses(verdict_grammar(["same", "different"], reasoned=False))
    assert parses(verdict_grammar(["same", "different"], reasoned=True))
    assert parses(drafts_grammar(["s1"], [], most))


def test_a_broken_grammar_is_told_apart() -> None:
    assert not parses('root ::= "a')
    assert not parses("root ::= nowhere")
    with pytest.raises(BackendUnavailable, match=r"does not parse.*nowhere"):
        Grammar(None, 0, "root ::= nowhere")


@pytest.mark.parametrize(
    "speakers", [*([name] for name in NASTY), NASTY, [f"Speaker {n} of 200" for n in range(200)]]
)
def test_any_name_can_be_a_speaker(speakers: list[str]) -> None:
    assert parses(drafts_grammar(["s1", "s2"], speakers))


@given(st.lists(st.text(), max_size=4))
def test_no_name_breaks_the_grammar(speakers: list[str]) -> None:
    assert parses(drafts_grammar(["s1"], speakers))


def test_size() -> None:
    ids = [f"s{n}" for n in range(1, 61)]
    names = [f"Given Family-Name {n}" for n in range(60)]
    assert len(drafts_grammar(ids, names).encode()) < 4_000
    assert len(statements_grammar().encode()) < 400
    assert len(sentence_grammar().encode()) < 400


# -- with the vocabulary of a real model ----------------------------------------------------------


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        '{"facts": []}',
        '{"facts": ["Rain fell."]}',
        '{"facts": ["Rain fell.", "She said “no”; 5 % of €10."]}',
        '{"facts": ["He said \\"no\\".", "a\\\\b", "5\\/6"]}',
        '{"facts": ["]}", "{", "[", ",", ":"]}',
        '{"facts": ["Straße, naïve, 李明, 🧑‍🚀"]}',
        '{"facts": [" "]}',
    ],
)
def test_statements_let_through(accepts: Accepts, text: str) -> None:
    assert accepts(text, statements_grammar(6))
    json.loads(text)


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"facts": ["Rain fell."',
        '{"facts": [""]}',
        '{"facts": ["a"]} ',
        ' {"facts": ["a"]}',
        '{"facts":["a"]}',
        '{"facts": ["a" , "b"]}',
        '{"facts": ["a", ]}',
        '{"facts": ["a\nb"]}',
        '{"facts": ["a\tb"]}',
        '{"facts": ["a\x00b"]}',
        '{"facts": ["a\x7fb"]}',
        '{"facts": ["a\\nb"]}',
        '{"facts": ["a\\tb"]}',
        '{"facts": ["a\\u0041b"]}',
        '{"facts": [1]}',
        '{"facts": null}',
        '{"fact": ["a"]}',
        '{"facts": ["a", "b", "c"]}',
    ],
)
def test_statements_keep_out(accepts: Accepts, text: str) -> None:
    assert not accepts(text, statements_grammar(2))


@pytest.mark.model
def test_a_list_of_one(accepts: Accepts) -> None:
    assert accepts('{"facts": ["a"]}', statements_grammar(1))
    assert accepts('{"facts": []}', statements_grammar(1))
    assert not accepts('{"facts": ["a", "b"]}', statements_grammar(1))


@pytest.mark.model
def test_a_sentence(accepts: Accepts) -> None:
    assert accepts('{"sentence": "Rain fell."}', sentence_grammar())
    assert not accepts('{"sentence": ""}', sentence_grammar())
    assert not accepts('{"sentence": "Rain fell.", "more": "x"}', sentence_grammar())


def draft(**changes: Any) -> str:
    fact = {"ids": ["s1"], "statement": "Rain fell.", "kind": "event", "speaker": None} | changes
    return json.dumps({"facts": [fact]}, ensure_ascii=False)


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (draft(), True),
        *((draft(kind=kind), True) for kind in get_args(Kind)),
        (draft(ids=["s1", "s2", "s10"]), True),
        (draft(speaker="Ana Ruiz"), True),
        (draft(ids=[]), False),
        (draft(ids=["s3"]), False),
        (draft(ids=["s1", "s2", "s10", "s1"]), False),
        (draft(kind="rumour"), False),
        (draft(kind=None), False),
        (draft(speaker="Ana"), False),
        (draft(speaker="reporter"), False),
        (draft(statement=""), False),
        ('{"facts": []}', True),
    ],
)
def test_drafts_are_closed_over_the_window(accepts: Accepts, text: str, fits: bool) -> None:
    assert accepts(text, drafts_grammar(["s1", "s2", "s10"], ["Ana Ruiz"])) is fits


@pytest.mark.model
@pytest.mark.parametrize("name", [name for name in NASTY if name != "\ud800"])
def test_a_nasty_name_is_one_json_string(accepts: Accepts, name: str) -> None:
    assert accepts(draft(speaker=name), drafts_grammar(["s1"], [name]))
    assert not accepts(draft(speaker=name + "x"), drafts_grammar(["s1"], [name]))


def test_a_verdict_is_one_of_the_words_given(accepts: Accepts) -> None:
    plain = verdict_grammar(["same", "different"], reasoned=False)
    assert accepts('{"verdict": "same"}', plain)
    assert not accepts('{"verdict": "perhaps"}', plain)
    assert not accepts('{"reason": "rain", "verdict": "same"}', plain)
    assert accepts(
        '{"reason": "both tell of rain", "verdict": "different"}',
        verdict_grammar(["different"], reasoned=True),
    )
