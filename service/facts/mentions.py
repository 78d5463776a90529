"""Mentions of names, and what an article calls them: "the striker Okonda", "Ida Renn, its chairwoman".

Comes in: heads of name phrases. Goes out: the nouns that describe them, and the classes of nouns that take
a company, an office or a place up again. Promises: pure reading of the parse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.facts.stems import stem
from service.facts.syntax import phrase_tokens

if TYPE_CHECKING:
    from spacy.tokens import Token

KIND_NOUNS = {
    "ORG": frozenset(
        map(
            stem,
            "company firm group organisation organization body agency ministry party union club team bank "
            "business institution authority operator maker insurer side board regulator movement".split(),
        )
    ),
    "GPE": frozenset(map(stem, "country nation state city town village island capital republic".split())),
    "PERSON": frozenset(map(stem, "man woman boy girl".split())),
}
COMPANIES = frozenset(map(stem, "company firm maker business operator insurer group".split()))
BODIES = frozenset(
    map(
        stem,
        "board ministry agency union party court police council authority institute university hospital "
        "office bureau department commission committee parliament senate league association movement "
        "guard army navy service school team club federation regulator watchdog group".split(),
    )
)
GOVERNING = frozenset(
    map(stem, "government state country administration cabinet opposition family public".split())
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at a place: sentence number, token index of its head, whether it is a subject."""

    words: tuple[str, ...]
    sentence: int
    place: int
    subject: bool
    label: str
    spoken: tuple[str, ...] = ()


def descriptors(head: Token) -> Iterator[Token]:
    """Nouns that say what a name is: titles, appositions, "X is a ..."."""
    for token in phrase_tokens(head):
        if (
            token.i != head.i
            and token.pos_ in {"NOUN", "PROPN"}
            and token.dep_ in {"compound", "nmod", "amod"}
        ):
            yield token
    for child in head.children:
        if child.dep_ == "appos" and child.pos_ == "NOUN":
            yield child
            yield from (t for t in child.children if t.dep_ in {"compound", "conj"} and t.pos_ == "NOUN")
    parent = head.head
    if head.dep_ == "appos" and parent.pos_ == "NOUN":
        yield parent
        yield from (t for t in parent.children if t.dep_ == "compound" and t.pos_ == "NOUN")
    if head.dep_ == "nmod" and parent.pos_ == "NOUN":
        yield parent
    if head.dep_ == "nsubj" and parent.lemma_ == "be":
        yield from (c for c in parent.children if c.dep_ == "attr" and c.pos_ == "NOUN")
