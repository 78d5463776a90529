"""Which facts of several articles became one.

Comes in: a case and its scored articles. Goes out: LEA and the F1 of cross-article pairs over the gold facts
that were found, beside what merging nothing and merging everything would get. Promises: what was not found
is no matter of merging (cross_article_recall counts it); where labels have something to merge and nothing
was told, the score is 0.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import combinations

from evals.scoring.clusters import lea, pair_ratios, pairs
from evals.scoring.facts import ArticleScore
from evals.scoring.reading import Case
from evals.scoring.tally import Tally, share

Item = tuple[str, str]  # article, gold fact


def items_found(articles: Sequence[ArticleScore]) -> dict[Item, str]:
    """The produced fact of each gold fact of an article that was found."""
    return {(a.case.name, gold.id): fact.fact_id for a in articles for gold, fact, _ in a.found}


def merging_tally(case: Case, articles: Sequence[ArticleScore]) -> Tally:
    found = items_found(articles)
    home = {fact_id: m.merged_fact_id for m in case.merged for fact_id in m.fact_ids}
    gold: dict[Item, Hashable] = {item: item[1] for item in found}
    # a fact that no merged fact holds is on its own
    produced: dict[Item, Hashable] = {item: home.get(fact, item) for item, fact in found.items()}
    return Tally(
        values={
            **_scores(gold, produced, told=case.story is not None, mergeable=_mergeable(case)),
            **_degenerate("singletons", gold, {item: item for item in gold}),
            **_degenerate("one_cluster", gold, dict.fromkeys(gold, "all")),
            "cross_article_recall": _cross_article(case, found, home),
        }
    )


def _mergeable(case: Case) -> bool:
    return any(len(articles) > 1 for articles in case.labels.carriers.values())


def _scores(
    gold: dict[Item, Hashable], produced: dict[Item, Hashable], *, told: bool, mergeable: bool
) -> dict[str, float | None]:
    names = ("merge_pairs_precision", "merge_pairs_recall", "merge_pairs_f1")
    if not told or not gold:
        return dict.fromkeys(("merge_lea_f1", *names), 0.0 if mergeable else None)
    ratios = pair_ratios(*pairs(gold, produced, _of_two_articles))
    return {"merge_lea_f1": lea(gold, produced)[2], **dict(zip(names, ratios, strict=True))}


def _degenerate(
    name: str, gold: dict[Item, Hashable], produced: dict[Item, Hashable]
) -> dict[str, float | None]:
    if not gold:
        return {f"{name}_lea_f1": None, f"{name}_pairs_f1": None}
    return {
        f"{name}_lea_f1": lea(gold, produced)[2],
        f"{name}_pairs_f1": pair_ratios(*pairs(gold, produced, _of_two_articles))[2],
    }


def _of_two_articles(left: Item, right: Item) -> bool:
    return left[0] != right[0]


def _cross_article(case: Case, found: dict[Item, str], home: dict[str, str]) -> float | None:
    """Of all pairs of articles that share a gold fact, those whose two facts are one merged fact."""
    together = wanted = 0
    for gold_id, articles in case.labels.carriers.items():
        for a, b in combinations(articles, 2):
            wanted += 1
            one, other = found.get((a, gold_id)), found.get((b, gold_id))
            if one is not None and other is not None and one in home:
                together += home[one] == home.get(other)
    return share(together, wanted) if wanted else None
