"""Whether requests can be served now, without asking anybody twice in a row.

Comes in: a function that looks at the parts, and a clock. Goes out: a `ReadinessReport`. Promises: the
model is never called; many probes cost one look every `keep_seconds`; a look that fails is an answer too.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Literal

from anyio import Lock, to_thread
from pydantic import BaseModel, ConfigDict

log = logging.getLogger(__name__)

Look = Callable[[], dict[str, str]]
Clock = Callable[[], float]


class ReadinessReport(BaseModel):
    """`checks`: "ok", or what is wrong, by component."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [{"status": "ready", "checks": {"store": "ok", "model": "ok", "prompts": "ok"}}]
        },
    )

    status: Literal["ready", "not-ready"]
    checks: dict[str, str]


class Readiness:
    """`clock` counts seconds and never goes back."""

    def __init__(self, look: Look, *, clock: Clock, keep_seconds: float) -> None:
        self._look = look
        self._clock = clock
        self._keep_seconds = keep_seconds
        self._lock = Lock()
        self._known: tuple[float, ReadinessReport] | None = None

    async def report(self) -> ReadinessReport:
        async with self._lock:
            now = self._clock()
            if self._known is None or now - self._known[0] >= self._keep_seconds:
                self._known = (now, await to_thread.run_sync(self._report))
            return self._known[1]

    def _report(self) -> ReadinessReport:
        try:
            checks = self._look()
        except Exception:
            log.exception("the readiness check itself failed")
            checks = {"readiness": "the check itself failed; the log of the server says why"}
        ready = all(answer == "ok" for answer in checks.values())
        return ReadinessReport(status="ready" if ready else "not-ready", checks=checks)
