"""The merged facts against the labels: the record of the event, end to end.

Comes in: a case. Goes out: F_record (statement, kind and speaker right), F_w (the statement alone), and how
well the articles named for a fact are those that say it. Promises: a gold fact weighs as many as the
articles that carry it; precision counts every merged fact once; no story is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.matching import Match, Matching, match
from evals.models import GoldFact
from evals.scoring.agreeing import differing
from evals.scoring.facts import told
from evals.scoring.reading import Case
from evals.scoring.tally import Tally, f1, mean, share
from service.stories.models import MergedFact


@dataclass(frozen=True)
class Record:
    """The merged facts of a case, matched to the gold facts of its event."""

    case: Case
    matching: Matching

    @property
    def found(self) -> list[tuple[GoldFact, MergedFact, Match]]:
        gold, merged = self.case.event.gold, self.case.merged
        return [(gold[m.left], merged[m.right], m) for m in self.matching.matches]


def score_record(case: Case) -> Record:
    gold, merged = case.event.gold, case.merged

    def prefer(i: int, j: int) -> float:
        """Among equals the one with the right fields, then the one of the right articles."""
        wrong = len(differing(gold[i], merged[j].kind, merged[j].speaker))
        return 0.25 * (2 - wrong) + 0.5 * _jaccard(
            case.named(merged[j].article_ids), case.labels.carriers[gold[i].id]
        )

    return Record(case, match(case.labels.claims, case.merged_claims, prefer=prefer))


def record_tally(record: Record) -> Tally:
    case = record.case
    weights = {fact_id: len(articles) for fact_id, articles in case.labels.carriers.items()}
    fields = {m.left: differing(gold, merged.kind, merged.speaker) for gold, merged, m in record.found}
    right = [(gold, merged) for gold, merged, m in record.found if not fields[m.left]]
    exact = _ratios([gold for gold, _ in right], weights, len(case.merged))
    by_words = _ratios([gold for gold, _, _ in record.found], weights, len(case.merged))
    base: dict[str, object] = {"event": case.event.id, "level": "story", "repeat": case.repeat}
    return Tally(
        values={
            "f_record_precision": exact[0],
            "f_record_recall": exact[1],
            "f_record": exact[2],
            "f_w": by_words[2],
            "support_jaccard": _support(record),
        },
        outcomes=tuple(told(base, case.labels.claims, case.merged_claims, record.matching, fields)),
    )


def _ratios(found: Sequence[GoldFact], weights: dict[str, int], merged: int) -> tuple[float, float, float]:
    empty = float(not weights and not merged)
    precision = share(len(found), merged, empty=empty)
    recall = share(sum(weights[gold.id] for gold in found), sum(weights.values()), empty=empty)
    return precision, recall, f1(precision, recall)


def _support(record: Record) -> float | None:
    """Over the merged facts that are a gold fact: shared articles / all articles."""
    case = record.case
    if not record.found:
        return 0.0 if case.event.gold else None
    return mean(
        _jaccard(case.named(merged.article_ids), case.labels.carriers[gold.id])
        for gold, merged, _ in record.found
    )


def _jaccard(left: frozenset[str], right: Sequence[str]) -> float:
    return len(left & set(right)) / len(left | set(right))
