from __future__ import annotations

import anyio
import httpx
import pytest

from service.errors import UnsupportedLanguage
from service.stories.models import ArticleFacts
from tests.api.conftest import Serve
from tests.api.fakes import FakeAttest

pytestmark = pytest.mark.anyio

TEXT = "Ferries ran again on Monday."


async def test_facts_of_one_article(client: httpx.AsyncClient) -> None:
    reply = await client.post("/v1/facts", json={"article": {"text": TEXT, "source": "Harbour Post"}})
    assert reply.status_code == 200
    read = ArticleFacts.model_validate_json(reply.content)
    assert read.article.text == TEXT
    assert read.facts[0].evidence[0].quote == TEXT
    assert (read.ledger.drafts, read.ledger.kept, read.ledger.rejected) == (2, 1, 1)
    assert reply.json()["usage"]["stages"]["extract_facts"]["calls"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "nul\x00inside",
        "\u202eright to left\u202c",
        "\ufeffBOM first",
        "emoji \U0001f600 end",
        "a\r\nb\tc",
    ],
    ids=["only-nul", "nul", "bidi", "bom", "astral", "line-ends"],
)
async def test_text_comes_back_character_for_character(client: httpx.AsyncClient, text: str) -> None:
    reply = await client.post("/v1/facts", json={"article": {"text": text}})
    assert reply.status_code == 200
    assert reply.json()["article"]["text"] == text
    assert reply.json()["facts"][0]["evidence"][0]["quote"] == text


async def test_the_last_of_duplicate_keys_counts(client: httpx.AsyncClient) -> None:
    body = b'{"article": {"text": "first", "text": "second"}}'
    reply = await client.post("/v1/facts", content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == 200
    assert reply.json()["article"]["text"] == "second"


@pytest.mark.parametrize("text", ["", " \n\t "])
async def test_an_empty_article_is_a_problem(client: httpx.AsyncClient, text: str) -> None:
    reply = await client.post("/v1/facts", json={"article": {"text": text}})
    assert reply.status_code == 422
    assert reply.json()["type"] == "urn:attest:problem:empty-article"


async def test_what_the_pipeline_refuses_is_a_problem(serve: Serve) -> None:
    attest = FakeAttest(error=UnsupportedLanguage("it looks like language 'fr'; attest reads English"))
    async with serve(attest=attest) as client:
        reply = await client.post("/v1/facts", json={"article": {"text": "Le bac."}})
    assert reply.status_code == 422
    assert reply.json()["type"] == "urn:attest:problem:unsupported-language"
    assert "attest reads English" in reply.json()["detail"]


async def test_one_verdict_a_statement_in_order(client: httpx.AsyncClient, attest: FakeAttest) -> None:
    statements = ["It rained.", "Ferries ran again", "It rained."]
    reply = await client.post("/v1/check", json={"article": {"text": TEXT}, "statements": statements})
    assert reply.status_code == 200
    verdicts = reply.json()["verdicts"]
    assert [verdict["statement"] for verdict in verdicts] == statements
    assert [verdict["verdict"] for verdict in verdicts] == ["rejected", "supported", "rejected"]
    assert verdicts[1]["evidence"][0]["quote"] == "Ferries ran again"
    assert attest.asked == ["check"]


async def test_no_statements_are_no_verdicts(client: httpx.AsyncClient) -> None:
    reply = await client.post("/v1/check", json={"article": {"text": TEXT}, "statements": []})
    assert (reply.status_code, reply.json()) == (200, {"verdicts": []})


async def test_a_check_does_not_wait_for_the_model(serve: Serve) -> None:
    attest = FakeAttest(held=True)
    body = {"article": {"text": TEXT}}
    async with serve(attest=attest, waiting=0) as client, anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: client.post("/v1/facts", json=body))
        await anyio.to_thread.run_sync(attest.begun.wait)
        refused = await client.post("/v1/facts", json=body)
        tasks.start_soon(lambda: client.post("/v1/check", json={**body, "statements": []}))
        await anyio.wait_all_tasks_blocked()
        asked = list(attest.asked)
        attest.release.set()
    assert refused.status_code == 503
    assert asked == ["facts", "check"]
