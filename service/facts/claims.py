"""A statement laid beside its evidence, and what may be said against it.

Comes in: analyses and the article's names. Goes out: a `Claim`; a `Refusal` for each thing that does
not hold. Promises: values, nothing decided here.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.facts.analysis import Analysis
from service.facts.models import Reason
from service.facts.names import NameBook


@dataclass(frozen=True, slots=True)
class Refusal:
    reason: Reason
    detail: str


@dataclass(frozen=True)
class Claim:
    """A statement laid beside its evidence. `stands_for` names what pronouns of the evidence mean."""

    statement: Analysis
    evidence: tuple[Analysis, ...]
    book: NameBook
    stands_for: frozenset[str] = frozenset()

    def words(self) -> frozenset[str]:
        return frozenset().union(*(e.words for e in self.evidence))

    def stems(self) -> frozenset[str]:
        return frozenset().union(*(e.stems for e in self.evidence))
