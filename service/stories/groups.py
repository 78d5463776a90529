"""The values of `attest group`: events, and the document that lists them. `stories/grouping.py` makes the
events, `cli/group.py` adds where the articles were read from.
"""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from service.facts.models import Frozen

SCHEMA_VERSION = "1"


class NearCopies(Frozen):
    """Articles with nearly the same text, the first of them published first. `overlap`: the least share of a
    smaller text that stands in the first, 0 to 1.
    """

    article_ids: tuple[str, ...] = Field(min_length=2)
    overlap: float = Field(ge=0, le=1)


class EventGroup(Frozen):
    """Articles about one event, in order of publication. `title` is the headline, or the first sentence, of
    the article nearest to all others; `terms` hold the group together, the strongest first; `cohesion` is
    the mean similarity of two of its articles, 0 to 1.
    """

    group_id: str
    article_ids: tuple[str, ...] = Field(min_length=1)
    title: str
    terms: tuple[str, ...]
    first_published: date | None
    last_published: date | None
    near_copies: tuple[NearCopies, ...]
    cohesion: float = Field(ge=0, le=1)


class FiledGroup(EventGroup):
    """`where`: the files of its articles, as they were named, in the same order."""

    where: tuple[str, ...]


class FiledArticle(Frozen):
    """What was read from one place; of a file with many articles, `where` names the line or the number."""

    article_id: str
    where: str
    title: str | None
    source: str | None
    published_at: date | datetime | None


class SkippedInput(Frozen):
    """An input that is in no group, and why."""

    where: str
    reason: str
    detail: str


class Grouping(Frozen):
    """The reply of `attest group`: every article that could be read is in exactly one group."""

    groups: tuple[FiledGroup, ...]
    articles: tuple[FiledArticle, ...]
    skipped: tuple[SkippedInput, ...]
    schema_version: str = SCHEMA_VERSION
    attest_version: str
