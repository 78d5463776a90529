"""A fact, read again as one reads it beside others.

Comes in: facts, their articles and the parser. Goes out: one `Claim` a fact, with its names, numbers,
dates, quotations and the stems of what it says. Promises: everything is read off the statement, whose
wording has passed the gate; the same facts give the same claims whatever their order.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from service.facts.analysis import Analysis, analyse, stem
from service.facts.lexicon import lexicon
from service.facts.models import Fact
from service.facts.names import Name, fold_word, name_words, without_titles
from service.stories.places import MAX_PERSON_WORDS, Words
from service.text.article import ReadArticle
from service.text.parsing import Parser

if TYPE_CHECKING:
    from spacy.tokens import Doc

_PRONOUNS = frozenset({"he", "she", "it", "they", "we", "i", "you", "this", "these", "those", "both", "who"})
_TITLE_PROBE = "\x00"  # what is left of a name that is nothing but titles


@dataclass(frozen=True, eq=False)
class Claim:
    """`position`: where the evidence begins, 0 (first character of the article) to 1."""

    fact: Fact
    article: ReadArticle
    analysis: Analysis
    position: float

    @property
    def key(self) -> tuple[str, str]:
        """Sorts claims by content, whatever the order they came in."""
        return self.fact.statement, self.fact.fact_id

    @property
    def article_id(self) -> str:
        return self.fact.article_id

    @cached_property
    def published(self) -> date | None:
        given = self.article.published_at
        return given.date() if isinstance(given, datetime) else given

    @cached_property
    def mentions(self) -> tuple[tuple[Name, Words], ...]:
        """The names of the statement outside quotation marks, in full, without bare titles."""
        full = {value.text: str(value.value) for value in self.fact.values if value.type == "name"}
        found: list[tuple[Name, Words]] = []
        for name in self.analysis.names:
            if any(a <= name.start < b for a, b in self.analysis.quotes):
                continue
            words = without_titles((*name.words, _TITLE_PROBE))[:-1]  # empty when it is all title
            if not words:
                continue
            longer = without_titles(name_words(full.get(name.text, "")))
            if name.label == "PERSON" and set(words) < set(longer) and len(longer) <= MAX_PERSON_WORDS:
                words = longer
            found.append((name, words))
        return tuple(found)

    @cached_property
    def names(self) -> frozenset[Words]:
        return frozenset(words for _, words in self.mentions)

    @cached_property
    def things(self) -> frozenset[Words]:
        """People, places, bodies: all names but adjectives of nationality and what only says who somebody
        is ("Rushwick's mayor, Orla Fenn") or who speaks.
        """
        return frozenset(
            words
            for name, words in self.mentions
            if name.label != "NORP" and not self._describes(name) and not set(words) <= set(self.speaker)
        )

    def _describes(self, name: Name) -> bool:
        """Whether a name belongs to the office of a person who is named beside it."""
        token = self.analysis.token_at(name.end - 1)
        if token is None or token.dep_ not in {"poss", "pobj"}:
            return False
        office = token.head if token.dep_ == "poss" else token.head.head
        beside = [c for c in office.children if c.dep_ == "appos"]
        beside += [office.head] if office.dep_ in {"appos", "compound"} else []
        return office.pos_ == "NOUN" and any(b.ent_type_ == "PERSON" for b in beside)

    @cached_property
    def terms(self) -> frozenset[str]:
        """Stems of what the statement says, without names, figures, quotations and frames."""
        words = lexicon()
        frames = {c.head for c in self.analysis.clauses if c.lemma in words.plan}
        frames |= {a.head for c in self.analysis.clauses for a in c.attributions}
        named = [(n.start, n.end) for n in self.analysis.names if n.label != "OTHER"]
        hidden = [*named, *self.analysis.quotes]
        found = {
            stem(token.lemma_.lower())
            for token in self.analysis.content
            if token.i not in frames
            and token.pos_ != "PROPN"
            and token.lower_ not in words.plan_adjectives
            and not any(a <= token.idx < b for a, b in hidden)
        }
        return frozenset(term for term in found if len(term) > 1)

    @cached_property
    def content(self) -> frozenset[str]:
        """Stems of all words outside quotation marks: `terms`, and small ones such as "all" and "first"."""
        hidden = self.analysis.quotes
        words = (t for t in self.analysis.doc if t.is_alpha and not any(a <= t.idx < b for a, b in hidden))
        return frozenset(stem(t.lemma_.lower()) for t in words if t.pos_ != "PROPN")

    @cached_property
    def denies(self) -> bool:
        """Whether somebody denies something in it."""
        denying = [t for t in self.analysis.doc if t.lemma_.lower() in lexicon().deny]
        plainly = any(not any(c.dep_ == "neg" for c in t.children) for t in denying)
        return self.fact.kind == "denial" or plainly

    @cached_property
    def spoken_terms(self) -> frozenset[str]:
        """Stems of the words that only say who speaks: "director" of "director Ann Voss said"."""
        spans = [a.speaker for c in self.analysis.clauses for a in c.attributions if a.speaker]
        inside = (t for t in self.analysis.doc if any(a <= t.idx < b for a, b in spans))
        return frozenset(stem(token.lemma_.lower()) for token in inside)

    @cached_property
    def quotations(self) -> tuple[Words, ...]:
        """The folded words of each quotation."""
        spelled = (re.findall(r"[\w.'&]+", self.analysis.text[a:b]) for a, b in self.analysis.quotes)
        return tuple(tuple(filter(None, map(fold_word, words))) for words in spelled)

    @cached_property
    def speaker(self) -> Words:
        """Folded words of whoever speaks; empty when nobody or only a pronoun is named."""
        words = name_words(self.fact.speaker or "")
        return () if not words or words[-1] in _PRONOUNS else without_titles(words)

    @cached_property
    def acronyms(self) -> frozenset[str]:
        """Words of the speaker that are written in capitals: VTG."""
        return frozenset(re.findall(r"\b[A-Z]{2,}\b", self.fact.speaker or ""))


def read_claims(facts: Iterable[Fact], articles: Sequence[ReadArticle], parser: Parser) -> tuple[Claim, ...]:
    """One claim a fact, each fact once, sorted by content.

    Raises KeyError when a fact's article is not among `articles`, ModelFileError when there is no parser.
    """
    by_id = {article.article_id: article for article in articles}
    unique = sorted({fact.fact_id: fact for fact in facts}.values(), key=lambda f: (f.statement, f.fact_id))
    docs = parser.parse([fact.statement for fact in unique])
    return tuple(_claim(fact, by_id[fact.article_id], doc) for fact, doc in zip(unique, docs, strict=True))


def _claim(fact: Fact, article: ReadArticle, doc: Doc) -> Claim:
    position = min(evidence.start for evidence in fact.evidence) / max(1, len(article.text))
    return Claim(fact, article, analyse(doc, article.published_at), position)


@dataclass(frozen=True)
class Commonness:
    """How much a word says about one fact of this event. A word in every sentence is what the event
    is about; a word that stands in no more sentences than there are articles may single out a fact.
    """

    sentences: Mapping[str, int]
    articles: int

    def weight(self, word: str) -> float:
        """1 for a rare word, falling with the logarithm of its mentions an article."""
        return 1 / (1 + math.log(max(1.0, self.sentences.get(word, 0) / self.articles)))

    def of_name(self, words: Words) -> float:
        return max((self.weight(word) for word in words), default=1.0)


def commonness(articles: Sequence[ReadArticle]) -> Commonness:
    """Counted over the body sentences of `articles`, by folded word and by stem."""
    counted: Counter[str] = Counter()
    by_id = {article.article_id: article for article in articles}
    for article in by_id.values():
        for sentence in article.sentences:
            if sentence.role == "body":
                spelled = re.findall(r"[\w.'’&]+", article.text[sentence.start : sentence.end])
                folded = {fold_word(raw.replace("’", "'")) for raw in spelled}
                counted.update({*folded, *(stem(word) for word in folded if word)})
    return Commonness(counted, max(1, len(by_id)))
