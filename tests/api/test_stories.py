from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from service.api.app import create_app
from service.settings import Settings
from service.stories.models import Story
from tests.api.conftest import Serve
from tests.api.fakes import FakeAttest

pytestmark = pytest.mark.anyio

ARTICLES = [
    {"text": "Ferries ran again on Monday.", "source": "Harbour Post", "published_at": "2024-03-05"},
    {"text": "Boats are back.", "source": "Island Courier", "title": "Boats"},
]


async def test_articles_in_story_out(client: httpx.AsyncClient) -> None:
    reply = await client.post("/v1/stories", json={"articles": ARTICLES})
    assert reply.status_code == 200
    story = Story.model_validate_json(reply.content)
    assert [article.source for article in story.articles] == ["Harbour Post", "Island Courier"]
    assert len(story.summary.sentences) == 2
    assert reply.headers["Location"] == f"/v1/stories/{story.story_id}"


async def test_options_reach_the_pipeline(client: httpx.AsyncClient, attest: FakeAttest) -> None:
    await client.post("/v1/stories", json={"articles": ARTICLES, "options": {"summary_sentences": 3}})
    assert attest.options is not None
    assert attest.options.summary_sentences == 3


@pytest.mark.parametrize("options", [{"summary_sentences": 2}, {"summary_sentences": 13}, {"sentences": 5}])
async def test_unusable_options_are_refused(
    client: httpx.AsyncClient, attest: FakeAttest, options: dict[str, int]
) -> None:
    reply = await client.post("/v1/stories", json={"articles": ARTICLES, "options": options})
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["pointer"] == f"/options/{next(iter(options))}"
    assert attest.asked == []


async def test_a_story_is_fetched_where_location_says(client: httpx.AsyncClient) -> None:
    made = await client.post("/v1/stories", json={"articles": ARTICLES})
    fetched = await client.get(made.headers["Location"])
    assert fetched.status_code == 200
    assert fetched.json() == made.json()


async def test_a_story_outlives_the_process(serve: Serve) -> None:
    async with serve() as client:
        made = await client.post("/v1/stories", json={"articles": ARTICLES})
    async with serve(attest=FakeAttest()) as restarted:
        fetched = await restarted.get(made.headers["Location"])
    assert fetched.status_code == 200
    assert fetched.json() == made.json()


async def test_an_unknown_story_is_a_problem(client: httpx.AsyncClient) -> None:
    reply = await client.get("/v1/stories/story_of_nobody")
    assert reply.status_code == 404
    assert reply.json()["type"] == "urn:attest:problem:not-found"
    assert reply.json()["instance"] == "/v1/stories/story_of_nobody"


async def test_no_articles_are_no_story(client: httpx.AsyncClient) -> None:
    reply = await client.post("/v1/stories", json={"articles": []})
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["pointer"] == "/articles"


async def test_the_place_the_pipeline_names_is_passed_on(client: httpx.AsyncClient) -> None:
    reply = await client.post("/v1/stories", json={"articles": [*ARTICLES, {"text": " "}]})
    assert reply.status_code == 422
    assert reply.json()["detail"].startswith("article 3:")


async def test_nothing_is_read_when_the_story_could_not_be_kept(
    serve: Serve, settings: Settings, attest: FakeAttest
) -> None:
    async with serve() as client:
        settings.database.unlink()
        reply = await client.post("/v1/stories", json={"articles": ARTICLES})
    assert reply.status_code == 500
    assert reply.json()["type"] == "urn:attest:problem:bad-settings"
    assert attest.asked == []


async def test_a_failed_story_leaves_nothing_behind(serve: Serve, settings: Settings) -> None:
    async with serve(attest=FakeAttest(error=RuntimeError("half way"))) as client:
        failed = await client.post("/v1/stories", json={"articles": ARTICLES})
    async with serve() as client:
        story = (await client.post("/v1/stories", json={"articles": ARTICLES})).json()
    assert failed.status_code == 500
    assert "Location" not in failed.headers
    assert story["story_id"]


async def test_the_pipeline_is_opened_and_closed_by_the_app(settings: Settings) -> None:
    opened: list[Settings] = []
    attest = FakeAttest()

    def open_attest(given: Settings) -> FakeAttest:
        opened.append(given)
        return attest

    app = create_app(settings, open_attest=open_attest)
    assert opened == []
    async with app.router.lifespan_context(app):
        assert opened == [settings]
        assert attest.closed == 0
    assert attest.closed == 1


async def test_a_pipeline_that_was_handed_in_stays_open(serve: Serve, attest: FakeAttest) -> None:
    async with serve():
        pass
    assert attest.closed == 0


async def test_stories_are_worked_one_after_another(serve: Serve) -> None:
    attest = FakeAttest(held=True)
    replies: list[int] = []
    async with serve(attest=attest, waiting=1, retry_after_seconds=12) as client:

        async def post() -> None:
            replies.append((await client.post("/v1/stories", json={"articles": ARTICLES})).status_code)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(post)
            await anyio.to_thread.run_sync(attest.begun.wait)
            tasks.start_soon(post)
            await anyio.wait_all_tasks_blocked()
            assert attest.asked == ["story"]  # the second waits
            third = await client.post("/v1/stories", json={"articles": ARTICLES})
            attest.release.set()
    assert third.status_code == 503
    assert third.headers["Retry-After"] == "12"
    assert third.json()["type"] == "urn:attest:problem:busy"
    assert replies == [200, 200]


async def test_who_left_while_waiting_is_not_worked_for(settings: Settings) -> None:
    attest = FakeAttest(held=True)
    app = create_app(settings, attest=attest)
    body = json.dumps({"articles": ARTICLES}).encode()
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def post(*received: dict[str, Any]) -> None:
        """A request whose connection says `received`, one after another, and then nothing more."""
        messages = iter(received)

        async def receive() -> dict[str, Any]:
            message = next(messages, None)
            if message is None:
                await anyio.sleep_forever()
                raise AssertionError
            return message

        headers = [(b"content-type", b"application/json")]
        scope = {"type": "http", "method": "POST", "path": "/v1/stories", "headers": headers}
        await app({**scope, "query_string": b"", "http_version": "1.1"}, receive, send)

    request = {"type": "http.request", "body": body}
    async with app.router.lifespan_context(app), anyio.create_task_group() as tasks:
        tasks.start_soon(post, request)
        await anyio.to_thread.run_sync(attest.begun.wait)
        tasks.start_soon(post, request, {"type": "http.disconnect"})
        await anyio.wait_all_tasks_blocked()
        attest.release.set()
    assert attest.asked == ["story"]
    assert [message["status"] for message in sent if "status" in message] == [200, 499]


def test_the_example_story_is_a_true_one() -> None:
    """The example of OpenAPI keeps what every story promises: offsets that say what they cite."""
    path = Path(__file__).parents[2] / "service" / "api" / "examples" / "Story.json"
    story = Story.model_validate_json(path.read_text(encoding="utf-8"))
    texts = {article.article_id: article.text for article in story.articles}
    merged = {fact.merged_fact_id for fact in story.merged_facts}
    for fact in story.facts:
        assert all(item.quote == texts[fact.article_id][item.start : item.end] for item in fact.evidence)
        assert all(value.text == texts[fact.article_id][value.start : value.end] for value in fact.values)
    for sentence in story.summary.sentences:
        assert merged.issuperset(sentence.merged_fact_ids)
        assert all(texts[at.article_id][at.start : at.end].strip() for at in sentence.citations)
    assert story.summary.text == " ".join(sentence.text for sentence in story.summary.sentences)
