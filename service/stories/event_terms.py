"""What an article is about, as far as words, names, figures and days tell it without a parse.

Comes in: a read article. Goes out: its `Profile`: weighted terms, its title, its day, and a sketch of its
text. Promises: only headlines and body sentences are read; the article's own words decide what is a name
(a capital inside a sentence); nothing depends on any other article.

A term is the stem of a word, two names side by side ("elena rossani"), a figure, or a day. A weekday is
the one nearest to the day of publication, so that Monday's fire and last month's Monday are two days.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import takewhile
from pathlib import Path

from service.facts.names import CALENDAR, HONORIFICS, fold_word
from service.facts.stems import stem
from service.stories.near_copies import Sketch, sketch
from service.text.article import ReadArticle
from service.text.cleaning import folded

# Where an article says what it is about: a mention in the headline or at the beginning counts double.
LEAD_SENTENCES = 2
LEAD_WEIGHT = 2
MAX_TITLE_CHARS = 160

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['.&][^\W\d_]+)*")
_YEAR = re.compile(r"(?:19|20|21)\d\d")
_PLACING = frozenset("in near at outside off above around across".split())
_WEEKDAYS = {
    name: number
    for number, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
}
_MONTHS = {
    name[:3]: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
}


@dataclass(frozen=True, slots=True)
class Profile:
    """One article. `terms`: how often each is said, the beginning counted double; `names`: those of them
    that stand for names here; `places`: those that the beginning names after "in", "near" and the like;
    `shown`: how each is spelled; `sketch`: of its text, to find copies by.
    """

    article_id: str
    title: str
    headed: bool
    published: date | None
    terms: Mapping[str, int]
    names: frozenset[str]
    places: frozenset[str]
    shown: Mapping[str, str]
    sketch: Sketch


@dataclass(frozen=True, slots=True)
class _Word:
    """A token. `capital`: written with one where that is no matter of course; `joined`: only a space
    stands between it and the word before; `lead`: it stands where the article says what it is about.
    """

    text: str
    term: str
    capital: bool
    joined: bool
    lead: bool


@lru_cache(maxsize=1)
def event_words() -> Mapping[str, frozenset[str]]:
    """The word lists, as terms: `function`, `frequent`, `countries`."""
    with (Path(__file__).parent / "event_words.toml").open("rb") as file:
        raw = tomllib.load(file)
    return {name: frozenset(map(term_of, words.split())) for name, words in raw.items()}


@lru_cache(maxsize=65536)
def term_of(word: str) -> str:
    """What a word is counted by. Names have stems like all words: any may stand first in a sentence."""
    return stem(fold_word(word))


def profile(article: ReadArticle) -> Profile:
    """What `article` is about."""
    published = article.published_at
    day = published.date() if isinstance(published, datetime) else published
    sentences = [list(_words(*given)) for given in _telling(article)]
    named = {word.term for words in sentences for word in words if word.capital}
    terms: Counter[str] = Counter()
    names: set[str] = set()
    shown: dict[str, str] = {}
    for words in sentences:
        for term, text, lead, name in _terms(words, named, day):
            terms[term] += LEAD_WEIGHT if lead else 1
            if name and term not in names:
                names.add(term)
                shown[term] = text
            shown.setdefault(term, text)
    places = {place for words in sentences for place in _places(words, named)}
    title, headed = _title(article)
    body = [article.text[s.start : s.end] for s in article.sentences if s.role == "body"]
    return Profile(
        article.article_id,
        title,
        headed,
        day,
        dict(terms),
        frozenset(names),
        frozenset(places),
        shown,
        sketch("\n".join(body)),
    )


def _telling(article: ReadArticle) -> Iterator[tuple[str, bool, bool]]:
    """(sentence, whether it is a headline, whether it stands at the beginning)."""
    if article.title:
        yield folded(article.title), True, True
    bodies = 0
    for sentence in article.sentences:
        if sentence.role in {"headline", "body"}:
            headline = sentence.role == "headline"
            text = folded(article.text[sentence.start : sentence.end])
            yield text, headline, headline or bodies < LEAD_SENTENCES
            bodies += not headline


def _words(sentence: str, headline: bool, lead: bool) -> Iterator[_Word]:
    """Capitals say nothing in headlines, at the beginning of a sentence or of a quotation, or where all is
    written in them.
    """
    end = 0
    first = True
    for match in _TOKEN.finditer(sentence):
        between = sentence[end : match.start()]
        begins = first or '"' in between or ":" in between
        text = re.sub(r"'s?$", "", match[0])
        capital = not (headline or begins) and text[0].isupper()
        lower = text.lower()
        if capital and (lower in CALENDAR or lower in HONORIFICS):
            capital = False
        yield _Word(text, term_of(text), capital, between == " " and not first, lead)
        first, end = False, match.end()


def _terms(words: list[_Word], named: set[str], day: date | None) -> Iterator[tuple[str, str, bool, bool]]:
    """(term, spelling, whether at the beginning, whether a name) for whatever a sentence speaks of."""
    function = event_words()["function"]
    for place, word in enumerate(words):
        before = words[place - 1] if place and word.joined else None
        if word.text[0].isdigit():
            after = words[place + 1] if place + 1 < len(words) and words[place + 1].joined else None
            yield from _figure(word, after)
            continue
        lower = word.text.lower()
        if lower in _WEEKDAYS:
            yield _nearest(_WEEKDAYS[lower], day), word.text, word.lead, False
        elif _MONTHS.get(lower[:3]) and lower in CALENDAR:
            pass
        elif len(word.term) > 1 and word.term not in function:
            name = word.term in named and word.text[0].isupper()
            yield word.term, word.text, word.lead, name
            if name and before and before.term in named and before.text[0].isupper():
                yield f"{before.term} {word.term}", f"{before.text} {word.text}", word.lead, True


def _places(words: list[_Word], named: set[str]) -> Iterator[str]:
    """The term of every name that follows such a word at the beginning of the article."""
    for place, word in enumerate(words[:-1]):
        if not word.lead or word.text.lower() not in _PLACING:
            continue
        name = list(
            takewhile(lambda w: w.joined and w.text[0].isupper() and w.term in named, words[place + 1 :])
        )
        if name:
            yield " ".join(w.term for w in name[-2:])


def _figure(word: _Word, after: _Word | None) -> Iterator[tuple[str, str, bool, bool]]:
    """A figure of two digits or more, by itself and with what it counts; a year by itself says little."""
    figure = word.text.replace(",", "")
    if len(figure) > 1 and not _YEAR.fullmatch(figure):
        yield f"#{figure}", word.text, word.lead, False
        if after and after.term not in event_words()["function"] and not after.text[0].isdigit():
            yield f"#{figure} {after.term}", f"{word.text} {after.text}", word.lead, False


def _nearest(weekday: int, published: date | None) -> str:
    """The day of that name that is nearest to the day of publication, or only its name."""
    if published is None:
        return f"@{weekday}"
    ahead = (weekday - published.weekday()) % 7
    shift = ahead if ahead <= 3 else ahead - 7
    try:
        return f"@{published + timedelta(days=shift)}"
    except OverflowError:
        return f"@{weekday}"


def _title(article: ReadArticle) -> tuple[str, bool]:
    """The headline on one line, or the first sentence where there is none; and which it is."""
    spans = {role: (s.start, s.end) for s in reversed(article.sentences) for role in [s.role]}
    headed = bool(article.title) or "headline" in spans
    start, end = spans.get("headline") or spans.get("body") or (0, len(article.text))
    title = " ".join(folded(article.title or article.text[start:end]).split())
    return (title if len(title) <= MAX_TITLE_CHARS else title[: MAX_TITLE_CHARS - 1] + "…"), headed
