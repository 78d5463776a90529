"""What a request body must be before anybody parses it: short enough, JSON by name, UTF-8.

Comes in: a request as a stream of chunks. Goes out: the same request with its body in one piece, or a
problem. Promises: never more than the limit (and one chunk) is held; a declared length over the limit is
refused before a byte is read. RFC 8259 section 8.1 asks for UTF-8; Python's parser would also guess UTF-16.
"""

from __future__ import annotations

from email.message import Message as Header

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import problem_response
from service.api.refusals import BodyTooLarge, MalformedBody, NotJsonMedia
from service.errors import InputError

_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class Bodies:
    """Pure ASGI middleware. `max_bytes`: the longest body let through."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in _WITH_BODY:
            await self._app(scope, receive, send)
            return
        try:
            body = await self._read(Headers(scope=scope), receive)
        except InputError as error:
            await problem_response(error, scope)(scope, receive, send)
            return
        if body is not None:
            await self._app(scope, _replayed(body, receive), send)

    async def _read(self, headers: Headers, receive: Receive) -> bytes | None:
        """The body; None when the caller left before the end of it."""
        declared = headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > self._max_bytes:
            raise self._too_large()
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > self._max_bytes:
                raise self._too_large()
            if not message.get("more_body", False):
                break
        body = b"".join(chunks)
        if body:
            _check_media(headers.get("content-type"))
            _check_utf8(body)
        return body

    def _too_large(self) -> BodyTooLarge:
        return BodyTooLarge(f"the limit is {self._max_bytes:,} bytes (ATTEST_MAX_BODY_BYTES)")


def _check_media(content_type: str | None) -> None:
    header = Header()
    header["content-type"] = content_type or "none"
    subtype = header.get_content_subtype()
    if header.get_content_maintype() != "application" or not (subtype == "json" or subtype.endswith("+json")):
        raise NotJsonMedia("send the header Content-Type: application/json")


def _check_utf8(body: bytes) -> None:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedBody(f"the body is not UTF-8 (byte {error.start}); JSON must be") from None
    if (at := body.find(b"\0")) >= 0:
        # UTF-16 of English text is valid UTF-8 with a NUL in every second place
        raise MalformedBody(f"there is a bare NUL at byte {at}; JSON writes it \\u0000, in UTF-8")


def _replayed(body: bytes, receive: Receive) -> Receive:
    """`receive` for those behind: the whole body first, then whatever the connection still says."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
