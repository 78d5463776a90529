"""The only retry loop of attest.

Comes in: a backend that may fail for a moment. Goes out: the same backend, asked again where asking
again can help. Promises: one question never waits past its deadline; an error is raised as it came,
never wrapped; only `error.retryable` errors are asked again, so refusals, filters, overflows and
empty accounts are reported at once.

The policy (interactive): at most 3 attempts, full jitter (0 to 0.5, 1, 2 … 8 s), and a server's
Retry-After instead of the jitter. A pause that ends after the deadline is not begun: the error is
raised with its `retry_after`, for the caller to hand on.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace

from tenacity import RetryCallState, Retrying, retry_if_exception

from service.backends.base import Backend, ModelReply, ModelRequest
from service.backends.breaker import CircuitBreaker
from service.backends.wrapping import WrappingBackend
from service.errors import AttestError

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 8.0


class RetryingBackend(WrappingBackend):
    """Asks `backend` again after retryable errors, within `deadline_seconds` for the whole question.

    An attempt is not interrupted: bound it with the backend's own timeout. Every attempt passes
    `breaker`; none by default. `clock` is monotonic seconds; `seed` fixes the jitter.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        deadline_seconds: float,
        max_attempts: int = 3,
        breaker: CircuitBreaker | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        seed: int | None = None,
    ) -> None:
        super().__init__(backend)
        self._deadline_seconds = deadline_seconds
        self._max_attempts = max_attempts
        self._breaker = breaker
        self._clock = clock
        self._sleep = sleep
        self._random = random.Random(seed)

    def complete(self, request: ModelRequest) -> ModelReply:
        """The first reply. Its usage counts `retries` and, in `seconds`, failed attempts and pauses too.

        Raises the last error when attempts or time run out, CircuitOpen while the breaker is open.
        """
        started = self._clock()
        deadline = started + self._deadline_seconds

        def is_over(state: RetryCallState) -> bool:
            if state.attempt_number >= self._max_attempts:
                return True
            if self._clock() + state.upcoming_sleep > deadline:
                return True
            # When the breaker would answer the next attempt, the real error tells more than it does.
            return self._breaker is not None and self._breaker.seconds_left() > state.upcoming_sleep

        retrying = Retrying(
            retry=retry_if_exception(lambda error: isinstance(error, AttestError) and error.retryable),
            stop=is_over,
            wait=self._wait,
            sleep=self._sleep,
            reraise=True,
        )
        reply = retrying(self._attempt, request)
        usage = reply.usage.model_copy(
            update={
                "retries": reply.usage.retries + retrying.statistics["attempt_number"] - 1,
                "seconds": round(self._clock() - started, 6),
            }
        )
        return replace(reply, usage=usage)

    def _attempt(self, request: ModelRequest) -> ModelReply:
        if self._breaker is None:
            return self.backend.complete(request)
        with self._breaker.guard():
            return self.backend.complete(request)

    def _wait(self, state: RetryCallState) -> float:
        """Seconds to pause: what the server asked for, otherwise a random part of a doubling window.

        tenacity's wait_random_exponential(0.5, 8), drawn from our own generator so that it can be seeded.
        """
        error = state.outcome.exception() if state.outcome else None
        told = getattr(error, "retry_after", None)
        window = min(FIRST_WAIT_SECONDS * 2 ** (state.attempt_number - 1), LONGEST_WAIT_SECONDS)
        return float(told or self._random.uniform(0, window))
