"""What a sentence says, taken apart once and used by everyone.

Comes in: a parsed sentence (an article's, or a statement about it) and the day of publication.
Goes out: an `Analysis`: clauses, numbers, dates, names, quotations and content words. Promises: the
cues, the gate and the values all look at the same analysis, so they cannot disagree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import snowballstemmer

from service.facts.clauses import Clause, clauses
from service.facts.dates import When, dates
from service.facts.names import Name, fold_word, names
from service.facts.numbers import Number, numbers

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_QUOTED = re.compile(r'"([^"]{2,}?)[,.]?"')
_LIGHT = frozenset(
    "be have do get go make take come let begin start continue become happen occur place also then just so very too only "
    "even still already again now here there both each other another such same own more most much many few several some "
    "any all first last next recent recently time way thing lot part number people person man woman".split()
)
_CONTENT = frozenset({"NOUN", "VERB", "ADJ", "ADV", "PROPN"})


@dataclass(frozen=True)
class Analysis:
    """All offsets count characters of `text`."""

    text: str
    doc: Doc
    published: date | None

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        return clauses(self.doc)

    @cached_property
    def dates(self) -> tuple[When, ...]:
        return dates(self.text, self.published)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        return names(self.doc)

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        return numbers(self.text, tuple((w.start, w.end) for w in self.dates))

    @cached_property
    def quotes(self) -> tuple[tuple[int, int], ...]:
        """Spans of the words inside quotation marks."""
        return tuple(match.span(1) for match in _QUOTED.finditer(self.text))

    @cached_property
    def words(self) -> frozenset[str]:
        """Folded words of the whole text, hyphenated ones also in parts."""
        return frozenset(
            folded for raw in re.findall(r"[\w.'&-]+", self.text) for part in (raw, *raw.split("-")) if (folded := fold_word(part))
        )

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of all words and of their lemmas."""
        return frozenset(
            stem(form) for token in self.doc if not token.is_punct for form in (token.lower_, token.lemma_.lower())
        ) | frozenset(stem(word) for word in self.words)

    @cached_property
    def content(self) -> tuple[Token, ...]:
        """Tokens that carry meaning of their own: no function words, numbers, dates or light verbs."""
        dated = [(w.start, w.end) for w in self.dates]
        counted = [(n.start, n.end) for n in self.numbers]
        return tuple(
            token
            for token in self.doc
            if token.pos_ in _CONTENT
            and token.dep_ not in {"aux", "auxpass", "neg"}
            and token.lemma_.lower() not in _LIGHT
            and any(c.isalpha() for c in token.text)
            and not any(a <= token.idx < b for a, b in (*dated, *counted))
        )

    @cached_property
    def content_stems(self) -> tuple[frozenset[str], ...]:
        """For each content token, the stems it may be known by."""
        return tuple(frozenset((stem(t.lemma_.lower()), stem(t.lower_))) for t in self.content)

    def token_at(self, start: int) -> Token | None:
        """The token that covers the character `start`."""
        return next((t for t in self.doc if t.idx <= start < t.idx + max(1, len(t))), None)

    def context(self, start: int, end: int, steps: int = 3) -> frozenset[str]:
        """Stems of the words that govern the tokens of a span: what a number counts, when a date was."""
        inside = [t for t in self.doc if t.idx < end and start < t.idx + len(t)]
        found: set[str] = set()
        for token in inside:
            node = token
            for _ in range(steps):
                if node.head.i == node.i:
                    break
                node = node.head
                if node.idx >= end or node.idx + len(node) <= start:
                    if node.pos_ in _CONTENT:
                        found.add(stem(node.lemma_.lower()))
                    if node.pos_ in {"VERB", "AUX"}:
                        break
        return frozenset(found)


def analyse(doc: Doc, published: date | datetime | None = None) -> Analysis:
    """An analysis; its parts are worked out when first asked for."""
    day = published.date() if isinstance(published, datetime) else published
    return Analysis(doc.text, doc, day)


@lru_cache(maxsize=1)
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Snowball stem of a lower-case word."""
    return str(_stemmer().stemWord(word))
