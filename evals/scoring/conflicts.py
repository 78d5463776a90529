"""What the articles dispute, and whether the story says so; and which of them copy one another.

Comes in: a case, its record and its scored articles. Goes out: the share of labelled conflicts that the
story shows with two sides or more, of those it passes over in silence, of its own that are none, and the F1
of copying pairs. Promises: the type of a conflict is not judged; a side is recognised by its facts, or by
its value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from evals.alike import compare_slots
from evals.models import GoldConflict
from evals.scoring.facts import ArticleScore
from evals.scoring.reading import Case
from evals.scoring.record import Record
from evals.scoring.tally import Tally, counted
from evals.slots import read_slots
from service.stories.models import Conflict, Position


def conflicts_tally(record: Record, articles: Sequence[ArticleScore]) -> Tally:
    case = record.case
    gold_ids = _gold_ids(record, articles)
    shown = case.story.conflicts if case.story else ()
    sides = {
        conflict.id: [_sides_shown(case, conflict, other, gold_ids) for other in shown]
        for conflict in case.event.conflicts
    }
    found = {name for name, each in sides.items() if any(n >= 2 for n in each)}
    told = {
        conflict.id
        for conflict in case.event.conflicts
        if any(_tells(conflict, gold_ids[m.merged_fact_id]) for m in case.merged)
    }
    return Tally(
        values={"copies_f1": _copies(case)},
        counts={
            "conflict_recall": counted(conflict.id in found for conflict in case.event.conflicts),
            "silent_resolution_rate": counted(name not in found for name in sorted(told | found)),
            "false_conflict_rate": counted(
                not any(each[i] >= 2 for each in sides.values()) for i in range(len(shown))
            ),
        },
    )


def _gold_ids(record: Record, articles: Sequence[ArticleScore]) -> dict[str, frozenset[str]]:
    """The gold facts that each merged fact tells: as a whole, or one of its members in its article."""
    of_fact = {fact.fact_id: gold.id for a in articles for gold, fact, _ in a.found}
    whole = {merged.merged_fact_id: gold.id for gold, merged, _ in record.found}
    return {
        m.merged_fact_id: frozenset(
            found
            for found in (whole.get(m.merged_fact_id), *map(of_fact.get, m.fact_ids))
            if found is not None
        )
        for m in record.case.merged
    }


def _tells(conflict: GoldConflict, gold_ids: frozenset[str]) -> bool:
    return any(not gold_ids.isdisjoint(position.facts) for position in conflict.positions)


def _sides_shown(case: Case, gold: GoldConflict, shown: Conflict, gold_ids: dict[str, frozenset[str]]) -> int:
    """How many sides of a labelled conflict stand against each other in one that is shown."""
    taken: set[int] = set()
    for position in shown.positions:
        facts = frozenset().union(*(gold_ids.get(i, frozenset()) for i in position.merged_fact_ids))
        side = next(
            (
                i
                for i, wanted in enumerate(gold.positions)
                if i not in taken and not facts.isdisjoint(wanted.facts)
            ),
            None,
        )
        if side is None and not facts:
            side = _side_by_value(case, gold, position, taken)
        if side is not None:
            taken.add(side)
    by_facts = any(
        not gold_ids.get(i, frozenset()).isdisjoint(wanted.facts)
        for position in shown.positions
        for i in position.merged_fact_ids
        for wanted in gold.positions
    )
    return len(taken) if by_facts else 0


def _side_by_value(case: Case, gold: GoldConflict, position: Position, taken: set[int]) -> int | None:
    """A side whose facts were not recognised: the same number or date, from an article that gives it."""
    told = read_slots(position.value)
    for i, wanted in enumerate(gold.positions):
        if i in taken or case.named(position.article_ids).isdisjoint(wanted.articles):
            continue
        compared = compare_slots(read_slots(wanted.value), told)
        if compared.shared and not compared.differing:
            return i
    return None


def _copies(case: Case) -> float | None:
    """F1 over pairs of articles; 1 where there are none and none were seen; 0 without a story."""
    if case.story is None:
        return 0.0
    gold = _pairs(group.articles for group in case.event.copies)
    seen = _pairs(case.named(group.article_ids) for group in case.story.copies)
    return 2 * len(gold & seen) / (len(gold) + len(seen)) if gold or seen else 1.0


def _pairs(groups: Iterable[Iterable[str]]) -> set[tuple[str, ...]]:
    return {pair for group in groups for pair in combinations(sorted(set(group)), 2)}
