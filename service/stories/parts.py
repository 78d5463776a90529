"""A story, taken apart into the articles it was made of.

Comes in: a `Story`, perhaps out of a file that somebody edited. Goes out: one `ArticleFacts` an article,
in the story's order, with nothing in its usage. Promises: nothing is asked; a story whose offsets do not
fit its own texts is refused, so that no citation can point at words that are not there.
"""

from __future__ import annotations

from collections import defaultdict

from service.errors import InputError
from service.facts.models import Fact, LedgerEntry, Rejected
from service.stories.models import ArticleFacts, Story, StoryUsage
from service.text.article import Article, ReadArticle

THE_STORY = "the story"  # whose fault it is, where no file is known


def readings(story: Story) -> tuple[ArticleFacts, ...]:
    """Raises InputError that names the fact or the article when the story contradicts itself."""
    facts: dict[str, list[Fact]] = defaultdict(list)
    rejected: dict[str, list[Rejected]] = defaultdict(list)
    for fact in story.facts:
        facts[fact.article_id].append(fact)
    for item in story.rejected:
        rejected[item.article_id].append(item)
    ledger = {entry.article_id: entry for entry in story.ledger}
    known = {article.article_id for article in story.articles}
    for article_id in (*facts, *rejected, *ledger):
        if article_id not in known:
            raise InputError(f"it speaks of {article_id}, which is not among its articles", where=THE_STORY)
    return tuple(
        ArticleFacts(
            article=article,
            facts=tuple(_fits(fact, article) for fact in facts[article.article_id]),
            rejected=tuple(rejected[article.article_id]),
            ledger=_entry(ledger, article),
            usage=StoryUsage(),
            provenance=story.provenance,
        )
        for article in story.articles
    )


def as_given(article: ReadArticle) -> Article:
    """The article as it was handed in. Raises InputError when its id is not that of its text."""
    given = Article(**{name: getattr(article, name) for name in Article.model_fields})
    if given.article_id != article.article_id:
        raise InputError(f"the text of {article.article_id} is not the text that was read", where=THE_STORY)
    return given


def _fits(fact: Fact, article: ReadArticle) -> Fact:
    for evidence in fact.evidence:
        if article.text[evidence.start : evidence.end] != evidence.quote:
            raise InputError(
                f"the evidence of {fact.fact_id} is not what its article says at "
                f"{evidence.start}-{evidence.end}",
                where=THE_STORY,
            )
    return fact


def _entry(ledger: dict[str, LedgerEntry], article: ReadArticle) -> LedgerEntry:
    if article.article_id not in ledger:
        raise InputError(f"its ledger has no line for {article.article_id}", where=THE_STORY)
    return ledger[article.article_id]
