"""A run: every article of every event is read, every event is told, as often as asked.

Comes in: events, a system and a journal that may hold the beginning. Goes out: the journal, complete.
Promises: what is in the journal is not done again; samples stand in one order whatever was read side by side;
a case that fails is a sample with a state, never a gap; a failure that every later case would share stops the
run instead of filling it with zeros.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from evals.attempting import Clock, Tried, try_reading, try_telling
from evals.journal import Journal
from evals.models import Event, Sample
from evals.runs import Key, expected
from evals.systems import System, Systems
from service.errors import BackendRefused
from service.stories.models import ArticleFacts

AHEAD = 2  # cases begun for each worker, so that nobody waits for the slowest
Told = Callable[[Sample, bool], None]  # a sample, and whether it was made just now


@dataclass(frozen=True)
class Run:
    """`told` hears of every sample in order. `retry_failed`: do everything again from the first failure on;
    what was answered before is replayed.
    """

    events: Sequence[Event]
    repeats: int
    systems: Systems
    clock: Clock
    told: Told
    retry_failed: bool = False

    def complete(self, journal: Journal) -> None:
        """Do what the journal has not. Raises AttestError when going on is of no use."""
        order = expected(self.events, self.repeats)
        begun = self._begun(journal)
        workers = self.systems.workers
        pool: Executor = ThreadPoolExecutor(workers, "evals") if workers > 1 else _Inline()
        try:
            ahead = workers * AHEAD if workers > 1 else 0
            any_ok = begun.any_ok
            for one in self._tried(order[begun.samples :], begun.read, pool, ahead):
                if isinstance(one.error, BackendRefused) and not any_ok:
                    raise one.error  # a wrong key or a wrong model, rather than a hard case
                journal.append(one.sample)
                any_ok = any_ok or one.sample.state == "ok"
                self.told(one.sample, True)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # an interrupt does not wait for the others

    def _begun(self, journal: Journal) -> _Begun:
        """What is done. Of what was read, only the articles of the story that comes next are held."""
        samples, any_ok, read = 0, False, list[ArticleFacts]()
        for sample in journal.done():
            if self.retry_failed and sample.state != "ok":
                journal.keep(samples)
                break
            samples, any_ok = samples + 1, any_ok or sample.state == "ok"
            if sample.article is None:
                read.clear()
            elif sample.facts is not None:
                read.append(sample.facts)
            self.told(sample, False)
        return _Begun(samples, any_ok, tuple(read))

    def _tried(
        self, order: Sequence[Key], read: Sequence[ArticleFacts], pool: Executor, ahead: int
    ) -> Iterator[Tried]:
        """Outcomes in order, up to `ahead` more under way. `read`: for the story that comes first."""
        events = {event.id: event for event in self.events}
        systems = [self.systems.open(repeat) for repeat in range(self.repeats)] if order else []
        reading: list[Future[Tried]] = []
        under_way: deque[Future[Tried]] = deque()
        for key in order:
            system = systems[key.repeat]
            if key.article is None:
                # It waits in the pool for its articles, but never for ever: they were handed in before it.
                under_way.append(pool.submit(_tell, key, system, read, reading, self.clock))
                read, reading = (), []
            else:
                article = events[key.event].texts[key.article]
                reading.append(pool.submit(try_reading, key, system, article, self.clock))
                under_way.append(reading[-1])
            while len(under_way) > ahead:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


@dataclass(frozen=True, slots=True)
class _Begun:
    samples: int
    any_ok: bool
    read: tuple[ArticleFacts, ...]


def _tell(
    key: Key, system: System, before: Sequence[ArticleFacts], reading: Sequence[Future[Tried]], clock: Clock
) -> Tried:
    now = [future.result().sample.facts for future in reading]
    return try_telling(key, system, [*before, *(facts for facts in now if facts is not None)], clock)


class _Inline(Executor):
    """Does the work when it is handed in, in this thread."""

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(work(*given, **named))
        except BaseException as error:
            future.set_exception(error)
        return future
