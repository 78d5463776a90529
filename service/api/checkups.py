"""The doctor's last result, made in the background.

Comes in: a function that asks the model, and a clock. Goes out: the last `Checkup`, or None before the
first. Promises: however many probes come, the model is examined once in `keep_seconds`, or once in
`retry_seconds` after something was missing; a probe waits `patience_seconds` at most, and only for the
first result; an examination that fails is a result too.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from anyio import Event, move_on_after, to_thread
from anyio.abc import TaskGroup

from service.backends.checkup import Check, Checkup

log = logging.getLogger(__name__)

FAILED = Check.missing(
    "doctor",
    "the examination itself failed",
    "The log of the server says why; `attest doctor` shows it, too.",
)


class Checkups:
    """`background` runs the examinations and lives as long as the app. `clock` never goes back."""

    def __init__(
        self,
        examine: Callable[[], Checkup],
        *,
        background: TaskGroup,
        clock: Callable[[], float],
        keep_seconds: float,
        retry_seconds: float,
        patience_seconds: float,
    ) -> None:
        self._examine = examine
        self._background = background
        self._clock = clock
        self._keep_seconds = keep_seconds
        self._retry_seconds = retry_seconds
        self._patience_seconds = patience_seconds
        self._known: Checkup | None = None
        self._known_at = 0.0
        self._done: Event | None = None  # of the examination under way

    async def latest(self) -> Checkup | None:
        """What is known; an old result is shown while a new one is being made."""
        if self._done is None and self._is_due():
            self._done = Event()
            self._background.start_soon(self._renew, self._done)
        if self._known is None and self._done is not None:
            with move_on_after(self._patience_seconds):
                await self._done.wait()
        return self._known

    def _is_due(self) -> bool:
        if self._known is None:
            return True
        keep = self._keep_seconds if self._known.healthy else min(self._retry_seconds, self._keep_seconds)
        return self._clock() - self._known_at >= keep

    async def _renew(self, done: Event) -> None:
        # A stopping app does not wait for a model that answers slowly.
        self._known = await to_thread.run_sync(self._made, abandon_on_cancel=True)
        self._known_at = self._clock()
        self._done = None
        done.set()

    def _made(self) -> Checkup:
        try:
            return self._examine()
        except Exception:
            log.exception("the doctor itself failed")
            return Checkup(checks=(FAILED,))
