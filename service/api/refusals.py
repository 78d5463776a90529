"""What the HTTP edge itself refuses, as branches of the error tree.

Comes in: why a request is not worked on. Goes out: an error that knows its status. Promises: the same
as service.errors: the message is for the caller and safe to show.

    AttestError
    ├── InputError
    │   ├── MalformedBody       not UTF-8, or not JSON          400
    │   ├── NotJsonMedia        another media type              415
    │   ├── BodyTooLarge        more bytes than allowed         413
    │   ├── TooManyStatements   more than allowed               413
    │   ├── DuplicateArticle    the story has it already        422
    │   └── NotAcceptable       no such rendering of a story    406
    ├── Busy                    the waiting line is full        503, retryable
    └── CallerLeft              nobody waits for the answer     499 (as proxies log it)
"""

from __future__ import annotations

from collections.abc import Mapping

from service.errors import AttestError, InputError


class MalformedBody(InputError):
    slug, title, status = "malformed-body", "The request body is not JSON", 400


class NotJsonMedia(InputError):
    slug, title, status = "not-json-media", "The request body is of another media type", 415


class BodyTooLarge(InputError):
    slug, title, status = "body-too-large", "The request body is too large", 413


class TooManyStatements(InputError):
    slug, title, status = "too-many-statements", "Too many statements in one request", 413


class DuplicateArticle(InputError):
    slug, title = "duplicate-article", "The story has this article already"


class NotAcceptable(InputError):
    slug, title, status = "not-acceptable", "A story cannot be told in this media type", 406
    headers: Mapping[str, str] = {"Vary": "Accept"}


class Busy(AttestError):
    """`retry_after`: seconds after which asking again makes sense."""

    slug, title, status, retryable = "busy", "Too many requests are waiting", 503, True

    def __init__(self, message: str, *, where: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, where=where)
        self.retry_after = retry_after


class CallerLeft(AttestError):
    slug, title, status = "caller-left", "The caller left before its turn", 499
