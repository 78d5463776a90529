"""What it means to answer: the one protocol every backend keeps.

Comes in: a `ModelRequest` (messages, a bound on the answer, and how the answer is constrained).
Goes out: a `ModelReply` with what it cost. Promises: values are frozen, a request has a content
hash, usage adds up with `+`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict

from service.hashing import sha256_of

Role = Literal["system", "user", "assistant"]
Finish = Literal["stop", "length"]


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One question.

    `prefix_messages` leading messages are equal for all requests of a stage (instructions and worked
    examples): a local engine reads them once. `grammar` (GBNF) is used by the local backend,
    `schema` (portable JSON Schema) by remote ones; a reply must satisfy both.
    """

    stage: str
    messages: tuple[Message, ...]
    max_tokens: int
    schema: Mapping[str, Any] | None = None
    grammar: str | None = None
    schema_name: str = "reply"
    temperature: float = 0.0
    seed: int = 7
    prefix_messages: int = 0

    def sha256(self, backend: str, model: str) -> str:
        """Identity of the question for `model`: everything that can change the answer."""
        return sha256_of(
            {
                "backend": backend,
                "model": model,
                "messages": [[m.role, m.content] for m in self.messages],
                "max_tokens": self.max_tokens,
                "schema": self.schema,
                "grammar": self.grammar,
                "temperature": self.temperature,
                "seed": self.seed,
            }
        )


class Usage(BaseModel):
    """What calls cost. Tokens are the model's own; `cached_prompt_tokens` is the part of
    `prompt_tokens` that came out of the engine's prefix cache; `seconds` is time spent waiting.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    calls: int = 0
    prompt_tokens: int = 0
    cached_prompt_tokens: int = 0
    completion_tokens: int = 0
    retries: int = 0
    replayed: int = 0
    seconds: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            cached_prompt_tokens=self.cached_prompt_tokens + other.cached_prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            retries=self.retries + other.retries,
            replayed=self.replayed + other.replayed,
            seconds=round(self.seconds + other.seconds, 6),
        )


@dataclass(frozen=True, slots=True)
class ModelReply:
    """`finish` is `length` when the answer was cut at `max_tokens`."""

    text: str
    finish: Finish
    model: str
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a backend is good for; the pipeline asks accordingly.

    `extract_prompt`: the version of `extract_facts` it answers best (a small local model is asked
    about single compound sentences, a strong remote one about whole windows). `concurrency`:
    questions it may be asked at once. `repair_prompt`: the version of `repair_statement` with which one item
    is asked for once more (None: never): one that broke off, and with `repair_refused` also a draft that the
    gate refused. `same_prompt`: the version of `same_fact` that judges pairs of facts which code leaves
    undecided (None: they stay apart). `answers`: False when there is no model to ask; code does all it can.
    """

    extract_prompt: str
    summary_prompt: str
    concurrency: int = 1
    repair_prompt: str | None = None
    repair_refused: bool = True
    same_prompt: str | None = None
    answers: bool = True


@runtime_checkable
class Backend(Protocol):
    """Thread-safe. `complete` raises BackendError; a local one also ModelFileError, because it loads its
    model with the first question.
    """

    @property
    def name(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def model_sha256(self) -> str | None: ...
    @property
    def profile(self) -> Profile: ...
    def complete(self, request: ModelRequest) -> ModelReply: ...
    def count_tokens(self, text: str) -> int: ...
    def close(self) -> None: ...
