"""The HTTP backend against a real server with a real model: llama-cpp-python's own, on loopback."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from service.backends.base import Message, ModelRequest, Profile, Usage
from service.backends.breaker import CircuitBreaker
from service.backends.caching import CachingBackend, MemoryReplyStore
from service.backends.openai_http import OpenAIBackend
from service.backends.retrying import RetryingBackend
from service.errors import BackendRefused, BackendUnreachable, ContextOverflow
from tests.backends.loopback import KEY, running_server

pytestmark = pytest.mark.model

SCHEMA = {
    "type": "object",
    "properties": {"city": {"enum": ["Oslo", "Rome", "Lima"]}, "capital": {"type": "boolean"}},
    "required": ["city", "capital"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def server(small_model_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server."""
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with running_server(small_model_path, log, context_tokens=512) as address:
        yield address


def backend(address: str, **more: Any) -> OpenAIBackend:
    given: dict[str, Any] = {
        "base_url": f"{address}/v1", "api_key": SecretStr(KEY), "model": None, "profile": Profile("v1", "v1"),
        "timeout_seconds": 25.0, "connect_timeout_seconds": 2.0,
    }  # fmt: skip
    return OpenAIBackend(**(given | more))


def question(text: str = "Name a city, and whether it is a capital, as JSON.") -> ModelRequest:
    messages = (Message("user", text),)
    return ModelRequest(stage="extract_facts", messages=messages, max_tokens=40, schema=SCHEMA)


def test_a_question_with_a_schema_through_every_wrapper(server: str) -> None:
    inner = backend(server)
    retrying = RetryingBackend(inner, deadline_seconds=25.0, breaker=CircuitBreaker())
    asking = CachingBackend(retrying, MemoryReplyStore())
    reply = asking.complete(question())
    assert json.loads(reply.text).keys() == {"city", "capital"}
    assert (reply.finish, asking.model) == ("stop", "small")
    usage = reply.usage
    assert (usage.calls, usage.retries) == (1, 0)
    assert min(usage.prompt_tokens, usage.completion_tokens, usage.seconds) > 0
    assert asking.complete(question()).usage == Usage(replayed=1)
    inner.close()
    again = backend(server)
    assert again.complete(question()).text == reply.text
    again.close()


def test_a_prompt_beyond_the_context(server: str) -> None:
    asking = backend(server)
    with pytest.raises(ContextOverflow, match="small"):
        asking.complete(question("word " * 900))
    asking.close()


def test_a_wrong_path(server: str) -> None:
    asking = backend(server, base_url=f"{server}/v2", model="small")
    with pytest.raises(BackendRefused) as caught:
        asking.complete(question())
    assert f"{server}/v2" in str(caught.value)
    assert "no model small" in str(caught.value)
    asking.close()


def test_a_wrong_key(server: str) -> None:
    asking = backend(server, api_key=SecretStr("another-key"))
    with pytest.raises(BackendRefused, match="OPENAI_API_KEY") as caught:
        asking.complete(question())
    assert "another-key" not in str(caught.value)
    asking.close()


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    asking = backend(address, model="small")
    with pytest.raises(BackendUnreachable, match=f"{address}/v1: nothing answers there"):
        asking.complete(question())
    asking.close()
