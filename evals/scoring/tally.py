"""What one repeat of one event amounts to, and how repeats become an event's numbers.

Comes in: values and counts by the name of their metric. Goes out: their means. Promises: no number is made up
where there is nothing to measure (None); a share of nothing is None, and so is a mean of nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from evals.models import Outcome


@dataclass(frozen=True, slots=True)
class Count:
    """Of a rate: how many of how many."""

    hits: float
    of: float

    @property
    def share(self) -> float | None:
        return self.hits / self.of if self.of else None

    def __add__(self, other: Count) -> Count:
        return Count(self.hits + other.hits, self.of + other.of)


NONE = Count(0, 0)


@dataclass(frozen=True)
class Tally:
    """`values`: of metrics that are means; `counts`: of those that are rates."""

    values: Mapping[str, float | None] = field(default_factory=dict)
    counts: Mapping[str, Count] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()


def counted(items: Iterable[bool]) -> Count:
    found = list(items)
    return Count(sum(found), len(found))


def put_together(tallies: Iterable[Tally]) -> Tally:
    """Tallies of different metrics as one."""
    values: dict[str, float | None] = {}
    counts: dict[str, Count] = {}
    outcomes: list[Outcome] = []
    for tally in tallies:
        values.update(tally.values)
        counts.update(tally.counts)
        outcomes += tally.outcomes
    return Tally(values, counts, tuple(outcomes))


def mean_of(repeats: Sequence[Tally]) -> Tally:
    """The mean of the repeats; a repeat without a value is left out of its mean."""
    names = list(dict.fromkeys(name for tally in repeats for name in tally.values))
    rates = list(dict.fromkeys(name for tally in repeats for name in tally.counts))
    values = {name: mean(tally.values.get(name) for tally in repeats) for name in names}
    counts = {}
    for name in rates:
        total = sum((tally.counts.get(name, NONE) for tally in repeats), NONE)
        counts[name] = Count(total.hits / len(repeats), total.of / len(repeats))
    return Tally(values, counts, tuple(o for tally in repeats for o in tally.outcomes))


def mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def share(hits: float, of: float, *, empty: float = 0.0) -> float:
    """`empty`: what it is when there is nothing to have a share of."""
    return hits / of if of else empty
