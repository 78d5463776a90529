"""What a sentence says, taken apart once and used by everyone.

Comes in: a parsed sentence (an article's, or a statement about it) and the day of publication.
Goes out: an `Analysis`: clauses, numbers, dates, names, quotations and content words. Promises: the
cues, the gate and the values all look at the same analysis, so they cannot disagree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from service.facts.clauses import Clause, clauses
from service.facts.dates import When, dates
from service.facts.events import Event, events
from service.facts.expressions import Expression, find_expressions
from service.facts.lexicon import lexicon
from service.facts.names import Name, fold_word, names
from service.facts.numbers import CURRENCY_WORDS, Number, numbers
from service.facts.stems import bare_keys, stem, token_keys
from service.facts.syntax import particle_lemma

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_QUOTED = re.compile(r'"([^"]{2,}?)[,.]?"')
_LIGHT = frozenset(
    "be have do get go make take come let begin start continue become happen occur place also then just so "
    "very too only even still already again now here there both each other another different such same own "
    "more most much many few several some any all first last next once recent recently time way thing lot "
    "part number people person man woman younger older as worth at least".split()
)
_HOURS = (
    (0, 9, "early"),
    (0, 6, "night"),
    (4, 12, "morning"),
    (12, 18, "afternoon"),
    (17, 24, "evening"),
    (21, 24, "late"),
    (20, 24, "night"),
)
_MEASURES = frozenset({"%", "percent", "cent", "million", "billion", "thousand"})
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
    def events(self) -> tuple[Event, ...]:
        return events(self.doc, self.clauses, self.expressions)

    @cached_property
    def expressions(self) -> tuple[Expression, ...]:
        """Listed expressions of several words."""
        return find_expressions(self.doc)

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
            folded
            for raw in re.findall(r"[\w.'&-]+", self.text)
            for part in (raw, *raw.split("-"))
            if (folded := fold_word(part))
        )

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of all words and of their lemmas."""
        return (
            frozenset(
                stem(form)
                for token in self.doc
                if not token.is_punct
                for form in (token.lower_, token.lemma_.lower())
            )
            | frozenset(k for token in self.doc for k in bare_keys(token))
            | frozenset(stem(word) for word in self.words)
            | self._phrasal
            | frozenset(e.key for e in self.expressions)
            | self._implied
        )

    @cached_property
    def _implied(self) -> frozenset[str]:
        """What is said in other words: 3 a.m. is early, pleading not guilty is denying the charges."""
        found: set[str] = set()
        for when in self.dates:
            if hour := re.fullmatch(r"(\d\d):\d\d", when.value):
                found.update(stem(word) for begin, end, word in _HOURS if begin <= int(hour[1]) < end)
        if any("deni" in event.keys and event.token.lemma_ == "plead" for event in self.events):
            found.update(map(stem, ("deny", "charge", "guilt")))
        return frozenset(found)

    @cached_property
    def _phrasal(self) -> frozenset[str]:
        return frozenset(phrase for token in self.doc if "_" in (phrase := particle_lemma(token)))

    @cached_property
    def content(self) -> tuple[Token, ...]:
        """Tokens that carry meaning of their own: no function words, numbers, dates or light verbs."""
        words = lexicon()
        dated = [(w.start, w.end) for w in self.dates]
        counted = [(n.start, n.end) for n in self.numbers]
        return tuple(
            token
            for token in self.doc
            if token.pos_ in _CONTENT
            and token.dep_ not in {"aux", "auxpass", "neg"}
            and token.lemma_.lower() not in _LIGHT
            and not (token.pos_ == "VERB" and token.lemma_.lower() in words.light)
            and token.lower_ not in words.negations
            and not self._counted_money(token)
            and any(c.isalpha() for c in token.text)
            and not any(a <= token.idx < b for a, b in (*dated, *counted))
        )

    def _counted_money(self, token: Token) -> bool:
        """The "pounds" of "10,000 pounds" belong to the number."""
        name = token.lower_
        known = name in CURRENCY_WORDS or name.rstrip("s") in CURRENCY_WORDS
        return known and any(n.end <= token.idx <= n.end + 2 for n in self.numbers)

    @cached_property
    def frame_words(self) -> frozenset[int]:
        """Tokens that only say how sure a claim is or that somebody makes it: "said", "plans to",
        "according", "probably". What they frame is judged with the frame.
        """
        words = lexicon()
        hedges = (
            words.reported_adverbs
            | words.possible_adverbs
            | {"according", "yet", "far", "about", "around", "nearly", "almost", "roughly", "over", "under"}
        )
        found = {t.i for t in self.doc if t.lower_ in hedges}
        found |= {
            a.head for e in self.events for a in e.attributions if a.manner in {"say", "according", "deny"}
        }
        for token in self.doc:  # "sees no evidence of", "found signs of"
            if (
                token.dep_ == "dobj"
                and token.lemma_ in {"evidence", "sign", "reason"}
                and token.head.lemma_ in {"see", "find"}
            ):
                found.add(token.head.i)
        found |= {e.token.i for e in self.events if e.light and e.modality & {"planned", "duty"}}
        for event in self.events:
            parent = event.token.head
            if event.token.dep_ == "xcomp" and (
                parent.lemma_.lower() in words.plan or parent.lower_ in words.plan_adjectives
            ):
                found.add(parent.i)
        return frozenset(found)

    @cached_property
    def content_stems(self) -> tuple[frozenset[str], ...]:
        """For each content token, the stems it may be known by, alone or in an expression."""
        return tuple(token_keys(token) | self.expression_keys(token.i) for token in self.content)

    def expression_keys(self, place: int) -> frozenset[str]:
        """Keys of the expressions that the token at a place is a word of."""
        return frozenset(e.key for e in self.expressions if place in e.tokens)

    def token_at(self, start: int) -> Token | None:
        """The token that covers the character `start`."""
        return next((t for t in self.doc if t.idx <= start < t.idx + max(1, len(t))), None)

    def _tokens(self, start: int, end: int) -> list[Token]:
        span = self.doc.char_span(start, end, alignment_mode="expand")
        return list(span) if span is not None else []

    @cached_property
    def has_person_pronoun(self) -> bool:
        return any(t.lower_ in {"he", "she"} for t in self.doc)

    @cached_property
    def has_other_pronoun(self) -> bool:
        return any(t.lower_ in {"him", "her", "his"} for t in self.doc)

    def counted(self, start: int, end: int) -> frozenset[str]:
        """Stems of the noun that a number counts: "nine pieces", "hundreds of parents"."""
        found: set[str] = set()
        for token in self._tokens(start, end):
            if token.dep_ in {"nummod", "compound", "quantmod"} and token.head.lower_ in _MEASURES:
                found.update(
                    stem(g.lemma_.lower())
                    for c in token.head.children
                    if c.lower_ == "of"
                    for g in c.children
                )
            elif token.dep_ in {"nummod", "compound", "quantmod"} and token.head.pos_ == "NOUN":
                found.add(stem(token.head.lemma_.lower()))
            found.update(
                stem(g.lemma_.lower())
                for c in token.children
                if c.lower_ == "of"
                for g in c.children
                if g.pos_ == "NOUN"
            )
        return frozenset(found)

    def context(self, start: int, end: int, steps: int = 3) -> frozenset[str]:
        """Stems of the words that govern the tokens of a span: what a number counts, when a date was."""
        inside = self._tokens(start, end)
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


__all__ = ["Analysis", "analyse", "stem"]


def analyse(doc: Doc, published: date | datetime | None = None) -> Analysis:
    """An analysis; its parts are worked out when first asked for."""
    day = published.date() if isinstance(published, datetime) else published
    return Analysis(doc.text, doc, day)
