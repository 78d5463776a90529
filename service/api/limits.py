"""How much one request may hold, and that its text is text.

Comes in: a validated request and the settings. Goes out: nothing, or the error that names the limit, the
setting and the place in the request (a JSON pointer). Promises: nothing is read before this was asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from service.api.refusals import TooManyStatements
from service.errors import ArticleTooLarge, NotText, TooManyArticles
from service.settings import Settings
from service.text.article import Article


def check_articles(articles: Sequence[Article], settings: Settings) -> None:
    """Raises TooManyArticles, ArticleTooLarge or NotText."""
    if len(articles) > settings.max_articles:
        raise TooManyArticles(
            f"{len(articles):,} articles; the limit is {settings.max_articles:,} (ATTEST_MAX_ARTICLES)",
            where="/articles",
        )
    for position, article in enumerate(articles):
        check_article(article, settings, pointer=f"/articles/{position}")


def check_room(count: int, settings: Settings) -> None:
    """Whether a story of `count` articles can take up one more. Raises TooManyArticles."""
    if count >= settings.max_articles:
        raise TooManyArticles(
            f"the story has {count:,} articles; the limit is {settings.max_articles:,} (ATTEST_MAX_ARTICLES)",
            where="/article",
        )


def check_article(article: Article, settings: Settings, *, pointer: str = "/article") -> None:
    """Raises ArticleTooLarge or NotText. The other fields may be as long as the text, no longer."""
    for name in ("text", "title", "source", "language"):
        _check_text(getattr(article, name) or "", settings, f"{pointer}/{name}")


def check_statements(statements: Sequence[str], settings: Settings) -> None:
    """Raises TooManyStatements, NotText, or ArticleTooLarge for a statement as long as no article may be."""
    if len(statements) > settings.max_statements:
        raise TooManyStatements(
            f"{len(statements):,} statements; the limit is {settings.max_statements:,}"
            " (ATTEST_MAX_STATEMENTS)",
            where="/statements",
        )
    for position, statement in enumerate(statements):
        _check_text(statement, settings, f"/statements/{position}")


def _check_text(text: str, settings: Settings, pointer: str) -> None:
    if len(text) > settings.max_article_chars:
        raise ArticleTooLarge(
            f"{len(text):,} characters; the limit is {settings.max_article_chars:,}"
            " (ATTEST_MAX_ARTICLE_CHARS)",
            where=pointer,
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        # JSON can spell it, no encoding of text can: it could neither be hashed nor written down again
        raise NotText(f"character {error.start} is half of a surrogate pair", where=pointer) from None
