"""Which produced fact is which gold fact.

Comes in: two lists of claims. Goes out: pairs with their scores, and the pairs that one value keeps apart.
Promises: symmetric; the order of the lists changes nothing; edges below the threshold are dropped before the
assignment, which then takes as many pairs as it can and, among those, the best (research/evals.md, 3.3:
assigning first and cutting afterwards loses pairs).

A pair's score is 0 when a number, a date, a name, the polarity or the modality contradicts; otherwise .7 for
the values and .3 for the words, the words alone where there is no value. Because two facts about one thing
share their values, the words must also reach a floor of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.optimize import linear_sum_assignment

from evals.claims import Claim, Form
from evals.slots import compare_slots, together
from evals.wording import Wording, excluded, joined, other_act, same_word, shared

Veto = Literal["number", "date", "name", "polarity", "kind"]

THRESHOLD = 0.6
SLOTS_SHARE = 0.7
WORDS_FLOOR = 0.5
NAMES_FLOOR = 0.6  # where names are the only values: those of an event stand in every other fact about it
OTHER_ACT_FLOOR = 0.65  # where each side tells of something else that happened
CLEARLY = 0.1  # better than another pair
SCALE = 1_000_000


@dataclass(frozen=True, slots=True)
class Pair:
    """`score` is 0 when there is a veto; `unvetoed` is what it would be if the two agreed there.

    `left_in_right`: how much of the left one the right one says, 0 to 1, 0 with a veto; and the other way
    round.
    """

    score: float = 0.0
    unvetoed: float = 0.0
    vetoes: frozenset[Veto] = frozenset()
    left_in_right: float = 0.0
    right_in_left: float = 0.0


Pairs = tuple[tuple[Pair, ...], ...]
NOTHING = Pair()


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


# -- one pair -------------------------------------------------------------------------------------


def compare(left: Claim, right: Claim) -> Pair:
    """The best of all ways to tell the two."""
    found = [pair for a in left.forms for b in right.forms if (pair := _compare_forms(a, b)) is not NOTHING]
    if not found:
        return NOTHING
    best = max(found, key=lambda pair: (pair.unvetoed, pair.score, sorted(pair.vetoes)))
    told = _modality_veto(left, right) | _polarity_veto(left, right)
    if told:
        return Pair(0.0, best.unvetoed, best.vetoes | told)
    return replace(
        best,
        left_in_right=max(pair.left_in_right for pair in found),
        right_in_left=max(pair.right_in_left for pair in found),
    )


def _compare_forms(left: Form, right: Form) -> Pair:
    precision, recall = _shares(left.words, right.words)
    if max(precision, recall) < WORDS_FLOOR:
        return NOTHING
    words = _harmonic(precision, recall)
    compared = compare_slots(left.slots, right.slots)
    floor = WORDS_FLOOR if compared.figures else NAMES_FLOOR
    alike = words >= (OTHER_ACT_FLOOR if other_act(left.words, right.words) else floor)
    if compared.differing:
        return Pair(0.0, mixed(compared.if_agreed, words) if alike else 0.0, frozenset(compared.differing))
    score = mixed(compared.similarity, words) if alike else 0.0
    return Pair(
        score,
        score,
        frozenset(),
        mixed(compared.left_in_right, precision) if precision >= floor else 0.0,
        mixed(compared.right_in_left, recall) if recall >= floor else 0.0,
    )


def mixed(values: float | None, words: float) -> float:
    """Values and words together; the words alone where there is no value."""
    if values is None:
        return words
    return SLOTS_SHARE * values + (1 - SLOTS_SHARE) * words


def words_f1(left: Wording, right: Wording) -> float:
    """Harmonic mean of the shares of either side's words that the other has; 1 when neither has any."""
    return _harmonic(*_shares(left, right))


def _shares(left: Wording, right: Wording) -> tuple[float, float]:
    """Of the left one's words on the right, and the other way round."""
    if not left.weight or not right.weight:
        same = float(not left.weight and not right.weight)
        return same, same
    return shared(left, right) / left.weight, shared(right, left) / right.weight


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a and b else 0.0


def _modality_veto(left: Claim, right: Claim) -> frozenset[Veto]:
    """An accusation told as a fact, a denial told as what is denied. Somebody's word may be either."""
    if left.told & right.told:
        return frozenset()
    either = left.told | right.told
    if "said" in either and "denied" not in either:
        return frozenset()
    if "denied" in either:
        denying, other = (left, right) if "denied" in left.told else (right, left)
        if _negations(other) > _negations(denying):
            return frozenset()  # "no battalion has moved, he said" is how the moving is denied
    return frozenset({"kind"}) if either & {"alleged", "denied"} else frozenset()


def _negations(claim: Claim) -> int:
    return len({unit.negated for unit in claim.whole.units if unit.negated})


def _polarity_veto(left: Claim, right: Claim) -> frozenset[Veto]:
    """A word that both have is negated, or still to come, on one side and plainly told on the other; or they
    have opposites instead of it.
    """
    opposed = _opposed(left.whole, right.whole) or _opposed(right.whole, left.whole)
    opposed = opposed or excluded(left.forms[0].words, right.forms[0].words)
    return frozenset({"polarity"}) if opposed else frozenset()


def _opposed(left: Wording, right: Wording) -> bool:
    """All words under one negation stand without one on the right; or one that is to come has happened
    there.
    """
    plain: dict[int, bool] = {}
    for unit in left.units:
        if not (unit.negated or unit.coming):
            continue
        partners = [other for other in right.units if same_word(unit, other)]
        if unit.negated:
            there = bool(partners) and not any(p.negated for p in partners)
            plain[unit.negated] = plain.get(unit.negated, True) and there
        elif any(p.past for p in partners) and not any(p.coming for p in partners):
            return True
    return any(plain.values())


# -- many to many ---------------------------------------------------------------------------------


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
    return len(pieces) > 1 and _said_together(claim, pieces) >= threshold


def _said_together(claim: Claim, pieces: Sequence[Claim]) -> float:
    """The share of the best way to tell the claim that all ways to tell the pieces say together."""
    words = joined([form.words for piece in pieces for form in piece.forms])
    slots = together([piece.forms[0].slots for piece in pieces])
    return max(_compare_forms(form, Form(words, slots)).left_in_right for form in claim.forms)
