"""The gate's check of reasons: "because", "due to", "caused by".

Comes in: a `Claim`. Goes out: refusals. Promises: a reason that a statement gives stands in one sentence
of the evidence, together with what it is the reason for and a word that ties them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from service.facts.analysis import Analysis
from service.facts.claims import Claim, Refusal
from service.facts.names import name_words
from service.facts.stems import stem, token_keys
from service.facts.thesaurus import carries

if TYPE_CHECKING:
    from spacy.tokens import Token

# What gives a reason in a statement, and what in the evidence can carry one.
_BECAUSE = frozenset({"because", "owing", "thanks"})
_CAUSING = frozenset(
    map(stem, "cause prompt trigger force spark lead result blame reason due bring make".split())
)
_CAUSAL = _CAUSING | frozenset(
    map(
        stem, "because owing thanks after following over as so since for from with through by when if".split()
    )
)


def check_reasons(claim: Claim) -> Iterator[Refusal]:
    """A reason stands in one sentence with what it is the reason for."""
    for token in claim.statement.doc:
        reason = _reason_told(token)
        if not reason:
            continue
        outside = [t for t in claim.statement.content if t.i not in {r.i for r in reason}]
        inside = [t for t in claim.statement.content if t in reason]
        for evidence in claim.evidence:
            if _denied(token) and not any(t.dep_ == "neg" for t in evidence.doc):
                continue
            causal = not _CAUSAL.isdisjoint(evidence.stems)
            if causal and all(_mostly_carried(part, claim, evidence) for part in (inside, outside)):
                break
        else:
            yield Refusal("word_not_in_evidence", f"the evidence does not give this reason ({token.text!r})")


def _denied(token: Token) -> bool:
    """As in "was not due to" and "not because"."""
    return any(c.dep_ == "neg" for c in (*token.children, *token.head.children))


def _reason_told(token: Token) -> list[Token]:
    """The words of the reason that a causal word introduces; nothing for other words."""
    if token.lower_ in _BECAUSE and token.dep_ == "mark":
        return list(token.head.subtree)
    if token.lower_ in _BECAUSE or (token.lower_ == "due" and any(c.lower_ == "to" for c in token.children)):
        return [t for t in token.subtree if t.i > token.i and t.pos_ != "VERB"]
    if stem(token.lemma_.lower()) in {"caus", "trigger", "prompt", "spark"} and token.pos_ == "VERB":
        subject = [c for c in token.children if c.dep_ in {"nsubj", "agent"}]
        return [t for c in subject for t in c.subtree]
    return []


def _mostly_carried(tokens: Sequence[Token], claim: Claim, evidence: Analysis) -> bool:
    names = evidence.words | claim.reachable(evidence) | claim.stands_for
    missing = 0
    for token in tokens:
        keys = token_keys(token) | claim.statement.expression_keys(token.i)
        carried = carries(evidence.stems, keys)
        named = token.pos_ == "PROPN" and claim.book.same_any(name_words(token.text), names)
        missing += not (carried or named or stem(token.lemma_.lower()) in _CAUSING)
    return missing <= len(tokens) // 3
