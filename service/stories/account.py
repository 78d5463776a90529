"""One account of many articles.

Comes in: the facts of all articles, the articles, and the parser. Goes out: an `Account`: merged
facts, copy groups and conflicts. Promises: every fact stands in exactly one merged fact; the order of
facts and articles changes no byte; no network, no clock, and a model only behind `decide`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from service.facts.models import Fact, Frozen
from service.stories.claims import commonness, read_claims
from service.stories.conflicts import conflicts, with_status
from service.stories.copies import copy_groups
from service.stories.merging import Origins, groups, merge
from service.stories.models import Conflict, CopyGroup, MergedFact
from service.stories.ranking import ranked
from service.stories.undecided import Question, Sameness, joined, undecided
from service.text.article import ReadArticle
from service.text.parsing import Parser


class Account(Frozen):
    """`merged_facts` stand by importance, the others by their ids."""

    merged_facts: tuple[MergedFact, ...]
    copies: tuple[CopyGroup, ...]
    conflicts: tuple[Conflict, ...]


Decide = Callable[[Sequence[Question]], Mapping[tuple[str, str], Sameness]]


def nobody(questions: Sequence[Question]) -> Mapping[tuple[str, str], Sameness]:
    """Leaves every pair undecided."""
    return {}


def account(
    facts: Sequence[Fact], articles: Sequence[ReadArticle], parser: Parser, decide: Decide = nobody
) -> Account:
    """Copies, then merging, then conflicts, then ranking. `decide` is asked about undecided pairs.

    Raises KeyError when a fact's article is not among `articles`, ModelFileError without a parser.
    """
    articles = tuple({a.article_id: a for a in sorted(articles, key=lambda a: a.article_id)}.values())
    claims = read_claims(facts, articles, parser)
    common = commonness(articles)
    copies = copy_groups(articles)
    alike = groups(claims, common)
    questions = undecided(alike, common)
    merged = merge(joined(alike, questions, decide(questions)), copies, common)
    found = conflicts(merged, claims, common)
    sources = Origins.of(copies).count(a.article_id for a in articles)
    by_fact = {claim.fact.fact_id: claim for claim in claims}
    return Account(
        merged_facts=ranked(with_status(merged, found), by_fact, sources), copies=copies, conflicts=found
    )
