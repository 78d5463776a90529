"""A pipeline that reads nothing, for tests of what lies in front of it."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from service.backends.base import Usage
from service.backends.checkup import Check, Checkup
from service.errors import EmptyArticle
from service.facts.models import Draft, Evidence, Fact, LedgerEntry, PromptRef, Rejected, Verdict
from service.hashing import content_id
from service.prompting.templates import Prompt
from service.stories.models import (
    ArticleFacts,
    Citation,
    PromptId,
    Provenance,
    Story,
    StoryOptions,
    StoryUsage,
    Summary,
    SummarySentence,
)
from service.stories.parts import as_given
from service.text.article import Article, ReadArticle, Sentence
from tests.newsroom import merged_of

SHA256 = "0" * 64
PROMPT = Prompt(
    task="extract_facts",
    version="v1",
    sha256=SHA256,
    purpose="Split a sentence.",
    scope="sentence",
    inputs=("sentence",),
    reply="statements",
    max_tokens=64,
    temperature=0.0,
    changes="First version.",
    system="not for the wire",
    user="not for the wire",
    examples=(),
)
USAGE = StoryUsage(calls=1, prompt_tokens=9, stages={"extract_facts": Usage(calls=1, prompt_tokens=9)})
PROVENANCE = Provenance(
    backend="fake",
    model="fake",
    prompts={"extract_facts": PromptId(version="v1", sha256=SHA256)},
    attest_version="0",
)
HEALTHY = Checkup(checks=(Check.ok("constraint", "it bites"),), seconds=1.5)


class FakePrompts:
    def all(self) -> tuple[Prompt, ...]:
        return (PROMPT,)


class FakeAttest:
    """Takes every article for one sentence, and that for one fact.

    `error` is raised instead of an answer. With `held` a call waits until `release` is set, and sets
    `begun` when it starts. `answers` is what `ready` says, `found` what the doctor finds.
    """

    def __init__(self, *, error: Exception | None = None, held: bool = False) -> None:
        self.error = error
        self.prompts = FakePrompts()
        self.answers = {"model": "ok"}
        self.found = HEALTHY
        self.examined = 0
        self.asked: list[str] = []
        self.options: StoryOptions | None = None
        self.closed = 0
        self.begun = threading.Event()
        self.release = threading.Event()
        if not held:
            self.release.set()

    def facts(self, article: Article) -> ArticleFacts:
        self._work("facts")
        return _read(article)

    def check(self, article: Article, statements: Sequence[str]) -> list[Verdict]:
        self._work("check")
        return [_verdict(article, statement) for statement in statements]

    def story(self, articles: Sequence[Article], options: StoryOptions = StoryOptions()) -> Story:  # noqa: B008
        self._work("story")
        self.options = options
        return story_of(articles)

    def add(self, story: Story, articles: Sequence[Article]) -> Story:
        self._work("add")
        return story_of([*(as_given(article) for article in story.articles), *articles])

    def ready(self) -> dict[str, str]:
        self.asked.append("ready")
        return self.answers

    def checkup(self) -> Checkup:
        self.examined += 1
        return self.found

    def close(self) -> None:
        self.closed += 1

    def _work(self, name: str) -> None:
        self.asked.append(name)
        self.begun.set()
        assert self.release.wait(timeout=30)
        if self.error is not None:
            raise self.error


def story_of(articles: Sequence[Article]) -> Story:
    """A valid story in which every article is one fact and one sentence of the summary."""
    parts = [_read(article, number) for number, article in enumerate(articles, start=1)]
    facts = [part.facts[0] for part in parts]
    return Story(
        story_id=content_id("story", [fact.fact_id for fact in facts]),
        articles=tuple(part.article for part in parts),
        facts=tuple(facts),
        rejected=tuple(item for part in parts for item in part.rejected),
        ledger=tuple(part.ledger for part in parts),
        merged_facts=tuple(merged_of(fact) for fact in facts),
        copies=(),
        conflicts=(),
        summary=Summary(
            text=" ".join(fact.statement for fact in facts),
            sentences=tuple(
                SummarySentence(
                    text=fact.statement,
                    merged_fact_ids=(merged_of(fact).merged_fact_id,),
                    citations=(Citation(article_id=fact.article_id, start=0, end=fact.evidence[0].end),),
                    origin="source",
                )
                for fact in facts
            ),
        ),
        usage=USAGE,
        provenance=PROVENANCE,
    )


def _read(article: Article, number: int = 1) -> ArticleFacts:
    if not article.text.strip():
        raise EmptyArticle("there is no readable text in it", where=f"article {number}")
    end = len(article.text)
    fact = Fact(
        fact_id=content_id("fact", [article.article_id, article.text]),
        article_id=article.article_id,
        statement=article.text,
        kind="event",
        speaker=None,
        polarity="affirmed",
        values=(),
        evidence=(Evidence(sentence_id="s1", start=0, end=end, quote=article.text),),
        support="verbatim",
        prompt=PromptRef(name="extract_facts", version="v1", sha256=SHA256),
        origin="source",
    )
    draft = Draft(sentence_ids=("s1",), statement="It rained.")
    return ArticleFacts(
        article=ReadArticle(
            text=article.text,
            title=article.title,
            source=article.source,
            published_at=article.published_at,
            language=article.language,
            article_id=article.article_id,
            sentences=(Sentence(sentence_id="s1", start=0, end=end, role="body"),),
        ),
        facts=(fact,),
        rejected=(
            Rejected(
                article_id=article.article_id, draft=draft, reason="word_not_in_evidence", detail="rained"
            ),
        ),
        ledger=LedgerEntry(article_id=article.article_id, drafts=2, kept=1, duplicates=0, rejected=1),
        usage=USAGE,
        provenance=PROVENANCE,
    )


def _verdict(article: Article, statement: str) -> Verdict:
    at = article.text.find(statement)
    if at < 0:
        return Verdict(
            statement=statement,
            verdict="rejected",
            reason="word_not_in_evidence",
            detail="it does not stand in the article",
            evidence=(),
        )
    evidence = Evidence(sentence_id="s1", start=at, end=at + len(statement), quote=statement)
    return Verdict(statement=statement, verdict="supported", reason=None, detail=None, evidence=(evidence,))
