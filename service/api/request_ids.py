"""A name for every request, so that a reply and a line of the log can be laid side by side.

Comes in: a request, perhaps with an `X-Request-ID` of its own. Goes out: the same request with
`scope["state"]["request_id"]`, and a reply that carries `X-Request-ID`. Promises: an id from outside is
taken over only when it is short and plain, so that it cannot break a header or a log line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-ID"
_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,64}")


def random_request_id() -> str:
    return uuid4().hex


class RequestIds:
    """Pure ASGI middleware. `new_id` names a request that brings no usable name."""

    def __init__(self, app: ASGIApp, *, new_id: Callable[[], str] = random_request_id) -> None:
        self._app = app
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if _PLAIN.fullmatch(given) else self._new_id()
        scope.setdefault("state", {})["request_id"] = request_id

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        await self._app(scope, receive, named)


def request_id_of(scope: Scope) -> str | None:
    """The name given by `RequestIds`; None outside of it."""
    name = scope.get("state", {}).get("request_id")
    return name if isinstance(name, str) else None
