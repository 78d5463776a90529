"""Which produced fact is which gold fact.

Comes in: two lists of claims. Goes out: pairs with their scores, and the pairs that one value keeps apart;
and which claims the other side says, however it cuts them. Promises: the order of the lists changes nothing;
edges below the threshold are dropped before the assignment, which then takes as many pairs as it can and,
among those, the best (assigning first and cutting afterwards loses pairs).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from evals.claims import Claim
from evals.pairs import THRESHOLD, Pair, Pairs, compare, said_together

CLEARLY = 0.1  # better than another pair
SCALE = 1_000_000


@dataclass(frozen=True, slots=True)
class Match:
    """Places in the lists as they were given."""

    left: int
    right: int
    pair: Pair


@dataclass(frozen=True)
class Matching:
    """`matches`: one to one. `near_misses`: pairs of what is left, which only a veto keeps apart.

    `edges[i][j]`: the score of a pair, 0 below the threshold.
    """

    matches: tuple[Match, ...]
    near_misses: tuple[Match, ...]
    edges: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Coverage:
    """For each claim in the order given: does the other side say it?"""

    left: tuple[bool, ...]
    right: tuple[bool, ...]


def compare_all(left: Sequence[Claim], right: Sequence[Claim]) -> Pairs:
    return tuple(tuple(compare(a, b) for b in right) for a in left)


def match(
    left: Sequence[Claim],
    right: Sequence[Claim],
    *,
    threshold: float = THRESHOLD,
    prefer: Callable[[int, int], float] | None = None,
    pairs: Pairs | None = None,
) -> Matching:
    """`prefer`: decides between pairs of equal score (0 to 1), by the places in the lists.

    `pairs`: what `compare_all` says, where that is known already.
    """
    pairs = pairs if pairs is not None else compare_all(left, right)
    rows = sorted(range(len(left)), key=lambda i: left[i].key)
    columns = sorted(range(len(right)), key=lambda j: right[j].key)
    edges = _edges(pairs, threshold)
    ties = [[prefer(i, j) if prefer and edges[i][j] else 0.0 for j in columns] for i in rows]
    matched = [(rows[i], columns[j]) for i, j in assign([[edges[i][j] for j in columns] for i in rows], ties)]
    used_left, used_right = {i for i, _ in matched}, {j for _, j in matched}
    lone_rows = [i for i in rows if i not in used_left]
    lone_columns = [j for j in columns if j not in used_right]
    missed = assign(
        [[_at_least(_only_vetoed(pairs[i][j]), threshold) for j in lone_columns] for i in lone_rows]
    )
    return Matching(
        matches=tuple(Match(i, j, pairs[i][j]) for i, j in sorted(matched)),
        near_misses=tuple(
            Match(i, j, pairs[i][j]) for i, j in sorted((lone_rows[a], lone_columns[b]) for a, b in missed)
        ),
        edges=edges,
    )


def _edges(pairs: Pairs, threshold: float) -> tuple[tuple[float, ...], ...]:
    """Scores from the threshold on. What is plainly one fact with a wrong value is not also another one."""
    if not pairs or not pairs[0]:
        return tuple(() for _ in pairs)
    unvetoed = np.array([[pair.unvetoed for pair in row] for row in pairs])
    vetoed = np.array([[bool(pair.vetoes) for pair in row] for row in pairs])
    each_best = (unvetoed == unvetoed.max(axis=1)[:, None]) & (unvetoed == unvetoed.max(axis=0)[None, :])
    wrong = np.where(vetoed & each_best & (unvetoed >= threshold), unvetoed, 0.0)
    spoiled = np.maximum(wrong.max(axis=1)[:, None], wrong.max(axis=0)[None, :]) - CLEARLY
    return tuple(
        tuple(
            _at_least(pair.score, threshold) if pair.score >= spoiled[i, j] else 0.0
            for j, pair in enumerate(row)
        )
        for i, row in enumerate(pairs)
    )


def _at_least(score: float, threshold: float) -> float:
    return score if score >= threshold - 1e-9 and score > 0 else 0.0


def _only_vetoed(pair: Pair) -> float:
    return pair.unvetoed if pair.vetoes else 0.0


def assign(
    edges: Sequence[Sequence[float]], ties: Sequence[Sequence[float]] | None = None
) -> list[tuple[int, int]]:
    """As many pairs with an edge as possible; among those, the greatest sum. Zero is no edge."""
    if not edges or not edges[0]:
        return []
    score = np.rint(np.asarray(edges, dtype=np.float64) * SCALE)
    if ties is not None:
        score += (score > 0) * np.rint(np.asarray(ties, dtype=np.float64) * (SCALE // 1000)) / SCALE
    one_more = SCALE * (min(score.shape) + 1)
    rows, columns = linear_sum_assignment(np.where(score > 0, one_more + score, 0.0), maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if score[i, j] > 0]


# -- many to one ----------------------------------------------------------------------------------


def coverage(
    left: Sequence[Claim],
    right: Sequence[Claim],
    *,
    threshold: float = THRESHOLD,
    pairs: Pairs | None = None,
) -> Coverage:
    """Which claims the other side says, however it cuts them: one alone, or several that are parts of it."""
    pairs = pairs if pairs is not None else compare_all(left, right)
    return Coverage(
        tuple(
            _covered(
                claim,
                right,
                [pair.left_in_right for pair in row],
                [pair.right_in_left for pair in row],
                threshold,
            )
            for claim, row in zip(left, pairs, strict=True)
        ),
        tuple(
            _covered(
                claim,
                left,
                [row[j].right_in_left for row in pairs],
                [row[j].left_in_right for row in pairs],
                threshold,
            )
            for j, claim in enumerate(right)
        ),
    )


def _covered(
    claim: Claim, others: Sequence[Claim], within: Sequence[float], parts: Sequence[float], threshold: float
) -> bool:
    """`within`: how much of the claim each other says; `parts`: how much of each other the claim says."""
    if any(share >= threshold for share in within):
        return True
    pieces = [other for other, share in zip(others, parts, strict=True) if share >= threshold]
    pieces.sort(key=lambda piece: piece.key)
    return len(pieces) > 1 and said_together(claim, pieces) >= threshold
