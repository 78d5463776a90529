"""Every error reply is one shape: `application/problem+json` (RFC 9457).

Comes in: an exception. Goes out: a `Problem` with the status, the words of the error, the places in the
request that are at fault (JSON pointers, RFC 6901) and, when waiting helps, `Retry-After`. Promises: what
was sent is never echoed, apart from the names of keys; an error that nobody foresaw says nothing of itself.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler, Scope

from service.api.refusals import MalformedBody
from service.api.request_ids import HEADER, request_id_of
from service.errors import AttestError, InputError

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:attest:problem:"
ERRORS_SHOWN = 20
POINTER_CHARS = 200


class ProblemError(BaseModel):
    """One place in the request body that is at fault. `pointer` is a JSON pointer, "" for all of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pointer: str
    code: str
    detail: str


class Problem(BaseModel):
    """An error reply. `retry_after`: seconds after which the same request may succeed."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:attest:problem:bad-input",
                    "title": "The input cannot be read",
                    "status": 422,
                    "detail": "/articles/0/text: the key is missing",
                    "instance": "/v1/stories",
                    "request_id": "8c0f2c1e",
                    "errors": [
                        {"pointer": "/articles/0/text", "code": "missing", "detail": "the key is missing"}
                    ],
                }
            ]
        },
    )

    type: str = Field("about:blank", description="Names the kind of problem; never changes its meaning.")
    title: str
    status: int
    detail: str
    instance: str
    request_id: str | None = None
    errors: tuple[ProblemError, ...] = ()
    retry_after: float | None = None


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For `responses=` of a route: these statuses answer with a problem."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content} for status in sorted(statuses)
    }


def handlers() -> dict[int | type[Exception], ExceptionHandler]:
    """For `FastAPI(exception_handlers=...)`."""
    return {
        AttestError: _on_attest_error,
        RequestValidationError: _on_validation_error,
        HTTPException: _on_http_exception,
        Exception: _on_anything_else,
    }


def problem_response(error: AttestError, scope: Scope) -> Response:
    """The reply to a request that ended in `error`."""
    errors: tuple[ProblemError, ...] = ()
    if error.where and error.where.startswith("/") and isinstance(error, InputError):
        errors = (ProblemError(pointer=error.where, code=error.slug, detail=error.message),)
    retry_after = getattr(error, "retry_after", None)
    return _respond(
        Problem(
            type=TYPE_PREFIX + error.slug,
            title=error.title,
            status=error.status,
            detail=str(error),
            instance=_instance(scope),
            request_id=request_id_of(scope),
            errors=errors,
            retry_after=retry_after,
        ),
        headers=getattr(error, "headers", None),
    )


async def _on_attest_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AttestError)  # noqa: S101 - the signature is Starlette's
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("request %s: %s: %s", request_id_of(request.scope), error.slug, error)
    return problem_response(error, request.scope)


async def _on_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - the signature is Starlette's
    found = error.errors()
    if found[0]["type"] == "json_invalid":
        reason = f"{found[0]['ctx']['error']} (character {found[0]['loc'][1]})"
        return problem_response(MalformedBody(f"the body is not JSON: {reason}"), request.scope)
    errors = tuple(_unique(found, error.body))
    first = f"{errors[0].pointer}: {errors[0].detail}" if errors[0].pointer else errors[0].detail
    rest = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return _respond(
        Problem(
            type=TYPE_PREFIX + InputError.slug,
            title=InputError.title,
            status=InputError.status,
            detail=first + rest,
            instance=_instance(request.scope),
            request_id=request_id_of(request.scope),
            errors=errors[:ERRORS_SHOWN],
        )
    )


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the signature is Starlette's
    if error.status_code == HTTPStatus.BAD_REQUEST:  # the framework's word for what its parser gave up on
        reason = "the body cannot be parsed: it is nested too deeply, or holds a number with too many digits"
        return problem_response(MalformedBody(reason), request.scope)
    details = {
        404: "there is nothing at this address; /openapi.json lists what there is",
        405: f"this address does not answer to {request.method}",
    }
    problem = Problem(
        title=HTTPStatus(error.status_code).phrase,
        status=error.status_code,
        detail=details.get(error.status_code, error.detail),
        instance=_instance(request.scope),
        request_id=request_id_of(request.scope),
    )
    return _respond(problem, headers=error.headers)


async def _on_anything_else(request: Request, error: Exception) -> Response:
    request_id = request_id_of(request.scope)
    log.error("request %s: unforeseen %s", request_id, type(error).__name__)
    return _respond(
        Problem(
            type=TYPE_PREFIX + AttestError.slug,
            title=AttestError.title,
            status=HTTPStatus.INTERNAL_SERVER_ERROR,
            detail="something went wrong that should not have; the log of the server has it under request_id",
            instance=_instance(request.scope),
            request_id=request_id,
        )
    )


def _respond(problem: Problem, *, headers: Mapping[str, str] | None = None) -> Response:
    sent = dict(headers or {})
    if problem.request_id:
        sent[HEADER] = problem.request_id  # the reply to an unforeseen error bypasses the middleware
    if problem.retry_after is not None:
        sent["Retry-After"] = str(math.ceil(problem.retry_after))
    body = problem.model_dump_json(exclude_none=True)
    return Response(body, problem.status, sent, media_type=MEDIA_TYPE)


def _instance(scope: Scope) -> str:
    return quote(scope["path"])


def _unique(found: Sequence[Mapping[str, Any]], body: Any) -> Iterator[ProblemError]:
    """One error a place: a union reports each of its members."""
    seen = set()
    for item in found:
        pointer = _pointer(item, body)
        if pointer not in seen:
            seen.add(pointer)
            yield ProblemError(pointer=pointer, code=item["type"], detail=_words(item, pointer))


def _pointer(item: Mapping[str, Any], body: Any) -> str:
    """RFC 6901 pointer into the body. Stops where the body stops: pydantic adds the names of union
    members to its locations. A key that is missing is named although it is not there.
    """
    parts: list[str] = []
    at = body
    for part in item["loc"][1:]:
        if isinstance(at, Mapping) and (part in at or item["type"] == "missing"):
            at = at.get(part)
        elif isinstance(at, list) and isinstance(part, int) and part < len(at):
            at = at[part]
        else:
            break
        parts.append(str(part).replace("~", "~0").replace("/", "~1"))
    pointer = "".join(f"/{part}" for part in parts)
    # JSON can spell half of a surrogate pair, UTF-8 cannot
    return pointer.encode("utf-8", "replace").decode()[:POINTER_CHARS]


def _words(item: Mapping[str, Any], pointer: str) -> str:
    if item["type"] == "missing":
        return "the key is missing" if pointer else "the request has no body"
    if item["type"] == "extra_forbidden":
        return "unknown key"
    message = str(item["msg"])
    return message[:1].lower() + message[1:]
