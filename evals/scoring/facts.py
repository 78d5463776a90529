"""The facts of each article against its labels.

Comes in: a case. Goes out: precision, recall and F1 (counts added up over the articles), coverage however
facts are cut, the share of wrong values, forbidden text and duplicates, the accuracy of kind, speaker and
polarity, and what became of every fact. Promises: each gold fact and each produced fact has exactly one
outcome, a wrong value having one for both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evals.claims import Claim
from evals.matching import Match, Matching, compare_all, coverage, match
from evals.models import GoldFact, Outcome
from evals.scoring.agreeing import differing
from evals.scoring.reading import ArticleCase, Case, places
from evals.scoring.tally import Count, Tally, counted, f1, share
from service.facts.models import Fact

SHADOWED = 0.5  # of its evidence: a fact rests on forbidden text when more than this lies in it


@dataclass(frozen=True)
class ArticleScore:
    """`allowed`: places of the facts that are matched; the others rest on forbidden text."""

    case: ArticleCase
    allowed: tuple[int, ...]
    matching: Matching
    covered_gold: int
    covered_facts: int

    @property
    def found(self) -> list[tuple[GoldFact, Fact, Match]]:
        return [
            (self.case.gold[m.left][0], self.case.facts[self.allowed[m.right]], m)
            for m in self.matching.matches
        ]


def score_articles(case: Case) -> tuple[ArticleScore, ...]:
    return tuple(_score_article(case, article) for article in case.articles)


def _score_article(case: Case, article: ArticleCase) -> ArticleScore:
    stretches = case.labels.forbidden[article.name]
    allowed = tuple(i for i, fact in enumerate(article.facts) if not _forbidden(fact, stretches))
    gold = [claim for _, claim in article.gold]
    produced = [article.claims[i] for i in allowed]
    mentioned = [_mentions(article, fact) for fact, _ in article.gold]

    def prefer(i: int, j: int) -> float:
        """Among equals the fact that rests on the labelled stretch, then the one with the right fields."""
        labelled, fact = article.gold[i][0], article.facts[allowed[j]]
        wrong = len(differing(labelled, fact.kind, fact.speaker, fact.polarity))
        return 0.5 * _rests_on(fact, mentioned[i]) + 0.1 * (3 - wrong)

    pairs = compare_all(gold, produced)
    covered = coverage(gold, produced, pairs=pairs)
    return ArticleScore(
        article,
        allowed,
        match(gold, produced, prefer=prefer, pairs=pairs),
        sum(covered.left),
        sum(covered.right),
    )


def facts_tally(case: Case, articles: Sequence[ArticleScore]) -> Tally:
    gold = sum(len(a.case.gold) for a in articles)
    produced = sum(len(a.case.facts) for a in articles)
    hits = sum(len(a.matching.matches) for a in articles)
    exact = _ratios(hits, hits, produced, gold)
    cut = _ratios(
        sum(a.covered_facts for a in articles), sum(a.covered_gold for a in articles), produced, gold
    )
    wrong = [differing(g, f.kind, f.speaker, f.polarity) for a in articles for g, f, _ in a.found]
    outcomes = tuple(o for a in articles for o in _outcomes(case, a))
    results = [outcome.result for outcome in outcomes]
    return Tally(
        values={
            **dict(zip(("facts_precision", "facts_recall", "facts_f1"), exact, strict=True)),
            **dict(zip(("coverage_precision", "coverage_recall", "coverage_f1"), cut, strict=True)),
            "granularity_gap": cut[2] - exact[2],
        },
        counts={
            "value_error_rate": Count(results.count("wrong_value"), produced),
            "forbidden_rate": Count(results.count("forbidden"), produced),
            "duplicate_rate": Count(results.count("duplicate"), produced),
            **{
                f"{name}_accuracy": counted(name not in w for w in wrong)
                for name in ("kind", "speaker", "polarity")
            },
        },
        outcomes=outcomes,
    )


def _ratios(hits_produced: int, hits_gold: int, produced: int, gold: int) -> tuple[float, float, float]:
    """Nothing produced where there is nothing to produce is right; nothing produced otherwise is 0."""
    empty = float(not produced and not gold)
    precision, recall = share(hits_produced, produced, empty=empty), share(hits_gold, gold, empty=empty)
    return precision, recall, f1(precision, recall)


# -- evidence -------------------------------------------------------------------------------------


def _forbidden(fact: Fact, stretches: Sequence[tuple[int, int]]) -> bool:
    """Whether every stretch of its evidence lies in forbidden text for the most part."""
    return all(
        _overlap((e.start, e.end), stretches) > SHADOWED * max(1, e.end - e.start) for e in fact.evidence
    )


def _overlap(span: tuple[int, int], stretches: Sequence[tuple[int, int]]) -> int:
    """Characters of the span in the stretches; a place in two of them counts once."""
    covered = reached = 0
    for start, end in sorted(stretches):
        a, b = max(span[0], start, reached), min(span[1], end)
        if a < b:
            covered += b - a
            reached = b
    return covered


def _mentions(article: ArticleCase, gold: GoldFact) -> list[tuple[int, int]]:
    return [
        span
        for m in gold.mentions
        if m.article == article.name
        for span in places(article.article.text, m.quote)
    ]


def _rests_on(fact: Fact, mentions: Sequence[tuple[int, int]]) -> float:
    return float(any(_overlap((e.start, e.end), mentions) > 0 for e in fact.evidence))


# -- what became of each fact ---------------------------------------------------------------------


def _outcomes(case: Case, score: ArticleScore) -> Iterator[Outcome]:
    article = score.case
    gold, produced = [claim for _, claim in article.gold], article.claims
    allowed = [produced[i] for i in score.allowed]
    base = {"event": case.event.id, "level": "article", "article": article.name, "repeat": case.repeat}
    fields = {m.left: differing(g, f.kind, f.speaker, f.polarity) for g, f, m in score.found}
    yield from told(base, gold, allowed, score.matching, fields)
    for i, claim in enumerate(produced):
        if i not in score.allowed:
            yield Outcome.model_validate(
                {**base, "result": "forbidden", "fact_id": claim.id, "produced": claim.text}
            )


def told(
    base: dict[str, object],
    gold: Sequence[Claim],
    produced: Sequence[Claim],
    matching: Matching,
    fields: dict[int, tuple[str, ...]],
) -> Iterator[Outcome]:
    """Outcomes of a matching. `fields`: what is wrong with the match of a gold fact, by its place."""
    for m in matching.matches:
        yield _outcome(base, "found", gold[m.left], produced[m.right], m.pair.score, fields.get(m.left, ()))
    for m in matching.near_misses:
        slots = tuple(sorted(m.pair.vetoes))
        yield _outcome(base, "wrong_value", gold[m.left], produced[m.right], m.pair.unvetoed, slots)
    used = (*matching.matches, *matching.near_misses)
    used_gold, used_produced = {m.left for m in used}, {m.right for m in used}
    for i, claim in enumerate(gold):
        if i not in used_gold:
            yield _outcome(base, "missed", claim, None)
    for j, claim in enumerate(produced):
        if j not in used_produced:
            again = any(row[j] for row in matching.edges)
            yield _outcome(base, "duplicate" if again else "invented", None, claim)


def _outcome(
    base: dict[str, object],
    result: str,
    gold: Claim | None,
    produced: Claim | None,
    score: float = 0.0,
    differs: tuple[str, ...] = (),
) -> Outcome:
    return Outcome.model_validate(
        {
            **base,
            "result": result,
            "gold_id": gold.id if gold else None,
            "gold": gold.text if gold else None,
            "fact_id": produced.id if produced else None,
            "produced": produced.text if produced else None,
            "score": round(score, 6),
            "differs": differs,
        }
    )
