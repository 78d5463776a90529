"""What a caller wants a story to be spelled in.

Comes in: the Accept header of a request. Goes out: one of the media types a story can be told in, or 406.
Promises: without the header, and for browsers, JSON; asked before anything is read; what is in the header
and cannot be understood is passed over (RFC 9110, section 12.5.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from service.api.refusals import NotAcceptable
from service.stories.models import Story
from service.stories.rendering.markdown import markdown
from service.stories.rendering.plain import plain

JSON = "application/json"
RENDERINGS = {"text/markdown": markdown, "text/plain": plain}
OFFERED = (JSON, *RENDERINGS)
VARY = {"Vary": "Accept"}
_QUALITY = re.compile(r"[01](?:\.\d{0,3})?")

# For `responses=` of a route: what else a story may be.
TOLD_AS: dict[str, Any] = {media: {"schema": {"type": "string"}} for media in RENDERINGS}


def wanted(accept: str | None) -> str:
    """The offered media type of the highest quality, JSON first. Raises NotAcceptable."""
    if not accept or not accept.strip():
        return JSON
    ranges = list(_ranges(accept))
    best = max(OFFERED, key=lambda media: _quality(media, ranges))
    if _quality(best, ranges) == 0:
        raise NotAcceptable(f"a story is told as {', '.join(OFFERED)}; ask for one of them in Accept")
    return best


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for item in accept.lower().split(","):
        media, *parameters = (part.strip() for part in item.split(";"))
        quality = next((p[2:].strip() for p in parameters if p.startswith("q=")), "1")
        if media and _QUALITY.fullmatch(quality):
            yield media, min(1.0, float(quality))


def _quality(media: str, ranges: list[tuple[str, float]]) -> float:
    """What the most exact range that covers `media` says; 0 when none does."""
    for covering in (media, f"{media.partition('/')[0]}/*", "*/*"):
        if found := [quality for given, quality in ranges if given == covering]:
            return max(found)
    return 0.0


def _wanted_by(request: Request) -> str:
    given = request.headers.getlist("accept")
    return wanted(", ".join(given) if given else None)


Wanted = Annotated[str, Depends(_wanted_by)]


def told_as(media: str, story: Story, response: Response) -> Story | Response:
    """The story in one of the offered types. `response` carries the headers that the route has set."""
    response.headers.update(VARY)
    if media == JSON:
        return story
    return Response(RENDERINGS[media](story), headers=dict(response.headers), media_type=media)
