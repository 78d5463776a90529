"""The gate: a statement passes only when its evidence says it.

Comes in: the analysis of a statement, of the sentences it cites, and the article's names. Goes out:
None when it passes, else a `Refusal` with a reason of the closed list. Promises: pure, deterministic,
no model; the order of checks is fixed; when in doubt it refuses, because a refused true statement
costs a retry and an accepted false one costs trust.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from service.facts.alignment import disagreements
from service.facts.analysis import Analysis
from service.facts.checks_values import check_dates, check_numbers, check_pairs
from service.facts.claims import Claim, Refusal
from service.facts.lexicon import lexicon
from service.facts.names import HONORIFICS, Name, name_words, without_titles
from service.facts.opposites import opposed
from service.facts.quantities import check_quantities
from service.facts.reasons import check_reasons
from service.facts.stems import bare_keys, stem, token_keys
from service.facts.thesaurus import carries

if TYPE_CHECKING:
    from spacy.tokens import Token

WORDS_A_GENERIC_ONE = 3  # so many words of a statement must be carried for each that says little
__all__ = ["Claim", "Refusal", "is_verbatim", "refuse"]

_SMALL = frozenset(
    map(stem, "first last second all every most some few more less fewer early late man woman child".split())
)


def refuse(claim: Claim) -> Refusal | None:
    """The first reason why the evidence does not carry the statement; None when it does.

    A sentence carries itself, whatever the parser makes of it.
    """
    told = _spelled(claim.statement.text)
    if told and any(told == _spelled(e.text) for e in claim.evidence):
        return None
    for check in _CHECKS:
        for refusal in check(claim):
            return refusal
    return None


def is_verbatim(statement: Analysis, evidence: Sequence[Analysis]) -> bool:
    """Whether the statement's words stand in one evidence sentence, one after another."""
    needle = _spelled(statement.text)
    return bool(needle) and any(f" {needle} " in f" {_spelled(e.text)} " for e in evidence)


def _spelled(text: str) -> str:
    return " ".join(re.findall(r"[\w%$€£']+", text.lower()))


# -- what is written ------------------------------------------------------------------------------


def _scripts(claim: Claim) -> Iterator[Refusal]:
    if claim.statement.text.isascii():
        return
    allowed = {_script(c) for e in claim.evidence for c in e.text} | {
        _script(c) for m in claim.book.words for c in m
    }
    for character in claim.statement.text:
        if _script(character) not in allowed | {""}:
            yield Refusal(
                "script_not_in_article", f"{character!r} is of a script that the article does not use"
            )


def _script(character: str) -> str:
    if not character.isalpha() or character.isascii():
        return ""
    name = unicodedata.name(character, "?").split()[0]
    return "" if name in {"LATIN", "MODIFIER", "FEMININE", "MASCULINE", "MICRO", "KELVIN"} else name


def _quotes(claim: Claim) -> Iterator[Refusal]:
    texts = [_spelled(e.text) for e in claim.evidence]
    for start, end in claim.statement.quotes:
        quote = claim.statement.text[start:end]
        if not any(f" {_spelled(quote)} " in f" {text} " for text in texts):
            yield Refusal("quote_not_in_evidence", f'"{quote}" is not what was said')


# -- names and words ------------------------------------------------------------------------------


def _names(claim: Claim) -> Iterator[Refusal]:
    words = claim.named()
    for name in claim.statement.names:
        for word in name.words:
            if (
                not word.isdigit()
                and not claim.book.same(word, words)
                and not _common_word(claim, word)
                and not _called(claim, name, word)
            ):
                yield Refusal("name_not_in_evidence", f"the evidence does not name {name.text!r}")


def _mixed_names(claim: Claim) -> Iterator[Refusal]:
    """As in "Lorne Basin" where the article has Lorne and the Hesper Basin: words of two names."""
    forms = [frozenset(form) for form in claim.book.forms if len(form) > 1]
    for name in claim.statement.names:
        words = frozenset(w for w in without_titles(name.words) if w in claim.book.words)
        if len(words) < 2 or any(words <= form for form in forms) or _stands(name.text, claim):
            continue
        if any(words & form for form in forms):
            yield Refusal("name_not_in_evidence", f"the article knows no {name.text!r}")


def _stands(text: str, claim: Claim) -> bool:
    return any(text.lower() in e.text.lower() for e in claim.evidence)


def _called(claim: Claim, name: Name, word: str) -> bool:
    """The "Colonel" of "Colonel Salcedo" may stand anywhere in the article, with her name."""
    others = frozenset(name.words) - {word}
    return (
        word in HONORIFICS
        and claim.references is not None
        and bool(others)
        and claim.references.describes(others, frozenset({stem(word)}))
    )


def _common_word(claim: Claim, word: str) -> bool:
    """A capitalised common word ("Officials") that the tagger took for a name."""
    return stem(word) in claim.stems()


_AGAINST = (
    ("for", "against"),
    ("before", "after"),
    ("from", "to"),
    ("from", "for"),
    ("above", "below"),
    ("with", "without"),
    ("until", "before"),
    ("until", "after"),
    ("since", "until"),
    ("by", "on"),
    ("by", "after"),
    ("by", "until"),
    ("on", "after"),
    ("on", "before"),
    ("on", "until"),
    ("in", "after"),
    ("in", "before"),
    ("in", "near"),
    ("in", "outside"),
    ("in", "off"),
    ("inside", "outside"),
    ("at", "outside"),
)
_OPPOSITE = frozenset(frozenset(pair) for pair in _AGAINST)


def _prepositions(claim: Claim) -> Iterator[Refusal]:
    """As in "Voted for the plan" is not "voted against the plan"."""
    told = _prepositional(claim.statement)
    given = [pair for e in claim.evidence for pair in _prepositional(e)]
    for preposition, keys in told:
        same = {p for p, other in given if not keys.isdisjoint(other)}
        if preposition not in same and any(frozenset((preposition, p)) in _OPPOSITE for p in same):
            against = min(p for p in same if frozenset((preposition, p)) in _OPPOSITE)
            detail = f"the evidence says {against!r} where the statement says {preposition!r}"
            yield Refusal("word_not_in_evidence", detail)


def _prepositional(analysis: Analysis) -> list[tuple[str, frozenset[str]]]:
    return [
        (t.head.lower_, frozenset(c.lower_ for c in t.children if c.dep_ == "nummod") or token_keys(t))
        for t in analysis.doc
        if t.dep_ in {"pobj", "pcomp"}
    ]


def _words(claim: Claim) -> Iterator[Refusal]:
    stems, words = claim.stems(), claim.named()
    skipped = claim.statement.frame_words
    carried, taken_up, generic = 0, [], []
    for token in claim.statement.content:
        if token.i in skipped or any(a <= token.idx < b for a, b in claim.statement.quotes):
            continue  # judged with what it frames; as a quotation
        keys = token_keys(token) | bare_keys(token) | claim.statement.expression_keys(token.i)
        if (
            carries(stems, keys)
            or claim.book.same(re.sub(r"\W", "", token.lower_), words)
            or _describes_a_name(claim, token, keys)
        ):
            carried += token.pos_ != "PROPN"
        elif token.dep_ not in {"attr", "pcomp"} and claim.taken_up(token, keys):
            taken_up.append(token)
        elif token.lemma_.lower() in lexicon().generic:
            generic.append(token)
        else:
            yield Refusal("word_not_in_evidence", f"the evidence does not say {token.text!r}")
    if carried < 2 * len(taken_up):  # the sentence itself has to say something about it
        yield Refusal("word_not_in_evidence", f"the evidence does not say {taken_up[0].text!r}")
    if carried < WORDS_A_GENERIC_ONE * len(generic):
        yield Refusal("word_not_in_evidence", f"the evidence does not say {generic[0].text!r}")


def _describes_a_name(claim: Claim, token: Token, keys: frozenset[str]) -> bool:
    """The "striker" of "the striker Okonda", where the article calls him so anywhere."""
    if claim.references is None:
        return False
    beside = [t for t in (token, token.head, *token.children, *token.head.children) if t.pos_ == "PROPN"]
    words = frozenset(w for t in beside for w in name_words(t.text))
    return bool(words) and claim.references.describes(words, keys)


# -- who did what, whether it happened, and who says so -------------------------------------------


def _happening(claim: Claim) -> Iterator[Refusal]:
    yield from disagreements(claim)


def _opposites(claim: Claim) -> Iterator[Refusal]:
    """A word that the evidence does not have, and of which it has the opposite: "last" told of the first.

    Of small words only, which nothing else holds to the evidence.
    """
    given = frozenset().union(*(e.stems for e in claim.evidence))
    told = claim.statement.stems - given
    if opposed(told & _SMALL, given):
        yield Refusal("word_not_in_evidence", "the evidence says the opposite of one of its words")


_CHECKS: tuple[Callable[[Claim], Iterator[Refusal]], ...] = (
    _scripts,
    _quotes,
    check_numbers,
    check_dates,
    check_pairs,
    check_quantities,
    _opposites,
    _names,
    _mixed_names,
    _words,
    _prepositions,
    check_reasons,
    _happening,
)
