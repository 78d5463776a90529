"""`POST /v1/stories/{story_id}/articles`: one more article, a new story, the old one stays."""

from __future__ import annotations

import httpx
import pytest

from service.backends.base import ModelRequest
from service.backends.scripted import ScriptedBackend
from service.errors import EmptyArticle
from service.pipeline import Attest
from service.settings import Settings
from service.stories.models import Story
from service.text.parsing import Parser
from tests.api.conftest import Serve
from tests.api.fakes import FakeAttest
from tests.newsroom import LOCAL, SILENT, story_articles

pytestmark = pytest.mark.anyio

FIRST = {"text": "Ferries ran again on Monday.", "source": "Harbour Post"}
SECOND = {"text": "Boats are back.", "source": "Island Courier"}


async def made(client: httpx.AsyncClient, *articles: object) -> str:
    reply = await client.post("/v1/stories", json={"articles": articles or (FIRST,)})
    location: str = reply.headers["Location"]
    return location


async def test_a_new_story_is_kept_beside_the_old_one(client: httpx.AsyncClient, attest: FakeAttest) -> None:
    old = await made(client)
    before = await client.get(old)
    reply = await client.post(f"{old}/articles", json={"article": SECOND})
    assert reply.status_code == 200
    story = Story.model_validate_json(reply.content)
    assert [a.source for a in story.articles] == ["Harbour Post", "Island Courier"]
    assert reply.headers["Location"] == f"/v1/stories/{story.story_id}" != old
    assert (await client.get(reply.headers["Location"])).json() == reply.json()
    assert (await client.get(old)).json() == before.json()
    assert attest.asked == ["story", "add"]


async def test_it_is_told_in_markdown_on_request(client: httpx.AsyncClient) -> None:
    old = await made(client)
    reply = await client.post(
        f"{old}/articles", json={"article": SECOND}, headers={"Accept": "text/markdown"}
    )
    assert reply.headers["Content-Type"].startswith("text/markdown")
    assert "Boats are back.[^2]" in reply.text


async def test_an_unknown_story(client: httpx.AsyncClient, attest: FakeAttest) -> None:
    reply = await client.post("/v1/stories/story_of_nobody/articles", json={"article": SECOND})
    assert reply.status_code == 404
    assert attest.asked == []


@pytest.mark.parametrize("text", [FIRST["text"], "  Ferries ran\nagain on  Monday.  "])
async def test_an_article_that_is_there_already(client: httpx.AsyncClient, text: str) -> None:
    old = await made(client)
    reply = await client.post(f"{old}/articles", json={"article": FIRST | {"text": text}})
    assert reply.status_code == 422
    assert reply.json()["type"] == "urn:attest:problem:duplicate-article"
    assert "in the story already" in reply.json()["detail"]
    assert reply.json()["errors"][0]["pointer"] == "/article"


async def test_the_same_text_from_another_outlet_is_no_duplicate(client: httpx.AsyncClient) -> None:
    old = await made(client)
    reply = await client.post(f"{old}/articles", json={"article": FIRST | {"source": "Island Courier"}})
    assert reply.status_code == 200


async def test_an_article_that_cannot_be_read(serve: Serve, attest: FakeAttest) -> None:
    async with serve() as client:
        old = await made(client)
        attest.error = EmptyArticle("there is no readable text in it")
        reply = await client.post(f"{old}/articles", json={"article": {"text": " "}})
    assert reply.status_code == 422
    assert reply.json()["type"] == "urn:attest:problem:empty-article"
    assert "Location" not in reply.headers


@pytest.mark.parametrize("body", [{}, {"article": 3}, {"articles": [SECOND]}, {"article": {"title": "x"}}])
async def test_another_body_is_refused(client: httpx.AsyncClient, attest: FakeAttest, body: object) -> None:
    reply = await client.post(f"{await made(client)}/articles", json=body)
    assert reply.status_code == 422
    assert attest.asked == ["story"]


async def test_limits(serve: Serve, settings: Settings) -> None:
    full = settings.model_copy(update={"max_articles": 1, "max_article_chars": 100})
    settings.__dict__.update(full.__dict__)
    async with serve() as client:
        old = await made(client)
        more = await client.post(f"{old}/articles", json={"article": SECOND})
        long = await client.post(f"{old}/articles", json={"article": {"text": "x" * 101}})
    assert (more.status_code, more.json()["type"]) == (413, "urn:attest:problem:too-many-articles")
    assert (long.status_code, long.json()["type"]) == (413, "urn:attest:problem:article-too-large")
    assert long.json()["errors"][0]["pointer"] == "/article/text"


async def test_the_real_pipeline_reads_only_the_new_article(
    serve: Serve, settings: Settings, parser: Parser
) -> None:
    """One by one or at once: the same story; and each article is asked about once."""
    given = [a.model_dump(mode="json") for a in story_articles()]
    calls: list[str] = []

    def answer(request: ModelRequest) -> str:
        calls.append(request.stage)
        return SILENT

    own = Settings(database=settings.database)
    attest = Attest(own, backend=ScriptedBackend(answer, profile=LOCAL), parser=parser)
    async with serve(attest=attest) as client:
        at_once = (await client.post("/v1/stories", json={"articles": given})).json()
        asked_at_once = calls.count("extract_facts")
        calls.clear()
        grown = await made(client, given[0])
        for article in given[1:]:
            grown = (await client.post(f"{grown}/articles", json={"article": article})).headers["Location"]
    assert grown == f"/v1/stories/{at_once['story_id']}"
    assert calls.count("extract_facts") == asked_at_once
