"""What a backend in this process can tell of its engine, beyond its answers.

Comes in: a question. Goes out: an `Engine`, figures read off the engine after it read the question.
Promises: shapes only; nothing is loaded here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from service.backends.base import ModelRequest


@dataclass(frozen=True, slots=True)
class Engine:
    """`configured_tokens`: the context asked for; `allocated_tokens`: the one the engine has;
    `trained_tokens`: the longest the model was made for. After a prompt of `prompt_tokens`, of which
    `reused_tokens` were not read again, `held_tokens` stand in the engine's memory; `unusable_logits` of
    its `logits` are no finite numbers. `leaking_tokens`: chat-control tokens, as text, that the content of
    a message can produce, of the `control_tokens` the model has.
    """

    configured_tokens: int
    allocated_tokens: int
    trained_tokens: int
    prompt_tokens: int
    reused_tokens: int
    held_tokens: int
    logits: int
    unusable_logits: int
    control_tokens: int
    leaking_tokens: tuple[str, ...]


@runtime_checkable
class Examinable(Protocol):
    """A backend whose engine can be looked into."""

    def examine(self, request: ModelRequest) -> Engine:
        """Read a question, answer nothing worth mentioning, and tell. Raises what `complete` raises."""
        ...
