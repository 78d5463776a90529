"""What is handed in -> what can be read.

Comes in: articles. Goes out: parsed ones, and why the others are none. Promises: an input that cannot be read
costs the others nothing; the same article is read once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.errors import EmptyArticle, InputError, TooManyArticles
from service.facts.reading import ParsedArticle, parse_article
from service.progress import Progress
from service.settings import Settings
from service.stories.models import Skipped
from service.text.article import Article
from service.text.parsing import Parser
from service.text.reading import read


@dataclass(frozen=True)
class Intake:
    """Reads within the limits of `settings`."""

    settings: Settings
    parser: Parser

    def read(self, article: Article) -> ParsedArticle:
        """Raises InputError."""
        return parse_article(read(article, max_chars=self.settings.max_article_chars), self.parser)

    def read_all(
        self, articles: Sequence[Article], progress: Progress, known: Sequence[str] = ()
    ) -> tuple[list[ParsedArticle], list[Skipped]]:
        """`known`: ids of articles that the story has already."""
        if not articles:
            raise EmptyArticle("no article was given")
        if (count := len(known) + len(articles)) > self.settings.max_articles:
            raise TooManyArticles(
                f"{count} articles; the limit is {self.settings.max_articles} (ATTEST_MAX_ARTICLES)"
            )
        parsed: dict[str, ParsedArticle] = {}
        skipped: list[Skipped] = []
        problems: list[InputError] = []
        for position, article in enumerate(articles):
            progress("read", position + 1, len(articles))
            if article.article_id in parsed or article.article_id in known:
                detail = "the same text from the same source was given before"
                skipped.append(Skipped(position=position, reason="duplicate-article", detail=detail))
                continue
            try:
                parsed[article.article_id] = self.read(article)
            except InputError as error:
                problems.append(error)
                skipped.append(Skipped(position=position, reason=error.slug, detail=str(error)))
        if not parsed and problems:
            raise (
                problems[0]
                if len(problems) == 1
                else type(problems[0])(
                    f"none of the {len(articles)} articles can be read; the first: {problems[0]}"
                )
            )
        return list(parsed.values()), skipped
