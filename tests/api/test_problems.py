from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from service.api.problems import Problem
from service.errors import (
    AttestError,
    BackendRateLimited,
    BackendRefused,
    BackendTimeout,
    BackendUnavailable,
    BackendUnreachable,
    CircuitOpen,
    ContentFiltered,
    ContextOverflow,
    ModelFileError,
    OutOfMemory,
    PromptError,
    QuotaExceeded,
)
from tests.api.conftest import Serve
from tests.api.fakes import FakeAttest

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}
TEXT = {"text": "Ferries ran again on Monday."}


def problem(reply: httpx.Response) -> Problem:
    assert reply.headers["Content-Type"] == "application/problem+json"
    found = Problem.model_validate_json(reply.content)
    assert found.status == reply.status_code
    assert found.request_id == reply.headers["X-Request-ID"]
    return found


@pytest.mark.parametrize(
    ("raised", "status", "slug"),
    [
        (BackendUnreachable("no connection"), 503, "backend-unreachable"),
        (BackendTimeout("no answer in 60 s"), 504, "backend-timeout"),
        (BackendUnavailable("500"), 503, "backend-unavailable"),
        (BackendRefused("401: check OPENAI_API_KEY"), 502, "backend-refused"),
        (QuotaExceeded("no credit"), 503, "quota-exceeded"),
        (ContentFiltered("filtered"), 502, "content-filtered"),
        (ContextOverflow("too long"), 502, "context-overflow"),
        (OutOfMemory("too big"), 503, "out-of-memory"),
        (ModelFileError("cut off"), 503, "model-file"),
        (PromptError("broken"), 500, "bad-prompt"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_the_backend_raises_has_its_own_status(
    serve: Serve, raised: AttestError, status: int, slug: str
) -> None:
    async with serve(attest=FakeAttest(error=raised)) as client:
        reply = await client.post("/v1/stories", json={"articles": [TEXT]})
    found = problem(reply)
    assert (found.status, found.type) == (status, f"urn:attest:problem:{slug}")
    assert found.detail == str(raised)
    assert "Retry-After" not in reply.headers


@pytest.mark.parametrize("kind", [BackendRateLimited, BackendUnavailable, CircuitOpen])
async def test_when_to_come_again_is_passed_on(serve: Serve, kind: Callable[..., AttestError]) -> None:
    async with serve(attest=FakeAttest(error=kind("slow down", retry_after=6.2))) as client:
        reply = await client.post("/v1/facts", json={"article": TEXT})
    assert reply.headers["Retry-After"] == "7"  # whole seconds, never too early
    assert problem(reply).retry_after == 6.2


async def test_an_unforeseen_error_says_nothing_of_itself(serve: Serve) -> None:
    async with serve(attest=FakeAttest(error=KeyError("secret of the house"))) as client:
        reply = await client.post("/v1/facts", json={"article": TEXT})
    found = problem(reply)
    assert (found.status, found.request_id) == (500, "req-1")
    assert "secret" not in reply.text
    assert "KeyError" not in reply.text


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/article", "missing"),
        ({"article": {}}, "/article/text", "missing"),
        ({"article": {"text": "A.", "author": "me"}}, "/article/author", "extra_forbidden"),
        ({"article": {"text": "A."}, "articles": []}, "/articles", "extra_forbidden"),
        ({"article": {"text": "A.", "a/b~c": 1}}, "/article/a~1b~0c", "extra_forbidden"),
        ({"article": {"text": 5}}, "/article/text", "string_type"),
        ({"article": {"text": None}}, "/article/text", "string_type"),
        ({"article": {"text": ["A."]}}, "/article/text", "string_type"),
        ({"article": "A."}, "/article", "model_attributes_type"),
        ({"article": {"text": "A.", "published_at": "soon"}}, "/article/published_at", None),
        ([], "", "model_attributes_type"),
        ("A.", "", "model_attributes_type"),
    ],
)
async def test_each_fault_is_named_with_its_place(
    client: httpx.AsyncClient, attest: FakeAttest, body: object, pointer: str, code: str | None
) -> None:
    found = problem(await client.post("/v1/facts", json=body))
    assert (found.status, found.type) == (422, "urn:attest:problem:bad-input")
    assert [error.pointer for error in found.errors] == [pointer]
    assert code in (None, found.errors[0].code)
    assert found.detail.startswith(pointer)
    assert attest.asked == []


async def test_places_in_lists_are_counted_from_zero(client: httpx.AsyncClient) -> None:
    body = {"articles": [TEXT, {"text": 1}, {"txt": "A."}]}
    found = problem(await client.post("/v1/stories", json=body))
    assert [error.pointer for error in found.errors] == [
        "/articles/1/text",
        "/articles/2/text",
        "/articles/2/txt",
    ]
    assert found.detail.endswith("(and 2 more)")


async def test_a_thousand_faults_are_not_all_listed(client: httpx.AsyncClient) -> None:
    body = {"article": {**TEXT, **{f"key{number}": 1 for number in range(1000)}}}
    found = problem(await client.post("/v1/facts", json=body))
    assert len(found.errors) == 20
    assert "(and 999 more)" in found.detail


async def test_what_was_sent_is_not_echoed(client: httpx.AsyncClient) -> None:
    body = {"article": {"text": ["a private sentence"], "published_at": "a private date"}}
    reply = await client.post("/v1/facts", json=body)
    assert reply.status_code == 422
    assert "private" not in reply.text


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/v1/facts", rb'{"article": {"text": "half a pair \ud800"}}', "/article/text"),
        ("/v1/facts", rb'{"article": {"text": "A.", "title": "\udc00"}}', "/article/title"),
        ("/v1/facts", rb'{"article": {"text": "A.", "\ud800": 1}}', "/article"),
        ("/v1/check", rb'{"article": {"text": "A."}, "statements": ["\ud800"]}', "/statements/0"),
    ],
)
async def test_half_a_surrogate_pair_is_refused(
    client: httpx.AsyncClient, attest: FakeAttest, path: str, body: bytes, pointer: str
) -> None:
    found = problem(await client.post(path, content=body, headers=JSON))
    assert (found.status, found.errors[0].pointer) == (422, pointer)
    assert attest.asked == []


async def test_a_whole_surrogate_pair_is_one_character(client: httpx.AsyncClient) -> None:
    body = rb'{"article": {"text": "\ud83d\ude00"}}'
    reply = await client.post("/v1/facts", content=body, headers=JSON)
    assert reply.json()["article"]["text"] == "\U0001f600"


async def test_no_body_at_all(client: httpx.AsyncClient) -> None:
    found = problem(await client.post("/v1/facts"))
    assert found.status == 422
    assert found.detail == "the request has no body"


@pytest.mark.parametrize(
    "body",
    [b"{", b"Ferries ran again.", b'{"article": {"text": "cut', b"{'article': 1}"],
)
async def test_not_json(client: httpx.AsyncClient, body: bytes) -> None:
    found = problem(await client.post("/v1/facts", content=body, headers=JSON))
    assert (found.status, found.type) == (400, "urn:attest:problem:malformed-body")
    assert "not JSON" in found.detail


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"article": ' + b"1" * 5_000 + b"}"],
    ids=["deep-nesting", "endless-number"],
)
async def test_json_made_to_hurt_the_parser(client: httpx.AsyncClient, body: bytes) -> None:
    found = problem(await client.post("/v1/facts", content=body, headers=JSON))
    assert (found.status, found.type) == (400, "urn:attest:problem:malformed-body")


@pytest.mark.parametrize("path", ["/v2/facts", "/v1/facts/", "/assets/../app.py", "/assets/nothing.js"])
async def test_an_unknown_address(client: httpx.AsyncClient, path: str) -> None:
    found = problem(await client.get(path))
    assert found.status == 404


async def test_a_wrong_method(client: httpx.AsyncClient) -> None:
    reply = await client.get("/v1/facts")
    found = problem(reply)
    assert (found.status, found.type, found.title) == (405, "about:blank", "Method Not Allowed")
    assert reply.headers["Allow"] == "POST"


@pytest.mark.parametrize(
    ("given", "used"),
    [("abc-123", "abc-123"), ("", "req-1"), ("x" * 65, "req-1"), ("a b", "req-1"), ("a\tb", "req-1")],
)
async def test_a_request_id_from_outside_is_used_when_plain(
    client: httpx.AsyncClient, given: str, used: str
) -> None:
    reply = await client.get("/healthz", headers={"X-Request-ID": given})
    assert reply.headers["X-Request-ID"] == used
