"""The few things about a parse that everything else asks for.

Comes in: a spaCy token. Goes out: its particle verb, its subject, its noun phrase. Promises: pure; no
word lists but the particles of English verbs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
_PARTICLES = frozenset("up down out off away back over in on through apart together".split())


def particle_lemma(token: Token) -> str:
    """`turn_down` for "turned the offer down"; the plain lemma where there is no particle."""
    lemma = str(token.lemma_.lower())
    if token.pos_ not in {"VERB", "AUX"}:
        return lemma
    for child in token.children:
        loose = child.dep_ == "prt" or (
            child.dep_ in {"advmod", "prep"}
            and child.i == token.i + 1
            and not any(g.dep_ == "pobj" for g in child.children)
        )
        if loose and child.lower_ in _PARTICLES:
            return f"{lemma}_{child.lower_}"
    return lemma


def subject_of(token: Token, depth: int = 0) -> Token | None:
    """The noun that a predicate is said of, inherited over conjunctions and control."""
    for child in token.children:
        if child.dep_ in {"nsubj", "nsubjpass", "csubj"}:
            return _antecedent(child)
    if depth > 6:
        return None
    controller = _controller(token)
    if controller is not None:
        return controller
    if token.dep_ == "xcomp" and token.head.lemma_ == "use":
        return None  # "a lorry was used to reach the window"
    if token.dep_ in {"conj", "xcomp"} and token.head.pos_ in {"VERB", "AUX", "ADJ"}:
        return subject_of(token.head, depth + 1)
    if token.dep_ == "acomp" and token.head.pos_ in {"VERB", "AUX"}:
        return subject_of(token.head, depth + 1)  # "is likely to ask"
    if token.dep_ == "pcomp" and token.head.dep_ == "prep" and token.head.head.pos_ in {"VERB", "AUX"}:
        return subject_of(token.head.head, depth + 1)  # "she left after beating him"
    if token.dep_ in {"relcl", "acl"} and token.tag_ in {"VBG", "VBN"}:
        return token.head
    if token.dep_ == "advcl" and token.tag_ in {"VB", "VBG", "VBN"} and token.head.pos_ in {"VERB", "AUX"}:
        return subject_of(token.head, depth + 1)
    return None


def _controller(token: Token) -> Token | None:
    """Who acts in "accused X of hiding" and "asked X to step in": the object of the verb above."""
    above = token.head.head if token.dep_ == "pcomp" and token.head.dep_ == "prep" else token.head
    controls = token.dep_ == "pcomp" or (
        token.dep_ == "xcomp" and any(c.tag_ == "TO" for c in token.children)
    )
    if not controls or above.pos_ != "VERB":
        return None
    if token.dep_ == "pcomp" and token.head.lower_ not in {"of", "with", "for", "from", "into"}:
        return None
    return next((c for c in above.children if c.dep_ == "dobj" and c.i < token.i), None)


def _antecedent(subject: Token) -> Token:
    """`which`, `who`, `that` stand for the noun their clause describes."""
    if subject.tag_ in {"WDT", "WP"} and subject.head.dep_ == "relcl":
        return subject.head.head
    return subject


def phrase_tokens(token: Token) -> list[Token]:
    """A noun phrase without the clauses that hang on it."""
    kept = [token]
    for child in token.children:
        if child.dep_ in {"relcl", "acl", "advcl", "case", "cc", "mark", "ccomp"}:
            continue
        if child.dep_ == "punct" and child.text != "-":
            continue
        if child.dep_ == "conj" and child.pos_ in {"VERB", "AUX"}:
            continue
        kept.extend(phrase_tokens(child))
    return sorted(kept, key=lambda t: t.i)


def phrase_lemmas(token: Token) -> frozenset[str]:
    """Lemmas of a noun phrase's content words, pronouns included."""
    return frozenset(
        t.lemma_.lower() for t in phrase_tokens(token) if t.pos_ in {"NOUN", "PROPN", "NUM", "PRON", "ADJ"}
    )
