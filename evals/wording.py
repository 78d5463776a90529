"""The words of a text, as far as two texts can share them.

Comes in: `Unit`s, which evals/tokens.py reads. Goes out: a `Wording`, and of two of them what they share.
Promises: sharing is symmetric; a related word counts as the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

LIGHT = 0.25  # of a full word: reporting verbs, "have", "take", "make"


@dataclass(frozen=True, slots=True)
class Unit:
    """A word: `keys` it is known by, alone or within an expression; `reach`: these, and whatever may carry
    one of them; `weight` 0 to 1.

    `negated`: the number of the negation it stands under, 0 for none. `coming`: it has not happened yet.
    """

    keys: frozenset[str]
    reach: frozenset[str]
    weight: float
    start: int
    end: int
    negated: int
    coming: bool
    past: bool


@dataclass(frozen=True)
class Wording:
    text: str
    units: tuple[Unit, ...]

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset().union(*(unit.keys for unit in self.units))

    @cached_property
    def weight(self) -> float:
        return sum(unit.weight for unit in self.units)

    @cached_property
    def kin(self) -> frozenset[str]:
        """The words, and whatever may carry one of them."""
        return frozenset().union(*(unit.reach for unit in self.units))

    def has(self, unit: Unit) -> bool:
        """Whether a word of this text is the unit's word or a related one."""
        return not (unit.reach.isdisjoint(self.keys) and unit.keys.isdisjoint(self.kin))

    def without(self, spans: Sequence[tuple[int, int]]) -> Wording:
        """The same text less the words in the spans."""
        left = (u for u in self.units if not any(a < u.end and u.start < b for a, b in spans))
        return Wording(self.text, tuple(left))

    def lighter(self, spans: Sequence[tuple[int, int]]) -> Wording:
        """The same text, where words in the spans count little."""
        units = (
            replace(u, weight=min(u.weight, LIGHT))
            if any(a <= u.start and u.end <= b for a, b in spans)
            else u
            for u in self.units
        )
        return Wording(self.text, tuple(units))


def same_word(left: Unit, right: Unit) -> bool:
    return not (left.reach.isdisjoint(right.keys) and left.keys.isdisjoint(right.reach))


def shared(left: Wording, right: Wording) -> tuple[float, float]:
    """Weight of the words of either text that the other has, too."""
    carried, carrying = left.kin & right.keys, left.keys & right.kin
    if not carried and not carrying:
        return 0.0, 0.0  # most pairs of an event
    return (
        sum(
            u.weight for u in left.units if not (u.reach.isdisjoint(carried) and u.keys.isdisjoint(carrying))
        ),
        sum(
            u.weight for u in right.units if not (u.keys.isdisjoint(carried) and u.reach.isdisjoint(carrying))
        ),
    )


def joined(several: Sequence[Wording]) -> Wording:
    """The words of several texts."""
    return Wording("", tuple(unit for words in several for unit in words.units))


def other_act(left: Wording, right: Wording) -> bool:
    """Whether each text says that something happens or happened of which the other has no word."""
    acts, others = (
        [u for u in words.units if (u.past or u.coming) and u.weight == 1] for words in (left, right)
    )
    if not acts or not others:
        return False
    return not any(right.has(u) for u in acts) and not any(left.has(u) for u in others)
