"""One repeat of one event, with its labels beside it.

Comes in: an event and its samples. Goes out: for each article what was produced and what should have been.
Promises: a case that failed has produced nothing, and is there all the same; articles stand in the event's
order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from evals.claims import Claim, in_article, of_fact, of_gold, of_merged
from evals.models import Event, GoldFact, Sample
from service.facts.models import Fact
from service.stories.models import MergedFact, Story
from service.text.article import Article


@dataclass(frozen=True)
class Labels:
    """What the labels of an event say, prepared once for all repeats."""

    event: Event

    @cached_property
    def names(self) -> dict[str, str]:
        """The dataset's id of an article by the id that its content gives it."""
        return {article.article_id: name for name, article in self.event.texts.items()}

    @cached_property
    def gold(self) -> dict[str, GoldFact]:
        return {fact.id: fact for fact in self.event.gold}

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Every gold fact, told as any of its articles tells it."""
        return tuple(of_gold(fact) for fact in self.event.gold)

    @cached_property
    def carriers(self) -> dict[str, tuple[str, ...]]:
        """The articles of each gold fact, each once; their number is its weight."""
        return {f.id: tuple(dict.fromkeys(m.article for m in f.mentions)) for f in self.event.gold}

    @cached_property
    def of_article(self) -> dict[str, tuple[tuple[GoldFact, Claim], ...]]:
        return {
            article.id: tuple(
                (fact, in_article(claim, fact, article.id))
                for fact, claim in zip(self.event.gold, self.claims, strict=True)
                if article.id in self.carriers[fact.id]
            )
            for article in self.event.articles
        }

    @cached_property
    def forbidden(self) -> dict[str, tuple[tuple[int, int], ...]]:
        """Stretches of each article that may not become facts. The same words in a gold mention are not
        meant; nor is what is only said twice, which counts as a duplicate.
        """
        found: dict[str, list[tuple[int, int]]] = {article.id: [] for article in self.event.articles}
        for item in self.event.forbidden:
            if item.why == "duplicate":
                continue
            text = self.event.texts[item.article].text
            mentioned = self.mentioned[item.article]
            for start, end in places(text, item.quote):
                if not any(a < end and start < b for a, b in mentioned):
                    found[item.article].append((start, end))
        return {name: tuple(spans) for name, spans in found.items()}

    @cached_property
    def mentioned(self) -> dict[str, tuple[tuple[int, int], ...]]:
        found: dict[str, list[tuple[int, int]]] = {article.id: [] for article in self.event.articles}
        for fact in self.event.gold:
            for mention in fact.mentions:
                found[mention.article] += places(self.event.texts[mention.article].text, mention.quote)
        return {name: tuple(spans) for name, spans in found.items()}


@dataclass(frozen=True)
class ArticleCase:
    """`facts`: none when the case failed."""

    name: str
    article: Article
    sample: Sample | None
    facts: tuple[Fact, ...]
    gold: tuple[tuple[GoldFact, Claim], ...]

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        return tuple(map(of_fact, self.facts))


@dataclass(frozen=True)
class Case:
    """`story`: None when it failed or was not told."""

    labels: Labels
    repeat: int
    articles: tuple[ArticleCase, ...]
    story_sample: Sample | None
    story: Story | None

    @property
    def event(self) -> Event:
        return self.labels.event

    @property
    def samples(self) -> tuple[Sample, ...]:
        own = (*(a.sample for a in self.articles), self.story_sample)
        return tuple(sample for sample in own if sample is not None)

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """What was read, and what the story holds of it, by id."""
        told = self.story.facts if self.story else ()
        return {fact.fact_id: fact for fact in (*(f for a in self.articles for f in a.facts), *told)}

    @cached_property
    def merged(self) -> tuple[MergedFact, ...]:
        return self.story.merged_facts if self.story else ()

    @cached_property
    def merged_claims(self) -> tuple[Claim, ...]:
        return tuple(
            of_merged(m, [self.facts[i] for i in m.fact_ids if i in self.facts]) for m in self.merged
        )

    def named(self, article_ids: Iterable[str]) -> frozenset[str]:
        """The dataset's ids of articles."""
        return frozenset(self.labels.names[i] for i in article_ids if i in self.labels.names)


def cases(labels: Labels, samples: Iterable[Sample], repeats: int) -> tuple[Case, ...]:
    """A case for each repeat, whatever there is of it."""
    by_key = {(s.repeat, s.article): s for s in samples}
    return tuple(_case(labels, repeat, by_key) for repeat in range(repeats))


def _case(labels: Labels, repeat: int, samples: dict[tuple[int, str | None], Sample]) -> Case:
    articles = []
    for article in labels.event.articles:
        sample = samples.get((repeat, article.id))
        read = sample.facts if sample is not None and sample.state == "ok" else None
        articles.append(
            ArticleCase(
                article.id,
                labels.event.texts[article.id],
                sample,
                read.facts if read else (),
                labels.of_article[article.id],
            )
        )
    told = samples.get((repeat, None))
    story = told.story if told is not None and told.state == "ok" else None
    return Case(labels, repeat, tuple(articles), told, story)


def places(text: str, quote: str) -> list[tuple[int, int]]:
    """Every place where a quote stands."""
    found, start = [], text.find(quote)
    while start >= 0:
        found.append((start, start + len(quote)))
        start = text.find(quote, start + 1)
    return found
