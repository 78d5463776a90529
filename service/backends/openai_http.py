"""A backend behind `/v1/chat/completions`: OpenAI, vLLM, llama-server, Ollama, LM Studio and the like.

Comes in: a ModelRequest. Goes out: a ModelReply, or a BackendError that says what to do. Promises:
the key is in one header and nowhere else (no log, no repr, no error); one call is one question, with
no retries here (service/backends/retrying.py has the only retry loop); reading a reply ends after
`timeout_seconds` even when the server keeps dripping bytes.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr

from service.backends.base import ModelReply, ModelRequest, Profile
from service.backends.http_errors import failure, read_complaint, read_retry_after
from service.backends.openai_wire import Dialect, first_model, read_object, read_reply
from service.errors import (
    BackendRefused,
    BackendTimeout,
    BackendUnavailable,
    BackendUnreachable,
    SettingsError,
)

MAX_REPLY_BYTES = 32 * 1024 * 1024
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Answer:
    """An HTTP reply, read to its end. `retry_after` in seconds."""

    status: int
    content: bytes
    retry_after: float | None


class OpenAIBackend:
    """Asks an OpenAI-compatible server. Thread-safe; connections are pooled.

    `base_url` is the API's root, `/v1` included. With `model` None the server's first model is taken,
    asked for once, when first needed: `model` and `complete` may then raise any BackendError.
    `timeout_seconds` bounds the silence before a reply and the whole of reading it. `clock` is
    monotonic seconds, `now` seconds since 1970 (for dates in Retry-After).

    Raises SettingsError for a base URL or a key that cannot be used.
    """

    name = "openai"
    model_sha256: str | None = None

    def __init__(
        self,
        *,
        base_url: str,
        api_key: SecretStr | None,
        model: str | None,
        profile: Profile,
        timeout_seconds: float,
        connect_timeout_seconds: float,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        url = _usable_url(base_url)
        self._key = _usable_key(api_key)
        self._server = f"{url.scheme}://{url.netloc.decode('ascii')}{url.path}".rstrip("/")
        self._profile = profile
        self._timeout_seconds = timeout_seconds
        self._clock, self._now = clock, now
        self._model = model
        self._model_lock = threading.Lock()
        self._dialect = Dialect()
        bearer = {"Authorization": f"Bearer {self._key.get_secret_value()}"} if self._key else {}
        self._client = httpx.Client(
            base_url=url,
            headers={"Content-Type": "application/json"} | bearer,
            timeout=httpx.Timeout(timeout_seconds, connect=connect_timeout_seconds),
            transport=transport,
            trust_env=not _is_loopback(url.host),  # a company proxy cannot reach this machine's own server
        )

    def __repr__(self) -> str:
        return f"OpenAIBackend(base_url={self._server!r}, model={self._model!r})"

    @property
    def model(self) -> str:
        with self._model_lock:
            if self._model is None:
                self._model = self._ask_for_model()
            return self._model

    @property
    def profile(self) -> Profile:
        return self._profile

    def complete(self, request: ModelRequest) -> ModelReply:
        """One reply. Empty content is an empty text; a cut answer has finish `length`.

        When the server rejects a field it does not know (`response_format` first of all), the question
        is asked again in the next `Dialect`; the one it accepts is kept for this instance.
        """
        model, dialect, started = self.model, self._dialect, self._clock()
        while True:
            answer = self._send("POST", "chat/completions", dialect.body(request, model))
            body = read_object(answer.content, server=self._server) if answer.status == 200 else {}
            if body.get("choices"):
                break
            complaint = read_complaint(answer.content, self._key.get_secret_value())
            status = complaint.status or answer.status if answer.status == 200 else answer.status
            error = failure(
                status, complaint, server=self._server, model=model, retry_after=answer.retry_after
            )
            asks_differently = isinstance(error, (BackendRefused, BackendUnavailable))
            conceded = dialect.after(status, complaint, request) if asks_differently else None
            if conceded is None:
                raise error
            dialect = conceded
        self._keep(dialect)
        return read_reply(body, server=self._server, model=model, seconds=self._clock() - started)

    def count_tokens(self, text: str) -> int:
        """An estimate, since servers share no tokenizer: a quarter of the characters, at least 1.3 a word.

        Good enough to cut an article into windows; what a call really cost stands in its usage.
        """
        return max(math.ceil(len(text) / 4), math.ceil(len(text.split()) * 1.3))

    def close(self) -> None:
        self._client.close()

    def _keep(self, dialect: Dialect) -> None:
        """Only after the server took it: a request that is refused in every dialect teaches nothing."""
        if dialect != self._dialect:
            log.warning(
                "%s refused a field; from now on response_format=%s, %s, left out: %s",
                self._server, dialect.response_format, dialect.tokens_field, sorted(dialect.omitted),
            )  # fmt: skip
            self._dialect = dialect

    def _ask_for_model(self) -> str:
        answer = self._send("GET", "models")
        if answer.status != 200:
            complaint = read_complaint(answer.content, self._key.get_secret_value())
            raise failure(
                answer.status, complaint, server=self._server, model="(not set; asked GET /models for one)",
                retry_after=answer.retry_after,
            )  # fmt: skip
        model = first_model(answer.content, server=self._server)
        if model is None:
            raise BackendRefused(
                "the server lists no model; load one there or set ATTEST_MODEL", where=self._server
            )
        return model

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> _Answer:
        """One HTTP exchange; every way it can fail is a BackendError."""
        deadline = self._clock() + self._timeout_seconds
        # ASCII escapes, so that a lone surrogate in an article cannot break the encoding of the request.
        content = None if body is None else json.dumps(body).encode("ascii")
        received = bytearray()
        try:
            with self._client.stream(method, path, content=content) as response:
                for chunk in response.iter_bytes():
                    received += chunk
                    if self._clock() > deadline:
                        raise BackendTimeout(self._late(), where=self._server)
                    if len(received) > MAX_REPLY_BYTES:
                        raise BackendUnavailable("the reply does not end", where=self._server)
                wait = read_retry_after(response.headers, self._now())
                return _Answer(response.status_code, bytes(received), wait)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise BackendUnreachable(
                "nothing answers there; start the server or set ATTEST_BASE_URL", where=self._server
            ) from error
        except httpx.TimeoutException as error:
            raise BackendTimeout(self._late(), where=self._server) from error
        except httpx.HTTPError as error:
            raise BackendUnavailable(
                f"the connection broke before the reply was complete ({type(error).__name__})",
                where=self._server,
            ) from error

    def _late(self) -> str:
        return (
            f"no complete reply within {self._timeout_seconds:g} s; ask less or raise ATTEST_TIMEOUT_SECONDS"
        )


def _usable_url(base_url: str) -> httpx.URL:
    shown = base_url.rpartition("@")[2]  # what stands before an @ may be a password
    try:
        url = httpx.URL(base_url.strip())
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host or url.query or url.fragment:
        raise SettingsError(
            f"{shown!r} is not the root of an API; write it like http://127.0.0.1:8080/v1",
            where="ATTEST_BASE_URL",
        )
    return url


def _usable_key(api_key: SecretStr | None) -> SecretStr:
    """A key that can stand in a header (the HTTP library quotes a bad one in its error), or an empty one."""
    key = api_key.get_secret_value().strip() if api_key else ""
    if not key.isascii() or any(char.isspace() or not char.isprintable() for char in key):
        raise SettingsError(
            "the key has spaces, line breaks or non-ASCII characters inside; copy it again",
            where="OPENAI_API_KEY or ATTEST_API_KEY",
        )
    return SecretStr(key)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
