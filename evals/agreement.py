"""How far two people agree who labelled one event without seeing each other's labels.

Comes in: two lists of gold facts, and who finds the pairs that say the same. Goes out: an `Agreement`.
Promises: pairs are found by what facts say, with kind, speaker and polarity out of sight, since a pair that
these could prevent would never be counted as a disagreement about them; agreement by chance is taken off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals.claims import of_gold
from evals.matching import match
from evals.models import GoldFact
from evals.scoring.agreeing import same_speaker

# Indices of facts that say the same, each fact at most once.
Matcher = Callable[[Sequence[GoldFact], Sequence[GoldFact]], Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """`first_only`, `second_only`: facts that the other has not; kappas are None where nothing was chosen."""

    first: int
    second: int
    pairs: tuple[tuple[GoldFact, GoldFact], ...]
    first_only: tuple[GoldFact, ...]
    second_only: tuple[GoldFact, ...]
    kind_kappa: float | None
    speaker_kappa: float | None
    other_kind: tuple[tuple[GoldFact, GoldFact], ...]
    other_speaker: tuple[tuple[GoldFact, GoldFact], ...]

    @property
    def f1(self) -> float:
        """1 where both have nothing."""
        both = self.first + self.second
        return 2 * len(self.pairs) / both if both else 1.0

    def figures(self) -> dict[str, float | None]:
        """The numbers alone."""
        return {
            "first": self.first,
            "second": self.second,
            "alike": len(self.pairs),
            "f1": self.f1,
            "kind_kappa": self.kind_kappa,
            "speaker_kappa": self.speaker_kappa,
        }


def agreement(
    first: Sequence[GoldFact],
    second: Sequence[GoldFact],
    matcher: Matcher | None = None,
) -> Agreement:
    """`matcher`: who finds the pairs, if not the scorer's own."""
    matched = (matcher or says_the_same)([_bare(fact) for fact in first], [_bare(fact) for fact in second])
    pairs = tuple((first[i], second[j]) for i, j in sorted(matched))
    firsts, seconds = {i for i, _ in matched}, {j for _, j in matched}
    speakers = [
        (one.speaker, one.speaker if _one_speaker(one.speaker, two.speaker) else two.speaker)
        for one, two in pairs
    ]
    return Agreement(
        first=len(first),
        second=len(second),
        pairs=pairs,
        first_only=tuple(fact for i, fact in enumerate(first) if i not in firsts),
        second_only=tuple(fact for j, fact in enumerate(second) if j not in seconds),
        kind_kappa=cohens_kappa([(one.kind, two.kind) for one, two in pairs]),
        speaker_kappa=cohens_kappa([(one or "", two or "") for one, two in speakers]),
        other_kind=tuple((one, two) for one, two in pairs if one.kind != two.kind),
        other_speaker=tuple(pair for pair, (one, two) in zip(pairs, speakers, strict=True) if one != two),
    )


def cohens_kappa(choices: Sequence[tuple[str, str]]) -> float | None:
    """(observed - expected) / (1 - expected) agreement (Cohen 1960).

    None without a choice, and where both always chose the same one label: chance alone explains that.
    """
    n = len(choices)
    if n == 0:
        return None
    observed = sum(one == two for one, two in choices) / n
    ones, twos = Counter(one for one, _ in choices), Counter(two for _, two in choices)
    by_chance = sum(count * twos[label] for label, count in ones.items()) / n**2
    return None if by_chance == 1 else (observed - by_chance) / (1 - by_chance)


def says_the_same(first: Sequence[GoldFact], second: Sequence[GoldFact]) -> list[tuple[int, int]]:
    """Pairs as the scorer finds them."""
    found = match([of_gold(fact) for fact in first], [of_gold(fact) for fact in second])
    return [(one.left, one.right) for one in found.matches]


def _one_speaker(one: str | None, two: str | None) -> bool:
    return one is two if one is None or two is None else same_speaker(one, two)


def _bare(fact: GoldFact) -> GoldFact:
    return fact.model_copy(update={"kind": "event", "kind_alt": (), "speaker": None, "polarity": "affirmed"})
