"""What requests carry and what replies carry that no other room has a model for.

Comes in: parsed JSON. Goes out: frozen values, closed to unknown keys. Promises: every model has an
example that is valid, and the examples stand in OpenAPI.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.facts.models import Verdict
from service.prompting.replies import ReplyName
from service.prompting.templates import Prompt, Scope
from service.stories.models import StoryOptions
from service.text.article import Article

_HARBOUR: dict[str, Any] = {
    "title": "Ferry service resumes",
    "source": "Harbour Post",
    "published_at": "2024-03-05",
    "text": "Ferries ran again on Monday after a two-day stop, the port said.",
}
_ISLAND: dict[str, Any] = {
    "title": "Boats are back",
    "source": "Island Courier",
    "published_at": "2024-03-05",
    "text": "The ferries were running again on Monday. They had not left port for three days.",
}


def _with(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [example]})


class FactsRequest(BaseModel):
    """One article to read."""

    model_config = _with({"article": _HARBOUR})

    article: Article


class CheckRequest(BaseModel):
    """Statements to hold against one article. The model is not asked."""

    model_config = _with(
        {
            "article": _HARBOUR,
            "statements": ["Ferries ran again on Monday.", "Ferries had stopped for three days."],
        }
    )

    article: Article
    statements: tuple[str, ...]


class CheckReply(BaseModel):
    """One verdict a statement, in the order of the request."""

    model_config = _with(
        {
            "verdicts": [
                {
                    "statement": "Ferries had stopped for three days.",
                    "verdict": "rejected",
                    "reason": "number_not_in_evidence",
                    "detail": "three does not stand in the article",
                    "evidence": [],
                }
            ]
        }
    )

    verdicts: tuple[Verdict, ...]


class StoryRequest(BaseModel):
    """Articles about one event, in the order in which the story should list them."""

    model_config = _with({"articles": [_HARBOUR, _ISLAND], "options": {"summary_sentences": 5}})

    articles: tuple[Article, ...] = Field(min_length=1)
    options: StoryOptions = StoryOptions()


class AddRequest(BaseModel):
    """One more article about the event of a story."""

    model_config = _with({"article": _ISLAND | {"source": "Strait Herald"}})

    article: Article


class PromptInfo(BaseModel):
    """One version of one prompt. `sha256` covers every file of its folder and stands on every fact."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: str
    version: str
    sha256: str
    purpose: str
    scope: Scope
    inputs: tuple[str, ...]
    reply: ReplyName
    max_tokens: int
    changes: str

    @classmethod
    def of(cls, prompt: Prompt) -> PromptInfo:
        return cls(**{name: getattr(prompt, name) for name in cls.model_fields})


class PromptList(BaseModel):
    """Every prompt the service could use, by task, then version."""

    model_config = _with(
        {
            "prompts": [
                {
                    "task": "write_summary",
                    "version": "v1",
                    "sha256": "5f0c" * 16,
                    "purpose": "One sentence of the summary from facts that were checked.",
                    "scope": "facts",
                    "inputs": ["facts"],
                    "reply": "sentence",
                    "max_tokens": 80,
                    "changes": "First version.",
                }
            ]
        }
    )

    prompts: tuple[PromptInfo, ...]


class Alive(BaseModel):
    """The process answers; nothing else is said."""

    model_config = _with({"status": "alive"})

    status: Literal["alive"] = "alive"
