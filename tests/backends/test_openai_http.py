"""The HTTP backend: connections, the model's name, secrets, threads. No network: transports are mocked."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import respx
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from service.backends.openai_http import MAX_REPLY_BYTES
from service.errors import (
    BackendError,
    BackendRefused,
    BackendTimeout,
    BackendUnavailable,
    BackendUnreachable,
    SettingsError,
)
from tests.backends.mock_server import (
    BASE,
    KEY,
    SCHEMA,
    Handler,
    answering,
    backend,
    completion,
    error_of,
    question,
    said,
    ticking,
)


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (httpx.ConnectError("refused"), BackendUnreachable),
        (httpx.ConnectTimeout("slow"), BackendUnreachable),
        (httpx.ProxyError("407"), BackendUnreachable),
        (httpx.ReadTimeout("slow"), BackendTimeout),
        (httpx.WriteTimeout("slow"), BackendTimeout),
        (httpx.PoolTimeout("busy"), BackendTimeout),
        (httpx.ReadError("reset"), BackendUnavailable),
        (httpx.RemoteProtocolError("closed early"), BackendUnavailable),
        (httpx.DecodingError("bad gzip"), BackendUnavailable),
    ],
)
def test_transport_failures(raised: httpx.HTTPError, expected: type[BackendError]) -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        raise raised

    error = error_of(handler)
    assert type(error) is expected
    assert error.retryable
    assert BASE in str(error)


class Dripping(httpx.SyncByteStream):
    """A body that never ends."""

    def __init__(self, chunk: bytes) -> None:
        self.chunk = chunk

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield self.chunk


def test_a_dripping_reply_ends_with_the_timeout() -> None:
    error = error_of(lambda _: httpx.Response(200, stream=Dripping(b" ")), clock=ticking(1.0))
    assert type(error) is BackendTimeout
    assert "30 s" in str(error)


def test_an_endless_reply_is_cut_off() -> None:
    chunk = b" " * (MAX_REPLY_BYTES // 4)
    assert type(error_of(lambda _: httpx.Response(200, stream=Dripping(chunk)))) is BackendUnavailable


# The model's name


def test_without_a_model_the_first_one_listed_is_asked_for_once() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.method == "GET":
            return httpx.Response(200, json={"data": [{"id": "first"}, {"id": "second"}]})
        assert json.loads(request.content)["model"] == "first"
        return httpx.Response(200, json=completion())

    asking = backend(handler, model=None)
    assert asked == []
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(asking.complete, [question()] * 4))
    assert asking.model == "first"
    assert asked.count("/v1/models") == 1


@pytest.mark.parametrize(
    ("handler", "expected", "words"),
    [
        (answering(200, {"data": []}), BackendRefused, "ATTEST_MODEL"),
        (answering(200, {"data": None}), BackendRefused, "ATTEST_MODEL"),
        (answering(200, {"data": [{"name": "x"}]}), BackendRefused, "ATTEST_MODEL"),
        (answering(404, said()), BackendRefused, "ATTEST_MODEL"),
        (answering(401, said()), BackendRefused, "OPENAI_API_KEY"),
        (answering(503, said("Loading model", type="unavailable_error")), BackendUnavailable, "503"),
        (answering(200, b"<html>"), BackendUnavailable, "JSON"),
    ],
)
def test_a_model_list_that_does_not_help(handler: Handler, expected: type[BackendError], words: str) -> None:
    error = error_of(handler, model=None)
    assert type(error) is expected
    assert words in str(error)


def test_a_failed_look_for_the_model_is_repeated() -> None:
    answers = iter([httpx.Response(503), httpx.Response(200, json={"data": [{"id": "late"}]})])
    asking = backend(lambda _: next(answers), model=None)
    with pytest.raises(BackendUnavailable):
        asking.complete(question())
    assert asking.model == "late"


# Secrets and settings


@pytest.mark.parametrize("status", [200, 400, 401, 404, 429, 500])
@pytest.mark.parametrize(
    "body",
    [
        said(f"Incorrect API key provided: {KEY}", code=KEY, type=KEY, param=KEY),
        {"error": f"key {KEY}"},
        {"detail": [{"loc": ["body"], "msg": KEY, "input": KEY}]},
        f"<p>{KEY}".encode(),
    ],
)
def test_the_key_is_never_shown(status: int, body: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        error = error_of(answering(status, body), question(SCHEMA))
    shown = [str(error), repr(error), str(error.__cause__), caplog.text]
    assert not any(KEY in text for text in shown)
    assert KEY not in repr(backend(answering(200)))


def test_what_the_server_says_about_the_article_is_not_shown() -> None:
    body = {"detail": [{"loc": ["body", "messages"], "msg": "too odd: zebra", "input": "zebra"}]}
    assert "zebra" not in str(error_of(answering(422, body)))


@pytest.mark.parametrize("field", ["code", "type", "param"])
def test_a_name_is_shown_only_when_it_is_one(field: str) -> None:
    error = error_of(answering(400, said(**{field: "Ferries ran again on Monday"})))
    assert "Ferries" not in str(error)
    spelled = "onlylettersinthiskey"
    error = error_of(answering(400, said(**{field: spelled})), api_key=SecretStr(spelled))
    assert spelled not in str(error)


def test_short_names_of_the_complaint_are_shown() -> None:
    error = error_of(
        answering(400, said(code="model_not_found", type="invalid_request_error", param="model"))
    )
    assert "code model_not_found, type invalid_request_error, param model" in str(error)


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "né", "nul\x00"])
def test_a_key_that_cannot_stand_in_a_header(key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        backend(api_key=SecretStr(key))
    assert "ATTEST_API_KEY" in str(caught.value)
    assert key not in str(caught.value)


@respx.mock
@pytest.mark.parametrize(("key", "header"), [(f" {KEY}\n", f"Bearer {KEY}"), ("  ", None)])
def test_white_space_around_a_key_does_not_count(key: str, header: str | None) -> None:
    route = respx.post(f"{BASE}/chat/completions").respond(json=completion())
    backend(api_key=SecretStr(key)).complete(question())
    assert route.calls.last.request.headers.get("authorization") == header


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:8080/v1",
        "localhost:8080",
        "ftp://h/v1",
        "http://",
        "http://h:port/v1",
        "http://h/v1?a=b",
    ],
)
def test_a_base_url_that_is_none(url: str) -> None:
    with pytest.raises(SettingsError, match="ATTEST_BASE_URL"):
        backend(base_url=url)


def test_a_password_in_the_base_url_is_not_shown() -> None:
    asking = backend(answering(500), base_url="http://me:hunter2@models.example/v1")
    with pytest.raises(BackendUnavailable) as caught:
        asking.complete(question())
    assert "hunter2" not in str(caught.value) + repr(asking)
    with pytest.raises(SettingsError) as refused:
        backend(base_url="ftp://me:hunter2@models.example/v1")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("base_url", "proxied"),
    [
        ("http://127.0.0.1:9/v1", False), ("http://[::1]:9/v1", False), ("http://localhost:9/v1", False),
        (BASE, True),
    ],
)  # fmt: skip
def test_a_proxy_is_used_except_for_this_machine(
    base_url: str, proxied: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    asked: list[str] = []

    def send(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        asked.append(type(transport._pool).__name__)
        return httpx.Response(200, json=completion())

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", send)
    asking = backend(base_url=base_url)
    asking.complete(question())
    asking.close()
    assert asked == ["HTTPProxy" if proxied else "ConnectionPool"]


# The rest


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("a", 2), ("a b c d", 6), ("x" * 9, 3), ("Ferries ran again on Monday.", 7)]
)
def test_token_estimate(text: str, tokens: int) -> None:
    assert backend(answering(200)).count_tokens(text) == tokens


@given(st.text(max_size=300), st.text(max_size=300))
def test_the_estimate_never_shrinks_when_text_is_added(one: str, more: str) -> None:
    count = backend(answering(200)).count_tokens
    assert count(one + " " + more) >= count(one)


def test_threads_share_one_backend() -> None:
    together = threading.Barrier(4, timeout=10)

    def handler(request: httpx.Request) -> httpx.Response:
        together.wait()
        asked = json.loads(request.content)["messages"][-1]["content"]
        return httpx.Response(200, json=completion(asked.upper()))

    asking = backend(handler)
    with ThreadPoolExecutor(4) as pool:
        replies = pool.map(asking.complete, [question(text=text) for text in "abcd"])
    assert [reply.text for reply in replies] == ["A", "B", "C", "D"]
