"""How far two people agree who labelled one event without seeing each other's labels.

Comes in: two lists of gold facts, and who finds the pairs that say the same. Goes out: an `Agreement`.
Promises: pairs are found by what facts say, with kind, speaker and polarity out of sight, since a pair that
these could prevent would never be counted as a disagreement about them; agreement by chance is taken off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals.models import GoldFact

# Indices of facts that say the same, each fact at most once.
Matcher = Callable[[Sequence[GoldFact], Sequence[GoldFact]], Sequence[tuple[int, int]]]
SameSpeaker = Callable[[str | None, str | None], bool]


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


def agreement(
    first: Sequence[GoldFact], second: Sequence[GoldFact], match: Matcher, same_speaker: SameSpeaker
) -> Agreement:
    matched = match([_bare(fact) for fact in first], [_bare(fact) for fact in second])
    pairs = tuple((first[i], second[j]) for i, j in sorted(matched))
    firsts, seconds = {i for i, _ in matched}, {j for _, j in matched}
    speakers = [
        (one.speaker, one.speaker if same_speaker(one.speaker, two.speaker) else two.speaker)
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


def _bare(fact: GoldFact) -> GoldFact:
    return fact.model_copy(update={"kind": "event", "kind_alt": (), "speaker": None, "polarity": "affirmed"})
