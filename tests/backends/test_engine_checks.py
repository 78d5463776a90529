"""What the figures of an engine mean, figure by figure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.backends.checkup import Check
from service.backends.engine_checks import Need, checks_of
from service.backends.examinable import Engine

NEED = Need(prompt_tokens=700, answer_tokens=200)
SOUND = Engine(
    configured_tokens=4096, allocated_tokens=4096, trained_tokens=8192, prompt_tokens=265, reused_tokens=236,
    held_tokens=265, logits=50_000, unusable_logits=0, control_tokens=17, leaking_tokens=(),
)  # fmt: skip


def checked(need: Need = NEED, **figures: Any) -> dict[str, Check]:
    return {check.name: check for check in checks_of(replace(SOUND, **figures), need)}


def test_a_sound_engine() -> None:
    checks = checked()
    assert list(checks) == ["context", "prefix reuse", "finite numbers", "control tokens"]
    assert {check.state for check in checks.values()} == {"ok"}
    assert "take up to 900" in checks["context"].seen
    assert "236 of 265" in checks["prefix reuse"].seen


@pytest.mark.parametrize(
    ("figures", "name", "seen", "advice"),
    [
        ({"trained_tokens": 2048}, "context", "the model was made for 2,048", "ATTEST_CONTEXT_TOKENS=2048"),
        ({"allocated_tokens": 1024}, "context", "1,024 of 4,096 tokens allocated", "llama-cpp-python"),
        ({"held_tokens": 200}, "context", "200 of 265 prompt tokens held", "llama-cpp-python"),
        ({"reused_tokens": 0}, "prefix reuse", "0 of 265", "worked examples"),
        ({"reused_tokens": 3}, "prefix reuse", "3 of 265", "worked examples"),
        ({"unusable_logits": 1}, "finite numbers", "1 of 50,000 logits", "attest models pull"),
        ({"leaking_tokens": ("<|im_end|>",)}, "control tokens", "<|im_end|> would steer", "GGUF"),
    ],
)
def test_what_is_not_sound_is_missing(figures: dict[str, Any], name: str, seen: str, advice: str) -> None:
    checks = checked(**figures)
    assert [check.name for check in checks.values() if check.state == "missing"] == [name]
    assert seen in checks[name].seen
    assert advice in checks[name].advice


def test_questions_that_do_not_fit_what_is_configured() -> None:
    check = checked(Need(prompt_tokens=3_900, answer_tokens=512))["context"]
    assert check.state == "missing"
    assert "4,412" in check.seen
    assert "ATTEST_WINDOW_TOKENS" in check.advice


def test_an_engine_may_allocate_more() -> None:
    assert checked(allocated_tokens=4_352)["context"].state == "ok"


def test_names_out_of_a_model_file_cannot_steer_the_terminal() -> None:
    seen = checked(leaking_tokens=("\x1b[2J", "<\u202e>"))["control tokens"].seen
    assert seen.isascii()
    assert seen.isprintable()
