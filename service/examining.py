"""One checkup of all that reading relies on: backend, parser, prompts.

Comes in: how to open each of them. Goes out: a `Checkup`. Promises: the model is asked, the reply cache is
not; what cannot be opened is a row that says why, never an error.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from service.backends.base import Backend
from service.backends.checkup import Check, Checkup
from service.backends.doctor import examine
from service.backends.engine_checks import Need
from service.backends.llama_cpp import LEAST_ANSWER_TOKENS
from service.errors import AttestError
from service.prompting.rendering import render
from service.prompting.templates import Prompt
from service.text.parsing import Parser

LONG_SENTENCE_TOKENS = 150
SENTENCE = "The port said on Monday that no ferry had left."


def checkup(
    backend: Callable[[], Backend],
    parser: Callable[[], Parser],
    prompts: Callable[[], Sequence[Prompt]],
    *,
    window_tokens: int,
    clock: Callable[[], float] = time.monotonic,
) -> Checkup:
    """`prompts`: those in use. `clock` is monotonic seconds."""
    began = clock()
    checks = (
        _looked_at("parser", lambda: f"{len(parser().parse_one(SENTENCE))} tokens of a sentence parsed"),
        _looked_at("prompts", lambda: ", ".join(f"{p.task}={p.version}" for p in prompts())),
        *examine(backend, lambda: _longest(prompts(), backend().count_tokens, window_tokens)),
    )
    return Checkup(checks=checks, seconds=round(clock() - began, 1))


def _looked_at(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check.ok(name, look())
    except AttestError as error:
        return Check.failed(name, error)


def _longest(prompts: Sequence[Prompt], count_tokens: Callable[[str], int], window_tokens: int) -> Need:
    """What the longest question takes: the fixed messages, what is shown of an article, the answer."""
    needs = []
    for prompt in prompts:
        fixed = render(prompt, **dict.fromkeys(prompt.inputs, ""))
        article = window_tokens if prompt.scope == "window" else LONG_SENTENCE_TOKENS
        needs.append(
            Need(
                prompt_tokens=sum(count_tokens(message.content) for message in fixed) + article,
                answer_tokens=min(prompt.max_tokens, LEAST_ANSWER_TOKENS),
            )
        )
    return max(needs, key=lambda need: need.total_tokens)
