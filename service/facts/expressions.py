"""Expressions of several words that mean what one word means: "give evidence", "out of action".

Comes in: a parsed sentence. Goes out: the listed `Expression`s in it. Promises: words stand in their
order and in one clause; only behind a verb may other words stand between ("gave the court evidence").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.facts.stems import token_keys
from service.facts.thesaurus import expressions

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

MAX_BETWEEN = 3
_SKIPPED = frozenset({"a", "an", "the", "his", "her", "its", "their"})


@dataclass(frozen=True, slots=True)
class Expression:
    """`tokens` are its places in the sentence; the first is its head when it is a verb."""

    key: str
    tokens: tuple[int, ...]


def find_expressions(doc: Doc) -> tuple[Expression, ...]:
    """All listed expressions, the longest first where one begins."""
    listed = expressions()
    found: list[Expression] = []
    for token in doc:
        for first in sorted(token_keys(token)):
            for key, rest in listed.get(first, ()):
                places = _places(token, rest)
                if places and not any(e.key == key and e.tokens == places for e in found):
                    found.append(Expression(key, places))
    return tuple(sorted(found, key=lambda e: (e.tokens[0], -len(e.tokens), e.key)))


def _places(first: Token, rest: tuple[str, ...]) -> tuple[int, ...]:
    """Where the words after the first stand; empty when they do not."""
    places = [first.i]
    between = MAX_BETWEEN if first.pos_ in {"VERB", "AUX"} else 0
    for wanted in rest:
        at, left = places[-1] + 1, between
        while at < len(first.doc):
            token = first.doc[at]
            if wanted in token_keys(token):
                places.append(at)
                break
            if (token.is_punct and token.text != "-") or token.dep_ == "neg":
                return ()
            if token.lower_ not in _SKIPPED:
                left -= 1
            if left < 0 or (token.pos_ in {"VERB", "AUX"} and token.dep_ not in {"amod", "aux", "auxpass"}):
                return ()
            at += 1
        else:
            return ()
    return tuple(places)
