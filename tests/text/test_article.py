"""What an article is, and what it is called."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.text.article import Article
from tests.text.pages import LEAD
from tests.text.test_cleaning import ANY_TEXT


@given(ANY_TEXT)
def test_the_text_is_kept_character_for_character(text: str) -> None:
    assert Article(text=text).text == text


@given(ANY_TEXT, st.none() | st.text())
def test_the_same_content_has_the_same_id(text: str, source: str | None) -> None:
    article_id = Article(text=text, source=source).article_id
    assert article_id == Article(text=text, source=source, title="Other", language="en").article_id
    assert article_id == Article(text=f"\n {text}\r\n", source=source).article_id
    assert article_id != Article(text=f"{text}x", source=source).article_id
    assert article_id != Article(text=text, source=f"{source}x").article_id


def test_the_id_is_the_same_on_every_machine() -> None:
    assert (
        Article(text="Ferries ran\n again.", source="Harbour Post").article_id == "article_51792372cb782793"
    )
    assert (
        Article(text="Ferries ran again.", source=None).article_id
        != Article(text="Ferries ran again.", source="").article_id
    )


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("2024-06-18", date(2024, 6, 18)),
        ("2024-06-18T10:05:00Z", datetime(2024, 6, 18, 10, 5, tzinfo=UTC)),
        (date(2024, 6, 18), date(2024, 6, 18)),
        (None, None),
    ],
)
def test_a_date_is_iso_8601(given_: Any, kept: object) -> None:
    assert Article(text=LEAD, published_at=given_).published_at == kept


@pytest.mark.parametrize(
    "given_", [2024, 1718668800, 1.5, True, "2024", "1718668800", "18.06.2024", "June 18", "", []]
)
def test_what_is_no_date_is_refused(given_: Any) -> None:
    with pytest.raises(ValidationError, match="published_at"):
        Article(text=LEAD, published_at=given_)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"text": None},
        {"text": 5},
        {"text": ["a"]},
        {"text": "a", "titel": "b"},
        {"text": "a", "source": 5},
    ],
)
def test_missing_unknown_and_wrong_fields_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Article.model_validate(fields)


def test_an_article_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(Article(text=LEAD), "text", "other")  # noqa: B010  mypy refuses the assignment too
