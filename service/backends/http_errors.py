"""What a server's refusal means.

Comes in: the status, headers and body of a failed HTTP reply. Goes out: one BackendError of
service/errors.py. Promises: the body classifies before the status does, because servers agree on
codes less than on words; nothing of the body is shown but short names (`code`, `type`, `param`),
because servers echo articles and keys in their messages.

    body says context overflow       ContextOverflow     whatever the status (llama.cpp #7257: without 400)
    body says content filter         ContentFiltered
    body says insufficient quota     QuotaExceeded       also 402
    429                              BackendRateLimited  with retry_after
    408, 409, 425, 5xx               BackendUnavailable  with retry_after; also a failure inside a 2xx
    everything else                  BackendRefused
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from service.errors import (
    BackendError,
    BackendRateLimited,
    BackendRefused,
    BackendUnavailable,
    ContentFiltered,
    ContextOverflow,
    QuotaExceeded,
)

MAX_RETRY_AFTER_SECONDS = 86_400.0  # a longer pause is a mistake; nobody waits a day either
TRANSIENT = frozenset({408, 409, 425})

OVERFLOW_NAMES = frozenset({"context_length_exceeded", "exceed_context_size_error", "context_exceeded"})
FILTER_NAMES = frozenset({"content_filter", "content_policy_violation"})
QUOTA_NAMES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
OVERFLOW_PHRASES = (
    "maximum context length",  # OpenAI, vLLM, llama-cpp-python
    "available context size",  # llama-server
    "exceed context window",  # llama-cpp-python, as its engine says it
    "context size has been exceeded",  # LM Studio
    "when context the overflows",  # LM Studio, sic
    "when context overflows",
    "greater than the context length",
    "longer than the maximum model length",  # vLLM
    "prompt is too long",  # Anthropic behind a proxy
    "exceeds the maximum number of tokens",  # Gemini behind a proxy
)
_PLAIN_NAME = re.compile(r"[A-Za-z_.]{1,60}|[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a server says about a failure; empty where it says nothing. `message` is not for showing."""

    message: str = ""
    type: str = ""
    code: str = ""
    param: str = ""

    @property
    def names(self) -> frozenset[str]:
        return frozenset({self.type, self.code})

    @property
    def status(self) -> int | None:
        """The HTTP status in `code`: some servers and proxies hide a failure in a 200."""
        return int(self.code) if re.fullmatch("[45][0-9]{2}", self.code) else None

    @property
    def is_overflow(self) -> bool:
        said = self.message.lower()
        return bool(self.names & OVERFLOW_NAMES) or any(phrase in said for phrase in OVERFLOW_PHRASES)

    def shown(self) -> str:
        """The short names in brackets, for a message to a person."""
        parts = [
            f"{label} {name}"
            for label, name in (("code", self.code), ("type", self.type), ("param", self.param))
            if _PLAIN_NAME.fullmatch(name)
        ]
        return f" ({', '.join(parts)})" if parts else ""


def read_complaint(content: bytes, secret: str = "") -> Complaint:
    """The complaint in a reply body, in any of the shapes servers use: `{"error": {...}}` (OpenAI),
    `{"error": "..."}` (LM Studio), `{"message": ..., "code": ...}` (older vLLM), `{"detail": ...}` (FastAPI).

    `secret` is taken out wherever the server echoes it.
    """
    text = content.decode("utf-8", "replace")
    if secret:
        text = text.replace(secret, "***")
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return Complaint()
    if not isinstance(body, dict):
        return Complaint()
    inner = body.get("error", body)
    if isinstance(inner, str):
        return Complaint(message=inner)
    if not isinstance(inner, dict):
        return Complaint()
    return Complaint(
        message=_text(inner.get("message")) or _detail(inner.get("detail")),
        type=_text(inner.get("type")),
        code=_text(inner.get("code")),
        param=_text(inner.get("param")),
    )


def _text(value: Any) -> str:
    return str(value) if isinstance(value, (str, int)) else ""


def _detail(detail: Any) -> str:
    """FastAPI's validation errors without their `input`, which is our own request with the article in it."""
    if isinstance(detail, list):
        lines = [item for item in detail if isinstance(item, dict)]
        return "; ".join(f"{item.get('loc')}: {item.get('msg')}" for item in lines)
    return _text(detail)


def failure(
    status: int, complaint: Complaint, *, server: str, model: str, retry_after: float | None = None
) -> BackendError:
    """The error for a failed reply of `server` (its base URL), asked for `model`."""
    names, said = complaint.names, complaint.shown()
    if complaint.is_overflow:
        return ContextOverflow(
            f"the prompt and its answer do not fit the context of model {model}{said}; lower"
            " ATTEST_WINDOW_TOKENS or take a model with a longer context",
            where=server,
        )
    if names & FILTER_NAMES:
        return ContentFiltered(f"the provider's content filter refuses this text{said}", where=server)
    if names & QUOTA_NAMES or status == 402:
        return QuotaExceeded(f"the account has no quota left{said}; look at its billing page", where=server)
    if status == 429:
        return BackendRateLimited(
            f"too many requests{_wait_words(retry_after)}{said}", where=server, retry_after=retry_after
        )
    if 200 <= status < 300:
        return BackendUnavailable(
            f"the server answered {status}, but without a reply in it{said}; check that ATTEST_BASE_URL is"
            " the root of an OpenAI-compatible API",
            where=server,
            retry_after=retry_after,
        )
    if status in TRANSIENT or status >= 500:
        return BackendUnavailable(
            f"the server answered {status}{_wait_words(retry_after)}{said}",
            where=server,
            retry_after=retry_after,
        )
    return BackendRefused(_refusal(status, model) + said, where=server)


def _refusal(status: int, model: str) -> str:
    if status in (401, 403):
        return f"the server answered {status}: check the key in OPENAI_API_KEY or ATTEST_API_KEY"
    if status == 404:
        return (
            f"the server answered 404: it has no chat completions at this address or no model {model};"
            " check ATTEST_BASE_URL (it ends in /v1 on most servers) and ATTEST_MODEL"
        )
    if 300 <= status < 400:
        return f"the server answered {status}, a redirect: set ATTEST_BASE_URL to the final address"
    return f"the server refused the request for model {model} with {status}; its own log says why"


def _wait_words(retry_after: float | None) -> str:
    return "" if retry_after is None else f" and asks to wait {retry_after:g} s"


def read_retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait as told by `retry-after-ms` or `Retry-After` (RFC 9110, 10.2.3), or None.

    `headers` has lower-case names; `now` is the time in seconds since 1970, for the date form. A date
    in the past means 0; negative, unreadable or infinite values mean nothing; no more than a day.
    """
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        seconds = _number(headers.get(name, "")) * unit
        if seconds >= 0:
            return min(seconds, MAX_RETRY_AFTER_SECONDS)
    try:
        date = parsedate_to_datetime(headers.get("retry-after", ""))
        # A date without a zone is read as UTC: HTTP dates have no other (RFC 9110, 5.6.7).
        moment = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
    return min(max(moment - now, 0.0), MAX_RETRY_AFTER_SECONDS)


def _number(text: str) -> float:
    """A finite number, or -1 for anything else."""
    try:
        number = float(text)
    except ValueError:
        return -1.0
    return number if math.isfinite(number) else -1.0
