"""Whether two claims are the same, or would be but for one value.

Comes in: two claims. Goes out: a `Pair`. Promises: symmetric; 1 for a claim and itself.

The score is 0 when a number, a date, a name, the polarity or the modality contradicts; otherwise .7 for the
values and .3 for the words, the words alone where there is no value. Because two facts about one thing share
their values, the words must also reach a floor of their own, and a higher one where each side tells of
another act.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from evals.alike import compare_slots
from evals.claims import Claim, Form
from evals.opposites import excluded
from evals.slots import together
from evals.wording import Unit, Wording, joined, other_act, same_word, shared

Veto = Literal["number", "date", "name", "polarity", "kind"]

THRESHOLD = 0.6
SLOTS_SHARE = 0.7
WORDS_FLOOR = 0.5
NAMES_FLOOR = 0.6  # where names are the only values: those of an event stand in every other fact about it
OTHER_ACT_FLOOR = 0.65  # where each side tells of something else that happened


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
    of_left, of_right = shared(left, right)
    return of_left / left.weight, of_right / right.weight


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


def _told(unit: Unit, words: Wording) -> bool:
    """Whether a text has the very word as something that is so, beside what is still to come."""
    alone = frozenset(key for key in unit.keys if "_" not in key)
    return any(not (u.keys.isdisjoint(alone) or u.coming) for u in words.units)


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
            continue
        happened = [p for p in partners if p.past and not _told(p, left)]
        if happened and not any(p.coming for p in partners):
            return True
    return any(plain.values())


def said_together(claim: Claim, pieces: Sequence[Claim]) -> float:
    """The share of the best way to tell the claim that all ways to tell the pieces say together."""
    words = joined([form.words for piece in pieces for form in piece.forms])
    slots = together([piece.forms[0].slots for piece in pieces])
    return max(_compare_forms(form, Form(words, slots)).left_in_right for form in claim.forms)
