"""What the summary says, and in which order, before anybody words it.

Comes in: the merged facts, the conflicts, and how many sentences there may be. Goes out: groups of
merged facts, one group a sentence. Promises: the most important facts first within their part of the
account; both sides of a conflict in one group; nothing said twice; deterministic.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from service.facts.models import Kind
from service.facts.stems import stem
from service.stories.models import Conflict, MergedFact

MAX_CONFLICTS = 3
SAME_NEWS = 0.6  # share of the shorter statement's telling words from which it tells the reader nothing new
_SMALL_WORDS = frozenset(
    "the a an of to in on at for and or with by from as is are was were be been has have had will would it "
    "its his her their he she they that this which who said says also after before while during two both "
    "not".split()
)
# What happened, what is planned, what is claimed and denied, who reacts how, how it came about.
_PARTS: dict[Kind, int] = {
    "event": 0, "plan": 1, "accusation": 2, "denial": 2, "statement": 3, "background": 4,
}  # fmt: skip
_PRONOUN = re.compile(
    r"^(?:he|she|it|they|this|these|those|that|there|here|such|his|her|its|their|in it|also)\b", re.IGNORECASE
)
# capitalised only because they open a sentence
_OPENERS = frozenset(
    {"a", "an", "the", "in", "on", "at", "by", "for", "from", "to", "of", "with", "without", "about", "after"}
    | {"before", "during", "since", "until", "when", "while", "as", "if", "but", "and", "or", "all", "many"}
    | {"some", "most", "several", "few", "no", "none", "one", "two", "three", "four", "five", "six", "seven"}
    | {"eight", "nine", "ten", "his", "her", "its", "their", "our", "according", "earlier", "later", "also"}
)
_DENYING = re.compile(r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed)?|refut(?:es|ed))\b", re.IGNORECASE)
_PERSONAL = re.compile(r"\b(?:he|she|they)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Group:
    """One sentence to be: the merged facts it rests on. `conflict`: they are sides, not additions."""

    merged: tuple[MergedFact, ...]
    conflict: bool = False

    @property
    def place(self) -> tuple[int, float, str]:
        """Where it stands in the summary: by part, then by weight."""
        return min(_PARTS[m.kind] for m in self.merged), *_weight(self)


def shortest(group: Group) -> int:
    """Words the group takes at least: those of its longest statement."""
    return max(len(m.statement.split()) for m in group.merged)


def plan(
    merged: Sequence[MergedFact],
    conflicts: Sequence[Conflict],
    sentences: int,
    near: Set[frozenset[str]] = frozenset(),
) -> tuple[Group, ...]:
    """At most `sentences` groups, what matters most first; fewer when the articles say less.

    `near`: pairs of merged facts, by their ids, of which one is enough.
    """
    by_id = {m.merged_fact_id: m for m in merged}
    groups = [g for c in conflicts if (g := _sides(c, by_id)) is not None]
    groups.sort(key=_weight)
    groups = _without_repeats(groups)[: min(MAX_CONFLICTS, sentences // 2)]
    taken = [m for g in groups for m in g.merged]
    settled = {i for c in conflicts for p in c.positions for i in p.merged_fact_ids if _is_told(c, taken)}
    for candidate in sorted(merged, key=_worth):
        if len(groups) >= sentences:
            break
        outdated = candidate.status == "superseded" or candidate.merged_fact_id in settled
        if outdated or any(_same_news(candidate, m) or _are(candidate, m, near) for m in taken):
            continue
        fresh = [m for m in merged if not any(_are(m, other, near) for other in (*taken, candidate))]
        companion = _companion(candidate, fresh, taken)
        groups.append(Group((candidate, companion) if companion else (candidate,)))
        taken += groups[-1].merged
    return tuple(sorted(groups, key=_weight))


def _weight(group: Group) -> tuple[float, str]:
    return -max(m.importance for m in group.merged), group.merged[0].merged_fact_id


def _worth(fact: MergedFact) -> tuple[bool, float, str]:
    """Statements that lean on a pronoun make poor sentences; then importance; then a fixed order."""
    return _leans(fact.statement), -fact.importance, fact.merged_fact_id


def _leans(statement: str) -> bool:
    """Whether somebody is called by a pronoun before being named."""
    found = _PERSONAL.search(statement)
    return bool(_PRONOUN.match(statement)) or bool(
        found and not re.search(r"(?<!^)\b[A-Z]", statement[: found.start()])
    )


def _is_told(conflict: Conflict, taken: Sequence[MergedFact]) -> bool:
    """Both sides of a conflict stand in the summary already."""
    ids = {m.merged_fact_id for m in taken}
    return sum(1 for p in conflict.positions if ids & set(p.merged_fact_ids)) >= 2


def _sides(conflict: Conflict, by_id: dict[str, MergedFact]) -> Group | None:
    if len(conflict.positions) < 2:
        return None
    both = set.intersection(*(set(p.merged_fact_ids) for p in conflict.positions)) & by_id.keys()
    in_one = [by_id[i] for i in both if _DENYING.search(by_id[i].statement)]
    if in_one:  # one sentence tells the charge and the denial
        return Group((min(in_one, key=_worth),), conflict=True)
    sides = []
    # of values that followed one another, the first and the newest are told
    told = (
        (conflict.positions[0], conflict.positions[-1])
        if conflict.type == "superseded"
        else conflict.positions[:2]
    )
    for position in told:
        known = [by_id[i] for i in position.merged_fact_ids if i in by_id]
        if not known:
            return None
        sides.append(min(known, key=_worth))
    order: dict[Kind, int] = {"accusation": 0, "denial": 2}
    if conflict.type != "superseded":  # those stand from the oldest to the newest
        sides.sort(key=lambda m: (order.get(m.kind, 1), -m.importance, m.merged_fact_id))
    return Group(tuple(sides), conflict=True) if sides[0] != sides[1] else None


def _without_repeats(groups: Sequence[Group]) -> list[Group]:
    """Conflicts over one thing are told once."""
    kept: list[Group] = []
    for group in groups:
        if not any(_same_news(a, b) for g in kept for a in g.merged for b in group.merged):
            kept.append(group)
    return kept


def _are(left: MergedFact, right: MergedFact, near: Set[frozenset[str]]) -> bool:
    return frozenset((left.merged_fact_id, right.merged_fact_id)) in near


def _same_news(left: MergedFact, right: MergedFact) -> bool:
    """Names alone do not make two statements the same: every one of them has the event's names."""
    a, b = _telling(left.statement), _telling(right.statement)
    return bool(a and b) and len(a & b) / min(len(a), len(b)) >= SAME_NEWS


def _telling(statement: str) -> frozenset[str]:
    return frozenset(stem(w) for w in re.findall(r"\b[a-z0-9][\w-]*", statement) if w not in _SMALL_WORDS)


def _companion(
    fact: MergedFact, merged: Sequence[MergedFact], taken: Sequence[MergedFact]
) -> MergedFact | None:
    """A short fact by the same voice about the same thing that fits into the same sentence."""
    if len(fact.statement.split()) > 22:
        return None
    names = _names(fact.statement)
    for other in sorted(merged, key=_worth):
        if (
            other is fact
            or other.kind != fact.kind
            or other.speaker != fact.speaker
            or other.status != fact.status
        ):
            continue
        if (
            len(other.statement.split()) > 18
            or _PRONOUN.match(other.statement)
            or not names & _names(other.statement)
        ):
            continue
        if any(_same_news(other, m) for m in (*taken, fact)):
            continue
        return other
    return None


def _names(text: str) -> frozenset[str]:
    """Capitalised words, but not the words that any statement may open with."""
    found = re.finditer(r"\b[A-Z][\w'-]+", text)
    return frozenset(m[0] for m in found if m.start() > 0 or m[0].lower() not in _OPENERS)
