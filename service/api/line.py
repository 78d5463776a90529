"""A waiting line in front of work that cannot be done all at once.

Comes in: a blocking function. Goes out: what it returns, worked in a thread. Promises: at most `at_once`
run, at most `waiting` wait, first come first served; who comes later is told so at once and when to try
again; who has left while waiting is not worked for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from service.api.refusals import Busy, CallerLeft

Result = TypeVar("Result")
Gone = Callable[[], Awaitable[bool]]


class Line:
    """`retry_after`: seconds told to those who find the line full."""

    def __init__(self, *, at_once: int, waiting: int, retry_after: float) -> None:
        self._turns = CapacityLimiter(at_once)
        self._room = at_once + waiting
        self._waiting = waiting
        self._retry_after = retry_after
        self._inside = 0

    async def run(self, work: Callable[[], Result], *, gone: Gone) -> Result:
        """`work()` when its turn comes; `gone` tells whether the caller is still there by then.

        Work that has begun is finished, also when the caller leaves. Raises Busy, CallerLeft, and
        whatever `work` raises.
        """
        # Counted by hand: the limiter would count a caller only after it first gave way to others.
        if self._inside >= self._room:
            raise Busy(
                f"{self._waiting} requests are waiting already; try again later",
                retry_after=self._retry_after,
            )
        self._inside += 1
        try:
            async with self._turns:
                if await gone():
                    raise CallerLeft("the connection was closed while the request waited for its turn")
                return await to_thread.run_sync(work)
        finally:
            self._inside -= 1
