"""A circuit breaker: a server that failed again and again is left alone for a while.

Comes in: the outcome of every call, through `guard()`. Goes out: CircuitOpen instead of a call while
the circuit is open. Promises: thread-safe; only retryable errors count; after the pause exactly one
call probes the server, and its outcome closes or reopens the circuit. After M. Nygard, "Release It!".
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from service.errors import BackendError, CircuitOpen


class CircuitBreaker:
    """Opens after `failures` retryable errors in a row and admits one probe after `cool_down_seconds`.

    `clock` is monotonic seconds.
    """

    def __init__(
        self,
        *,
        failures: int = 5,
        cool_down_seconds: float = 15.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._cool_down = cool_down_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._open_until = 0.0
        self._probing = False
        self._last = ""

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Around one call. Raises CircuitOpen, with `retry_after` in seconds, instead of entering."""
        is_probe = self._enter()
        try:
            yield
        except BackendError as error:
            if error.retryable:
                self._failed(str(error), is_probe)
            else:
                self._answered()  # a refusal is an answer: the server is there
            raise
        else:
            self._answered()
        finally:
            if is_probe:  # also after Ctrl-C, or nobody could ever probe again
                self._probing = False

    def seconds_left(self) -> float:
        """Seconds until a call is let through; 0 when the circuit is closed or due for a probe."""
        with self._lock:
            return self._seconds_left()

    def _seconds_left(self) -> float:
        return max(self._open_until - self._clock(), 0.0) if self._in_a_row >= self._limit else 0.0

    def _enter(self) -> bool:
        """True when this call is the probe."""
        with self._lock:
            if self._in_a_row < self._limit:
                return False
            left = self._seconds_left()
            if left > 0 or self._probing:
                raise CircuitOpen(
                    f"{self._in_a_row} failures in a row; nothing is asked for a while (last: {self._last})",
                    retry_after=left or self._cool_down,
                )
            self._probing = True
            return True

    def _failed(self, message: str, is_probe: bool) -> None:
        with self._lock:
            self._in_a_row += 1
            self._last = message
            # Calls that were under way when the circuit opened must not keep it open longer.
            if is_probe or self._in_a_row == self._limit:
                self._open_until = self._clock() + self._cool_down

    def _answered(self) -> None:
        with self._lock:
            self._in_a_row = 0
