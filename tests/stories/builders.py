"""Small articles and facts for the tests of the stories room.

A fact is made by naming the article and the quote it rests on; its values are found by the real
parser, its kind and speaker are given, so that these tests do not depend on how cues are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from service.facts.analysis import analyse
from service.facts.models import Evidence, Fact, Kind, Polarity, PromptRef, Value
from service.hashing import content_id
from service.stories.claims import Claim, commonness, read_claims
from service.stories.merging import groups, merge
from service.stories.models import CopyGroup, MergedFact
from service.text.article import Article, ReadArticle
from service.text.parsing import Parser
from service.text.reading import read

PROMPT = PromptRef(name="extract_facts", version="v1", sha256="0" * 64)


def article(text: str, source: str, published: str | None = None) -> ReadArticle:
    """An article, read. `published`: ISO date, or date and time."""
    when: date | datetime | None = None
    if published is not None:
        when = datetime.fromisoformat(published) if "T" in published else date.fromisoformat(published)
    return read(Article(text=text, source=source, published_at=when), max_chars=100_000).as_read()


class Facts:
    """Makes facts with one parser."""

    def __init__(self, parser: Parser) -> None:
        self.parser = parser

    def of(
        self,
        given: ReadArticle,
        quote: str,
        *,
        kind: Kind = "event",
        speaker: str | None = None,
        polarity: Polarity = "affirmed",
        statement: str | None = None,
    ) -> Fact:
        """The fact that `quote` (exact text of the article) states, in its own or other words."""
        start = given.text.index(quote)
        told = statement or quote
        sentence = next(s for s in given.sentences if s.start <= start < s.end)
        return Fact(
            fact_id=content_id("fact", [given.article_id, start, told, kind, speaker, polarity]),
            article_id=given.article_id,
            statement=told,
            kind=kind,
            speaker=speaker,
            polarity=polarity,
            values=self._values(given, told, start, start + len(quote)),
            evidence=(
                Evidence(sentence_id=sentence.sentence_id, start=start, end=start + len(quote), quote=quote),
            ),
            support="verbatim" if statement is None else "supported",
            prompt=PROMPT,
            origin="source" if statement is None else "model",
        )

    def all_of(self, given: ReadArticle, kind: Kind = "event") -> list[Fact]:
        """One fact a body sentence."""
        return [
            self.of(given, given.text[s.start : s.end], kind=kind)
            for s in given.sentences
            if s.role == "body"
        ]

    def _values(self, given: ReadArticle, statement: str, start: int, end: int) -> tuple[Value, ...]:
        analysis = analyse(self.parser.parse_one(statement), given.published_at)
        found: list[Value] = []
        for name in analysis.names:
            at = given.text.find(name.text, start, end)
            if at >= 0:
                found.append(
                    Value(type="name", text=name.text, value=name.text, start=at, end=at + len(name.text))
                )
        for number in analysis.numbers:
            at = given.text.find(number.text, start, end)
            if at >= 0:
                stop = at + len(number.text)
                value = Value(
                    type="number", text=number.text, value=number.normal, unit=number.unit, start=at, end=stop
                )
                found.append(value)
        return tuple(found)

    # -- straight to what a test asks for ---------------------------------------------------------

    def claims(self, facts: Sequence[Fact], articles: Sequence[ReadArticle]) -> tuple[Claim, ...]:
        return read_claims(facts, articles, self.parser)

    def merged(
        self, facts: Sequence[Fact], articles: Sequence[ReadArticle], copies: Sequence[CopyGroup] = ()
    ) -> tuple[MergedFact, ...]:
        common = commonness(articles)
        return merge(groups(self.claims(facts, articles), common), copies, common)
