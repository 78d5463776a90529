"""Whom the pronouns and definite nouns of an article mean: "its chairman", "the insurer", "she".

Comes in: an article's analysed sentences and its names. Goes out: `References`: for a referring word,
the folded name words of whom it can mean, and what the article calls its names ("the striker Okonda").
Promises: pure; the likeliest one is taken (whoever is spoken of goes on being spoken of) and used only to
check a name that a statement gives, never to write one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from service.facts.analysis import Analysis
from service.facts.attribution import can_speak
from service.facts.mentions import BODIES, COMPANIES, GOVERNING, KIND_NOUNS, Mention, descriptors
from service.facts.names import HONORIFICS, Name, NameBook, without_titles
from service.facts.stems import stem, token_keys
from service.facts.syntax import phrase_tokens
from service.facts.thesaurus import kin

if TYPE_CHECKING:
    from spacy.tokens import Token

LOOK_BACK = 3
_HE = frozenset("he she him her his hers himself herself".split())
_IT = frozenset("it its they them their theirs itself themselves".split())
_TAKING_UP = _HE | _IT | frozenset("this that these those there one ones others both which such".split())
_POINTERS = frozenset("the this that these those its their his her".split())
_PEOPLE = frozenset({"PERSON"})
_THINGS = frozenset({"ORG", "GPE", "NORP", "OTHER", "PRODUCT", "FAC", "LOC", "EVENT", "WORK_OF_ART"})
_OF_OTHERS = frozenset("ask tell urge order want accuse invite let make help see".split())
_PLACES = frozenset({"GPE", "LOC", "FAC"})


class References:
    """All references of one article."""

    def __init__(self, sentences: Sequence[Analysis], book: NameBook) -> None:
        self._sentences = tuple(sentences)
        self._book = book
        self._number = {id(analysis): n for n, analysis in enumerate(self._sentences)}

    @cached_property
    def _mentions(self) -> tuple[tuple[Mention, ...], ...]:
        return tuple(
            tuple(
                self._mention(name, n, analysis)
                for name in analysis.names
                if self._head(name, analysis) and not _is_a_capital(name)
            )
            for n, analysis in enumerate(self._sentences)
        )

    def _head(self, name: Name, analysis: Analysis) -> Token | None:
        span = analysis.doc.char_span(name.start, name.end, alignment_mode="expand")
        return span.root if span is not None else None

    def _mention(self, name: Name, number: int, analysis: Analysis) -> Mention:
        head = self._head(name, analysis)
        assert head is not None  # noqa: S101 - asked before
        top = head
        while top.dep_ in {"appos", "conj", "compound"} and top.head.i != top.i:
            top = top.head
        return Mention(
            self._full(name.words),
            number,
            head.i,
            top.dep_ in {"nsubj", "nsubjpass"},
            self._label(name),
            name.words,
        )

    def _label(self, name: Name) -> str:
        if any(word in HONORIFICS for word in name.words) and len(name.words) > 1:
            return "PERSON"
        return "GPE" if name.label in _PLACES else name.label

    def _full(self, words: tuple[str, ...]) -> tuple[str, ...]:
        forms = [form for form in self._book.full_forms(words) if 1 < len(form) <= 4]
        bare = without_titles(words)
        if not forms and len(bare) > 1:  # "Little Orchard" for "Little Orchard Foods"
            forms = [form for form in self._book.forms if len(form) > len(bare) and form[: len(bare)] == bare]
        return forms[0] if len(forms) == 1 else bare

    @cached_property
    def _described(self) -> dict[tuple[str, ...], frozenset[str]]:
        """Keys of the nouns that the article calls each name."""
        found: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for analysis, mentions in zip(self._sentences, self._mentions, strict=True):
            for mention in mentions:
                head = analysis.doc[mention.place]
                for noun in descriptors(head):
                    found[mention.words] |= token_keys(noun)
                found[mention.words] |= {stem(w) for w in (*mention.words, *mention.spoken)}
        return {words: frozenset(keys) for words, keys in found.items()}

    def describes(self, words: frozenset[str], keys: frozenset[str]) -> bool:
        """Whether the article calls somebody with these name words by a noun with these keys."""
        wide = keys.union(*map(kin, keys))
        return any(
            not wide.isdisjoint(called) for known, called in self._described.items() if words & set(known)
        )

    def candidates(self, analysis: Analysis, token: Token) -> frozenset[str]:
        """Name words of whom a referring word of an article sentence means; empty when in doubt."""
        number = self._number.get(id(analysis))
        if number is None:
            return frozenset()
        return self._known.get((number, token.i), frozenset())

    def reachable(self, analysis: Analysis) -> frozenset[str]:
        """Name words that the referring words of a sentence stand for."""
        number = self._number.get(id(analysis))
        return self._reachable.get(number, frozenset()) if number is not None else frozenset()

    @cached_property
    def _reachable(self) -> dict[int, frozenset[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        for (number, _), words in self._known.items():
            found[number] |= words
        return {number: frozenset(words) for number, words in found.items()}

    def in_context(self, analysis: Analysis, keys: frozenset[str]) -> bool:
        """Whether a sentence takes up something unnamed, and one of these nouns stands in the sentences
        just before it or at the beginning of the article.
        """
        number = self._number.get(id(analysis))
        if number is None or not any(t.lower_ in _TAKING_UP or _is_definite(t) for t in analysis.doc):
            return False
        near = {0, 1, *range(max(0, number - 2), number)} - {number}
        return any(
            t.pos_ == "NOUN" and not keys.isdisjoint(token_keys(t))
            for n in near
            if n < number
            for t in self._sentences[n].doc
        )

    @cached_property
    def _known(self) -> dict[tuple[int, int], frozenset[str]]:
        found: dict[tuple[int, int], frozenset[str]] = {}
        for number, analysis in enumerate(self._sentences):
            for token in analysis.doc:
                meant = self._meant(number, analysis, token)
                if meant:
                    found[number, token.i] = frozenset(word for words in meant for word in words)
                    if len(meant) == 1 and token.dep_ in {"nsubj", "nsubjpass"}:
                        label = "PERSON" if token.lower_ in _HE else "ORG"
                        self._taken_up[number].append(
                            Mention(next(iter(meant)), number, token.i, True, label)
                        )
        return found

    @cached_property
    def _taken_up(self) -> dict[int, list[Mention]]:
        """Subjects that are pronouns or definite nouns whose meaning is known: they count as mentions."""
        return defaultdict(list)

    def _meant(self, number: int, analysis: Analysis, token: Token) -> set[tuple[str, ...]]:
        if token.lower_ in _HE:
            near = self._nearest(number, token, _PEOPLE)
            if token.dep_ in {"nsubj", "nsubjpass"} and token.head.dep_ == "ccomp":
                near = near | self._nearest(number, token, _PEOPLE, first=1)  # "Judge Orr said he had ..."
            return near
        if token.lower_ in _IT:
            return self._nearest(number, token, _THINGS)
        if token.pos_ == "NOUN" and _points(token):
            return self._called(number, analysis, token)
        return set()

    def _nearest(
        self, number: int, token: Token, labels: frozenset[str], *, first: int = 0
    ) -> set[tuple[str, ...]]:
        """The likeliest name of a kind: in the nearest sentence that has any, the subject before others."""
        for back in range(first, LOOK_BACK + 1):
            if number - back < 0:
                break
            near = [
                m
                for m in (*self._mentions[number - back], *self._taken_up[number - back])
                if self._usual_label(m) in labels
                and (back or (m.place < token.i and not self._acts_on(m, token)))
            ]
            if back and _others_act(self._sentences[number - back], near, labels):
                return set()
            if near:
                return _the_one(near)
        return set()

    def _acts_on(self, mention: Mention, token: Token) -> bool:
        """Whoever acts is not the object of the same act: "Sund will ask her"."""
        if token.dep_ not in {"dobj", "dative", "pobj"} and token.lower_ not in {"him", "them"}:
            return (
                token.dep_ == "nsubj"
                and token.head.dep_ in {"ccomp", "xcomp"}
                and (
                    token.doc[mention.place].head.i == token.head.head.i
                    and token.head.head.lemma_ in _OF_OTHERS
                )
            )
        return mention.subject

    def _called(self, number: int, analysis: Analysis, token: Token) -> set[tuple[str, ...]]:
        """By what the article calls its names; else by the kind of noun."""
        keys = token_keys(token)
        wide = keys.union(*map(kin, keys)) | (frozenset() if keys.isdisjoint(COMPANIES) else COMPANIES)
        fitting = {words for words, called in self._described.items() if not wide.isdisjoint(called)}
        exact = {words for words in fitting if not keys.isdisjoint(self._described[words])}
        fitting = exact or fitting
        if len(fitting) > 1:
            for back in range(number + 1):
                near = {m.words for m in self._mentions[number - back] if back or m.place < token.i} & fitting
                if near:
                    return near if len(near) == 1 else set()
            return set()
        if fitting:
            return fitting
        for label, nouns in KIND_NOUNS.items():
            if not keys.isdisjoint(nouns):
                kinds = _THINGS if label == "ORG" else frozenset({label})
                if label == "GPE" and any(c.dep_ == "poss" for c in token.children):
                    return set()  # "his country" is not the one spoken of last
                return (label == "ORG" and self._only_company(keys)) or self._nearest(number, token, kinds)
        body = not keys.isdisjoint(BODIES | COMPANIES | GOVERNING)
        if (can_speak(token) and not body) or token.lemma_ in {"old", "international"}:
            owners = [c for c in token.children if c.dep_ == "poss"]
            own = {w for c in owners for w in self._meant(number, analysis, c)}
            start = 1 if owners else 0  # "his lawyer said her client": neither the lawyer nor who owns her
            return self._nearest(number, token, _PEOPLE, first=start) - own
        return set()

    def _only_company(self, keys: frozenset[str]) -> set[tuple[str, ...]]:
        """For "the company", the one body of the article that is no office, union or party."""
        if keys.isdisjoint(COMPANIES):
            return set()
        often = Counter(
            m.words[0]
            for group in self._mentions
            for m in group
            if self._usual_label(m) not in {"PERSON", "GPE", "NORP"}
            and self._described.get(m.words, frozenset()).isdisjoint(BODIES)
        )
        ranked = often.most_common(2)
        if not ranked or (len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]):
            return set()
        return {m.words for group in self._mentions for m in group if m.words[0] == ranked[0][0]}

    def _usual_label(self, mention: Mention) -> str:
        """The kind that most mentions of a name are given."""
        return self._labels.get(mention.words, mention.label)

    @cached_property
    def _labels(self) -> dict[tuple[str, ...], str]:
        found: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for group in self._mentions:
            for m in group:
                found[m.words][m.label] += 1
        return {words: labels.most_common(1)[0][0] for words, labels in found.items()}


class JointReferences:
    """References of several articles, for sentences that rest on more than one."""

    def __init__(self, articles: Sequence[References]) -> None:
        self._articles = tuple(articles)

    def describes(self, words: frozenset[str], keys: frozenset[str]) -> bool:
        return any(article.describes(words, keys) for article in self._articles)

    def candidates(self, analysis: Analysis, token: Token) -> frozenset[str]:
        return frozenset().union(*(article.candidates(analysis, token) for article in self._articles))

    def reachable(self, analysis: Analysis) -> frozenset[str]:
        return frozenset().union(*(article.reachable(analysis) for article in self._articles))

    def in_context(self, analysis: Analysis, keys: frozenset[str]) -> bool:
        return any(article.in_context(analysis, keys) for article in self._articles)


def _is_a_capital(name: Name) -> bool:
    """The "Bank" of "Bank details were taken": a common word that only begins a sentence."""
    return (
        name.start == 0 and len(name.words) == 1 and name.label == "OTHER" and bool(kin(stem(name.words[0])))
    )


def _points(noun: Token) -> bool:
    """A singular noun phrase that takes up somebody known: "the bank", "its chairman"."""
    if noun.dep_ in {"compound", "amod", "nmod"}:
        return False
    own = [t for t in phrase_tokens(noun) if not any(a.dep_ == "poss" for a in (t, t.head))]
    if any(t.pos_ == "PROPN" or (t.i > noun.i and t.text[:1].isupper()) for t in own):
        return False
    return any(c.lower_ in _POINTERS or c.dep_ == "poss" for c in noun.children)


def _is_definite(noun: Token) -> bool:
    return noun.pos_ == "NOUN" and any(c.lower_ in _POINTERS for c in noun.children)


def _the_one(near: Sequence[Mention]) -> set[tuple[str, ...]]:
    """The only one; else the first subject, as whoever is spoken of goes on being spoken of."""
    subjects = [m for m in near if m.subject]
    if len({m.words for m in near}) == 1:
        return {near[0].words}
    return {min(subjects, key=lambda m: m.place).words} if subjects else set()


def _others_act(analysis: Analysis, near: Sequence[Mention], labels: frozenset[str]) -> bool:
    """Whether somebody unnamed is the subject there: "a neighbour said"."""
    if "PERSON" not in labels or near:
        return False
    return any(t.dep_ in {"nsubj", "nsubjpass"} and t.tag_ == "NN" and can_speak(t) for t in analysis.doc)
