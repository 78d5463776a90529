"""What the summary says, and in which order, before anybody words it.

Comes in: the merged facts, the conflicts, and how many sentences there may be. Goes out: groups of
merged facts, one group a sentence. Promises: the most important facts first within their part of the
account; both sides of a conflict in one group; nothing said twice; deterministic.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from service.facts.models import Kind
from service.stories.models import Conflict, MergedFact

MAX_CONFLICTS = 3
SAME_NEWS = 68  # token-set ratio from which two statements tell the reader the same thing
_PARTS: dict[Kind, int] = {"event": 0, "plan": 0, "accusation": 1, "denial": 1, "statement": 2, "background": 3}
_PRONOUN = re.compile(r"^(?:he|she|it|they|this|these|those|that|both|there|here)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Group:
    """One sentence to be: the merged facts it rests on. `conflict`: they are sides, not additions."""

    merged: tuple[MergedFact, ...]
    conflict: bool = False

    @property
    def part(self) -> int:
        return min(_PARTS[m.kind] for m in self.merged)


def plan(merged: Sequence[MergedFact], conflicts: Sequence[Conflict], sentences: int) -> tuple[Group, ...]:
    """At most `sentences` groups in reading order; fewer when the articles say less."""
    by_id = {m.merged_fact_id: m for m in merged}
    groups = [g for c in conflicts if (g := _sides(c, by_id)) is not None]
    groups.sort(key=lambda g: (-max(m.importance for m in g.merged), g.merged[0].merged_fact_id))
    groups = _without_repeats(groups)[: min(MAX_CONFLICTS, sentences // 2)]
    taken = [m for g in groups for m in g.merged]
    for candidate in sorted(merged, key=_worth):
        if len(groups) >= sentences:
            break
        if candidate.status == "superseded" or any(_same_news(candidate, m) for m in taken):
            continue
        companion = _companion(candidate, merged, taken)
        groups.append(Group((candidate, companion) if companion else (candidate,)))
        taken += groups[-1].merged
    return tuple(sorted(groups, key=lambda g: (g.part, -max(m.importance for m in g.merged), g.merged[0].merged_fact_id)))


def _worth(fact: MergedFact) -> tuple[bool, float, str]:
    """Statements that begin with a pronoun make poor sentences; then importance; then a fixed order."""
    return bool(_PRONOUN.match(fact.statement)), -fact.importance, fact.merged_fact_id


def _sides(conflict: Conflict, by_id: dict[str, MergedFact]) -> Group | None:
    if conflict.type == "superseded" or len(conflict.positions) < 2:
        return None
    sides = []
    for position in conflict.positions[:2]:
        known = [by_id[i] for i in position.merged_fact_ids if i in by_id]
        if not known:
            return None
        sides.append(min(known, key=_worth))
    order: dict[Kind, int] = {"accusation": 0, "denial": 2}
    sides.sort(key=lambda m: (order.get(m.kind, 1), -m.importance, m.merged_fact_id))
    return Group(tuple(dict.fromkeys(sides)), conflict=True)


def _without_repeats(groups: Sequence[Group]) -> list[Group]:
    """Conflicts over one thing are told once."""
    kept: list[Group] = []
    for group in groups:
        if not any(_same_news(a, b) for g in kept for a in g.merged for b in group.merged):
            kept.append(group)
    return kept


def _same_news(left: MergedFact, right: MergedFact) -> bool:
    return fuzz.token_set_ratio(left.statement.lower(), right.statement.lower()) >= SAME_NEWS


def _companion(fact: MergedFact, merged: Sequence[MergedFact], taken: Sequence[MergedFact]) -> MergedFact | None:
    """A short fact by the same voice about the same thing that fits into the same sentence."""
    if len(fact.statement.split()) > 22:
        return None
    names = _names(fact.statement)
    for other in sorted(merged, key=_worth):
        if other is fact or other.kind != fact.kind or other.speaker != fact.speaker or other.status != fact.status:
            continue
        if len(other.statement.split()) > 18 or _PRONOUN.match(other.statement) or not names & _names(other.statement):
            continue
        if any(_same_news(other, m) for m in (*taken, fact)):
            continue
        return other
    return None


def _names(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"(?<!^)\b[A-Z][\w'-]+", text)) | frozenset(re.findall(r"^[A-Z][\w'-]+", text))
