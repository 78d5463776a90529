"""A system that answers with the labels themselves, or with a list of facts that a test makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evals.models import Event, GoldFact, GoldValue, Sample
from service.facts.models import Evidence, Fact, LedgerEntry, PromptRef, Value
from service.hashing import content_id
from service.stories.models import (
    ArticleFacts,
    Citation,
    Conflict,
    CopyGroup,
    MergedFact,
    Position,
    PromptId,
    Provenance,
    Story,
    StoryUsage,
    Summary,
    SummarySentence,
)
from service.text.article import Article, ReadArticle

REF = PromptRef(name="extract_facts", version="v1", sha256="0" * 64)
PROVENANCE = Provenance(
    backend="echo",
    model="echo",
    prompts={"extract_facts": PromptId(version="v1", sha256="0" * 64)},
    attest_version="0",
)
Change = Callable[[str, list[Fact]], list[Fact]]


def fact_of(gold: GoldFact, article_name: str, article: Article, **changed: Any) -> Fact:
    """The gold fact as one article's fact, resting on the mention's quote."""
    quote = next(m.quote for m in gold.mentions if m.article == article_name)
    start = article.text.index(quote)
    given: dict[str, Any] = {
        "fact_id": content_id("fact", [gold.id, article_name, *map(str, changed.values())]),
        "article_id": article.article_id,
        "statement": gold.statement,
        "kind": gold.kind,
        "speaker": gold.speaker,
        "polarity": gold.polarity,
        "values": tuple(_value(v, start) for v in gold.values),
        "evidence": (Evidence(sentence_id="s1", start=start, end=start + len(quote), quote=quote),),
        "support": "verbatim",
        "prompt": REF,
        "origin": "source",
    }
    return Fact.model_validate(given | changed)


def _value(value: GoldValue, start: int) -> Value:
    return Value(type=value.type, text="", value=value.value, unit=value.unit, start=start, end=start)


def echo_facts(event: Event, article: str) -> list[Fact]:
    return [
        fact_of(gold, article, event.texts[article])
        for gold in event.gold
        if any(m.article == article for m in gold.mentions)
    ]


def read_of(event: Event, article: str, facts: Sequence[Fact]) -> ArticleFacts:
    text = event.texts[article]
    return ArticleFacts(
        article=ReadArticle(**text.model_dump(), article_id=text.article_id, sentences=()),
        facts=tuple(facts),
        rejected=(),
        ledger=LedgerEntry(
            article_id=text.article_id, drafts=len(facts), kept=len(facts), duplicates=0, rejected=0
        ),
        usage=StoryUsage(),
        provenance=PROVENANCE,
    )


def story_of(event: Event, facts: Mapping[str, Sequence[Fact]], clusters: Mapping[str, str]) -> Story:
    """`clusters`: for each fact id the name of its merged fact. Conflicts and copies are the labels' own."""
    by_id = {f.fact_id: f for each in facts.values() for f in each}
    groups: dict[str, list[Fact]] = {}
    for fact_id, fact in by_id.items():
        groups.setdefault(clusters[fact_id], []).append(fact)
    groups = {name: sorted(groups[name], key=lambda f: f.fact_id) for name in sorted(groups)}
    merged = tuple(_merged(name, group) for name, group in groups.items())
    known = {m.merged_fact_id for m in merged}
    ids = {name: article.article_id for name, article in event.texts.items()}
    sentences = tuple(
        SummarySentence(
            text=group[0].statement,
            merged_fact_ids=(name,),
            citations=tuple(
                Citation(article_id=f.article_id, start=f.evidence[0].start, end=f.evidence[0].end)
                for f in group
            ),
            origin="source",
        )
        for name, group in list(groups.items())[:6]
    )
    return Story(
        story_id="story-1",
        articles=tuple(read_of(event, name, ()).article for name in event.texts),
        facts=tuple(by_id.values()),
        rejected=(),
        ledger=(),
        merged_facts=merged,
        copies=tuple(
            CopyGroup(article_ids=tuple(ids[a] for a in group.articles), overlap=0.5, passages=())
            for group in event.copies
        ),
        conflicts=tuple(
            Conflict(
                conflict_id=conflict.id,
                about=conflict.about,
                type=conflict.type,
                positions=tuple(
                    Position(
                        value=p.value,
                        merged_fact_ids=tuple(i for i in p.facts if i in known),
                        article_ids=tuple(ids[a] for a in p.articles),
                    )
                    for p in conflict.positions
                ),
            )
            for conflict in event.conflicts
        ),
        summary=Summary(text=" ".join(s.text for s in sentences), sentences=sentences),
        usage=StoryUsage(),
        provenance=PROVENANCE,
    )


def _merged(name: str, group: Sequence[Fact]) -> MergedFact:
    articles = tuple(dict.fromkeys(f.article_id for f in group))
    return MergedFact(
        merged_fact_id=name,
        statement=group[0].statement,
        kind=group[0].kind,
        speaker=group[0].speaker,
        fact_ids=tuple(f.fact_id for f in group),
        article_ids=articles,
        independent_sources=len(articles),
        status="single_source" if len(articles) == 1 else "corroborated",
        importance=0.5,
    )


def echo_samples(
    event: Event, change: Change = lambda article, facts: facts, *, told: bool = True, repeat: int = 0
) -> list[Sample]:
    """A run that answers with the labels; `change` may answer something else for an article."""
    facts = {a.id: change(a.id, echo_facts(event, a.id)) for a in event.articles}
    owner = {
        fact_of(gold, m.article, event.texts[m.article]).fact_id: gold.id
        for gold in event.gold
        for m in gold.mentions
    }
    samples = [
        Sample(
            event=event.id,
            article=name,
            repeat=repeat,
            state="ok",
            facts=read_of(event, name, each),
            seconds=1.0,
        )
        for name, each in facts.items()
    ]
    clusters = {f.fact_id: owner.get(f.fact_id, f.fact_id) for each in facts.values() for f in each}
    story = story_of(event, facts, clusters) if told else None
    samples.append(
        Sample(
            event=event.id,
            article=None,
            repeat=repeat,
            state="ok" if told else "error",
            story=story,
            seconds=1.0,
        )
    )
    return samples
