"""Whether what a verb tells happened: negation and modality.

Comes in: the token of a predicate. Goes out: whether it is negated, and all that keeps it from being
told as a fact. Promises: pure reading of the parse with the lexicon's cue words; what governs a verb
counts as well as what stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from service.facts.lexicon import Lexicon
from service.facts.syntax import SUBJECTS, particle_lemma

if TYPE_CHECKING:
    from spacy.tokens import Token

Modality = Literal[
    "future", "possible", "planned", "conditional", "duty", "alleged", "reported", "failed", "unconfirmed"
]


# Whoever does not plan to do a thing, plans not to do it.
RAISING = frozenset({"intend", "plan", "expect", "want", "wish", "aim", "be"})


def negated(token: Token, words: Lexicon) -> bool:
    """Whether a predicate, its subject or its object is negated."""
    if _yet_to(token) or any(c.dep_ == "mark" and c.lower_ == "unless" for c in token.children):
        return not _plainly_negated(token)  # "unless it is renewed": if it is not
    if any(_negates(child, words) for child in token.children):
        return True
    if token.dep_ == "pcomp" and token.head.lower_ == "without":
        return True
    if token.dep_ == "conj" and not any(c.dep_ in SUBJECTS | {"aux"} for c in token.children):
        joined = {c.lower_ for c in token.head.children if c.dep_ == "cc"}
        if token.head.pos_ in {"VERB", "AUX"} and joined & {"or", "nor"}:
            return negated(token.head, words)
    if token.dep_ == "xcomp" and token.head.lemma_.lower() in RAISING and negated(token.head, words):
        return True  # "does not intend to rule"
    return token.dep_ == "xcomp" and token.head.pos_ == "ADJ" and _unwilling(token.head)


def _negates(child: Token, words: Lexicon) -> bool:
    """What stands below a predicate and turns it: "not", "never", "nobody", "in no case", "not guilty"."""
    if child.dep_ == "neg" or (child.dep_ in {"advmod", "preconj"} and child.lower_ in words.negations):
        return True
    if child.dep_ in {"nsubj", "nsubjpass", "dobj", "attr", "expl"} and _negative_phrase(child):
        return True
    if child.dep_ in {"aux", "auxpass", "acomp", "attr", "oprd"}:
        return any(g.dep_ == "neg" for g in child.children)
    return child.dep_ == "prep" and any(g.dep_ == "pobj" and _negative_phrase(g) for g in child.children)


def _unwilling(adjective: Token) -> bool:
    """As in "unable to" and "not willing to"."""
    if adjective.lower_ in {"unlikely", "unable", "unwilling"}:
        return True
    ready = adjective.lower_ in {"willing", "able", "ready", "prepared", "allowed"}
    return ready and any(c.dep_ == "neg" for c in adjective.head.children)


def _yet_to(token: Token) -> bool:
    """Who "has yet to decide" has not decided."""
    return (
        token.dep_ == "xcomp"
        and token.head.lemma_ in {"have", "be"}
        and any(c.lower_ == "yet" for c in (*token.children, *token.head.children))
    )


def _plainly_negated(token: Token) -> bool:
    return any(c.dep_ == "neg" for c in token.children)


def _negative_phrase(noun: Token) -> bool:
    return noun.lower_ in {"nobody", "nothing", "none", "neither"} or any(
        (
            child.dep_ in {"det", "neg", "preconj", "advmod"}
            and child.lower_ in {"no", "neither", "not", "none"}
        )
        or (child.dep_ == "nummod" and any(g.dep_ == "neg" for g in (*child.children, *child.lefts)))
        for child in noun.children
    )


def _accuses(token: Token, preposition: str, words: Lexicon) -> bool:
    """`charged with`, `arrested for`, `on trial over`: what follows is not proven."""
    return preposition in {"with", "of", "for", "over", "about"} and token.lemma_.lower() in words.accusing


def modality(token: Token, words: Lexicon, depth: int = 0) -> Iterator[Modality]:
    """What keeps a predicate from being a fact, its own and inherited."""
    for child in token.children:
        lower = child.lower_
        if child.dep_ == "aux" and child.tag_ == "MD":
            if lower in words.future_modals:
                yield "future"
            elif lower in words.possible_modals:
                yield "possible"
            elif lower in words.duty_modals:
                yield "duty"
        elif (child.dep_ == "mark" and lower in words.conditional_markers) or (
            child.dep_ == "advcl"
            and any(g.dep_ == "mark" and g.lower_ in {"if", "unless"} for g in child.children)
        ):
            yield "conditional"
        elif child.dep_ == "advmod":
            yield from _adverb_modality(lower, words)
    if depth < 6:
        yield from _inherited_modality(token, words, depth)


def _implies(verb: Token, words: Lexicon) -> bool:
    """`began to`, `managed to`: what follows happened."""
    return verb.lemma_.lower() in words.implying or verb.pos_ not in {"VERB", "AUX"}


def _adverb_modality(lower: str, words: Lexicon) -> Iterator[Modality]:
    if lower in words.alleged_adverbs:
        yield "alleged"
    elif lower in words.reported_adverbs:
        yield "reported"
    elif lower in words.possible_adverbs:
        yield "possible"


def _inherited_modality(token: Token, words: Lexicon, depth: int) -> Iterator[Modality]:
    head = token.head
    if head.i == token.i:
        return
    if token.dep_ == "conj" and head.pos_ in {"VERB", "AUX", "ADJ"}:
        own_subject = any(c.dep_ in SUBJECTS for c in token.children)
        own_auxiliary = any(c.dep_ in {"aux", "auxpass"} and c.tag_ != "TO" for c in token.children)
        bare = token.tag_ == "VBP" and any(c.tag_ == "MD" for c in head.children)  # "will hire and have"
        alike = bare or token.tag_ in {"VB", "VBN", "VBG", head.tag_}
        if not own_subject and not own_auxiliary and alike:
            yield from modality(head, words, depth + 1)
    if token.dep_ == "csubj":
        yield from modality(head, words, depth + 1)  # "demolishing it should take six years"
    if token.dep_ in {"xcomp", "ccomp", "advcl", "acl", "pcomp"}:
        yield from _governed(token, words, depth)
    yield from _as_a_claim(token, words)


def _governed(token: Token, words: Lexicon, depth: int) -> Iterator[Modality]:
    """What the verb or noun above an infinitive or participle makes of it."""
    head = token.head
    verb = head.head if token.dep_ == "pcomp" else head
    infinitive = any(c.dep_ == "aux" and c.tag_ == "TO" for c in token.children)
    if token.dep_ in {"xcomp", "pcomp"} or infinitive:
        asked = token.dep_ == "acl" and head.dep_ in {"dobj", "nsubjpass"}
        if asked and head.head.lemma_.lower() in words.fail:  # "rejected a request to postpone"
            yield "possible" if negated(head.head, words) else "failed"
        elif {verb.lemma_.lower(), particle_lemma(verb)} & words.fail:
            yield "possible" if negated(verb, words) else "failed"
        elif _yet_to(token):
            pass
        elif infinitive and verb.lemma_ == "have":
            if verb.tag_ != "VBD":  # who had to leave, left
                yield "duty"
        elif _is_open(token, verb, words, infinitive=infinitive):
            yield "planned"
    if token.dep_ == "pcomp" and head.lower_ in {"after", "since", "despite", "by"}:
        return  # "will be mayor after beating her rival"
    if token.dep_ == "advcl" and token.tag_ == "VBG" and not any(c.dep_ == "mark" for c in token.children):
        yield from modality(head, words, depth + 1)  # "will provide it, starting in April"
    bare = token.dep_ == "ccomp" and (token.tag_ == "VB" or token.pos_ == "ADJ")
    if token.dep_ in {"xcomp", "pcomp"} or (
        bare and not any(c.dep_ in {"aux", "mark"} for c in token.children)
    ):
        yield from modality(verb, words, depth + 1)


def _is_open(token: Token, verb: Token, words: Lexicon, *, infinitive: bool) -> bool:
    """Whether what stands below a verb or noun is still to come: "is to", "plans to", "a bid to"."""
    if token.dep_ == "acl" and verb.lemma_.lower() in words.possible_nouns:
        return True
    if not infinitive:
        return False
    planned = verb.lemma_.lower() in words.plan or verb.lower_ in words.plan_adjectives
    return (
        verb.lemma_ == "be"
        or planned
        or token.dep_ == "acl"
        or (token.dep_ == "xcomp" and not _implies(verb, words))
    )


def _as_a_claim(token: Token, words: Lexicon) -> Iterator[Modality]:
    """What a reporting verb or noun above a clause leaves open about it."""
    head = token.head
    lemma = head.lemma_.lower()
    if token.dep_ == "ccomp" and lemma in words.reporting - words.deny and negated(head, words):
        yield "unconfirmed"  # "the police did not confirm that ..."
    if token.dep_ == "ccomp" and lemma in words.doubtful:
        yield "possible" if lemma == "doubt" else "reported"
    if token.dep_ in {"acl", "ccomp"} and lemma in words.report_nouns:
        yield "reported"
    answers = token.lemma_.lower() in words.deny | words.reject  # "a charge denied by ..." is no charge
    if token.dep_ in {"acl", "ccomp"} and lemma in words.charge_nouns and not answers:
        yield "alleged"
    if token.dep_ == "pcomp":
        above = head.head.lemma_.lower()
        if above in words.charge_nouns or (head.dep_ == "prep" and _accuses(head.head, head.lower_, words)):
            yield "alleged"
        elif above in words.possible_nouns:
            yield "possible"
