"""A story as JSON, Markdown or plain text, as the caller asks."""

from __future__ import annotations

import httpx
import pytest

from service.api.negotiation import wanted
from service.api.refusals import NotAcceptable
from service.stories.models import Story
from service.stories.rendering.markdown import markdown
from service.stories.rendering.plain import plain
from tests.api.fakes import FakeAttest

ARTICLES = [
    {"text": "Ferries ran again on *Monday*.", "source": "Harbour Post", "published_at": "2024-03-05"},
    {"text": "Boats are back.", "source": "Island Courier", "title": "Boats"},
]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, "application/json"),
        ("", "application/json"),
        (" ", "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        ("text/markdown", "text/markdown"),
        ("Text/Markdown; charset=utf-8", "text/markdown"),
        ("text/plain", "text/plain"),
        ("text/*", "text/markdown"),
        ("text/*;q=0.5, text/plain", "text/plain"),
        ("application/json;q=0.5, text/plain;q=0.8", "text/plain"),
        ("*/*, application/json;q=0", "text/markdown"),
        ("text/plain, text/markdown", "text/markdown"),
        ("text/plain;q=2, application/json", "application/json"),
        ("nonsense, ,;, text/plain", "text/plain"),
    ],
)
def test_what_is_asked_for(accept: str | None, media: str) -> None:
    assert wanted(accept) == media


@pytest.mark.parametrize("accept", ["text/html", "image/*", "application/json;q=0", "*/*;q=0", "nonsense"])
def test_what_is_not_to_be_had(accept: str) -> None:
    with pytest.raises(NotAcceptable, match="text/markdown"):
        wanted(accept)


@pytest.mark.anyio
class TestServed:
    @pytest.mark.parametrize(("media", "render"), [("text/markdown", markdown), ("text/plain", plain)])
    async def test_made_and_fetched(self, client: httpx.AsyncClient, media: str, render: object) -> None:
        assert callable(render)
        made = await client.post("/v1/stories", json={"articles": ARTICLES}, headers={"Accept": media})
        fetched = await client.get(made.headers["Location"], headers={"Accept": media})
        story = Story.model_validate_json((await client.get(made.headers["Location"])).content)
        for reply in (made, fetched):
            assert reply.status_code == 200
            assert reply.headers["Content-Type"] == f"{media}; charset=utf-8"
            assert reply.headers["Vary"] == "Accept"
            assert reply.text == render(story)

    async def test_json_varies_too(self, client: httpx.AsyncClient) -> None:
        made = await client.post("/v1/stories", json={"articles": ARTICLES})
        fetched = await client.get(made.headers["Location"])
        assert made.headers["Vary"] == fetched.headers["Vary"] == "Accept"

    async def test_another_type_is_refused_before_anything_is_read(
        self, client: httpx.AsyncClient, attest: FakeAttest
    ) -> None:
        reply = await client.post("/v1/stories", json={"articles": ARTICLES}, headers={"Accept": "text/html"})
        assert reply.status_code == 406
        assert reply.headers["Content-Type"] == "application/problem+json"
        assert reply.headers["Vary"] == "Accept"
        assert reply.json()["type"] == "urn:attest:problem:not-acceptable"
        assert attest.asked == []

    async def test_a_story_that_is_not_there_is_a_problem_in_any_type(
        self, client: httpx.AsyncClient
    ) -> None:
        reply = await client.get("/v1/stories/story_of_nobody", headers={"Accept": "text/markdown"})
        assert reply.status_code == 404
        assert reply.headers["Content-Type"] == "application/problem+json"

    async def test_several_accept_headers_are_one(self, client: httpx.AsyncClient) -> None:
        headers = [("Accept", "text/html"), ("Accept", "text/plain")]
        reply = await client.post("/v1/stories", json={"articles": ARTICLES}, headers=headers)
        assert reply.headers["Content-Type"].startswith("text/plain")
