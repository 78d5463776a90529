"""Pairs of facts that code cannot call one or two: what a model may be asked about.

Comes in: groups of claims that code found to say the same. Goes out: questions, and the groups after the
answers. Promises: a question joins nothing that a veto keeps apart; each group is asked about with at most
`MOST` others, the likest first; the order of facts and articles changes nothing; without answers the groups
stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from service.stories.alike import similarity
from service.stories.claims import Claim, Commonness
from service.stories.merging import Group, candidates, representative
from service.stories.vetoes import vetoed

# Below this, of the pairs of six made-up events hardly one in five is one fact.
UNDECIDED = 0.25
MOST = 2
Sameness = Literal["same", "different", "conflict"]


@dataclass(frozen=True)
class Question:
    """Two statements, in an order of their own; `key` names the pair."""

    left: Claim
    right: Claim
    similarity: float

    @property
    def key(self) -> tuple[str, str]:
        return self.left.fact.fact_id, self.right.fact.fact_id


def undecided(groups: Sequence[Group], common: Commonness) -> tuple[Question, ...]:
    """What is worth asking, the likest pairs first."""
    shown = sorted((representative(group, common) for group in groups), key=lambda c: c.key)
    found = []
    for i, j in candidates(shown):
        left, right = shown[i], shown[j]
        if left.article_id != right.article_id:
            likeness = similarity(left, right, common)
            if UNDECIDED <= likeness < 1 and not vetoed(left, right):
                found.append(Question(left, right, round(likeness, 6)))
    asked: Counter[str] = Counter()
    chosen = []
    for question in sorted(found, key=lambda q: (-q.similarity, q.left.key, q.right.key)):
        if all(asked[fact_id] < MOST for fact_id in question.key):
            asked.update(question.key)
            chosen.append(question)
    return tuple(chosen)


def joined(
    groups: Sequence[Group], questions: Sequence[Question], answers: Mapping[tuple[str, str], Sameness]
) -> tuple[Group, ...]:
    """The groups, with those joined whose pair was called the same and whose members exclude nobody."""
    home = {claim.key: group for group in groups for claim in group}
    for question in questions:
        left, right = home[question.left.key], home[question.right.key]
        if answers.get(question.key) != "same" or left is right:
            continue
        if not any(vetoed(a, b) for a in left for b in right):
            both = tuple(sorted((*left, *right), key=lambda c: c.key))
            home.update(dict.fromkeys((claim.key for claim in both), both))
    distinct = {id(group): group for group in home.values()}
    return tuple(sorted(distinct.values(), key=lambda g: g[0].key))
