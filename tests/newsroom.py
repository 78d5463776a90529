"""Small articles and a story about nothing real, read the way the pipeline reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from service.backends.base import ModelReply, ModelRequest, Profile
from service.backends.scripted import ScriptedBackend
from service.facts.ledger import Account
from service.facts.models import Draft, Fact, Kind, PromptRef, Rejected
from service.facts.reading import ParsedArticle, parse_article
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

Three people were killed when a freight train left the rails near Orvela on Monday.

Police said 20 people were injured.

The railway company denied the allegations that its brakes were worn.

Transport Minister Ivo Marek is expected to visit Orvela on Wednesday.
"""
TRAIN_LATER = """Minister promises help after the Orvela crash

Transport Minister Ivo Marek promised that the victims' families would receive help.

The crash near Orvela killed 3 people on Monday, and the line reopened after six hours.

A union accused the railway company of saving on repairs.
"""


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
