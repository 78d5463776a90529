"""The values of `attest group`: events, and the document that lists them."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from service.facts.models import Frozen


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
