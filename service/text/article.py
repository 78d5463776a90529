"""An article as it came, and its sentences.

Comes in: what a caller knows about an article. Goes out: a frozen value with a content-derived id.
Promises: `text` is kept character for character; every offset in attest counts Unicode code points
of exactly that string, start inclusive, end exclusive.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from service.hashing import content_id

SentenceRole = Literal["body", "headline", "caption", "boilerplate", "byline"]


def _spelled(value: Any) -> Any:
    """Seconds since 1970 are no date here, though pydantic takes them since 1970: a year would become one."""
    if isinstance(value, bool | int | float) or (isinstance(value, str) and re.fullmatch(r"[\d.\s]+", value)):
        raise ValueError("give an ISO 8601 date such as 2024-06-18, or date and time")
    return value


class ArticleFields(BaseModel):
    """What a caller may say about an article."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(description="The article's text, kept as it is.")
    title: str | None = Field(None, description="Headline, when known apart from the text.")
    source: str | None = Field(None, description="Outlet that published it.")
    published_at: Annotated[date | datetime | None, BeforeValidator(_spelled)] = Field(
        None, description="ISO 8601 date or date and time."
    )
    language: str | None = Field(None, description="BCP 47 tag; attest reads English.")


class Article(ArticleFields):
    """One news article. Unknown keys are refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "Ferry service resumes",
                    "source": "Harbour Post",
                    "published_at": "2024-03-05",
                    "text": "Ferries ran again on Monday after a two-day stop, the port said.",
                }
            ]
        },
    )

    @property
    def article_id(self) -> str:
        """Hash of the text (white space folded) and the source: the same article has the same id."""
        folded = re.sub(r"\s+", " ", self.text).strip()
        return content_id("article", [folded, self.source])


class Sentence(BaseModel):
    """`text[start:end]` is the sentence. Sentences never overlap and cover every non-space character."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sentence_id: str
    start: int
    end: int
    role: SentenceRole


class ReadArticle(ArticleFields):
    """An article with its id and numbered sentences, as it stands in a story."""

    article_id: str
    sentences: tuple[Sentence, ...]
