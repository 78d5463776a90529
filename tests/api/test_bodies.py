from __future__ import annotations

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from service.api.bodies import Bodies
from service.settings import Settings
from tests.api.conftest import Serve
from tests.api.fakes import FakeAttest

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}
GOOD = {"article": {"text": "Ferries ran again — on Monday."}}


async def chunks(size: int, count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b" " * size


async def test_a_declared_length_over_the_limit(client: httpx.AsyncClient, settings: Settings) -> None:
    reply = await client.post("/v1/facts", content=b" " * (settings.max_body_bytes + 1), headers=JSON)
    assert reply.status_code == 413
    assert reply.json()["type"] == "urn:attest:problem:body-too-large"
    assert "2,000,000 bytes (ATTEST_MAX_BODY_BYTES)" in reply.json()["detail"]


async def test_an_undeclared_length_is_counted(client: httpx.AsyncClient) -> None:
    reply = await client.post("/v1/facts", content=chunks(500_000, 5), headers=JSON)
    assert reply.status_code == 413
    assert reply.json()["type"] == "urn:attest:problem:body-too-large"


async def test_no_more_is_read_than_the_limit_and_a_chunk() -> None:
    taken = 0

    async def receive() -> dict[str, object]:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b"x" * 10, "more_body": True}

    sent: list[dict[str, object]] = []

    async def send(message: object) -> None:
        assert isinstance(message, dict)
        sent.append(message)

    async def app(scope: object, receive: object, send: object) -> None:
        raise AssertionError("must not be reached")

    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    await Bodies(app, max_bytes=35)(scope, receive, send)
    assert taken == 4
    assert sent[0]["status"] == 413


async def test_a_body_in_chunks_arrives_whole(client: httpx.AsyncClient) -> None:
    body = json.dumps(GOOD, ensure_ascii=False).encode()

    async def by_byte() -> AsyncIterator[bytes]:
        for at in range(len(body)):
            yield body[at : at + 1]

    reply = await client.post("/v1/facts", content=by_byte(), headers=JSON)
    assert reply.status_code == 200
    assert reply.json()["article"]["text"] == GOOD["article"]["text"]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le", "utf-32-be"])
async def test_json_that_is_not_utf8(client: httpx.AsyncClient, encoding: str) -> None:
    body = json.dumps({"article": {"text": "caf\u00e9"}}, ensure_ascii=False).encode(encoding)
    reply = await client.post("/v1/facts", content=body, headers=JSON)
    assert reply.status_code == 400
    assert reply.json()["type"] == "urn:attest:problem:malformed-body"
    assert "UTF-8" in reply.json()["detail"]


async def test_a_byte_order_mark_before_the_json_is_read_over(client: httpx.AsyncClient) -> None:
    reply = await client.post("/v1/facts", content=b"\xef\xbb\xbf" + json.dumps(GOOD).encode(), headers=JSON)
    assert reply.status_code == 200


@pytest.mark.parametrize(
    "media", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "nonsense"]
)
async def test_another_media_type_is_refused(
    client: httpx.AsyncClient, attest: FakeAttest, media: str | None
) -> None:
    headers = {"Content-Type": media} if media else {}
    reply = await client.post("/v1/facts", content=json.dumps(GOOD).encode(), headers=headers)
    assert reply.status_code == 415
    assert "application/json" in reply.json()["detail"]
    assert attest.asked == []


@pytest.mark.parametrize("media", ["application/json; charset=utf-8", "application/vnd.news+json"])
async def test_json_by_other_names_is_read(client: httpx.AsyncClient, media: str) -> None:
    reply = await client.post("/v1/facts", content=json.dumps(GOOD).encode(), headers={"Content-Type": media})
    assert reply.status_code == 200


async def test_an_article_of_a_million_characters(client: httpx.AsyncClient, attest: FakeAttest) -> None:
    reply = await client.post("/v1/facts", json={"article": {"text": "x" * 1_000_000}})
    assert reply.status_code == 413
    found = reply.json()
    assert found["type"] == "urn:attest:problem:article-too-large"
    assert found["errors"][0]["pointer"] == "/article/text"
    assert "1,000,000 characters; the limit is 200,000 (ATTEST_MAX_ARTICLE_CHARS)" in found["detail"]
    assert attest.asked == []


@pytest.mark.parametrize("name", ["title", "source", "language"])
async def test_the_other_fields_are_measured_as_well(client: httpx.AsyncClient, name: str) -> None:
    body = {"articles": [GOOD["article"], {"text": "A.", name: "x" * 200_001}]}
    reply = await client.post("/v1/stories", json=body)
    assert reply.status_code == 413
    assert reply.json()["errors"][0]["pointer"] == f"/articles/1/{name}"


async def test_two_hundred_articles(client: httpx.AsyncClient, attest: FakeAttest) -> None:
    reply = await client.post("/v1/stories", json={"articles": [GOOD["article"]] * 200})
    assert reply.status_code == 413
    assert reply.json()["type"] == "urn:attest:problem:too-many-articles"
    assert "200 articles; the limit is 50 (ATTEST_MAX_ARTICLES)" in reply.json()["detail"]
    assert attest.asked == []


async def test_too_many_statements(client: httpx.AsyncClient, attest: FakeAttest) -> None:
    reply = await client.post("/v1/check", json={**GOOD, "statements": ["It rained."] * 21})
    assert reply.status_code == 413
    assert reply.json()["type"] == "urn:attest:problem:too-many-statements"
    assert "21 statements; the limit is 20 (ATTEST_MAX_STATEMENTS)" in reply.json()["detail"]
    assert attest.asked == []


async def test_a_statement_longer_than_any_article(client: httpx.AsyncClient) -> None:
    reply = await client.post("/v1/check", json={**GOOD, "statements": ["It rained.", "x" * 200_001]})
    assert reply.status_code == 413
    assert reply.json()["errors"][0]["pointer"] == "/statements/1"


async def test_the_service_goes_on_after_a_refusal(serve: Serve) -> None:
    async with serve() as client:
        for body in (b"\xff", b" " * 2_000_001, b"{"):
            assert (await client.post("/v1/facts", content=body, headers=JSON)).is_client_error
        assert (await client.post("/v1/facts", json=GOOD)).status_code == 200
