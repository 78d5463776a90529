"""Whether requests can be served now, without asking anybody twice in a row.

Comes in: a function that looks at the parts, the doctor's last result, and a clock. Goes out: a
`ReadinessReport`. Promises: no probe waits for the model; many probes cost one look every `keep_seconds`;
a look that fails is an answer too; nothing is called ready before the doctor has proved it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Literal

from anyio import Lock, to_thread
from pydantic import BaseModel, ConfigDict

from service.api.checkups import Checkups
from service.backends.checkup import Check, Checkup

log = logging.getLogger(__name__)

Look = Callable[[], dict[str, str]]
Clock = Callable[[], float]

_EXAMPLE = Checkup(
    checks=(
        Check.ok("constraint", 'free: {"answer": "yellow"}; bound: {"answer": "violet"}'),
        Check.not_applicable("finite numbers", "a server shows no logits"),
    ),
    seconds=4.2,
)


class ReadinessReport(BaseModel):
    """`checks`: "ok", or what is wrong, by component. `doctor`: what the last examination of the model
    found, null before the first one is done.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "status": "ready",
                    "checks": {"store": "ok", "backend": "ok", "prompts": "ok", "doctor": "ok"},
                    "doctor": _EXAMPLE.model_dump(mode="json"),
                }
            ]
        },
    )

    status: Literal["ready", "not-ready"]
    checks: dict[str, str]
    doctor: Checkup | None = None


class Readiness:
    """`clock` counts seconds and never goes back."""

    def __init__(self, look: Look, checkups: Checkups, *, clock: Clock, keep_seconds: float) -> None:
        self._look = look
        self._checkups = checkups
        self._clock = clock
        self._keep_seconds = keep_seconds
        self._lock = Lock()
        self._known: tuple[float, dict[str, str]] | None = None

    async def report(self) -> ReadinessReport:
        checkup = await self._checkups.latest()
        checks = {**await self._looked(), "doctor": _in_a_word(checkup)}
        ready = all(answer == "ok" for answer in checks.values())
        return ReadinessReport(status="ready" if ready else "not-ready", checks=checks, doctor=checkup)

    async def _looked(self) -> dict[str, str]:
        async with self._lock:
            now = self._clock()
            if self._known is None or now - self._known[0] >= self._keep_seconds:
                self._known = (now, await to_thread.run_sync(self._checks))
            return self._known[1]

    def _checks(self) -> dict[str, str]:
        try:
            return self._look()
        except Exception:
            log.exception("the readiness check itself failed")
            return {"readiness": "the check itself failed; the log of the server says why"}


def _in_a_word(checkup: Checkup | None) -> str:
    if checkup is None:
        return "the model is being examined; ask again in a few seconds"
    return "; ".join(f"{check.name}: {check.seen}" for check in checkup.missing) or "ok"
