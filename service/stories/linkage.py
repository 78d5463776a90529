"""Average linkage of many sparse vectors, near-linear.

Comes in: articles as unit vectors with day and place, and the pairs worth comparing. Goes out: clusters.
Promises: the most similar clusters are joined first, and two clusters only when the mean similarity over
all their pairs reaches the threshold, so a chain of look-alikes does not glue its ends together; ties go
to the clusters that came first, so the same vectors in the same order give the same clusters.

The mean over all pairs of two clusters of unit vectors is the product of their sums divided by the number
of pairs. So only sums are compared, and only of clusters that a proposed pair ties together.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

Vector = Mapping[int, float]
Counts = Mapping[int, int]
Number = TypeVar("Number", int, float)

# Reports of one event appear within days. What comes later counts as less alike, until after a month even
# the same words are another event.
SAME_NEWS_DAYS = 4
OTHER_NEWS_DAYS = 30
# Of two articles about one event, at least one names a place of the other's. Clusters whose articles do so
# less often are set elsewhere. (With half of the ways from article to article, one odd report would decide.)
MIN_MEETINGS = 0.4
# Pairs less alike than this share of the threshold are no reason to compare the clusters they end up in.
LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Node:
    """A cluster: the sum of its vectors, its members, the first and last day (ordinals) of publication; how
    many of its members set the event in a place, in which, and how many mention each place at all.
    """

    total: Vector
    members: tuple[int, ...]
    first: int | None = None
    last: int | None = None
    placed: int = 0
    scenes: Counts = field(default_factory=dict)
    mentions: Counts = field(default_factory=dict)

    def with_(self, other: Node) -> Node:
        days = [day for node in (self, other) for day in (node.first, node.last) if day is not None]
        return Node(
            _sum(self.total, other.total),
            tuple(sorted(self.members + other.members)),
            min(days, default=None),
            max(days, default=None),
            self.placed + other.placed,
            _sum(self.scenes, other.scenes),
            _sum(self.mentions, other.mentions),
        )

    def similarity(self, other: Node) -> float:
        """Mean similarity of all pairs, less for what was published long before or after; 0 elsewhere."""
        if elsewhere(self, other):
            return 0.0
        pairs = len(self.members) * len(other.members)
        return dot(self.total, other.total) / pairs * nearness(self, other)


def _sum(left: Mapping[int, Number], right: Mapping[int, Number]) -> dict[int, Number]:
    small, large = sorted((left, right), key=len)
    total = dict(large)
    for key, value in small.items():
        total[key] = total[key] + value if key in total else value
    return total


def dot(left: Vector, right: Vector) -> float:
    small, large = sorted((left, right), key=len)
    return sum(value * large[term] for term, value in small.items() if term in large)


def nearness(left: Node, right: Node) -> float:
    """1 within some days, falling to 0; 1 as well where a day is not known."""
    if left.first is None or left.last is None or right.first is None or right.last is None:
        return 1.0
    apart = max(left.first, right.first) - min(left.last, right.last)
    late = (apart - SAME_NEWS_DAYS) / (OTHER_NEWS_DAYS - SAME_NEWS_DAYS)
    return 1.0 - min(1.0, max(0.0, late))


def elsewhere(left: Node, right: Node) -> bool:
    """Whether both are set in places that the other hardly mentions: two elections that the same parties won
    have nearly all their names in common, but not the town.
    """
    if min(2 * left.placed - len(left.members), 2 * right.placed - len(right.members)) < 0:
        return False
    met = dot(left.scenes, right.mentions) + dot(right.scenes, left.mentions)
    return met < MIN_MEETINGS * (left.placed * len(right.members) + right.placed * len(left.members))


def linked(
    singles: Sequence[Node], pairs: Iterable[tuple[int, int]], threshold: float
) -> list[tuple[int, ...]]:
    """Clusters of `singles`, by index, each sorted, in order of their first member.

    `singles[n]` has the one member n.
    """
    nodes = dict(enumerate(singles))
    beside: dict[int, set[int]] = defaultdict(set)
    heap: list[tuple[float, int, int]] = []
    for left, right in pairs:
        similarity = nodes[left].similarity(nodes[right])
        if similarity >= LEAST_SHARE * threshold:
            beside[left].add(right)
            beside[right].add(left)
        if similarity >= threshold:
            heap.append((-similarity, left, right))
    heapq.heapify(heap)
    number = len(nodes)
    while heap:
        _, left, right = heapq.heappop(heap)
        if left not in nodes or right not in nodes:
            continue
        node = nodes.pop(left).with_(nodes.pop(right))
        around = sorted((beside.pop(left) | beside.pop(right)) - {left, right})
        nodes[number] = node
        beside[number] = set(around)
        for other in around:
            beside[other] -= {left, right}
            beside[other].add(number)
            similarity = nodes[other].similarity(node)
            if similarity >= threshold:
                heapq.heappush(heap, (-similarity, other, number))
        number += 1
    return sorted(node.members for node in nodes.values())
