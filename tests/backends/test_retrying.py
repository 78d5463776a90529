"""The retry loop, on a clock that only sleeping and asking move."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from service.backends.base import Backend, Message, ModelReply, ModelRequest, Profile, Usage
from service.backends.breaker import CircuitBreaker
from service.backends.retrying import RetryingBackend
from service.backends.scripted import ScriptedBackend
from service.errors import (
    BackendError,
    BackendRateLimited,
    BackendRefused,
    BackendTimeout,
    BackendUnavailable,
    BackendUnreachable,
    CircuitOpen,
    ContentFiltered,
    ContextOverflow,
    OutOfMemory,
    QuotaExceeded,
)

REQUEST = ModelRequest(stage="extract_facts", messages=(Message("user", "one two"),), max_tokens=5)
REPLY = ModelReply(text="fine", finish="stop", model="m", usage=Usage(calls=1, prompt_tokens=2, seconds=1.0))


class World:
    """A backend whose outcomes are given, each taking `takes` seconds of a clock that sleep moves too."""

    def __init__(self, outcomes: Sequence[BaseException | ModelReply], takes: float = 1.0) -> None:
        self.outcomes = list(outcomes)
        self.takes = takes
        self.now = 1000.0
        self.slept: list[float] = []
        self.asked = 0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def answer(self, request: ModelRequest) -> ModelReply:
        self.asked += 1
        self.now += self.takes
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def backend(
        self, deadline: float = 60.0, attempts: int = 3, breaker: CircuitBreaker | None = None, seed: int = 1
    ) -> RetryingBackend:
        inner = ScriptedBackend(self.answer, profile=Profile("v1", "v1"), model="m", model_sha256="ab")
        return RetryingBackend(
            inner, deadline_seconds=deadline, max_attempts=attempts, breaker=breaker,
            clock=self.clock, sleep=self.sleep, seed=seed,
        )  # fmt: skip


def test_passes_everything_else_through() -> None:
    retrying: Backend = World([]).backend()
    assert (retrying.name, retrying.model, retrying.model_sha256) == ("scripted", "m", "ab")
    assert retrying.profile == Profile("v1", "v1")
    assert retrying.count_tokens("a b c") == 3
    retrying.close()


def test_a_reply_at_once_costs_nothing_extra() -> None:
    world = World([REPLY])
    reply = world.backend().complete(REQUEST)
    assert reply == REPLY
    assert world.slept == []


def test_retries_and_waiting_are_counted() -> None:
    world = World([BackendTimeout("slow"), BackendUnavailable("503"), REPLY])
    reply = world.backend().complete(REQUEST)
    assert reply.text == "fine"
    assert reply.usage.retries == 2
    assert reply.usage.seconds == pytest.approx(3.0 + sum(world.slept), abs=1e-5)
    assert reply.usage.prompt_tokens == 2
    assert len(world.slept) == 2


@pytest.mark.parametrize(
    "error", [BackendUnreachable("x"), BackendTimeout("x"), BackendRateLimited("x"), BackendUnavailable("x")]
)
def test_the_last_error_is_raised_as_it_came(error: BackendError) -> None:
    world = World([BackendUnavailable("first"), BackendUnavailable("second"), error])
    with pytest.raises(BackendError) as caught:
        world.backend().complete(REQUEST)
    assert caught.value is error
    assert world.asked == 3


@pytest.mark.parametrize(
    "error",
    [
        BackendRefused("x"), QuotaExceeded("x"), ContentFiltered("x"), ContextOverflow("x"), OutOfMemory("x"),
        BackendError("x"), CircuitOpen("x", retry_after=1.0), ValueError("a bug"), KeyboardInterrupt(),
    ],
)  # fmt: skip
def test_what_asking_again_cannot_help_is_raised_at_once(error: BaseException) -> None:
    world = World([error])
    with pytest.raises(type(error)) as caught:
        world.backend().complete(REQUEST)
    assert caught.value is error
    assert (world.asked, world.slept) == (1, [])


@pytest.mark.parametrize("attempts", [1, 2, 6])
def test_the_number_of_attempts_is_bounded(attempts: int) -> None:
    world = World([BackendUnreachable("x")] * 10, takes=0.0)
    with pytest.raises(BackendUnreachable):
        world.backend(attempts=attempts).complete(REQUEST)
    assert world.asked == attempts


@pytest.mark.parametrize("seed", range(20))
def test_pauses_are_random_within_a_doubling_window(seed: int) -> None:
    world = World([BackendUnreachable("x")] * 8, takes=0.0)
    with pytest.raises(BackendUnreachable):
        world.backend(attempts=8, seed=seed).complete(REQUEST)
    windows = [0.5, 1, 2, 4, 8, 8, 8]
    assert len(world.slept) == len(windows)
    assert all(0 <= pause <= window for pause, window in zip(world.slept, windows, strict=True))


def test_equal_seeds_pause_equally_and_others_do_not() -> None:
    def pauses(seed: int) -> list[float]:
        world = World([BackendUnreachable("x"), BackendUnreachable("x"), REPLY])
        world.backend(seed=seed).complete(REQUEST)
        return world.slept

    assert pauses(4) == pauses(4)
    assert pauses(4) != pauses(5)


@pytest.mark.parametrize("error_class", [BackendRateLimited, BackendUnavailable])
def test_retry_after_replaces_the_jitter(
    error_class: type[BackendRateLimited] | type[BackendUnavailable],
) -> None:
    world = World([error_class("x", retry_after=12.5), REPLY])
    reply = world.backend().complete(REQUEST)
    assert world.slept == [12.5]
    assert reply.usage.seconds == pytest.approx(14.5)


@pytest.mark.parametrize(("retry_after", "waits"), [(59.0, True), (59.1, False), (3600.0, False)])
def test_retry_after_beyond_the_deadline_is_handed_on_at_once(retry_after: float, waits: bool) -> None:
    world = World([BackendRateLimited("x", retry_after=retry_after), REPLY])  # 1 s of the 60 is used
    if waits:
        assert world.backend(deadline=60.0).complete(REQUEST).usage.retries == 1
        return
    with pytest.raises(BackendRateLimited) as caught:
        world.backend(deadline=60.0).complete(REQUEST)
    assert caught.value.retry_after == retry_after
    assert (world.asked, world.slept) == (1, [])


def test_retry_after_zero_is_paced_like_no_retry_after() -> None:
    world = World([BackendUnavailable("x", retry_after=0.0), REPLY])
    world.backend().complete(REQUEST)
    assert 0 < world.slept[0] <= 0.5


def test_no_pause_ends_after_the_deadline() -> None:
    world = World([BackendTimeout("slow")] * 3, takes=40.0)
    with pytest.raises(BackendTimeout):
        world.backend(deadline=60.0).complete(REQUEST)
    assert world.asked == 2
    assert sum(world.slept) <= 20.0


def test_an_open_circuit_is_reported_without_asking() -> None:
    world = World([BackendUnreachable("refused")] * 5)
    breaker = CircuitBreaker(failures=5, cool_down_seconds=15.0, clock=world.clock)
    retrying = world.backend(attempts=1, breaker=breaker)
    for _ in range(5):
        with pytest.raises(BackendUnreachable):
            retrying.complete(REQUEST)
    with pytest.raises(CircuitOpen) as caught:
        retrying.complete(REQUEST)
    assert caught.value.retry_after == 15.0
    assert world.asked == 5


def test_the_failure_that_opens_the_circuit_is_not_hidden_by_it() -> None:
    world = World([BackendUnreachable("refused")] * 5)
    breaker = CircuitBreaker(failures=2, cool_down_seconds=15.0, clock=world.clock)
    with pytest.raises(BackendUnreachable):
        world.backend(breaker=breaker).complete(REQUEST)
    assert world.asked == 2
    assert len(world.slept) == 1


def test_a_long_retry_after_reaches_the_probe() -> None:
    world = World([BackendRateLimited("x", retry_after=20.0), REPLY])
    breaker = CircuitBreaker(failures=1, cool_down_seconds=15.0, clock=world.clock)
    assert world.backend(breaker=breaker).complete(REQUEST).text == "fine"
    assert breaker.seconds_left() == 0


def test_wrapped_twice_the_retries_add_up() -> None:
    world = World([BackendTimeout("x"), BackendTimeout("x"), REPLY])
    inner = world.backend(attempts=2)
    outer = RetryingBackend(inner, deadline_seconds=60.0, clock=world.clock, sleep=world.sleep, seed=1)
    assert outer.complete(REQUEST).usage.retries == 1
    assert world.asked == 3
