"""Expressions of several words that mean what one word means: "give evidence", "out of action".

Comes in: a parsed sentence. Goes out: the listed `Expression`s in it. Promises: words stand in their
order and in one clause; only behind a verb may other words stand between ("gave the court evidence").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.facts.stems import token_keys
from service.facts.thesaurus import expressions

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

MAX_BETWEEN = 3
_SKIPPED = frozenset("- himself herself itself themselves a an the his her its their".split())


@dataclass(frozen=True, slots=True)
class Expression:
    """`tokens` are its places in the sentence; the first is its head when it is a verb."""

    key: str
    tokens: tuple[int, ...]


def find_expressions(doc: Doc) -> tuple[Expression, ...]:
    """All listed expressions, the longest first where one begins."""
    keys = [token_keys(token) for token in doc]
    there = frozenset().union(*keys)
    found: dict[Expression, None] = {}
    for token in doc:
        for first in sorted(keys[token.i] & expressions().keys()):
            for key, rest in expressions()[first]:
                if there.issuperset(rest) and (places := _places(token, rest, keys)):
                    found.setdefault(Expression(key, places))
    return tuple(sorted(found, key=lambda e: (e.tokens[0], -len(e.tokens), e.key)))


def _places(first: Token, rest: tuple[str, ...], keys: Sequence[frozenset[str]]) -> tuple[int, ...]:
    """Where the words after the first stand; empty when they do not."""
    doc, places = first.doc, [first.i]
    between = MAX_BETWEEN if first.pos_ in {"VERB", "AUX"} else 0
    for wanted in rest:
        left = between
        for at in range(places[-1] + 1, len(doc)):
            if wanted in keys[at]:
                places.append(at)
                break
            left -= doc[at].lower_ not in _SKIPPED
            if left < 0 or _ends(doc[at]):
                return ()
        else:
            return ()
    return tuple(places)


def _ends(token: Token) -> bool:
    """Punctuation, a negation or another verb: no expression goes on behind it."""
    return (
        (token.is_punct and token.text != "-")
        or token.dep_ == "neg"
        or (token.pos_ in {"VERB", "AUX"} and token.dep_ not in {"amod", "aux", "auxpass"})
    )
