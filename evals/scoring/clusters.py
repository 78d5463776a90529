"""How well things were put together: clusters against clusters.

Comes in: for each item the cluster that the labels put it in, and the one it ended in. Goes out: LEA
(Moosavi and Strube 2016) and the F1 of pairs. Promises: pure counting, hand-checked in the tests; a cluster
of one counts as one link to itself, so that leaving things apart is neither free nor worthless.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from itertools import combinations
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)
Clusters = Mapping[Item, Hashable]


def lea(gold: Clusters[Item], produced: Clusters[Item]) -> tuple[float, float, float]:
    """Precision, recall, F1: a cluster counts its size times the share of its links that both sides have."""
    recall, precision = _resolved(gold, produced), _resolved(produced, gold)
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _resolved(of: Clusters[Item], by: Clusters[Item]) -> float:
    members = _members(of)
    if not members:
        return 0.0
    sizes = {name: len(items) for name, items in _members(by).items()}
    total = 0.0
    for items in members.values():
        if len(items) == 1:
            total += float(sizes[by[items[0]]] == 1)
            continue
        parts: dict[Hashable, int] = defaultdict(int)
        for item in items:
            parts[by[item]] += 1
        total += len(items) * sum(_links(n) for n in parts.values()) / _links(len(items))
    return total / sum(map(len, members.values()))


def _links(n: int) -> float:
    return n * (n - 1) / 2


def _members(clusters: Clusters[Item]) -> dict[Hashable, list[Item]]:
    found: dict[Hashable, list[Item]] = defaultdict(list)
    for item, name in clusters.items():
        found[name].append(item)
    return found


def pairs(
    gold: Clusters[Item], produced: Clusters[Item], counts: Callable[[Item, Item], bool]
) -> tuple[int, int, int]:
    """Pairs that are together on both sides, in `produced`, in `gold`; only those that `counts`."""
    both = of_produced = of_gold = 0
    for a, b in combinations(gold, 2):
        if counts(a, b):
            together, wanted = produced[a] == produced[b], gold[a] == gold[b]
            both += together and wanted
            of_produced += together
            of_gold += wanted
    return both, of_produced, of_gold


def pair_ratios(both: int, of_produced: int, of_gold: int) -> tuple[float | None, float | None, float | None]:
    """Precision, recall, F1; None where nothing was put together, or nothing should be."""
    precision = both / of_produced if of_produced else None
    recall = both / of_gold if of_gold else None
    total = of_produced + of_gold
    return precision, recall, 2 * both / total if total else None
