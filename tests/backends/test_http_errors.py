"""What a server's failure becomes: status, body and Retry-After to the error tree."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import (
    BackendError,
    BackendRateLimited,
    BackendRefused,
    BackendUnavailable,
    ContentFiltered,
    ContextOverflow,
    QuotaExceeded,
)
from tests.backends.mock_server import BASE, SCHEMA, answering, completion, error_of, question, said

OVERFLOWS = [
    (400, said(code="context_length_exceeded", type="invalid_request_error", param="messages")),
    (400, said(type="exceed_context_size_error", code=400, n_prompt_tokens=900, n_ctx=512)),
    (500, said(type="exceed_context_size_error")),
    (413, said("This model's maximum context length is 4096 tokens. However, you requested 5000.")),
    (400, said("'max_completion_tokens' is too large; maximum context length is 9", param="max_tokens")),
    (500, said("Requested tokens (951) exceed context window of 512")),
    (400, {"error": "Trying to keep the first 9000 tokens when context the overflows."}),
    (200, {"error": "Context size has been exceeded."}),
    (200, {"message": "the request exceeds the available context size", "type": "exceed_context_size_error"}),
    (400, {"object": "error", "message": "the prompt is longer than the maximum model length of 4096"}),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body"), OVERFLOWS)
def test_context_overflow_is_read_from_the_body_whatever_the_status(status: int, body: Any) -> None:
    error = error_of(answering(status, body), question(SCHEMA))
    assert type(error) is ContextOverflow
    assert "city-1" in str(error)
    assert not error.retryable


@pytest.mark.parametrize(
    ("status", "expected", "words"),
    [
        (401, BackendRefused, ["OPENAI_API_KEY", "ATTEST_API_KEY"]),
        (403, BackendRefused, ["OPENAI_API_KEY", "ATTEST_API_KEY"]),
        (404, BackendRefused, [BASE, "city-1", "ATTEST_BASE_URL"]),
        (400, BackendRefused, ["400", "city-1"]),
        (405, BackendRefused, ["405"]),
        (413, BackendRefused, ["413"]),
        (422, BackendRefused, ["422"]),
        (301, BackendRefused, ["redirect"]),
        (402, QuotaExceeded, ["quota"]),
        (408, BackendUnavailable, ["408"]),
        (409, BackendUnavailable, ["409"]),
        (425, BackendUnavailable, ["425"]),
        (429, BackendRateLimited, ["too many requests"]),
        (500, BackendUnavailable, ["500"]),
        (502, BackendUnavailable, ["502"]),
        (503, BackendUnavailable, ["503"]),
        (504, BackendUnavailable, ["504"]),
        (529, BackendUnavailable, ["529"]),
    ],
)
@pytest.mark.parametrize("body", [said("nope", type="some_type"), {"detail": "Not Found"}, b"<html>", b""])
def test_status_to_error(status: int, expected: type[BackendError], words: list[str], body: Any) -> None:
    error = error_of(answering(status, body))
    assert type(error) is expected
    assert all(word in str(error) for word in [BASE, *words])


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (429, said(code="insufficient_quota", type="insufficient_quota"), QuotaExceeded),
        (429, said(type="insufficient_quota"), QuotaExceeded),
        (400, said(code="content_filter"), ContentFiltered),
        (400, said(code="content_policy_violation"), ContentFiltered),
        (200, completion("", "content_filter"), ContentFiltered),
        (200, {"choices": [{"message": {"content": None, "refusal": "I will not."}}]}, ContentFiltered),
        (200, said("Provider returned error", code=429), BackendRateLimited),
        (200, {"error": "Unexpected endpoint or method."}, BackendUnavailable),
    ],
)
def test_bodies_classify_before_the_status(status: int, body: Any, expected: type[BackendError]) -> None:
    assert type(error_of(answering(status, body))) is expected


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<!doctype html>", b'{"choices": [{"mess', b"\xff\xfe", b"[" * 100_000,
        [], "text", None, {}, {"choices": []}, {"choices": None}, {"choices": "abc"}, {"choices": [None]},
        {"choices": [{"text": "old completions API"}]}, {"choices": [{"message": None}]},
        completion(["Oslo"]), completion({"text": "Oslo"}), completion(7),
    ],
)  # fmt: skip
def test_a_200_of_another_shape_is_retryable(body: Any) -> None:
    error = error_of(answering(200, body))
    assert type(error) is BackendUnavailable
    assert error.retryable
    assert BASE in str(error)


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: json.dumps({"choices": text}).encode())
)
def test_no_body_makes_anything_but_a_backend_error(body: bytes) -> None:
    assert error_of(answering(200, body)).retryable


NOW = 1_700_000_000.0  # Tue, 14 Nov 2023 22:13:20 GMT


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Retry-After": "20"}, 20.0),
        ({"Retry-After": "0.5"}, 0.5),
        ({"Retry-After": " 3 "}, 3.0),
        ({"Retry-After": "0"}, 0.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "1500", "Retry-After": "9"}, 1.5),
        ({"retry-after-ms": "soon", "Retry-After": "9"}, 9.0),
        ({"retry-after-ms": "-5", "Retry-After": "9"}, 9.0),
        ({"Retry-After": "Tue, 14 Nov 2023 22:13:50 GMT"}, 30.0),
        ({"Retry-After": "Tue, 14 Nov 2023 22:13:50 -0000"}, 30.0),
        ({"Retry-After": "Tue, 14 Nov 2023 22:00:00 GMT"}, 0.0),
        ({"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, 86_400.0),
        ({"Retry-After": "1e30"}, 86_400.0),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": "Tue, 99 Nov 2023 22:13:50 GMT"}, None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after(status: int, headers: dict[str, str], expected: float | None) -> None:
    error = error_of(answering(status, said(), headers), now=lambda: NOW)
    assert isinstance(error, (BackendRateLimited, BackendUnavailable))
    assert error.retry_after == (None if expected is None else pytest.approx(expected))


@pytest.fixture
def far_from_greenwich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Pacific/Auckland")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("far_from_greenwich")
@pytest.mark.parametrize("zone", ["GMT", "-0000", ""])
def test_dates_in_retry_after_are_universal_time(zone: str) -> None:
    headers = {"Retry-After": f"Tue, 14 Nov 2023 22:13:50 {zone}".strip()}
    error = error_of(answering(503, said(), headers), now=lambda: NOW)
    assert isinstance(error, BackendUnavailable)
    assert error.retry_after == 30.0


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_no_retry_after_breaks_the_client(value: str) -> None:
    error = error_of(answering(503, said(), {"Retry-After": value}))
    assert isinstance(error, BackendUnavailable)
    assert error.retry_after is None or 0 <= error.retry_after <= 86_400
