"""The happening that a word of a sentence hangs on.

Comes in: a token of a parsed statement. Goes out: the verb or noun of happening it belongs to, or
None. Promises: pure reading of the parse; frames of reporting ("said on Tuesday") are no happening,
and under a verb without news of its own ("took place", "is planned") it is what that verb speaks of.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from service.facts.analysis import Analysis, stem
from service.facts.lexicon import lexicon
from service.facts.syntax import subject_of
from service.facts.thesaurus import kin, related

if TYPE_CHECKING:
    from spacy.tokens import Token

MAX_STEPS = 12
_BELOW = {"xcomp": 0, "ccomp": 0, "dobj": 1, "attr": 2, "nsubj": 3, "nsubjpass": 3, "relcl": 4, "advcl": 5}
_DUE = "due"
_OPEN = frozenset({"future", "planned", "possible"})


@dataclass(frozen=True, slots=True)
class HappeningWords:
    nouns: frozenset[str]
    empty_verbs: frozenset[str]
    coming: tuple[str, ...]
    growing: tuple[str, ...]


@lru_cache(maxsize=1)
def happening_words() -> HappeningWords:
    """Stems of the words in happenings.toml; `empty_verbs` as lemmas."""
    with (Path(__file__).parent / "happenings.toml").open("rb") as file:
        raw = tomllib.load(file)
    return HappeningWords(
        nouns=frozenset(map(stem, raw["nouns"])),
        empty_verbs=frozenset(raw["empty_verbs"]),
        coming=tuple(map(stem, raw["coming"])),
        growing=tuple(map(stem, raw["growing"])),
    )


def one_happening(left: str, right: str) -> bool:
    """Whether two stems can name the same happening."""
    return related(left, right) or (_is_coming(left) and _is_coming(right))


def happening_family(term: str) -> frozenset[str]:
    """Other stems that may name the same happening without being related to this one."""
    return _coming_stems() if _is_coming(term) else frozenset()


@lru_cache(maxsize=1)
def _coming_stems() -> frozenset[str]:
    coming = happening_words().coming
    return frozenset(coming).union(*map(kin, coming))


def _is_coming(term: str) -> bool:
    return any(
        term == coming if coming == _DUE else related(term, coming) for coming in happening_words().coming
    )


def is_growing(term: str) -> bool:
    """Whether figures of this happening only grow: the dead, the injured, the evacuated."""
    return any(related(term, growing) for growing in happening_words().growing)


def is_happening(token: Token) -> bool:
    """A noun of happening, or a verb with news of its own."""
    lemma = token.lemma_.lower()
    if token.pos_ in {"NOUN", "PROPN"}:
        return stem(lemma) in happening_words().nouns
    if token.lower_ == _DUE:
        return token.dep_ == "acomp"
    words = lexicon()
    frame = lemma in words.reporting or lemma in words.plan
    return (
        token.pos_ == "VERB"
        and not frame
        and lemma not in happening_words().empty_verbs
        and token.dep_ not in {"amod", "prep"}
    )


def happening(token: Token) -> Token | None:
    """The nearest happening above `token`; under an empty verb, what that verb speaks of."""
    if token.pos_ == "NOUN" and is_happening(token):
        return token
    for node in _ancestors(token):
        if is_happening(node):
            return node
        if node.pos_ not in {"VERB", "AUX"}:
            continue
        if node.lemma_.lower() in lexicon().reporting:
            return None
        if (said_of := _said_of(node, token)) is not None:
            return said_of
    return None


def _ancestors(token: Token) -> Iterator[Token]:
    while token.head.i != token.i:
        token = token.head
        yield token


def _said_of(verb: Token, token: Token) -> Token | None:
    due = next((c for c in verb.children if c.lower_ == _DUE and c.dep_ == "acomp"), None)
    if due is not None:
        return due
    queue = sorted((c for c in verb.children if c.dep_ in _BELOW), key=lambda c: (_BELOW[c.dep_], c.i))
    for _ in range(MAX_STEPS):
        if not queue:
            break
        node = queue.pop(0)
        if node.i == token.i:
            continue
        if is_happening(node):
            return node
        queue += [
            c for c in node.children if c.dep_ in _BELOW and c.dep_ not in {"nsubj", "nsubjpass", "advcl"}
        ]
    subject = subject_of(verb)
    return subject if subject is not None and is_happening(subject) else None


def is_planned(analysis: Analysis, token: Token) -> bool:
    """Whether a happening is told as still to come."""
    open_heads = {c.head for c in analysis.clauses if c.modality & _OPEN}
    plan = lexicon().plan
    for node in (token, *list(_ancestors(token))[:3]):
        if node.i in open_heads:
            return True
        if any(
            c.dep_ in {"acl", "advcl"} and c.tag_ == "VBN" and c.lemma_.lower() in plan for c in node.children
        ):
            return True  # "planned for Tuesday, the trip ..."
    return False


def verb_above(token: Token) -> Token | None:
    """The verb of the clause that a noun stands in; the token itself when it is a verb."""
    node = token
    while node.pos_ not in {"VERB", "AUX"}:
        if node.head.i == node.i:
            return None
        node = node.head
    return node
