"""Stories: several articles, one account.

    POST /v1/stories                      read articles, write their account
    GET  /v1/stories/{story_id}           the same account again
    POST /v1/stories/{story_id}/articles  a new account with one more article

Comes in: articles about one event. Goes out: a `Story` as JSON, Markdown or plain text, kept under its id.
Promises: a story that was answered is on the disk and can be fetched after a restart; articles are not
read when their story could not be kept or told; a story that grows leaves the old one as it is.
"""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Path, Request, Response

from service.api.limits import check_article, check_articles, check_room
from service.api.negotiation import TOLD_AS, Wanted, told_as
from service.api.problems import documented
from service.api.refusals import DuplicateArticle
from service.api.serving import Served, Serving
from service.api.wire import AddRequest, StoryRequest
from service.errors import NotFound
from service.stories.models import Story

router = APIRouter(prefix="/v1", tags=["stories"])
StoryId = Annotated[str, Path(max_length=200, description="As it stands in the story.")]
_VARY = {"Vary": {"description": "Accept", "schema": {"type": "string"}}}
_LOCATION = {"Location": {"description": "Where the story is kept.", "schema": {"type": "string"}}}
_FETCHED: dict[str, Any] = {"content": TOLD_AS, "headers": _VARY}
_MADE: dict[str, Any] = {"content": TOLD_AS, "headers": _LOCATION | _VARY}


@router.post(
    "/stories",
    summary="Read articles, merge their facts, write one cited account",
    response_model=Story,
    responses={200: _MADE, **documented(400, 406, 413, 415, 422, 500, 502, 503, 504)},
)
async def create_story(
    wanted: Wanted, body: StoryRequest, request: Request, response: Response, served: Served
) -> Story | Response:
    """Answers when the story is written, which may take minutes with a local model."""
    check_articles(body.articles, served.settings)
    story = await served.model_line.run(lambda: _told(body, served), gone=request.is_disconnected)
    _locate(story, request, response)
    return told_as(wanted, story, response)


@router.get(
    "/stories/{story_id}",
    summary="A story that was written",
    response_model=Story,
    responses={200: _FETCHED, **documented(404, 406, 422, 500)},
)
async def get_story(
    wanted: Wanted, story_id: StoryId, response: Response, served: Served
) -> Story | Response:
    """`Accept: text/markdown` or `text/plain` gives it to people, with footnotes."""
    return told_as(wanted, await _kept(story_id, served), response)


@router.post(
    "/stories/{story_id}/articles",
    summary="A new story with one more article",
    response_model=Story,
    responses={200: _MADE, **documented(400, 404, 406, 413, 415, 422, 500, 502, 503, 504)},
)
async def add_article(
    wanted: Wanted, story_id: StoryId, body: AddRequest, request: Request, response: Response, served: Served
) -> Story | Response:
    """Only the new article is read; then all of them are merged again, as if read at once. The new story
    has an id of its own, and the old one stays.
    """
    check_article(body.article, served.settings)
    old = await _kept(story_id, served)
    if body.article.article_id in {article.article_id for article in old.articles}:
        raise DuplicateArticle("the same text from the same source is in the story already", where="/article")
    check_room(len(old.articles), served.settings)
    story = await served.model_line.run(lambda: _grown(old, body, served), gone=request.is_disconnected)
    _locate(story, request, response)
    return told_as(wanted, story, response)


async def _kept(story_id: str, served: Serving) -> Story:
    story = await to_thread.run_sync(served.store.get, story_id)
    if story is None:
        raise NotFound("there is no story with this id here")
    return story


def _locate(story: Story, request: Request, response: Response) -> None:
    response.headers["Location"] = request.app.url_path_for("get_story", story_id=story.story_id)


def _told(body: StoryRequest, served: Serving) -> Story:
    # Asked first: minutes of reading would be for nothing if the story could not be kept.
    served.store.check_writable()
    story = served.reader.story(body.articles, body.options)
    served.store.put(story)
    return story


def _grown(old: Story, body: AddRequest, served: Serving) -> Story:
    served.store.check_writable()
    story = served.reader.add(old, [body.article])
    served.store.put(story)
    return story
