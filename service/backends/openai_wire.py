"""How a chat completion is asked for and what comes back, as JSON.

Comes in: a ModelRequest, or the body of a reply. Goes out: the JSON to send, or a ModelReply.
Promises: no network here; a reply of any other shape is a clear, retryable error; a server that does
not know one of our fields is asked again without it, each concession once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Literal

from service.backends.base import Finish, ModelReply, ModelRequest, Usage
from service.backends.http_errors import Complaint
from service.errors import BackendUnavailable, ContentFiltered

ResponseFormat = Literal["json_schema", "json_object_schema", "json_object", "none"]
# From strict to free. `json_object` with a `schema` inside is what llama-cpp-python's server enforces.
FORMATS: tuple[ResponseFormat, ...] = ("json_schema", "json_object_schema", "json_object", "none")
OPTIONAL = frozenset({"temperature", "seed"})
INVALID_REQUEST = frozenset({400, 422})


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one server understands; learnt from its refusals.

    A looser `response_format` costs hit rate, never correctness: every reply is validated by pydantic
    afterwards, and many servers accept `json_schema` without enforcing it anyway. `tokens_field` is
    `max_completion_tokens` on models that refuse `max_tokens`, `omitted` the sampling fields refused.
    """

    response_format: ResponseFormat = "json_schema"
    tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    omitted: frozenset[str] = frozenset()

    def body(self, request: ModelRequest, model: str) -> dict[str, Any]:
        """The JSON body of POST /chat/completions."""
        body: dict[str, Any] = {
            "model": model,
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            self.tokens_field: request.max_tokens,
            "temperature": request.temperature,
            "seed": request.seed,
            "stream": False,
        }
        for name in self.omitted:
            del body[name]
        wanted = self._wanted_format(request)
        if wanted is not None:
            body["response_format"] = wanted
        return body

    def _wanted_format(self, request: ModelRequest) -> dict[str, Any] | None:
        if request.schema is None or self.response_format == "none":
            return None
        schema = dict(request.schema)
        if self.response_format == "json_schema":
            named = {"name": request.schema_name, "schema": schema, "strict": True}
            return {"type": "json_schema", "json_schema": named}
        if self.response_format == "json_object_schema":
            return {"type": "json_object", "schema": schema}
        return {"type": "json_object"}

    def after(self, status: int, complaint: Complaint, request: ModelRequest) -> Dialect | None:
        """The next way to ask once `request` was refused, or None when nothing is left to concede."""
        blames_format = "response_format" in complaint.message + complaint.param
        # Words count more than status: llama-cpp-python's server reports an unknown response_format as 500.
        if status not in INVALID_REQUEST and not blames_format:
            return None
        if self.tokens_field == "max_tokens" and "max_completion_tokens" in complaint.message:
            return replace(self, tokens_field="max_completion_tokens")
        if complaint.param in OPTIONAL - self.omitted:
            return replace(self, omitted=self.omitted | {complaint.param})
        blames_other = complaint.param and "format" not in complaint.param and "schema" not in complaint.param
        if self._wanted_format(request) is None or (blames_other and not blames_format):
            return None
        return replace(self, response_format=FORMATS[FORMATS.index(self.response_format) + 1])


def read_reply(body: dict[str, Any], *, server: str, model: str, seconds: float) -> ModelReply:
    """The reply in the body of a 200. `model` is used when the server does not name one.

    Raises BackendUnavailable (retryable, as a reply cut short is) when the body is not a chat
    completion, ContentFiltered when the provider withheld the answer.
    """
    try:
        choice = body["choices"][0]
        message = choice["message"]
        text = message.get("content")
        finish = choice.get("finish_reason")
        refusal = message.get("refusal")
    except (KeyError, IndexError, TypeError, AttributeError):
        raise BackendUnavailable("the reply holds no choices[0].message", where=server) from None
    if finish == "content_filter" or (refusal and not text):
        raise ContentFiltered("the provider withheld its answer to this text", where=server)
    if text is not None and not isinstance(text, str):
        raise BackendUnavailable("the reply's content is not a string", where=server)
    cut: Finish = "length" if finish == "length" else "stop"
    named = body.get("model")
    return ModelReply(
        text=text or "",
        finish=cut,
        model=named if isinstance(named, str) and named else model,
        usage=_usage(body.get("usage"), seconds),
    )


def read_object(content: bytes, *, server: str) -> dict[str, Any]:
    """A JSON object out of a reply body; BackendUnavailable when it is something else."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        raise BackendUnavailable(
            f"the reply is not JSON ({len(content)} bytes); it was cut short, or ATTEST_BASE_URL is not"
            " the root of an OpenAI-compatible API",
            where=server,
        ) from None
    if not isinstance(body, dict):
        raise BackendUnavailable("the reply is JSON, but not an object", where=server)
    return body


def first_model(content: bytes, *, server: str) -> str | None:
    """The id of the first model in the body of GET /models, or None when it lists none."""
    models = read_object(content, server=server).get("data")
    if not isinstance(models, list):
        return None
    ids = [entry["id"] for entry in models if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
    return ids[0] if ids else None


def _usage(told: Any, seconds: float) -> Usage:
    """What the server counted; 0 for what it does not tell or tells in a way that makes no sense."""
    told = told if isinstance(told, dict) else {}
    details = told.get("prompt_tokens_details")
    prompt = _count(told.get("prompt_tokens"))
    return Usage(
        calls=1,
        prompt_tokens=prompt,
        cached_prompt_tokens=min(
            _count(details.get("cached_tokens") if isinstance(details, dict) else 0), prompt
        ),
        completion_tokens=_count(told.get("completion_tokens")),
        seconds=round(seconds, 6),
    )


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
