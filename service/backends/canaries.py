"""What the doctor asks, and how it knows a right answer.

Comes in: `canaries.toml` beside this file. Goes out: one frozen `Canaries`, which makes the requests.
Promises: a request is bound by a grammar and by a schema that say the same; the natural answer to a
constraint canary is none that it allows.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.backends.base import Message, ModelRequest

CANARIES_FILE = Path(__file__).with_name("canaries.toml")
STAGE = "doctor"

Word = Annotated[str, Field(pattern="^[a-z]+$")]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ConstraintCanary(_Value):
    """A question, and the only answers that the constraint leaves."""

    question: str
    allowed: tuple[Word, ...] = Field(min_length=1)

    def request(self, max_tokens: int, *, bound: bool) -> ModelRequest:
        """The question under its constraint, or without any (the control)."""
        request = ModelRequest(STAGE, (Message("user", self.question),), max_tokens=max_tokens)
        return _bound(request, self.allowed) if bound else request

    def allows(self, text: str) -> bool:
        """Whether an answer is what the constraint wants: this JSON and nothing around it."""
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            return False
        return answer in [{"answer": word} for word in self.allowed]


class Needle(_Value):
    """A word that stands in one sentence of a text, and the question about it."""

    sentence: str
    question: str
    word: Word


class ReadingCanary(_Value):
    """A text of any length with a needle at its beginning and one in its middle."""

    system: str
    done: str
    words: tuple[Word, ...]
    filler: tuple[str, ...] = Field(min_length=2)
    needle: tuple[Needle, Needle]

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        for needle in self.needle:
            if needle.word not in needle.sentence or needle.word not in self.words:
                raise ValueError(f"{needle.word} must stand in its sentence and among the words")
            if any(needle.word in line for line in self.filler):
                raise ValueError(f"{needle.word} stands in the filler, too")
        return self

    def text(self, tokens: int, count_tokens: Callable[[str], int]) -> str:
        """At least the needles and, unless `tokens` is 0, all of the filler once, up to about `tokens`."""
        lines: list[str] = []
        left = tokens
        for line in cycle(self.filler):
            if left <= 0 and (not tokens or len(lines) >= len(self.filler)):
                break
            lines.append(line)
            left -= count_tokens(line)
        beginning, middle = (needle.sentence for needle in self.needle)
        half = len(lines) // 2
        return " ".join((beginning, *lines[:half], middle, *lines[half:]))

    def request(self, text: str, needle: Needle, max_tokens: int) -> ModelRequest:
        """A question about `text`. What stands before the question is the same for all needles."""
        messages = (
            Message("system", self.system),
            Message("user", text),
            Message("assistant", self.done),
            Message("user", needle.question),
        )
        request = ModelRequest(STAGE, messages, max_tokens=max_tokens, prefix_messages=len(messages) - 1)
        return _bound(request, self.words)

    def found(self, needle: Needle, text: str) -> bool:
        """Whether an answer, constrained or not, names the needle's word and no other."""
        return {w for w in re.findall("[a-z]+", text.lower()) if w in self.words} == {needle.word}


class Canaries(_Value):
    constraint: tuple[ConstraintCanary, ...] = Field(min_length=1)
    reading: ReadingCanary


def load_canaries(path: Path = CANARIES_FILE) -> Canaries:
    """Read and check the file; it is a part of the package, so what is wrong with it is a bug."""
    return Canaries.model_validate(tomllib.loads(path.read_text("utf-8")))


def _bound(request: ModelRequest, words: Sequence[str]) -> ModelRequest:
    """`request` whose answer must be `{"answer": <one of words>}`."""
    choice = " | ".join(f'"{word}"' for word in words)
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {"answer": {"type": "string", "enum": list(words)}},
        "required": ["answer"],
        "additionalProperties": False,
    }
    return ModelRequest(
        stage=request.stage,
        messages=request.messages,
        max_tokens=request.max_tokens,
        schema=schema,
        grammar=f'root ::= "{{\\"answer\\": \\"" ({choice}) "\\"}}"',
        schema_name="one_word",
        prefix_messages=request.prefix_messages,
    )
