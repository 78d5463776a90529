"""How far a run is: rate, cost in tokens, time left.

Comes in: samples as they are done, a clock, and what was spent. Goes out: a line a sample. Promises: what was
done before or came out of the store makes the rate no better and costs nothing; time left is told once it can
be known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from evals.models import Event, Sample
from evals.runs import Key, expected, key_of
from service.backends.base import Usage

Clock = Callable[[], float]


@dataclass
class Progress:
    """`say` gets one line a sample that was done just now, and one for all that was there before."""

    events: Iterable[Event]
    repeats: int
    clock: Clock
    say: Callable[[str], None]
    spent: Callable[[], Usage]
    _pace: dict[bool, _Pace] = field(init=False)

    def __post_init__(self) -> None:
        self._chars: Mapping[tuple[str, str], int] = {
            (event.id, name): len(article.text)
            for event in self.events
            for name, article in event.texts.items()
        }
        self._left = {key: self._work(key) for key in expected(self.events, self.repeats)}
        self._total = len(self._left)
        self._pace = {True: _Pace(), False: _Pace()}
        self._there = self._failed = 0
        self._last: float | None = None
        self._began = self.clock()

    def __call__(self, sample: Sample, fresh: bool) -> None:
        key = key_of(sample)
        work = self._left.pop(key)
        self._failed += sample.state != "ok"
        if not fresh:
            self._there += 1
            return
        if self._last is None:
            self._last = self._began
            if self._there:
                self.say(f"{self._there} of {self._total} samples were there already; going on")
        now = self.clock()
        if not sample.replayed:
            self._pace[key.article is None].add(work, now - self._last)
        self._last = now
        self.say(self._line(sample))

    def finished(self) -> str:
        """What to say at the end."""
        done = self._total - len(self._left)
        failed = f", {self._failed} of them failed" if self._failed else ""
        there = f" ({self._there} were there already)" if self._there else ""
        return f"{done} of {self._total} samples{there}{failed}; {_tokens(self.spent())}"

    def _line(self, sample: Sample) -> str:
        done = self._total - len(self._left)
        name = f"{sample.event}/{sample.article or 'story'}"
        again = f" #{sample.repeat + 1}" if self.repeats > 1 else ""
        state = "replayed" if sample.replayed and sample.state == "ok" else sample.state
        parts = [f"{done}/{self._total}", f"{name}{again} {state}"]
        if sample.problem is not None:
            parts.append(sample.problem.detail)
        minutes = (self.clock() - self._began) / 60
        if minutes > 0:
            parts.append(f"{(done - self._there) / minutes:.1f} a minute")
        parts.append(_tokens(self.spent()))
        left = self._seconds_left()
        if left is not None and self._left:
            parts.append(f"{duration(left)} left")
        return "  ".join(parts)

    def _seconds_left(self) -> float | None:
        """Articles by their length, stories by their number; a kind not met yet is left out of the sum."""
        if not any(pace.work for pace in self._pace.values()):
            return None
        return sum(self._pace[key.article is None].of(work) for key, work in self._left.items())

    def _work(self, key: Key) -> int:
        return 1 if key.article is None else self._chars[key.event, key.article]


@dataclass
class _Pace:
    work: int = 0
    seconds: float = 0.0

    def add(self, work: int, seconds: float) -> None:
        self.work += work
        self.seconds += seconds

    def of(self, work: int) -> float:
        return self.seconds / self.work * work if self.work else 0.0


def duration(seconds: float) -> str:
    """As somebody who waits would say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def _tokens(spent: Usage) -> str:
    if not spent.prompt_tokens:
        return "no tokens"
    cached = f" ({spent.cached_prompt_tokens:,} cached)" if spent.cached_prompt_tokens else ""
    return f"{spent.prompt_tokens:,}{cached} + {spent.completion_tokens:,} tokens"
