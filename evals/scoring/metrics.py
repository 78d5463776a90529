"""The numbers a run is judged by: what they are called, what they count, which way is better.

Comes in: nothing. Goes out: `METRICS`, in the order of the tables. Promises: a key of `EventScore.values` or
`Scores.totals` is the name of one of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Area = Literal["contract", "grounding", "facts", "merging", "conflicts", "story", "summary", "cost"]
Better = Literal["higher", "lower", "neither"]
Pooled = Literal["mean", "rate"]


@dataclass(frozen=True, slots=True)
class Metric:
    """`pooled`: how events become one number. A mean gives each event the same weight (Student-t interval
    over events); a rate adds up the events' counts (Wilson interval over items).
    """

    name: str
    area: Area
    pooled: Pooled
    better: Better
    says: str


def _metrics() -> tuple[Metric, ...]:
    return (
        Metric("valid_first", "contract", "rate", "higher", "cases valid without a second question"),
        Metric("valid_final", "contract", "rate", "higher", "cases valid in the end"),
        Metric(
            "quote_exact", "grounding", "rate", "higher", "quotes that stand in the article at their offsets"
        ),
        Metric("value_grounded", "grounding", "rate", "higher", "values that stand in their fact's evidence"),
        Metric(
            "facts_precision",
            "facts",
            "mean",
            "higher",
            "produced facts that are a gold fact of their article",
        ),
        Metric("facts_recall", "facts", "mean", "higher", "gold facts of an article that were produced"),
        Metric("facts_f1", "facts", "mean", "higher", "harmonic mean of the two"),
        Metric(
            "coverage_precision",
            "facts",
            "mean",
            "higher",
            "produced facts carried by gold facts, however cut",
        ),
        Metric(
            "coverage_recall", "facts", "mean", "higher", "gold facts carried by produced ones, however cut"
        ),
        Metric("coverage_f1", "facts", "mean", "higher", "harmonic mean of the two"),
        Metric(
            "granularity_gap",
            "facts",
            "mean",
            "lower",
            "coverage F1 less facts F1: split or lumped, not unknown",
        ),
        Metric(
            "value_error_rate",
            "facts",
            "rate",
            "lower",
            "produced facts that are a gold fact with a wrong value",
        ),
        Metric(
            "forbidden_rate", "facts", "rate", "lower", "produced facts that rest on forbidden text alone"
        ),
        Metric(
            "duplicate_rate", "facts", "rate", "lower", "produced facts that say a found gold fact once more"
        ),
        Metric("kind_accuracy", "facts", "rate", "higher", "found facts with a kind that the labels allow"),
        Metric("speaker_accuracy", "facts", "rate", "higher", "found facts with the labelled speaker"),
        Metric("polarity_accuracy", "facts", "rate", "higher", "found facts with the labelled polarity"),
        Metric("merge_lea_f1", "merging", "mean", "higher", "LEA of the merged facts over the found facts"),
        Metric(
            "merge_pairs_f1",
            "merging",
            "mean",
            "higher",
            "pairs of found facts of two articles, merged rightly",
        ),
        Metric(
            "merge_pairs_recall",
            "merging",
            "mean",
            "higher",
            "such pairs that belong together and were merged",
        ),
        Metric("merge_pairs_precision", "merging", "mean", "higher", "merged pairs that belong together"),
        Metric("singletons_lea_f1", "merging", "mean", "neither", "LEA if nothing were merged"),
        Metric("singletons_pairs_f1", "merging", "mean", "neither", "pairs F1 if nothing were merged"),
        Metric("one_cluster_lea_f1", "merging", "mean", "neither", "LEA if everything were merged"),
        Metric("one_cluster_pairs_f1", "merging", "mean", "neither", "pairs F1 if everything were merged"),
        Metric(
            "support_jaccard",
            "merging",
            "mean",
            "higher",
            "articles named for a merged fact, against the labels",
        ),
        Metric(
            "conflict_recall",
            "conflicts",
            "rate",
            "higher",
            "labelled conflicts shown with two sides or more",
        ),
        Metric(
            "silent_resolution_rate", "conflicts", "rate", "lower", "conflicts of which only a side was told"
        ),
        Metric("false_conflict_rate", "conflicts", "rate", "lower", "conflicts shown that are none"),
        Metric("copies_f1", "conflicts", "mean", "higher", "pairs of articles that share text"),
        Metric(
            "f_record",
            "story",
            "mean",
            "higher",
            "merged facts right in statement, kind and speaker: primary",
        ),
        Metric(
            "f_record_recall",
            "story",
            "mean",
            "higher",
            "its recall, a gold fact weighing as many as its articles",
        ),
        Metric("f_record_precision", "story", "mean", "higher", "its precision"),
        Metric("f_w", "story", "mean", "higher", "the same by the statement alone"),
        Metric(
            "cross_article_recall",
            "story",
            "mean",
            "higher",
            "gold pairs of two articles that became one fact",
        ),
        Metric(
            "summary_coverage",
            "summary",
            "mean",
            "higher",
            "weight of gold facts in the summary's first words",
        ),
        Metric("citation_recall", "summary", "rate", "higher", "sentences that what they cite carries"),
        Metric("citation_precision", "summary", "rate", "higher", "citations that their sentence needs"),
        Metric(
            "sentence_support",
            "summary",
            "rate",
            "higher",
            "sentences that gold facts of their articles carry",
        ),
        Metric("redundancy", "summary", "mean", "lower", "gold facts told again in another sentence"),
        Metric("prompt_tokens", "cost", "mean", "lower", "for each article, story included"),
        Metric("cached_prompt_tokens", "cost", "mean", "neither", "of them out of the prefix cache"),
        Metric("completion_tokens", "cost", "mean", "lower", "for each article, story included"),
        Metric("calls", "cost", "mean", "lower", "for each article, story included"),
        Metric("retries", "cost", "mean", "lower", "for each article, story included"),
        Metric(
            "seconds_per_article", "cost", "mean", "lower", "when really asked; replayed samples left out"
        ),
        Metric("replayed_share", "cost", "rate", "neither", "samples with a reply out of the cache"),
    )


METRICS: tuple[Metric, ...] = _metrics()
BY_NAME: dict[str, Metric] = {metric.name: metric for metric in METRICS}
PRIMARY = "f_record"
