"""Shares with their uncertainty, as the benchmarks print them.

Comes in: how many of how many. Goes out: a `Share` that knows its 95 % Wilson score interval (Wilson 1927),
which stays sensible near 0 and 1, where most of these shares lie. Promises: pure; shares add up with `+`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

Z_95 = 1.96


@dataclass(frozen=True)
class Share:
    hits: int = 0
    total: int = 0

    @classmethod
    def of(cls, answers: Iterable[bool]) -> Share:
        listed = list(answers)
        return cls(sum(listed), len(listed))

    def __add__(self, other: Share) -> Share:
        return Share(self.hits + other.hits, self.total + other.total)

    @property
    def value(self) -> float:
        return self.hits / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.hits, self.total)

    def __str__(self) -> str:
        if self.total == 0:
            return "-"
        low, high = self.interval
        return f"{self.value:.1%} ({low * 100:.0f} to {high * 100:.0f}), {self.hits}/{self.total}"


def wilson(hits: int, total: int) -> tuple[float, float]:
    """Lower and upper bound of a share; everything is possible when nothing was counted."""
    if total == 0:
        return 0.0, 1.0
    z, share = Z_95, hits / total
    middle = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
