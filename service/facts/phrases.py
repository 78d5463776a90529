"""Whether two noun phrases can mean the same people or things.

Comes in: heads of noun phrases of a statement and of its evidence, and what the article knows about
names. Goes out: yes or no. Promises: another name is another person; a pronoun stands only for whom
the article lets it stand for; what nobody names is left open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from service.facts.analysis import Analysis
from service.facts.claims import Claim
from service.facts.names import CALENDAR, NameBook, fold_word, name_words, without_titles
from service.facts.numbers import Number, numbers, same_number, within
from service.facts.stems import token_keys
from service.facts.syntax import SUBJECTS, phrase_tokens
from service.facts.thesaurus import carries

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

PRONOUNS = frozenset(
    "he she it they we i you him her them us me who which that this these those one both some many "
    "others most all nobody nothing none everyone anyone someone anything something everything all".split()
)
_PERSONAL = frozenset({"he", "she", "him", "her"})
ANYBODY = frozenset({"people", "person", "victim", "one", "other", "someone", "somebody", "number", "total"})
_NOMINAL = frozenset({"NOUN", "PROPN", "NUM", "ADJ", "PRON"})


@dataclass(frozen=True)
class Reference:
    """What the evidence knows about who is who."""

    claim: Claim

    @property
    def evidence(self) -> Sequence[Analysis]:
        return self.claim.evidence

    @property
    def book(self) -> NameBook:
        return self.claim.book

    @property
    def stands_for(self) -> frozenset[str]:
        return self.claim.stands_for

    def meant(self, given: Token) -> frozenset[str]:
        """Name words of whom a referring word of the evidence means; empty when in doubt."""
        analysis = next((a for a in self.evidence if a.doc is given.doc), None)
        if analysis is None or self.claim.references is None:
            return frozenset()
        return self.claim.references.candidates(analysis, given)

    def called(self, words: frozenset[str], keys: frozenset[str]) -> bool:
        return self.claim.references is not None and self.claim.references.describes(words, keys)

    def fits(self, told: Sequence[Token], given: Sequence[Token]) -> bool:
        """Whether everybody told of is among those given. True when either side names nobody."""
        heads = [t for t in told if t.dep_ != "appos"]
        if not heads or not given:
            return True
        # the parser is at a loss with long lists: of names joined by "and", one must fit
        first = [t for t in heads if not (t.dep_ == "conj" and t.pos_ == "PROPN" and t.head in heads)]
        return all(self._among(head, given) for head in first or heads)

    def _among(self, head: Token, given: Sequence[Token]) -> bool:
        return any(self.same(head, other) for other in given)

    def same(self, told: Token, given: Token) -> bool:
        """Whether two noun phrases, by their heads, can mean the same."""
        told_phrase, given_phrase = _phrase(told), _phrase(given)
        told_names, given_names = self._names(told, told_phrase), self._names(given, given_phrase)
        meant = self.meant(given)
        if meant and told_names:
            return all(self.book.same(word, meant) for word in without_titles(_chain(told)) if word)
        if told_names and not meant and any(c.dep_ == "poss" and c.pos_ == "PRON" for c in given.children):
            return told.ent_type_ != "PERSON" or self._linked(told_phrase, given_phrase)  # "his country"
        if given.lower_ in PRONOUNS or given.pos_ == "PRON":
            return self._pronoun(given, told, told_names)
        if self._told_apart(told, given, told_phrase, given_phrase):
            return False
        if told.lower_ in PRONOUNS or told.pos_ in {"NUM", "PRON"} or given.pos_ == "NUM" or measures(told):
            return True
        if told_names and given_names:
            if told.pos_ == given.pos_ == "PROPN":  # "Alliance leader Renn" is not "Alliance leader Sund"
                return self._one_name(told, given)
            return self.book.same_any(told_names, given_names)
        return self._by_nouns(told, given, told_phrase, given_phrase)

    def _one_name(self, told: Token, given: Token) -> bool:
        """Whether one name stands for the other; Anna Keller is not Ida Keller."""
        left, right = without_titles(_chain(told)), without_titles(_chain(given))
        if len(left) > 1 and len(right) > 1 and left[-1] == right[-1] and not set(left) & set(right[:-1]):
            return left[:-1] == right[:-1]
        return self.book.same_any(left[-1:], frozenset(right)) or self.book.same_any(
            right[-1:], frozenset(left)
        )

    def _told_apart(
        self, told: Token, given: Token, told_phrase: Sequence[Token], given_phrase: Sequence[Token]
    ) -> bool:
        """Other owners, other places ("shares in Halden"), or another number of the same."""
        for names in (self._owners, self._whereabouts):
            left, right = names(told, told_phrase), names(given, given_phrase)
            if left and right and not self.book.same_any(left, right):
                return True
        left_count, right_count = _count(told), _count(given)
        alike = carries(token_keys(given), token_keys(told)) or (measures(told) and measures(given))
        if not (alike and left_count and right_count):
            return False
        return not (same_number(left_count, right_count) or within(left_count, right_count))

    def _by_nouns(
        self, told: Token, given: Token, told_phrase: Sequence[Token], given_phrase: Sequence[Token]
    ) -> bool:
        """By what they are called: the same noun, or a noun that the article uses for the name."""
        if carries(_keys(given_phrase), token_keys(told)) or carries(_keys(told_phrase), token_keys(given)):
            return True
        if told.lemma_.lower() in ANYBODY:
            return True
        told_names, given_names = self._names(told, told_phrase), self._names(given, given_phrase)
        if given_names and not told_names and self.called(given_names, token_keys(told)):
            return True
        return bool(told_names) != bool(given_names) and self._linked(told_phrase, given_phrase)

    def _names(self, head: Token, phrase: Sequence[Token]) -> frozenset[str]:
        """Name words of a phrase itself, not of whoever owns it or of where it is."""
        if head.dep_ == "appos":
            return _name_words(phrase, self.book.words)
        beside = _BESIDE if head.pos_ == "PROPN" else _DESCRIBING  # "the mission, a project of NOSA"
        return _name_words((t for t in phrase if _hangs_by(t, head, beside)), self.book.words)

    def _owners(self, head: Token, phrase: Sequence[Token]) -> frozenset[str]:
        owned = _BESIDE | {"poss"}
        inside = [t for t in phrase if _hangs_by(t, head, owned) and not _hangs_by(t, head, _BESIDE)]
        return _name_words(inside, self.book.words)

    def _whereabouts(self, head: Token, phrase: Sequence[Token]) -> frozenset[str]:
        """Name words of what a noun is a noun of: "shares in Halden"."""
        beside = [t for t in phrase if t.head.dep_ == "prep" or t.dep_ == "pobj"]
        return frozenset() if head.pos_ == "PROPN" else _name_words(beside, self.book.words)

    def _pronoun(self, pronoun: Token, told: Token, told_names: frozenset[str]) -> bool:
        if pronoun.lower_ in {"they", "them"} and told.ent_type_ in {"GPE", "PERSON"} and told.tag_ == "NNP":
            # one country or one person is no "they"
            return any(c.dep_ == "conj" for c in told.children) or told.dep_ == "conj"
        if pronoun.lower_ in _PERSONAL and pronoun.dep_ in SUBJECTS and _spoken_of_later(pronoun, told):
            return False
        if pronoun.lower_ in _PERSONAL and self.stands_for and told_names:
            return bool(told_names & self.stands_for)
        return True

    def _linked(self, told: Sequence[Token], given: Sequence[Token]) -> bool:
        """As in "The builder" is Solak where the evidence says "builder Amir Solak"; a definite noun may be
        a name that another sentence of the evidence gives.
        """
        name, noun = (told, given) if _name_words(told, self.book.words) else (given, told)
        words, keys = (
            _name_words(name, self.book.words),
            _keys([t for t in noun if t.pos_ in {"NOUN", "ADJ"}][-1:]),
        )
        for analysis in self.evidence:
            for token in analysis.doc:
                if token.pos_ not in {"NOUN", "PROPN"}:
                    continue
                phrase = _phrase(token)
                if self.book.same_any(words, _name_words(phrase, self.book.words)) and carries(
                    _keys(phrase), keys
                ):
                    return True
        person = any(t.ent_type_ == "PERSON" for t in name)
        definite = any(t.lower_ in {"the", "this", "its", "their"} for head in noun for t in head.children)
        return definite and not person and len(self.evidence) > 1


def _spoken_of_later(pronoun: Token, told: Token) -> bool:
    """As of the minister in "she met her host, the minister": that is somebody else."""
    keys = token_keys(told) if told.pos_ in {"NOUN", "PROPN"} else frozenset()
    alike = [t.i for t in pronoun.doc if t.pos_ in {"NOUN", "PROPN"} and not keys.isdisjoint(token_keys(t))]
    return bool(alike) and min(alike) > pronoun.i


def spoken_by(doc: Doc, span: tuple[int, int]) -> list[Token]:
    """The head of the phrase at a character span, as a list of at most one."""
    inside = [t for t in doc if span[0] <= t.idx < span[1]]
    return [t for t in inside if t.head.i == t.i or not any(o.i == t.head.i for o in inside)][:1]


def _phrase(head: Token) -> list[Token]:
    tokens = [t for t in phrase_tokens(head) if t.pos_ in _NOMINAL]
    if head.dep_ == "appos":
        tokens += [t for t in phrase_tokens(head.head) if t.pos_ in _NOMINAL]
    return tokens


_DESCRIBING = frozenset({"compound", "amod", "nmod"})
_BESIDE = frozenset({"compound", "amod", "nmod", "appos", "flat", "conj", "nummod"})


def _name_words(tokens: Iterable[Token], known: frozenset[str]) -> frozenset[str]:
    """Words of names: proper nouns, and what the tagger does not see but the article knows as a name."""
    return frozenset(
        w
        for t in tokens
        if t.text[:1].isupper()
        and t.lower_ not in CALENDAR
        and (t.pos_ == "PROPN" or fold_word(t.text) in known)
        for w in name_words(t.text)
    )


def _chain(head: Token) -> tuple[str, ...]:
    """The words of a name up to its head, without what describes it ("Rovers manager Paolo Brandt")."""
    start = head.i
    while start > 0 and head.doc[start - 1].pos_ == "PROPN" and head.doc[start - 1].head.i in {head.i, start}:
        start -= 1
    return name_words(head.doc[start : head.i + 1].text)


def _hangs_by(token: Token, head: Token, allowed: frozenset[str]) -> bool:
    """Whether every step from a token up to the head of its phrase is one of these."""
    while token.i != head.i and token.head.i != token.i:
        if token.dep_ not in allowed:
            return False
        token = token.head
    return True


def _keys(phrase: Sequence[Token]) -> frozenset[str]:
    return frozenset().union(*(token_keys(t) for t in phrase if t.pos_ in {"NOUN", "PROPN", "ADJ"}))


def _count(head: Token) -> Number | None:
    """The number that stands before a noun."""
    places = [c.idx for c in head.children if c.dep_ == "nummod"] or (
        [head.idx] if head.pos_ == "NUM" else []
    )
    return next((n for n in _all_numbers(head.doc.text) if any(n.start <= i < n.end for i in places)), None)


@lru_cache(maxsize=4096)
def _all_numbers(text: str) -> tuple[Number, ...]:
    return numbers(text)


def measures(head: Token) -> bool:
    """Percent, crowns, metres: the numbers are compared elsewhere."""
    return head.lower_ in {"%", "percent", "cent"} or any(
        c.dep_ == "nummod" and any(g.dep_ in {"compound", "quantmod"} for g in c.children)
        for c in head.children
    )
