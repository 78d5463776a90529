"""Happenings a statement mentions, each with its day, place, people and figures.

Comes in: claims. Goes out: their `Mention`s. Promises: what hangs on another happening of the same
sentence is left out; the same claims give the same mentions whatever their order.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from service.facts.analysis import stem
from service.facts.numbers import Number
from service.facts.syntax import subject_of
from service.facts.thesaurus import related
from service.stories.claims import Claim
from service.stories.happenings import happening, is_happening, is_planned, one_happening, verb_above
from service.stories.places import Words

if TYPE_CHECKING:
    from spacy.tokens import Token

_WHERE = frozenset({"in", "at", "near", "on", "inside", "outside", "to", "from"})
_FOUND_IN = frozenset({"in", "at", "near", "inside", "outside"})
_PASS_THROUGH = frozenset({"compound", "appos", "conj", "nmod"})
_APART = frozenset({"relcl", "acl", "appos", "advcl", "conj", "cc", "punct"})


@dataclass(frozen=True)
class Place:
    """`words`: the folded name; `text`: the phrase as it reads; `inside`: there, not on the way there."""

    words: Words
    text: str
    inside: bool


@dataclass(frozen=True)
class Count:
    """A number and the stem of what it counts ("" when its unit says it)."""

    number: Number
    noun: str
    text: str


@dataclass(frozen=True)
class Mention:
    """One happening as one claim tells it. `dates` are normalised, as fine as told."""

    claim: Claim
    head: int
    term: str
    planned: bool
    negated: bool
    definite: bool
    dates: tuple[str, ...]
    people: frozenset[Words]
    places: tuple[Place, ...]
    counts: tuple[Count, ...]

    @property
    def key(self) -> tuple[str, str, int]:
        return (*self.claim.key, self.head)


def mentions(claims: Sequence[Claim]) -> tuple[Mention, ...]:
    """The mentions that carry a date, a place or a figure, sorted by content.

    "The visit" without a name takes people and destination from the mention before it in its article.
    """
    by_article: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_article[claim.article_id].append(claim)
    found: list[Mention] = []
    for own in by_article.values():
        seen: list[Mention] = []
        for claim in sorted(own, key=lambda c: (c.position, c.key)):
            for mention in _Hanging(claim).mentions():
                bare = mention.definite and not mention.people and not mention.places
                seen.append(_inherit(mention, seen) if bare else mention)
        found.extend(m for m in seen if m.dates or m.places or m.counts)
    return tuple(sorted(found, key=lambda m: m.key))


def _inherit(mention: Mention, seen: Sequence[Mention]) -> Mention:
    for before in reversed(seen):
        if one_happening(mention.term, before.term) and (before.people or before.places):
            onward = tuple(p for p in before.places if not p.inside)
            return replace(mention, people=before.people, places=onward)
    return mention


@dataclass
class _Hanging:
    """What hangs on each happening of one claim, by the index of its token."""

    claim: Claim
    heads: dict[int, Token] = field(default_factory=dict)
    dates: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    people: dict[int, set[Words]] = field(default_factory=lambda: defaultdict(set))
    places: dict[int, list[Place]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[int, list[Count]] = field(default_factory=lambda: defaultdict(list))

    def mentions(self) -> Iterator[Mention]:
        """All happenings of the claim, in the order of its words."""
        self._read_values()
        for token in self.claim.analysis.doc:
            if is_happening(token):
                self.heads.setdefault(token.i, token)
        for index, token in sorted(self.heads.items()):
            yield self._mention(index, token)

    def _mention(self, index: int, token: Token) -> Mention:
        analysis = self.claim.analysis
        return Mention(
            claim=self.claim,
            head=index,
            term=stem(token.lemma_.lower()),
            planned=self.claim.fact.kind == "plan" or is_planned(analysis, token),
            negated=any(c.head == index and c.negated for c in analysis.clauses),
            definite=any(c.dep_ == "det" and c.lower_ in {"the", "this"} for c in token.children),
            dates=tuple(sorted(self.dates.get(index, ()))),
            people=frozenset(self.people.get(index) or _acting_people(self.claim, token)),
            places=tuple(sorted(self.places.get(index, ()), key=lambda p: (p.words, p.text))),
            counts=tuple(self.counts.get(index, ())),
        )

    def _read_values(self) -> None:
        analysis = self.claim.analysis
        for when in analysis.dates:
            if (head := self._head(when.start)) is not None:
                self.dates[head].append(when.value)
        for name, words in self.claim.mentions:
            if (head := self._head(name.start)) is None:
                continue
            place = None if name.label == "NORP" else _place(self.claim, name.end, words)
            if place is not None:
                self.places[head].append(place)
            elif name.label == "PERSON":
                self.people[head].add(words)
        for number in analysis.numbers:
            quoted = any(a <= number.start < b for a, b in analysis.quotes)
            if quoted or number.ordinal or number.value is None or _is_a_part(analysis.text[number.end :]):
                continue
            if (head := self._head(number.start)) is not None:
                self.counts[head].append(_count(self.claim, number))

    def _head(self, offset: int) -> int | None:
        token = self.claim.analysis.token_at(offset)
        head = None if token is None else happening(token)
        if head is None:
            return None
        self.heads[head.i] = head
        return head.i


def _is_a_part(behind: str) -> bool:
    """As the six in "28 were injured, six of them seriously": it counts some of those counted before."""
    return re.match(r"\s+(?:\w+\s+)?of (?:them|those|these|which|whom)\b", behind) is not None


def _acting_people(claim: Claim, token: Token) -> set[Words]:
    """Who acts in the clause around a happening that names nobody itself."""
    verb = verb_above(token)
    subject = subject_of(verb) if verb is not None else None
    if subject is None:
        return set()
    inside = {t.idx for t in subject.subtree}
    return {words for name, words in claim.mentions if name.label == "PERSON" and name.start in inside}


def _place(claim: Claim, end: int, words: Words) -> Place | None:
    """The name as a place, when a preposition of place or direction governs it, or "visit" does."""
    node = claim.analysis.token_at(end - 1)
    while node is not None and node.head.i != node.i:
        head = node.head
        if head.pos_ == "ADP" and node.dep_ in {"pobj", "pcomp"}:
            if head.lower_ != "of" or head.head.pos_ != "NOUN":
                return _found_at(node, words)
            node = head.head  # "the Russian city of Vladivostok"
        elif node.dep_ == "dobj" and related(stem(head.lemma_.lower()), "visit"):
            return Place(words, _phrase(node), inside=False)
        elif node.dep_ in _PASS_THROUGH:
            node = head
        else:
            return None
    return None


def _found_at(noun: Token, words: Words) -> Place | None:
    preposition = noun.head
    where = preposition.head
    if preposition.lower_ not in _WHERE:
        return None
    if where.pos_ in {"NOUN", "PROPN"} and where.dep_ == "pobj" and not is_happening(where):
        return None  # "the cosmodrome in Russia": the country only says where the place lies
    return Place(words, _phrase(noun), preposition.lower_ in _FOUND_IN)


def _phrase(noun: Token) -> str:
    """The noun phrase without its leading determiner and without clauses."""
    inner = [t for t in noun.subtree if not _below(t, noun)]
    while inner and inner[0].dep_ == "det":
        inner = inner[1:]
    return "".join(t.text_with_ws for t in inner).strip(" ,.") or noun.text


def _below(token: Token, top: Token) -> bool:
    """Whether something of `_APART` stands between a token and the head of its phrase."""
    while token.i != top.i and token.head.i != token.i:
        if token.dep_ in _APART:
            return True
        token = token.head
    return False


def _count(claim: Claim, number: Number) -> Count:
    token = claim.analysis.token_at(number.end - 1)
    noun = token.head if token is not None and token.dep_ in {"nummod", "quantmod", "compound"} else None
    while noun is not None and noun.dep_ in {"nummod", "quantmod"} and noun.head.i != noun.i:
        noun = noun.head
    if number.unit is not None or noun is None or noun.pos_ not in {"NOUN", "PROPN"}:
        return Count(number, "", number.text)
    return Count(number, stem(noun.lemma_.lower()), f"{number.text} {noun.text}")
