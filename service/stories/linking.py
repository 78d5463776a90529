"""Which of many things are worth comparing, and what hangs together.

Comes in: keys of things, or links between them. Goes out: pairs to compare, or connected components.
Promises: the work grows in step with the number of things, never with its square: a block of more than
`MAX_BLOCK` things is not compared all with all but each with its neighbours (sorted neighbourhood,
Hernández and Stolfo 1995); the order of the input changes nothing as long as things are numbered by
content.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import combinations
from typing import TypeVar

MAX_BLOCK = 100
RARE_BLOCK = 12
NEIGHBOURS = 20
T = TypeVar("T", bound=Hashable)


def pairs(keys: Sequence[Iterable[str]], *, shared: int = 1) -> list[tuple[int, int]]:
    """Positions (i < j) that have at least `shared` keys in common, or a rare one; in order.

    In large blocks only neighbours are compared, so number what is alike side by side.
    """
    blocks: dict[str, list[int]] = defaultdict(list)
    for index, own in enumerate(keys):
        for key in set(own):
            blocks[key].append(index)
    if shared == 1:
        return sorted({pair for block in blocks.values() for pair in _within(block)})
    counted: Counter[tuple[int, int]] = Counter()
    for block in blocks.values():
        times = shared if len(block) <= RARE_BLOCK else 1
        for pair in _within(block):
            counted[pair] += times
    return sorted(pair for pair, times in counted.items() if times >= shared)


def _within(block: Sequence[int]) -> Iterable[tuple[int, int]]:
    if len(block) <= MAX_BLOCK:
        return combinations(block, 2)
    return (
        (block[i], block[j])
        for i in range(len(block))
        for j in range(i + 1, min(i + 1 + NEIGHBOURS, len(block)))
    )


def components(links: Iterable[tuple[T, T]]) -> list[list[T]]:
    """What the links connect, directly or not; a link of a thing with itself makes a component of one.

    Members stand in the order in which they first occur, components in that of their first members.
    """
    root: dict[T, T] = {}

    def find(item: T) -> T:
        root.setdefault(item, item)
        while root[item] != item:
            root[item] = root[root[item]]
            item = root[item]
        return item

    for left, right in links:
        first, second = find(left), find(right)
        if first != second:
            root[second] = first
    joined: dict[T, list[T]] = defaultdict(list)
    for item in root:
        joined[find(item)].append(item)
    return list(joined.values())
