"""How much a merged fact matters, 0 to 1.

Comes in: merged facts and the claims behind them. Goes out: the same facts with `importance`.
Promises: a plain weighted mean of four parts, each 0 to 1, so that anyone can work it out:

    SOURCES      independent sources, as a share of all there are; one source alone scores 0
    POSITION     how early the earliest of its evidence stands: journalists put the news first
    CENTRALITY   how much of what it says (names, figures, telling words) stands in the other articles
                 too: the words all reports share are the event (Nenkova and Vanderwende, SumBasic, 2005)
    KIND         what happened or will happen before what is said, and that before background

Sources weigh most, since agreement of independent reporters is the one sign of importance that no
single writer can give; kind weighs least, since its reading is the least certain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from service.facts.models import Kind
from service.facts.stems import stem
from service.stories.claims import Claim
from service.stories.models import MergedFact

SOURCES, POSITION, CENTRALITY, KIND = 0.35, 0.3, 0.2, 0.15
KIND_WORTH: dict[Kind, float] = {
    "event": 1.0, "plan": 1.0, "accusation": 0.8, "denial": 0.8, "statement": 0.6, "background": 0.2,
}  # fmt: skip


def ranked(merged: Sequence[MergedFact], claims: Mapping[str, Claim], sources: int) -> tuple[MergedFact, ...]:
    """Facts with their importance, most important first, ties by id.

    `claims` by fact id; `sources`: independent sources of the whole story.
    """
    told = {m.merged_fact_id: frozenset().union(*(_said(claims[i]) for i in m.fact_ids)) for m in merged}
    articles: dict[str, set[str]] = defaultdict(set)
    for claim in claims.values():
        for item in _said(claim):
            articles[item].add(claim.article_id)
    all_articles = len({claim.article_id for claim in claims.values()})
    spread = {
        i: sum(len(articles[item]) - 1 for item in own) / len(own) / max(1, all_articles - 1) if own else 0.0
        for i, own in told.items()
    }
    widest = max(spread.values(), default=0.0)

    def importance(fact: MergedFact) -> float:
        own = [claims[i] for i in fact.fact_ids]
        agreement = (fact.independent_sources - 1) / (sources - 1) if sources > 1 else 0.0
        early = 1 - min(claim.position for claim in own)
        central = spread[fact.merged_fact_id] / widest if widest else 0.0
        parts = SOURCES * min(1.0, agreement) + POSITION * early + CENTRALITY * central
        return round(min(1.0, max(0.0, parts + KIND * KIND_WORTH[fact.kind])), 4)

    scored = [fact.model_copy(update={"importance": importance(fact)}) for fact in merged]
    return tuple(sorted(scored, key=lambda m: (-m.importance, m.merged_fact_id)))


def _said(claim: Claim) -> frozenset[str]:
    """Names, figures and telling words of a claim, as they compare across articles."""
    return frozenset(
        (
            *(" ".join(words) for words in claim.names),
            *(when.value for when in claim.analysis.dates),
            *(f"{n.normal} {n.unit}" for n in claim.analysis.numbers if n.unit or (n.value or 0) > 2),
            *(stem(token.lemma_.lower()) for token in claim.analysis.content if token.pos_ != "PROPN"),
        )
    )
