"""An article, read: numbered sentences with their roles, ready to be parsed and asked about.

Comes in: an `Article`. Goes out: a `SourceText`. Promises: offsets count characters of the original
text; sentences never overlap and together cover every non-space character of it; what cannot be read
(empty, too long, markup, not English) is refused with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from service.errors import ArticleTooLarge, EmptyArticle, NotText, UnsupportedLanguage
from service.text.article import Article, ReadArticle, Sentence
from service.text.cleaning import Reading, fold, folded
from service.text.direction import turned_round
from service.text.instructions import Spot, instructions
from service.text.language import foreign_language, is_foreign_sentence
from service.text.markup import stretches, without_hidden
from service.text.roles import Placed, roles
from service.text.sentences import sentence_spans
from service.text.wrapping import unwrapped

_DOCUMENT = re.compile(r"\s*(?:<\?xml\b|<!doctype\b|<html\b)", re.IGNORECASE)
_TAG = re.compile(
    r"<(?P<closing>/?)(?:html|head|body|title|meta|link|script|style|div|p|span|a|br|img|ul|ol|li|h[1-6]|table|t[rdh]|b|i|em|strong"
    r"|section|figure|figcaption|blockquote)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_MARKUP_SAMPLE = 20_000  # characters
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
MAX_NESTED = 50  # stretches of machine text looked at for one sentence
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class SourceSentence:
    """A sentence as it is read. `shift` is where its reading begins in the article's reading."""

    sentence: Sentence
    text: str
    shift: int

    @property
    def sentence_id(self) -> str:
        return self.sentence.sentence_id


@dataclass(frozen=True)
class SourceText:
    """One article and its sentences, in reading order."""

    article: Article
    reading: Reading
    sentences: tuple[SourceSentence, ...]

    @cached_property
    def article_id(self) -> str:
        return self.article.article_id

    @cached_property
    def by_id(self) -> dict[str, SourceSentence]:
        return {sentence.sentence_id: sentence for sentence in self.sentences}

    @property
    def body(self) -> tuple[SourceSentence, ...]:
        return tuple(s for s in self.sentences if s.sentence.role == "body")

    def original_span(self, sentence: SourceSentence, start: int, end: int) -> tuple[int, int]:
        """Offsets into the article for `[start, end)` of a sentence's reading."""
        return self.reading.span(sentence.shift + start, sentence.shift + end)

    def as_read(self) -> ReadArticle:
        fields = {name: getattr(self.article, name) for name in Article.model_fields}
        return ReadArticle(
            **fields, article_id=self.article_id, sentences=tuple(s.sentence for s in self.sentences)
        )


def read(article: Article, *, max_chars: int) -> SourceText:
    """Number the sentences of `article`.

    Raises EmptyArticle, ArticleTooLarge, NotText (markup, broken characters) or UnsupportedLanguage.
    """
    if len(article.text) > max_chars:
        raise ArticleTooLarge(
            f"{len(article.text):,} characters; the limit is {max_chars:,} (ATTEST_MAX_ARTICLE_CHARS)"
        )
    _refuse_broken_characters(article)
    reading = unwrapped(fold(article.text))
    if not any(character.isalpha() for character in reading.text):
        raise EmptyArticle("there is no readable text in it")
    if _is_markup(without_hidden(reading.text[:_MARKUP_SAMPLE])):
        raise NotText("this is HTML markup; save it as .html, or send the text without tags")
    given = (article.language or "").strip().lower()
    if given and given != "und" and not re.match(r"en(?:g|glish)?(?:$|[-_])", given):
        raise UnsupportedLanguage(f"its language is given as {article.language!r}; attest reads English")
    if code := foreign_language(reading.text):
        raise UnsupportedLanguage(f"it looks like language {code!r}; attest reads English")
    return SourceText(article, reading, _numbered(article, reading, sentence_spans(reading)))


def _refuse_broken_characters(article: Article) -> None:
    """JSON can carry half of a surrogate pair (RFC 8259, section 8.2); UTF-8, and so a story, cannot."""
    for name in ("text", "title", "source", "language"):
        if found := _SURROGATE.search(getattr(article, name) or ""):
            raise NotText(
                f"character {found.start()} of its {name} is half of a surrogate pair "
                f"(U+{ord(found[0]):04X}); decode the text again and send it whole"
            )


def _is_markup(text: str) -> bool:
    """Tags in number, some of them closing; an article may well mention one or two."""
    tags = [match["closing"] for match in _TAG.finditer(text)]
    dense = len(tags) >= 2 and len(tags) * 1000 >= len(text)
    return _DOCUMENT.match(text) is not None or (dense and ("/" in tags or len(tags) >= 5))


def _numbered(article: Article, reading: Reading, spans: list[tuple[int, int]]) -> tuple[SourceSentence, ...]:
    lines = _line_numbers(reading.text, spans)
    orders = instructions(_spots(article, reading, spans, lines))
    placed = [
        Placed(reading.text[a:b], line, order)
        for (a, b), line, order in zip(spans, lines, orders, strict=True)
    ]
    title = folded(article.title) if article.title else None
    extents = _covering(article.text, [reading.span(a, b) for a, b in spans])
    return tuple(
        SourceSentence(Sentence(sentence_id=f"s{n}", start=start, end=end, role=role), text.text, a)
        for n, ((start, end), role, text, (a, _)) in enumerate(
            zip(extents, roles(placed, title), placed, spans, strict=True), start=1
        )
    )


def _spots(article: Article, reading: Reading, spans: list[tuple[int, int]], lines: list[int]) -> list[Spot]:
    """The sentences for `instructions`; marked is what no reader sees as it stands, or could read."""
    turned = turned_round(article.text, [reading.span(a, b) for a, b in spans])
    machine = stretches(reading.text)
    spots: list[Spot] = []
    paragraph, first, previous_end = 0, 0, 0
    for (start, end), line, backwards in zip(spans, lines, turned, strict=True):
        text = reading.text[start:end]
        paragraph += _BLANK_LINE.search(reading.text, previous_end, start) is not None
        while first < len(machine) and machine[first].end <= start:
            first += 1
        marked = any(m.start < end and start < m.end for m in machine[first : first + MAX_NESTED])
        marked = marked or backwards or is_foreign_sentence(text)
        spots.append(Spot(text, line, paragraph, marked))
        previous_end = end
    return spots


def _line_numbers(text: str, spans: list[tuple[int, int]]) -> list[int]:
    """The line each span stands on; lines without text are not counted."""
    numbers: list[int] = []
    number = -1
    previous_end = 0
    for start, end in spans:
        if number < 0 or "\n" in text[previous_end:start]:
            number += 1
        numbers.append(number)
        previous_end = end
    return numbers


def _covering(original: str, extents: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretch each sentence over invisible characters beside it, so that nothing is left uncovered."""
    covered: list[tuple[int, int]] = []
    for index, (start, end) in enumerate(extents):
        limit = extents[index + 1][0] if index + 1 < len(extents) else len(original)
        end = max((at + 1 for at in range(end, limit) if not original[at].isspace()), default=end)
        if index == 0:
            start = min((at for at in range(start) if not original[at].isspace()), default=start)
        covered.append((start, end))
    return covered
