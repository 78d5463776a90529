"""The story: one self-contained document about one event. Field names are fixed by the contract."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from service.backends.base import Usage
from service.facts.models import Fact, Frozen, Kind, LedgerEntry, Rejected
from service.text.article import ReadArticle

SCHEMA_VERSION = "1"
Status = Literal["corroborated", "single_source", "disputed", "superseded"]
ConflictType = Literal["disputed", "superseded", "internal"]


class MergedFact(Frozen):
    """What one or more articles say alike. `independent_sources` counts articles that copy one
    another once; `importance` runs from 0 to 1.
    """

    merged_fact_id: str
    statement: str
    kind: Kind
    speaker: str | None
    fact_ids: tuple[str, ...]
    article_ids: tuple[str, ...]
    independent_sources: int = Field(ge=1)
    status: Status
    importance: float = Field(ge=0, le=1)


class Passage(Frozen):
    """A stretch of one article: `article.text[start:end]`."""

    article_id: str
    start: int
    end: int


class PassagePair(Frozen):
    """The same words in two articles."""

    left: Passage
    right: Passage


class CopyGroup(Frozen):
    """Articles that share text. `overlap`: share of the smaller text that is copied, 0 to 1."""

    article_ids: tuple[str, ...]
    overlap: float
    passages: tuple[PassagePair, ...]


class Position(Frozen):
    """One side of a conflict."""

    value: str
    merged_fact_ids: tuple[str, ...]
    article_ids: tuple[str, ...]


class Conflict(Frozen):
    conflict_id: str
    about: str
    type: ConflictType
    positions: tuple[Position, ...]


class Citation(Frozen):
    article_id: str
    start: int
    end: int


class SummarySentence(Frozen):
    """`origin`: `model` when the writer's wording passed the gate, `source` when it is the article's."""

    text: str
    merged_fact_ids: tuple[str, ...] = Field(min_length=1)
    citations: tuple[Citation, ...] = Field(min_length=1)
    origin: Literal["model", "source"]


class Summary(Frozen):
    """`text` is the sentences, joined by single spaces."""

    text: str
    sentences: tuple[SummarySentence, ...]


class StoryUsage(Usage):
    """Totals, and the same per stage (`extract_facts`, `write_summary`, ...)."""

    stages: dict[str, Usage] = Field(default_factory=dict)


class PromptId(Frozen):
    version: str
    sha256: str


class Provenance(Frozen):
    """Who and what made the story: enough to make it again."""

    backend: str
    model: str
    model_sha256: str | None = None
    prompts: dict[str, PromptId]
    schema_version: str = SCHEMA_VERSION
    attest_version: str


class Skipped(Frozen):
    """An input that was not read, and why. `position` counts from 0 in input order."""

    position: int
    reason: str
    detail: str


class StoryOptions(Frozen):
    """What a caller may choose about a story."""

    summary_sentences: int = Field(
        6, ge=3, le=12, strict=True, description="About how many sentences the summary has."
    )
    summary_words: int | None = Field(
        None,
        ge=20,
        le=2000,
        strict=True,
        description="At most so many words, instead of a number of sentences.",
    )


class Story(Frozen):
    story_id: str
    articles: tuple[ReadArticle, ...]
    facts: tuple[Fact, ...]
    rejected: tuple[Rejected, ...]
    ledger: tuple[LedgerEntry, ...]
    merged_facts: tuple[MergedFact, ...]
    copies: tuple[CopyGroup, ...]
    conflicts: tuple[Conflict, ...]
    summary: Summary
    skipped: tuple[Skipped, ...] = ()
    options: StoryOptions = StoryOptions()
    usage: StoryUsage
    provenance: Provenance


class ArticleFacts(Frozen):
    """The reply of `attest facts` and `POST /v1/facts`: one article, read."""

    article: ReadArticle
    facts: tuple[Fact, ...]
    rejected: tuple[Rejected, ...]
    ledger: LedgerEntry
    usage: StoryUsage
    provenance: Provenance
