"""One account of many articles.

Comes in: the facts of all articles, the articles, and the parser. Goes out: an `Account`: merged
facts, copy groups, conflicts, timeline and actors. Promises: every fact stands in exactly one merged
fact; the order of facts and articles changes no byte; no network, no clock, and a model only behind
`decide`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

from service.facts.models import Fact, Frozen
from service.stories.actors import actors
from service.stories.alike import similarity
from service.stories.claims import Claim, Commonness, commonness, read_claims
from service.stories.conflicts import conflicts, with_status
from service.stories.copies import copy_groups
from service.stories.merging import Origins, groups, merge
from service.stories.models import Actor, Conflict, CopyGroup, MergedFact, TimelineEntry
from service.stories.ranking import ranked
from service.stories.timeline import timeline
from service.stories.undecided import Question, Sameness, joined, undecided
from service.text.article import ReadArticle
from service.text.parsing import Parser


class Account(Frozen):
    """`merged_facts` stand by importance, the others by their ids. `near`: pairs of merged facts, by their
    ids, that are not one but tell a reader much the same.
    """

    merged_facts: tuple[MergedFact, ...]
    copies: tuple[CopyGroup, ...]
    conflicts: tuple[Conflict, ...]
    timeline: tuple[TimelineEntry, ...] = ()
    actors: tuple[Actor, ...] = ()
    near: frozenset[frozenset[str]] = frozenset()


NEAR = 0.35
NEAR_AMONG = 80
Decide = Callable[[Sequence[Question]], Mapping[tuple[str, str], Sameness]]


def account(
    facts: Sequence[Fact], articles: Sequence[ReadArticle], parser: Parser, decide: Decide | None = None
) -> Account:
    """Copies, then merging, then conflicts, then ranking; dates and names last. `decide` is asked about
    undecided pairs.

    Raises KeyError when a fact's article is not among `articles`, ModelFileError without a parser.
    """
    articles = tuple({a.article_id: a for a in sorted(articles, key=lambda a: a.article_id)}.values())
    claims = read_claims(facts, articles, parser)
    common = commonness(articles)
    copies = copy_groups(articles)
    alike = groups(claims, common)
    if decide is not None:
        questions = undecided(alike, common)
        alike = joined(alike, questions, decide(questions))
    merged = merge(alike, copies, common)
    found = conflicts(merged, claims, common)
    sources = Origins.of(copies).count(a.article_id for a in articles)
    by_fact = {claim.fact.fact_id: claim for claim in claims}
    shown = ranked(with_status(merged, found), by_fact, sources)
    return Account(
        merged_facts=shown,
        copies=copies,
        conflicts=found,
        timeline=timeline(shown, [claim.fact for claim in claims], found),
        actors=actors(shown, claims),
        near=_near(shown[:NEAR_AMONG], by_fact, common),
    )


def _near(
    merged: Sequence[MergedFact], claims: Mapping[str, Claim], common: Commonness
) -> frozenset[frozenset[str]]:
    """Of the most important facts only: a summary has no room for more."""
    told = {
        m.merged_fact_id: next(c for i in m.fact_ids if (c := claims[i]).fact.statement == m.statement)
        for m in merged
    }
    return frozenset(
        frozenset((a, b)) for a, b in combinations(told, 2) if similarity(told[a], told[b], common) >= NEAR
    )
