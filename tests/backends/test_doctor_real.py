"""The doctor with a real model: in this process, and behind a real server on loopback."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
import pytest
from pydantic import SecretStr

from service.backends import peeking
from service.backends.base import Message, ModelReply, ModelRequest, Profile
from service.backends.checkup import Check
from service.backends.doctor import examine
from service.backends.engine_checks import Need
from service.backends.examinable import Examinable
from service.backends.llama_cpp import LlamaCppBackend
from service.backends.openai_http import OpenAIBackend
from tests.backends.loopback import KEY, running_server

pytestmark = pytest.mark.model

PROFILE = Profile("v1", "v1")
NEED = Need(prompt_tokens=400, answer_tokens=100)
QUESTION = ModelRequest("doctor", (Message("user", "Is it raining?"),), max_tokens=9)


@pytest.fixture(scope="module")
def small(small_model_path: Path) -> Iterator[LlamaCppBackend]:
    opened = LlamaCppBackend(small_model_path, model="small", profile=PROFILE, context_tokens=1024, threads=1)
    yield opened
    opened.close()


def examined(backend: Any, need: Need = NEED) -> dict[str, Check]:
    return {check.name: check for check in examine(lambda: backend, lambda: need)}


def test_a_sound_model_in_this_process(small: LlamaCppBackend) -> None:
    checks = examined(small)
    assert {name: check.state for name, check in checks.items()} == dict.fromkeys(checks, "ok")
    assert len(checks) == 6


def test_figures_of_an_engine(small: LlamaCppBackend) -> None:
    assert isinstance(small, Examinable)
    engine = small.examine(QUESTION)
    whole, _ = small.count_prompt(QUESTION)
    assert (engine.prompt_tokens, engine.held_tokens) == (whole, whole)
    assert (engine.configured_tokens, engine.allocated_tokens, engine.trained_tokens) == (1024, 1024, 8192)
    assert (engine.logits, engine.unusable_logits) == (49_152, 0)
    assert engine.control_tokens > 2
    assert engine.leaking_tokens == ()


def test_looking_changes_no_answer(small: LlamaCppBackend) -> None:
    before = small.complete(QUESTION).text
    small.examine(QUESTION)
    assert small.complete(QUESTION).text == before


def test_a_grammar_that_is_not_applied_is_found_out(
    small: LlamaCppBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = small._complete

    def ignoring(request: ModelRequest, *rest: Any) -> ModelReply:
        return original(dataclasses.replace(request, grammar=None), *rest)

    monkeypatch.setattr(small, "_complete", ignoring)
    check = examined(small)["constraint"]
    assert check.state == "missing"
    assert "only violet or crimson" in check.seen


def test_numbers_that_are_not_finite_are_found_out(
    small: LlamaCppBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = np.array([0.0, np.nan, np.inf, -np.inf, 1.0], dtype=np.float32)
    monkeypatch.setattr(peeking, "last_logits", lambda _: broken)
    check = examined(small)["finite numbers"]
    assert (check.state, check.seen) == ("missing", "3 of 5 logits are no finite numbers")


def test_chat_tokens_that_an_article_can_spell_are_found_out(
    small: LlamaCppBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = small._tokens
    monkeypatch.setattr(small, "_tokens", lambda text, control: original(text, control=True))
    check = examined(small)["control tokens"]
    assert check.state == "missing"
    assert "<|im_start|>" in check.seen


def test_chat_tokens_of_another_type_count_when_the_template_writes_them(
    small: LlamaCppBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in files of careless converters: llama.cpp then reads them out of any text."""
    user_defined = llama_cpp.LLAMA_TOKEN_ATTR_USER_DEFINED
    monkeypatch.setattr(llama_cpp, "llama_vocab_get_attr", lambda *_: user_defined)
    found = set(peeking.control_tokens(small._llama, "<|im_start|>user").values())
    assert "<|im_start|>" in found
    assert "<|im_end|>" not in found


def test_a_context_longer_than_the_model_was_made_for(small_model_path: Path) -> None:
    opened = LlamaCppBackend(
        small_model_path, model="small", profile=PROFILE, context_tokens=9_000, threads=1
    )
    check = examined(opened)["context"]
    assert check.state == "missing"
    assert "ATTEST_CONTEXT_TOKENS=8192" in check.advice
    opened.close()


def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "x.gguf").write_bytes(b"GGUF" + bytes(100))
    opened = LlamaCppBackend(tmp_path / "x.gguf", model="x", profile=PROFILE, context_tokens=512, threads=1)
    checks = examined(opened)
    assert {check.state for check in checks.values()} == {"missing"}
    assert "attest models pull" in checks["backend"].advice
    opened.close()


def test_a_real_server(small_model_path: Path, tmp_path: Path) -> None:
    with running_server(small_model_path, tmp_path / "log.txt", context_tokens=1024) as address:
        backend = OpenAIBackend(
            base_url=f"{address}/v1", api_key=SecretStr(KEY), model=None, profile=PROFILE,
            timeout_seconds=60.0, connect_timeout_seconds=2.0,
        )  # fmt: skip
        fits, overflows = examined(backend), examined(backend, Need(prompt_tokens=1500, answer_tokens=100))
        backend.close()
    assert (fits["backend"].state, fits["constraint"].state) == ("ok", "ok")
    assert fits["prefix reuse"].state == "not applicable"  # this server does not tell
    assert overflows["context"].state == "missing"
    assert "ATTEST_WINDOW_TOKENS" in overflows["context"].advice
