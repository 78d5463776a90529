"""An article, read: numbered sentences that cover it, or a reason why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import ArticleTooLarge, EmptyArticle, InputError, NotText, UnsupportedLanguage
from service.text.article import Article
from service.text.reading import SourceText, read
from tests.text.pages import ENOUGH, LEAD, SECOND, THIRD, TITLE, reading_of
from tests.text.test_cleaning import ANY_TEXT
from tests.text.test_sentences import PROSE

ROOT = Path(__file__).parents[2]
# News, with whatever may stand between it
PAGE = st.lists(
    st.one_of(st.sampled_from([LEAD, SECOND, THIRD, TITLE, "Photo: AP", "(AFP)"]), PROSE, ANY_TEXT)
)


def check(source: SourceText) -> None:
    """What `SourceText` promises."""
    text = source.article.text
    previous = 0
    covered: set[int] = set()
    for number, sentence in enumerate(source.sentences, start=1):
        at = sentence.sentence
        assert at.sentence_id == f"s{number}"
        assert previous <= at.start < at.end <= len(text)
        start, end = source.original_span(sentence, 0, len(sentence.text))
        assert at.start <= start < end <= at.end
        assert sentence.text == sentence.text.strip() != ""
        assert "\n" not in sentence.text
        covered.update(range(at.start, at.end))
        previous = at.end
    assert all(character.isspace() for at_, character in enumerate(text) if at_ not in covered)


@given(PAGE, st.sampled_from(["\n\n", "\n", " ", "", "\r\n", "\u200b"]))
def test_sentences_cover_any_text_that_is_not_refused(parts: list[str], joint: str) -> None:
    try:
        source = read(Article(text=joint.join(parts)), max_chars=ENOUGH)
    except (EmptyArticle, NotText, UnsupportedLanguage):
        return
    check(source)


@given(ANY_TEXT)
def test_news_with_anything_around_it_is_covered(text: str) -> None:
    try:
        source = read(Article(text=f"{text}{LEAD}\n{text}{SECOND}{text}"), max_chars=ENOUGH)
    except (NotText, UnsupportedLanguage):
        return
    check(source)


@given(PAGE)
def test_spans_of_a_sentence_lead_back_to_its_characters(parts: list[str]) -> None:
    source = reading_of("\n".join([LEAD, *(part for part in parts if part in {LEAD, SECOND, "(AFP)"})]))
    for sentence in source.sentences:
        for at, character in enumerate(sentence.text):
            start, end = source.original_span(sentence, at, at + 1)
            assert source.article.text[start:end] == character


@pytest.mark.parametrize("path", sorted((ROOT / "seeds").glob("*.json")), ids=lambda path: path.stem)
def test_the_seeds_read(path: Path) -> None:
    source = read(Article.model_validate_json(path.read_bytes()), max_chars=ENOUGH)
    check(source)
    assert [s.sentence_id for s in source.body] == [
        s.sentence_id for s in source.sentences if s.sentence.role == "body"
    ]
    assert source.by_id["s1"] is source.sentences[0]


def test_offsets_count_code_points_of_the_text_as_it_came() -> None:
    text = f"\ufeff  {TITLE}\r\n\r\n😀 e\u0301te\u0301… “Nobody was hurt.”\u200b\r\n"
    source = reading_of(text)
    check(source)
    second = source.sentences[1]
    assert second.text.startswith("😀 été...")
    start, end = source.original_span(second, 2, 5)
    assert text[start:end] == "e\u0301te\u0301"
    assert text[source.sentences[0].sentence.start] == "\ufeff"


def test_what_leaves_the_room_is_the_article_with_its_sentences() -> None:
    article = Article(text=LEAD, title=TITLE, source="Velden Post", published_at="2024-06-18", language="en")
    told = read(article, max_chars=ENOUGH).as_read()
    assert told.article_id == article.article_id
    assert {name: getattr(told, name) for name in Article.model_fields} == dict(article)
    assert [s.sentence_id for s in told.sentences] == ["s1"]


# -- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\t \r\n",
        "\u200b\ufeff\u00ad",
        "\u202e\u2066",
        "\u3164\u2800",
        "\x00",
        "...",
        "— * —",
        "12 34\n5.6",
    ],
)
def test_a_text_without_words_is_empty(text: str) -> None:
    with pytest.raises(EmptyArticle, match="no readable text"):
        reading_of(text)


def test_a_text_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(
        ArticleTooLarge, match=r"1,000,000 characters; the limit is 200,000 \(ATTEST_MAX_ARTICLE_CHARS\)"
    ):
        read(Article(text="a" * 1_000_000), max_chars=200_000)
    assert read(Article(text="Abc."), max_chars=4).sentences


def test_a_megabyte_is_read_when_the_limit_allows_it() -> None:
    source = reading_of(f"{LEAD} {SECOND}\n\n" * 6200)
    assert len(source.article.text) > 1_000_000
    assert len(source.sentences) == 12_400


def test_a_megabyte_without_a_space_is_read() -> None:
    source = reading_of("x" * 1_000_000)
    check(source)
    assert max(len(sentence.text) for sentence in source.sentences) <= 2000


@pytest.mark.parametrize("text", ["Bo\ud800om in Velden", "\udfff"])
def test_half_a_character_is_refused(text: str) -> None:
    with pytest.raises(
        NotText, match=rf"character {text.find(max(text))} of its text is half of a surrogate pair"
    ):
        reading_of(text)


@pytest.mark.parametrize("field", ["title", "source", "language"])
def test_half_a_character_is_refused_in_every_field(field: str) -> None:
    with pytest.raises(NotText, match=f"character 1 of its {field}"):
        read(Article.model_validate({"text": LEAD, field: "a\ud800"}), max_chars=ENOUGH)


@pytest.mark.parametrize("mark", ["\ufeff", "\x00", "\u202e", "\u200b", "\x1b", "\ue000", "\U000e0041"])
def test_what_cannot_be_seen_changes_nothing_but_offsets(mark: str) -> None:
    source = reading_of(f"{mark}{LEAD}\n{mark}\n{SECOND}{mark} {THIRD[:6]}{mark}{THIRD[6:]}")
    check(source)
    assert [s.text for s in source.sentences] == [LEAD, SECOND, THIRD]
    assert {s.sentence.role for s in source.sentences} == {"body"}


@pytest.mark.parametrize("text", [LEAD, LEAD.rstrip("."), LEAD.upper(), "Fire!", "A"])
def test_one_sentence_is_an_article(text: str) -> None:
    source = reading_of(text)
    check(source)
    assert [s.text for s in source.body] == [text]


def test_capitals_are_read() -> None:
    source = reading_of(f"{LEAD}\n\n{SECOND}".upper())
    assert [s.text for s in source.body] == [LEAD.upper(), SECOND.upper()]


def test_a_text_without_any_stop_is_read() -> None:
    source = reading_of("the mayor of velden said that the hall will be built again " * 30)
    check(source)
    assert source.body == source.sentences


@pytest.mark.parametrize(
    "text",
    [
        f"<!DOCTYPE html><html><body>{LEAD}</body></html>",
        f"<p>{LEAD}</p>",
        f"<div class='story'>{LEAD}<br>{SECOND}</div>",
        f"  <HTML>\n<P>{LEAD}",
        f'<?xml version="1.0"?><rss>{LEAD}</rss>',
        f'{LEAD} <a href="/next">{SECOND}</a> <b>now</b>',
    ],
)
def test_markup_is_refused(text: str) -> None:
    with pytest.raises(NotText, match="HTML markup"):
        reading_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "The <p> and <b> tags go away with the new standard, its editor said.",
        "Fewer than 5 < 6 > 4 were hurt.",
        f"{LEAD} The page began with <html>, and that was the mistake. {SECOND}",
    ],
)
def test_an_article_about_markup_is_read(text: str) -> None:
    check(reading_of(text))


@pytest.mark.parametrize("language", ["de", "fr-CA", "zh", "enm"])
def test_a_language_that_is_given_is_believed(language: str) -> None:
    with pytest.raises(UnsupportedLanguage, match=f"given as '{language}'"):
        read(Article(text=LEAD, language=language), max_chars=ENOUGH)


@pytest.mark.parametrize(
    "language", ["en", "EN", "en-GB", "en_US", "eng", "English", "und", " en ", "", None]
)
def test_english_has_many_names(language: str | None) -> None:
    assert read(Article(text=LEAD, language=language), max_chars=ENOUGH).body


def test_a_text_in_another_language_is_refused_whatever_is_given() -> None:
    german = (
        "Der Brand zerstörte am Sonntag die alte Markthalle von Velden, wie die Stadt am Montag mitteilte."
    )
    with pytest.raises(UnsupportedLanguage, match="looks like language 'de'"):
        read(Article(text=german, language="en"), max_chars=ENOUGH)


def test_every_refusal_is_an_input_error() -> None:
    for refusal in (ArticleTooLarge, EmptyArticle, NotText, UnsupportedLanguage):
        assert issubclass(refusal, InputError)
        assert refusal.exit_code == 2
