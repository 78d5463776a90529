"""Whether a longer text says a fact: a summary, or the passages that a sentence cites.

Comes in: a claim and a text. Goes out: a score from 0 to 1. Promises: a number that the text does not have
counts against it more than any word; a related word counts half of the same word. Measured against 26,400
human judgements (`python -m evals calibrate`), where the threshold was chosen too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evals.alike import numbers_alike
from evals.claims import Claim
from evals.slots import Slots, read_slots, together
from evals.tokens import wording
from evals.wording import Wording, joined

EXPRESSED = 0.71
MISSING_NUMBERS = 0.3
RELATED = 0.5


@dataclass(frozen=True)
class Said:
    """A text, or several, taken apart."""

    words: Wording
    slots: Slots


def said(text: str) -> Said:
    return Said(wording(text), read_slots(text))


def said_by(claims: Iterable[Claim]) -> Said:
    """Everything that the claims say, in all their forms."""
    forms = [form for claim in claims for form in claim.forms]
    words = [claim.whole for claim in claims] + [form.words for form in forms]
    return Said(joined(words), together([form.slots for form in forms]))


def all_said(several: Sequence[Said]) -> Said:
    return Said(joined([one.words for one in several]), together([one.slots for one in several]))


def expression(of: Said, by: Said) -> float:
    """How much of one text another says."""
    weight = of.words.weight
    if not weight:
        return 0.0
    same = sum(unit.weight for unit in of.words.units if not unit.keys.isdisjoint(by.words.keys))
    near = sum(unit.weight for unit in of.words.units if by.words.has(unit))
    words = same / weight + RELATED * (near - same) / weight
    return max(0.0, words - MISSING_NUMBERS * _missing(of.slots, by.slots))


def _missing(of: Slots, by: Slots) -> float:
    """Share of the numbers that the other text does not have."""
    lone = [n for n in of.numbers if not any(numbers_alike(n, other) for other in by.numbers)]
    return len(lone) / len(of.numbers) if lone else 0.0


def expresses(by: Said, claim: Claim, threshold: float = EXPRESSED) -> bool:
    return expression(Said(claim.whole, claim.forms[0].slots), by) >= threshold
