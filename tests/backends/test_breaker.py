"""The circuit breaker, on a clock that moves when it is told to."""

from __future__ import annotations

import threading

import pytest

from service.backends.breaker import CircuitBreaker
from service.errors import BackendError, BackendRefused, BackendTimeout, BackendUnavailable, CircuitOpen


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def fail(breaker: CircuitBreaker, error: BaseException | None = None) -> None:
    raised = error or BackendUnavailable("503")
    with pytest.raises(type(raised)), breaker.guard():
        raise raised


def opened(clock: Clock) -> CircuitBreaker:
    breaker = CircuitBreaker(failures=5, cool_down_seconds=15.0, clock=clock)
    for _ in range(5):
        fail(breaker)
    return breaker


def refused(breaker: CircuitBreaker) -> CircuitOpen:
    with pytest.raises(CircuitOpen) as caught, breaker.guard():
        pytest.fail("the call went through")
    return caught.value


def test_stays_closed_below_the_limit() -> None:
    breaker = CircuitBreaker(failures=5, clock=Clock())
    for _ in range(4):
        fail(breaker)
    with breaker.guard():
        pass
    assert breaker.seconds_left() == 0


def test_opens_at_the_limit_and_tells_how_long_and_why() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 5
    error = refused(breaker)
    assert error.retry_after == 10.0
    assert breaker.seconds_left() == 10.0
    assert "503" in str(error)
    assert not error.retryable


@pytest.mark.parametrize("between", [None, BackendRefused("401"), BackendError("odd")])
def test_only_failures_in_a_row_count(between: BackendError | None) -> None:
    breaker = CircuitBreaker(failures=5, clock=Clock())
    for _ in range(4):
        fail(breaker)
    if between is None:
        with breaker.guard():
            pass
    else:
        fail(breaker, between)
    for _ in range(4):
        fail(breaker, BackendTimeout("slow"))
    with breaker.guard():
        pass


@pytest.mark.parametrize("error", [BackendRefused("401"), ValueError("bug"), KeyboardInterrupt()])
def test_other_errors_never_open_it(error: BaseException) -> None:
    breaker = CircuitBreaker(failures=2, clock=Clock())
    for _ in range(10):
        fail(breaker, error)


def test_a_probe_that_succeeds_closes_it() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 15
    with breaker.guard():
        pass
    for _ in range(4):
        fail(breaker)
    with breaker.guard():
        pass


def test_a_probe_that_fails_opens_it_for_the_whole_pause_again() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 20
    fail(breaker)
    assert refused(breaker).retry_after == 15.0


def test_one_probe_at_a_time() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 15
    with breaker.guard():
        assert refused(breaker).retry_after == 15.0
    with breaker.guard(), breaker.guard():
        pass


def test_an_interrupted_probe_leaves_room_for_the_next() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 15
    fail(breaker, KeyboardInterrupt())
    with breaker.guard():
        pass
    assert breaker.seconds_left() == 0


def test_late_failures_do_not_prolong_the_pause() -> None:
    clock = Clock()
    breaker = CircuitBreaker(failures=1, cool_down_seconds=15.0, clock=clock)
    with pytest.raises(BackendTimeout), breaker.guard():
        fail(breaker)
        clock.now += 10
        raise BackendTimeout("this call began before the circuit opened")
    assert breaker.seconds_left() == 5.0


def test_among_many_threads_exactly_one_probes() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 15
    together, done = threading.Barrier(8, timeout=10), threading.Barrier(8, timeout=10)
    outcomes: list[str] = []

    def call() -> None:
        together.wait()
        try:
            with breaker.guard():
                outcomes.append("probed")
                done.wait()
        except CircuitOpen:
            outcomes.append("refused")
            done.wait()

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["probed"] + ["refused"] * 7
