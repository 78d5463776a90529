"""`POST /v1/stories` and `GET /v1/stories/{story_id}`: several articles, one account.

Comes in: articles about one event. Goes out: a `Story`, kept under its id. Promises: a story that was
answered is on the disk and can be fetched after a restart; articles are not read when their story could
not be kept.
"""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path, Request, Response

from service.api.limits import check_articles
from service.api.problems import documented
from service.api.serving import Served, Serving
from service.api.wire import StoryRequest
from service.errors import NotFound
from service.stories.models import Story

router = APIRouter(prefix="/v1", tags=["stories"])


@router.post(
    "/stories",
    summary="Read articles, merge their facts, write one cited account",
    responses={
        200: {
            "headers": {"Location": {"description": "Where the story is kept.", "schema": {"type": "string"}}}
        },
        **documented(400, 413, 415, 422, 500, 502, 503, 504),
    },
)
async def create_story(body: StoryRequest, request: Request, response: Response, served: Served) -> Story:
    """Answers when the story is written, which may take minutes with a local model."""
    check_articles(body.articles, served.settings)
    story = await served.model_line.run(lambda: _told(body, served), gone=request.is_disconnected)
    response.headers["Location"] = request.app.url_path_for("get_story", story_id=story.story_id)
    return story


@router.get("/stories/{story_id}", summary="A story that was written", responses=documented(404, 422, 500))
async def get_story(
    story_id: Annotated[str, Path(max_length=200, description="As it stands in the story.")], served: Served
) -> Story:
    story = await to_thread.run_sync(served.store.get, story_id)
    if story is None:
        raise NotFound("there is no story with this id here")
    return story


def _told(body: StoryRequest, served: Serving) -> Story:
    # Asked first: minutes of reading would be for nothing if the story could not be kept.
    served.store.check_writable()
    story = served.reader.story(body.articles, body.options)
    served.store.put(story)
    return story
