"""What is sent, what is read, and what is conceded to a server that refuses a field."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import respx

from service.backends.base import Backend
from service.errors import BackendRefused
from tests.backends.mock_server import (
    BASE,
    KEY,
    SCHEMA,
    answering,
    backend,
    completion,
    error_of,
    question,
    said,
    ticking,
)


@respx.mock
def test_asks_for_a_completion_and_reads_it() -> None:
    route = respx.post(f"{BASE}/chat/completions").respond(json=completion())
    reply = backend(clock=ticking(0.25)).complete(question(SCHEMA))
    sent = route.calls.last.request
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert sent.headers["content-type"] == "application/json"
    assert json.loads(sent.content) == {
        "model": "city-1",
        "messages": [
            {"role": "system", "content": "Answer briefly."},
            {"role": "user", "content": "Name a city."},
        ],
        "max_tokens": 40,
        "temperature": 0.0,
        "seed": 7,
        "stream": False,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "a_city", "schema": SCHEMA, "strict": True},
        },
    }
    assert (reply.text, reply.finish, reply.model) == ("Oslo", "stop", "city-1-2024")
    usage = reply.usage
    assert (usage.calls, usage.prompt_tokens, usage.cached_prompt_tokens, usage.completion_tokens) == (
        1,
        12,
        8,
        3,
    )
    assert usage.seconds > 0


def test_is_a_backend() -> None:
    one: Backend = backend(answering(200, completion()))
    assert (one.name, one.model, one.model_sha256, one.profile.concurrency) == ("openai", "city-1", None, 4)


@respx.mock
def test_without_a_schema_no_format_and_without_a_key_no_header() -> None:
    route = respx.post(f"{BASE}/chat/completions").respond(json=completion())
    backend(api_key=None).complete(question())
    assert "response_format" not in json.loads(route.calls.last.request.content)
    assert "authorization" not in route.calls.last.request.headers


@pytest.mark.parametrize("base_url", [BASE, BASE + "/", " " + BASE])
def test_the_path_is_appended_to_the_base_url(base_url: str) -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json=completion())

    backend(handler, base_url=base_url).complete(question())
    assert asked == [f"{BASE}/chat/completions"]


@pytest.mark.parametrize(
    ("body", "text", "finish"),
    [
        (completion("", "stop"), "", "stop"),
        (completion(None, "length"), "", "length"),
        (completion('{"ci', "length"), '{"ci', "length"),
        (completion("Oslo", None), "Oslo", "stop"),
        (completion("Oslo", "eos"), "Oslo", "stop"),
        (completion("\ud800 \x00 é"), "\ud800 \x00 é", "stop"),
    ],
)
def test_texts_and_ends(body: dict[str, Any], text: str, finish: str) -> None:
    content = json.dumps(body).encode()
    reply = backend(answering(200, content)).complete(question())
    assert (reply.text, reply.finish) == (text, finish)


def test_a_lone_surrogate_in_an_article_is_sent_escaped() -> None:
    seen: list[bytes] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.content)
        return httpx.Response(200, json=completion())

    backend(handler).complete(question(text="broken \ud83d here"))
    assert rb"broken \ud83d here" in seen[0]


@pytest.mark.parametrize(
    "usage",
    [
        None, {}, [], {"prompt_tokens": "12"}, {"prompt_tokens": -4, "completion_tokens": True},
        {"prompt_tokens_details": None}, {"prompt_tokens_details": {"cached_tokens": 3}},
    ],
)  # fmt: skip
def test_missing_or_senseless_usage_counts_as_nothing(usage: Any) -> None:
    reply = backend(answering(200, completion(usage=usage, model=None))).complete(question())
    counted = reply.usage
    assert (
        counted.calls,
        counted.prompt_tokens,
        counted.cached_prompt_tokens,
        counted.completion_tokens,
    ) == (1, 0, 0, 0)
    assert reply.model == "city-1"


def test_no_more_tokens_cached_than_read() -> None:
    usage = {"prompt_tokens": 5, "prompt_tokens_details": {"cached_tokens": 9}}
    assert (
        backend(answering(200, completion(usage=usage))).complete(question()).usage.cached_prompt_tokens == 5
    )


class Picky:
    """A server that refuses what `objection` names, and keeps what it was asked."""

    def __init__(self, objection: Callable[[dict[str, Any]], httpx.Response | None]) -> None:
        self.objection = objection
        self.asked: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.asked.append(body)
        return self.objection(body) or httpx.Response(200, json=completion())

    @property
    def formats(self) -> list[str]:
        wanted = [body.get("response_format", {"type": "none"}) for body in self.asked]
        return [one["type"] + ("+schema" if "schema" in one else "") for one in wanted]


def only_formats(accepted: set[str], status: int = 400, message: str = "bad response_format") -> Picky:
    def objection(body: dict[str, Any]) -> httpx.Response | None:
        wanted = body.get("response_format", {"type": "none"})
        kind = wanted["type"] + ("+schema" if "schema" in wanted else "")
        return None if kind in accepted else httpx.Response(status, json=said(message))

    return Picky(objection)


@pytest.mark.parametrize(
    ("accepted", "steps"),
    [
        ("json_schema", ["json_schema"]),
        ("json_object+schema", ["json_schema", "json_object+schema"]),
        ("json_object", ["json_schema", "json_object+schema", "json_object"]),
        ("none", ["json_schema", "json_object+schema", "json_object", "none"]),
    ],
)
@pytest.mark.parametrize(
    ("status", "message"), [(400, "no"), (422, "no"), (500, "loc: response_format.type")]
)
def test_response_format_falls_back_and_is_remembered(
    accepted: str, steps: list[str], status: int, message: str
) -> None:
    server = only_formats({accepted}, status, message)
    asking = backend(server)
    assert asking.complete(question(SCHEMA)).text == "Oslo"
    assert asking.complete(question(SCHEMA)).text == "Oslo"
    assert server.formats == [*steps, accepted]


def test_a_fallback_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    asking = backend(only_formats({"json_object"}))
    with caplog.at_level(logging.WARNING):
        asking.complete(question(SCHEMA))
        asking.complete(question(SCHEMA))
    assert len(caplog.records) == 1
    assert "json_object" in caplog.text
    assert KEY not in caplog.text


def test_a_request_refused_in_every_way_teaches_nothing() -> None:
    server = only_formats(set())
    asking = backend(server)
    with pytest.raises(BackendRefused):
        asking.complete(question(SCHEMA))
    server.objection = lambda _: None
    asking.complete(question(SCHEMA))
    assert server.formats[-2:] == ["none", "json_schema"]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, said()), (404, said()), (429, said()), (500, said()), (503, said("overloaded")),
        (400, said(code="context_length_exceeded")), (400, said(code="content_filter")),
        (400, said(param="messages")),
    ],
)  # fmt: skip
def test_other_failures_are_not_blamed_on_the_format(status: int, body: Any) -> None:
    server = Picky(lambda _: httpx.Response(status, json=body))
    error_of(server, question(SCHEMA))
    assert server.formats == ["json_schema"]


def test_models_that_want_max_completion_tokens_and_their_own_temperature() -> None:
    def objection(body: dict[str, Any]) -> httpx.Response | None:
        if "max_tokens" in body:
            message = "Unsupported parameter: use 'max_completion_tokens' instead."
            return httpx.Response(400, json=said(message, param="max_tokens", code="unsupported_parameter"))
        for name in ("temperature", "seed"):
            if name in body:
                return httpx.Response(400, json=said("unsupported", param=name, code="unsupported_value"))
        return None

    server = Picky(objection)
    asking = backend(server)
    asking.complete(question(SCHEMA))
    asking.complete(question())
    assert len(server.asked) == 5
    assert server.asked[-1].keys() == {"model", "messages", "max_completion_tokens", "stream"}
    assert server.formats[-2] == "json_schema"
