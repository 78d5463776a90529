"""An OpenAI-compatible server made of a function, and questions to ask it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from service.backends.base import Message, ModelRequest, Profile
from service.backends.openai_http import OpenAIBackend
from service.errors import BackendError

BASE = "http://models.example/v1"
KEY = "sk-Very+Secret/123"
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
Handler = Callable[[httpx.Request], httpx.Response]


def question(schema: dict[str, Any] | None = None, text: str = "Name a city.") -> ModelRequest:
    messages = (Message("system", "Answer briefly."), Message("user", text))
    return ModelRequest(
        stage="extract_facts", messages=messages, max_tokens=40, schema=schema, schema_name="a_city"
    )


def completion(content: Any = "Oslo", finish: Any = "stop", **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}
    usage = {"prompt_tokens": 12, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 8}}
    return {"model": "city-1-2024", "choices": [choice], "usage": usage} | more


def backend(handler: Handler | None = None, **more: Any) -> OpenAIBackend:
    settings: dict[str, Any] = {
        "base_url": BASE, "api_key": SecretStr(KEY), "model": "city-1",
        "profile": Profile("v1", "v1", concurrency=4),
        "timeout_seconds": 30.0, "connect_timeout_seconds": 5.0,
        "transport": httpx.MockTransport(handler) if handler else None,
    }  # fmt: skip
    return OpenAIBackend(**(settings | more))


def answering(status: int, body: Any = None, headers: dict[str, str] | None = None) -> Handler:
    if isinstance(body, bytes):
        return lambda _: httpx.Response(status, content=body, headers=headers)
    return lambda _: httpx.Response(status, json=body, headers=headers)


def error_of(handler: Handler, request: ModelRequest | None = None, **more: Any) -> BackendError:
    with pytest.raises(BackendError) as caught:
        backend(handler, **more).complete(request or question())
    return caught.value


def ticking(step: float) -> Callable[[], float]:
    """A clock that moves by `step` seconds each time it is read."""
    moments = iter(range(1_000_000))
    return lambda: next(moments) * step


def said(message: str = "no", **more: Any) -> dict[str, Any]:
    return {"error": {"message": message} | more}
