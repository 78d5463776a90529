"""Small articles and a story about nothing real, read the way the pipeline reads them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.backends.base import ModelReply, ModelRequest, Profile, Usage
from service.backends.scripted import ScriptedBackend
from service.facts.ledger import Account
from service.facts.models import Draft, Fact, Kind, PromptRef, Rejected
from service.facts.reading import ParsedArticle, parse_article
from service.hashing import content_id
from service.stories.models import MergedFact, Story
from service.text.article import Article
from service.text.parsing import Parser
from service.text.reading import read

PUBLISHED = date(2024, 6, 18)
PROMPT_REF = PromptRef(name="extract_facts", version="v1", sha256="0" * 64)
LOCAL = Profile(extract_prompt="v1", summary_prompt="v1")
WINDOW = Profile(extract_prompt="v2", summary_prompt="v1")
SILENT = '{"facts": []}'

TRAIN = """Freight train derails near Orvela

A freight train left the rails near Orvela on Monday, killing 3 people and injuring 14.

The line was closed for six hours, the railway company said.

"We heard a loud bang," said Mira Dahl, who lives beside the track.

Transport Minister Ivo Marek will visit the site on Wednesday.

Orvela has about 9,000 inhabitants.

Leave a Reply
"""
TRAIN_AGAIN = """Three killed as train leaves the rails

Three people were killed on Monday when a freight train came off the tracks at Orvela.

Police said 20 people were injured.

The railway company denied the allegations that its brakes were worn.

Transport Minister Ivo Marek is expected to visit Orvela on Wednesday.
"""
TRAIN_LATER = """Minister promises help after the Orvela crash

Transport Minister Ivo Marek promised that the victims' families would receive help.

The crash near Orvela killed 3 people on Monday, and the line reopened after six hours.

A union accused the railway company of saving on repairs.
"""


def without_settings(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """No settings of this machine: no variables, no .env; `folder` becomes the current one."""
    for name in [name for name in os.environ if name.startswith(("ATTEST_", "OPENAI_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(folder)


def article(text: str, source: str | None = "Harbour Post", **fields: Any) -> Article:
    return Article(text=text, source=source, **({"published_at": PUBLISHED} | fields))


def story_articles() -> list[Article]:
    return [
        article(TRAIN, "Harbour Post", title="Freight train derails near Orvela"),
        article(TRAIN_AGAIN, "Valley Radio"),
        article(TRAIN_LATER, "Evening Lantern", published_at=date(2024, 6, 19)),
    ]


def parsed(parser: Parser, text: str, **fields: Any) -> ParsedArticle:
    return parse_article(read(article(text, **fields), max_chars=100_000), parser)


def draft(statement: str, *ids: str, kind: Kind | None = None, speaker: str | None = None) -> Draft:
    return Draft(sentence_ids=ids or ("s1",), statement=statement, kind=kind, speaker=speaker)


def scripted(
    script: Callable[[ModelRequest], str | ModelReply] | Sequence[Mapping[str, Any]], profile: Profile = LOCAL
) -> ScriptedBackend:
    return ScriptedBackend(script, profile=profile)


def asked(request: ModelRequest) -> str:
    """The question itself, without instructions and worked examples."""
    return request.messages[-1].content


def statements(facts: Iterable[Fact]) -> list[str]:
    return [fact.statement for fact in facts]


def reasons(rejected: Iterable[Rejected]) -> list[str]:
    return [item.reason for item in rejected]


def check_account(account: Account, of: ParsedArticle) -> None:
    """What holds for every article, whatever the model answered."""
    entry, text = account.entry, of.source.article.text
    assert entry.drafts == entry.kept + entry.duplicates + entry.rejected
    assert len(account.facts) + len(account.rejected) == entry.drafts
    assert entry.kept == len(account.facts)
    assert entry.duplicates == reasons(account.rejected).count("duplicate")
    assert len({fact.fact_id for fact in account.facts}) == len(account.facts)
    for fact in account.facts:
        assert fact.article_id == of.source.article_id
        check_fact(fact, text)


def check_fact(fact: Fact, text: str) -> None:
    """Evidence and values stand in the article at their offsets."""
    for evidence in fact.evidence:
        assert evidence.quote == text[evidence.start : evidence.end]
    for value in fact.values:
        assert value.text == text[value.start : value.end]
        assert any(e.start <= value.start and value.end <= e.end for e in fact.evidence)


def check_story(story: Story) -> None:
    """What the contract promises of every story."""
    texts = {a.article_id: a.text for a in story.articles}
    assert len(texts) == len(story.articles) == len(story.ledger)
    for read_article in story.articles:
        _check_sentences(read_article.text, [(s.start, s.end) for s in read_article.sentences])
    facts = {fact.fact_id: fact for fact in story.facts}
    assert len(facts) == len(story.facts)
    for fact in story.facts:
        check_fact(fact, texts[fact.article_id])
    _check_ledger(story)
    _check_merged(story, facts)
    _check_summary(story, facts, texts)
    _check_dates_and_names(story)
    assert sum(story.usage.stages.values(), Usage()) == Usage(**story.usage.model_dump(exclude={"stages"}))
    assert Story.model_validate_json(story.model_dump_json()) == story


def _check_sentences(text: str, spans: list[tuple[int, int]]) -> None:
    end = 0
    for start, stop in spans:
        assert not text[end:start].strip()
        assert end <= start < stop
        end = stop
    assert not text[end:].strip()


def _check_ledger(story: Story) -> None:
    assert [entry.article_id for entry in story.ledger] == [a.article_id for a in story.articles]
    for entry in story.ledger:
        refused = [r for r in story.rejected if r.article_id == entry.article_id]
        assert entry.drafts == entry.kept + entry.duplicates + entry.rejected
        assert entry.kept == sum(f.article_id == entry.article_id for f in story.facts)
        assert entry.duplicates + entry.rejected == len(refused)
        assert entry.duplicates == reasons(refused).count("duplicate")


def _check_merged(story: Story, facts: Mapping[str, Fact]) -> None:
    assert sorted(i for m in story.merged_facts for i in m.fact_ids) == sorted(facts)
    merged = {m.merged_fact_id for m in story.merged_facts}
    assert len(merged) == len(story.merged_facts)
    for m in story.merged_facts:
        assert set(m.article_ids) == {facts[i].article_id for i in m.fact_ids}
        assert 1 <= m.independent_sources <= len(m.article_ids)
    texts = {a.article_id: a.text for a in story.articles}
    for conflict in story.conflicts:
        assert len(conflict.positions) >= 2
        for position in conflict.positions:
            assert position.merged_fact_ids
            assert set(position.merged_fact_ids) <= merged
            assert set(position.article_ids) <= set(texts)
    for group in story.copies:
        assert len(group.article_ids) >= 2
        for side in (p for pair in group.passages for p in (pair.left, pair.right)):
            assert side.article_id in group.article_ids
            assert texts[side.article_id][side.start : side.end].strip()


def _check_dates_and_names(story: Story) -> None:
    merged = {m.merged_fact_id for m in story.merged_facts}
    articles = {a.article_id for a in story.articles}
    conflicts = {c.conflict_id for c in story.conflicts}
    days = [entry.date for entry in story.timeline]
    assert days == sorted(set(days))
    for entry in story.timeline:
        assert set(entry.merged_fact_ids) <= merged
        assert set(entry.article_ids) <= articles
        assert set(entry.conflict_ids) <= conflicts
    for actor in story.actors:
        assert set(actor.speaker_of) <= set(actor.merged_fact_ids) <= merged
        assert set(actor.article_ids) <= articles


def _check_summary(story: Story, facts: Mapping[str, Fact], texts: Mapping[str, str]) -> None:
    assert story.summary.text == " ".join(s.text for s in story.summary.sentences)
    members = {m.merged_fact_id: m.fact_ids for m in story.merged_facts}
    for sentence in story.summary.sentences:
        assert sentence.text.strip()
        assert sentence.citations
        cited = [facts[i] for m in sentence.merged_fact_ids for i in members[m]]
        places = {(fact.article_id, e.start, e.end) for fact in cited for e in fact.evidence}
        for citation in sentence.citations:
            assert (citation.article_id, citation.start, citation.end) in places
            assert texts[citation.article_id][citation.start : citation.end].strip()


def merged_of(fact: Fact) -> MergedFact:
    """A fact that nothing was merged with."""
    return MergedFact(
        merged_fact_id=content_id("merged", fact.fact_id),
        statement=fact.statement,
        kind=fact.kind,
        speaker=fact.speaker,
        fact_ids=(fact.fact_id,),
        article_ids=(fact.article_id,),
        independent_sources=1,
        status="single_source",
        importance=0.5,
    )
