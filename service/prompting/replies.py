"""The shapes a model may answer in.

Comes in: JSON that a model (or a worked example) wrote. Goes out: a frozen pydantic value. Promises:
closed to unknown keys; every key is required, so that a schema made from a shape is valid in the strict
mode of remote servers; every list may be empty, so that a model can always say "nothing". What one article
allows narrows a schema further, with `enum` alone: ids and speakers of a window, words of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from service.facts.models import Kind

ReplyName = Literal["statements", "drafts", "sentence", "words", "verdict", "reasoned"]
Sameness = Literal["same", "different", "conflict"]


class Reply(BaseModel):
    """Base of the reply shapes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    def texts(self) -> tuple[str, ...]:
        """Every sentence the model worded, in order."""
        raise NotImplementedError


class StatementsReply(Reply):
    """The statements one sentence was split into."""

    facts: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return self.facts


class DraftFact(BaseModel):
    """One claim: `ids` of the sentences it rests on (`s3`), `speaker` null for the reporter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ids: tuple[str, ...]
    statement: str
    kind: Kind | None
    speaker: str | None


class DraftsReply(Reply):
    """The claims of a window of numbered sentences."""

    facts: tuple[DraftFact, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(fact.statement for fact in self.facts)


class SentenceReply(Reply):
    """One sentence of a summary."""

    sentence: str

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.sentence,)


class WordsReply(Reply):
    """One sentence, word by word, so that a schema can list the words there are."""

    words: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return (re.sub(r"\s+([,.;:!?])", r"\1", " ".join(self.words)),)


class VerdictReply(Reply):
    """Whether two statements say the same. It words nothing."""

    verdict: Sameness

    @property
    def texts(self) -> tuple[str, ...]:
        return ()


class ReasonedReply(Reply):
    """The same, after a reason that nobody is shown."""

    reason: str
    verdict: Sameness

    @property
    def texts(self) -> tuple[str, ...]:
        return ()


REPLIES: Mapping[ReplyName, type[Reply]] = MappingProxyType(
    {
        "statements": StatementsReply,
        "drafts": DraftsReply,
        "sentence": SentenceReply,
        "words": WordsReply,
        "verdict": VerdictReply,
        "reasoned": ReasonedReply,
    }
)


def reply_schema(name: ReplyName) -> dict[str, Any]:
    """JSON Schema of a shape in the subset that every server understands.

    No references, titles or tuples; every object closed and all of its keys required, as the strict
    mode of OpenAI's API wants it.
    """
    raw = REPLIES[name].model_json_schema()
    portable: dict[str, Any] = _portable(raw, raw.get("$defs", {}))
    return portable


def drafts_schema(ids: Sequence[str], speakers: Sequence[str]) -> dict[str, Any]:
    """The schema of `drafts`, closed over the sentences and the speakers of one window."""
    schema = reply_schema("drafts")
    fact = schema["properties"]["facts"]["items"]["properties"]
    fact["ids"] = {"type": "array", "items": _one_of(ids)}
    nobody = {"type": "null"}
    fact["speaker"] = {"anyOf": [_one_of(speakers), nobody]} if speakers else nobody
    return schema


def words_schema(words: Sequence[str]) -> dict[str, Any]:
    """The schema of `words`, closed over the words of one sentence (there is one at least)."""
    schema = reply_schema("words")
    schema["properties"]["words"] = {"type": "array", "items": _one_of(words)}
    return schema


def _one_of(words: Sequence[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(dict.fromkeys(words))}


def _portable(node: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(node, list):
        return [_portable(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _portable(definitions[node["$ref"].rsplit("/", 1)[1]], definitions)
    kept = {k: v for k, v in node.items() if k not in {"$defs", "title", "description", "default"}}
    properties = kept.pop("properties", None)
    portable = {key: _portable(value, definitions) for key, value in kept.items()}
    if properties is not None:  # names of our own, which may well be `title`
        portable["properties"] = {key: _portable(value, definitions) for key, value in properties.items()}
    return portable
