"""What the figures of an engine mean for the pipeline.

Comes in: an `Engine` and how long the questions are. Goes out: its rows of the checkup. Promises: pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.backends.checkup import CONTEXT, CONTROL, FINITE, PREFIX, Check, shown
from service.backends.examinable import Engine

BROKEN_ENGINE = "Get the model again (`attest models pull NAME --force`) or reinstall llama-cpp-python."


@dataclass(frozen=True, slots=True)
class Need:
    """The longest question the pipeline asks, and the answer it must have room for, in tokens."""

    prompt_tokens: int
    answer_tokens: int

    @property
    def total_tokens(self) -> int:
        return self.prompt_tokens + self.answer_tokens


def checks_of(engine: Engine, need: Need) -> tuple[Check, ...]:
    return _context(engine, need), _prefix(engine), _finite(engine), _control(engine)


def _context(engine: Engine, need: Need) -> Check:
    configured, trained = engine.configured_tokens, engine.trained_tokens
    longest = need.total_tokens
    if trained < configured:
        return Check.missing(
            CONTEXT,
            f"{configured:,} tokens are configured, the model was made for {trained:,}",
            f"Set ATTEST_CONTEXT_TOKENS={trained} or take a model with a longer context.",
        )
    if engine.allocated_tokens < configured or engine.held_tokens != engine.prompt_tokens:
        return Check.missing(
            CONTEXT,
            f"{engine.allocated_tokens:,} of {configured:,} tokens allocated; {engine.held_tokens:,} of "
            f"{engine.prompt_tokens:,} prompt tokens held",
            BROKEN_ENGINE,
        )
    if longest > configured:
        return Check.missing(
            CONTEXT,
            f"a question and its answer take up to {longest:,} tokens, {configured:,} are configured",
            "Raise ATTEST_CONTEXT_TOKENS, lower ATTEST_WINDOW_TOKENS, or ask in a smaller way "
            "(--prompt extract_facts=v1).",
        )
    return Check.ok(
        CONTEXT,
        f"{configured:,} tokens (the model was made for {trained:,}); questions and answers take up to "
        f"{longest:,}; {engine.held_tokens:,} of {engine.prompt_tokens:,} prompt tokens held",
    )


def _prefix(engine: Engine) -> Check:
    seen = f"{engine.reused_tokens:,} of {engine.prompt_tokens:,} prompt tokens were not read again"
    if engine.reused_tokens > engine.prompt_tokens / 2:  # all but the question
        return Check.ok(PREFIX, seen)
    return Check.missing(
        PREFIX, seen, "Every question reads the worked examples anew. Reinstall llama-cpp-python."
    )


def _finite(engine: Engine) -> Check:
    if engine.unusable_logits:
        seen = f"{engine.unusable_logits:,} of {engine.logits:,} logits are no finite numbers"
        return Check.missing(FINITE, seen, BROKEN_ENGINE)
    return Check.ok(FINITE, f"{engine.logits:,} logits, all finite")


def _control(engine: Engine) -> Check:
    if engine.leaking_tokens:
        spelled = " or ".join(shown(text) for text in engine.leaking_tokens[:3])
        seen = f"spelled in an article, {spelled} would steer the model"
        return Check.missing(CONTROL, seen, "Take a GGUF file whose chat tokens are of the control type.")
    return Check.ok(CONTROL, f"none of {engine.control_tokens} comes out of an article that spells it")
