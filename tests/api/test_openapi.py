from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from service.api import wire
from service.api.problems import Problem
from service.api.readiness import ReadinessReport
from service.settings import Settings
from service.stories.models import ArticleFacts, Story
from service.text.article import Article

pytestmark = pytest.mark.anyio

MODELS = {
    model.__name__: model
    for model in (
        wire.FactsRequest, wire.CheckRequest, wire.CheckReply, wire.StoryRequest, wire.AddRequest,
        wire.PromptList, wire.Alive, Problem, ReadinessReport, Article, Story, ArticleFacts,
    )
}  # fmt: skip


@pytest.fixture
async def document(client: httpx.AsyncClient) -> dict[str, Any]:
    reply = await client.get("/openapi.json")
    assert reply.status_code == 200
    found: dict[str, Any] = reply.json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


async def test_it_lists_what_the_contract_promises(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert {name for name, _ in operations(document)} == {
        "POST /v1/facts",
        "POST /v1/check",
        "POST /v1/stories",
        "GET /v1/stories/{story_id}",
        "POST /v1/stories/{story_id}/articles",
        "GET /v1/prompts",
        "GET /healthz",
        "GET /readyz",
    }


async def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = set(references(document))
    assert found
    for reference in found:
        at: Any = document
        for part in reference.removeprefix("#/").split("/"):
            at = at[part]


async def test_every_operation_is_described(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(set(names)) == len(names)
    for _, operation in operations(document):
        assert operation["summary"]
        assert operation["tags"]
        assert all(reply["description"] for reply in operation["responses"].values())


async def test_errors_are_documented_as_problems(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        if "/v1/" not in name:
            continue
        errors = {status: reply for status, reply in operation["responses"].items() if status >= "400"}
        assert errors, name
        for reply in errors.values():
            assert list(reply["content"]) == ["application/problem+json"]
    asking = {"200", "400", "413", "415", "422", "500", "502", "503", "504"}
    for path, more in (
        ("/v1/facts", set()),
        ("/v1/stories", {"406"}),
        ("/v1/stories/{story_id}/articles", {"404", "406"}),
    ):
        assert set(document["paths"][path]["post"]["responses"]) == asking | more


async def test_a_story_is_documented_in_every_type_it_is_told_in(document: dict[str, Any]) -> None:
    for path, method in (
        ("/v1/stories", "post"),
        ("/v1/stories/{story_id}", "get"),
        ("/v1/stories/{story_id}/articles", "post"),
    ):
        reply = document["paths"][path][method]["responses"]["200"]
        assert set(reply["content"]) == {"application/json", "text/markdown", "text/plain"}
        assert reply["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Story"}
        assert "Vary" in reply["headers"]


@pytest.mark.parametrize("name", sorted(MODELS))
async def test_every_model_has_an_example_that_is_valid(document: dict[str, Any], name: str) -> None:
    examples = document["components"]["schemas"][name]["examples"]
    assert examples
    for example in examples:
        MODELS[name].model_validate(example)


async def test_the_examples_of_requests_are_answered(client: httpx.AsyncClient) -> None:
    for path, model in (
        ("/v1/facts", wire.FactsRequest),
        ("/v1/check", wire.CheckRequest),
        ("/v1/stories", wire.StoryRequest),
    ):
        (example,) = model.model_json_schema()["examples"]
        assert (await client.post(path, json=example)).status_code == 200


async def test_no_setting_shows_in_it(client: httpx.AsyncClient, settings: Settings) -> None:
    text = (await client.get("/openapi.json")).text
    assert str(settings.database) not in text
