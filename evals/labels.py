"""Whether the labels of an event fit its articles and one another.

Comes in: the labels with their lines, and the articles' texts. Goes out: `Trouble`s, by file and line.
Promises: every rule of docs/labelling.md that a machine can check is checked; what a careful reader may
decide either way is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evals.lines import Line, Trouble
from evals.models import Forbidden, GoldConflict, GoldCopies, GoldFact, GoldValue
from service.text.cleaning import folded

SHOWN_CHARS = 60
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


@dataclass(frozen=True, slots=True)
class Labels:
    """What stands in the .jsonl files of one event's folder."""

    folder: Path
    gold: tuple[Line[GoldFact], ...]
    conflicts: tuple[Line[GoldConflict], ...]
    forbidden: tuple[Line[Forbidden], ...]
    copies: tuple[Line[GoldCopies], ...]


def label_troubles(labels: Labels, texts: Mapping[str, str], ids: frozenset[str]) -> list[Trouble]:
    """`texts`: those that could be read, by article id; `ids`: of all articles of the event."""
    articles = _Articles(texts, ids)
    found = {
        "gold.jsonl": _gold(labels, articles),
        "conflicts.jsonl": _conflicts(labels, articles),
        "forbidden.jsonl": _forbidden(labels, articles),
        "copies.jsonl": _copies(labels, articles),
    }
    return [Trouble(labels.folder / name, line, what) for name, told in found.items() for line, what in told]


_Told = Iterator[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class _Articles:
    texts: Mapping[str, str]
    ids: frozenset[str]

    def unknown(self, given: Iterable[str]) -> Iterator[str]:
        for article in given:
            if article not in self.ids:
                yield f"there is no article {article!r}; there are: {', '.join(sorted(self.ids))}"

    def without(self, quote: str, article: str) -> str | None:
        """What to say when `article` does not hold `quote`."""
        text = self.texts.get(article)
        if text is None or quote in text:
            return None
        shown = quote if len(quote) <= SHOWN_CHARS else quote[:SHOWN_CHARS] + "…"
        near = _spelled_otherwise(quote, text)
        hint = f"; it has {near!r}: copy that" if near else "; copy it from the article's file"
        return f"article {article!r} does not say {shown!r}{hint}"

    def spans(self, quote: str, article: str) -> list[tuple[int, int]]:
        text = self.texts.get(article, "")
        return [(m.start(), m.end()) for m in re.finditer(re.escape(quote), text)] if quote else []


def _spelled_otherwise(quote: str, text: str) -> str | None:
    """The article's own spelling of a quote that differs in white space, case or quotation marks only."""
    words = [re.escape(word) for word in re.split(r"[\s\"'“”‘’]+", quote) if word]
    if not words:
        return None
    found = re.search(r"[\s\"'“”‘’]{1,4}".join(words), text, re.IGNORECASE)
    return found[0] if found else None


def _twice(ids: Iterable[tuple[int, str]]) -> _Told:
    first: dict[str, int] = {}
    for line, name in ids:
        if first.setdefault(name, line) != line:
            yield line, f"id {name!r} is that of line {first[name]}, too"


# -- gold facts -----------------------------------------------------------------------------------


def _gold(labels: Labels, articles: _Articles) -> _Told:
    yield from _twice((line.number, line.value.id) for line in labels.gold)
    forbidden = [
        (line.value.article, span, line.number)
        for line in labels.forbidden
        if line.value.why != "duplicate"  # its first telling may be used
        for span in articles.spans(line.value.quote, line.value.article)
    ]
    for line in labels.gold:
        fact = line.value
        for what in (*_slots(fact), *_values(fact, articles)):
            yield line.number, what
        if len({(m.article, m.quote) for m in fact.mentions}) < len(fact.mentions):
            yield line.number, "the same mention is given twice"
        for mention in fact.mentions:
            for what in articles.unknown([mention.article]):
                yield line.number, what
            if lost := articles.without(mention.quote, mention.article):
                yield line.number, lost
            spans = articles.spans(mention.quote, mention.article)
            over = [
                next((n for a, (s, e), n in forbidden if a == mention.article and s <= b and end <= e), None)
                for b, end in spans
            ]
            if over and over[0] is not None and None not in over:
                yield line.number, f"it rests on text that forbidden.jsonl:{over[0]} forbids"


def _slots(fact: GoldFact) -> Iterator[str]:
    if not fact.statement.strip():
        yield "statement is empty"
    if fact.kind in fact.kind_alt or len(set(fact.kind_alt)) < len(fact.kind_alt):
        yield "kind_alt lists kinds other than kind, each once"
    if fact.speaker is not None and not fact.speaker.strip():
        yield "speaker is empty; write null for the reporter"


def _values(fact: GoldFact, articles: _Articles) -> Iterator[str]:
    for value in fact.values:
        if what := _misspelled(value):
            yield f"value {value.value!r}: {what}"
        elif value.type == "quote":
            said = [articles.texts.get(m.article, "") for m in fact.mentions]
            if all(said) and not any(folded(str(value.value)) in folded(text) for text in said):
                yield f"value {value.value!r}: no article that is mentioned has these words"


def _misspelled(value: GoldValue) -> str | None:
    if value.type == "number":
        return None if isinstance(value.value, int | float) else "a number is written as a JSON number"
    if not isinstance(value.value, str) or not value.value.strip():
        return f"a {value.type} is written as a string"
    if value.type == "date" and not _is_iso(value.value):
        return "a date is written 2031-03-04, 2031-03 or 2031"
    return None


def _is_iso(text: str) -> bool:
    match = _ISO.match(text)
    if match is None:
        return False
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True


# -- conflicts, forbidden text, copies ------------------------------------------------------------


def _conflicts(labels: Labels, articles: _Articles) -> _Told:
    yield from _twice((line.number, line.value.id) for line in labels.conflicts)
    mentioned = {line.value.id: {m.article for m in line.value.mentions} for line in labels.gold}
    for line in labels.conflicts:
        conflict = line.value
        facts = [fact for position in conflict.positions for fact in position.facts]
        for fact in dict.fromkeys(facts):
            if fact not in mentioned:
                yield line.number, f"there is no gold fact {fact!r}"
            elif facts.count(fact) > 1:
                yield line.number, f"gold fact {fact!r} stands on more than one side"
        for position in conflict.positions:
            for what in articles.unknown(position.articles):
                yield line.number, what
            if not all(fact in mentioned for fact in position.facts):
                continue
            sayers = set().union(*(mentioned[fact] for fact in position.facts))
            for article in set(position.articles) & articles.ids - sayers:
                yield line.number, f"article {article!r} mentions none of {', '.join(position.facts)}"
        if conflict.type == "internal" and not set.intersection(
            *(set(position.articles) for position in conflict.positions)
        ):
            yield line.number, "an internal conflict has one article on all of its sides"


def _forbidden(labels: Labels, articles: _Articles) -> _Told:
    for line in labels.forbidden:
        for what in articles.unknown([line.value.article]):
            yield line.number, what
        if lost := articles.without(line.value.quote, line.value.article):
            yield line.number, lost


def _copies(labels: Labels, articles: _Articles) -> _Told:
    for line in labels.copies:
        group = line.value
        if len(set(group.articles)) < len(group.articles):
            yield line.number, "an article is named twice"
        for what in articles.unknown(group.articles):
            yield line.number, what
        for quote in group.shared_quotes:
            for article in group.articles:
                if lost := articles.without(quote, article):
                    yield line.number, lost
