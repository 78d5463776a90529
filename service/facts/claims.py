"""A statement laid beside its evidence, and what may be said against it.

Comes in: analyses and the article's names. Goes out: a `Claim`; a `Refusal` for each thing that does
not hold. Promises: values, nothing decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.facts.analysis import Analysis
from service.facts.models import Reason
from service.facts.names import NameBook
from service.facts.references import JointReferences, References

if TYPE_CHECKING:
    from spacy.tokens import Token


@dataclass(frozen=True, slots=True)
class Refusal:
    reason: Reason
    detail: str


@dataclass(frozen=True)
class Claim:
    """A statement laid beside its evidence. `stands_for` names whom the main pronouns of the evidence
    mean; `references` knows of all referring words of the article.
    """

    statement: Analysis
    evidence: tuple[Analysis, ...]
    book: NameBook
    stands_for: frozenset[str] = frozenset()
    references: References | JointReferences | None = None

    def named(self) -> frozenset[str]:
        """Name words that stand in the evidence or that its referring words stand for."""
        return self.words().union(self.stands_for, *map(self.reachable, self.evidence))

    def taken_up(self, noun: Token, keys: frozenset[str]) -> bool:
        """Whether a noun names what the evidence takes up from the sentences before it: "the watches" on
        "bought them", "measles patients" on "the patients".
        """
        return any(self.takes_up(e, noun, keys) for e in self.evidence)

    def takes_up(self, evidence: Analysis, noun: Token, keys: frozenset[str]) -> bool:
        """Whether one sentence takes the noun up."""
        return (
            noun.pos_ == "NOUN" and self.references is not None and self.references.in_context(evidence, keys)
        )

    def reachable(self, evidence: Analysis) -> frozenset[str]:
        return self.references.reachable(evidence) if self.references else frozenset()

    def words(self) -> frozenset[str]:
        return frozenset().union(*(e.words for e in self.evidence))

    def stems(self) -> frozenset[str]:
        return frozenset().union(*(e.stems for e in self.evidence))
