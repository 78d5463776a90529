"""Claims that stand against each other: an accusation and its denial, a yes and a no.

Comes in: the claims of all articles. Goes out: `Opposition`s, each with two sides. Promises: a denial
is set against what it denies: the charge in its own sentence, the charge just before it ("denies the
charge"), or the charge of the same thing in another article; when none is found it opposes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.facts.analysis import stem
from service.facts.lexicon import lexicon
from service.facts.thesaurus import kin, related
from service.stories.alike import similarity, word_overlap
from service.stories.claims import Claim, Commonness
from service.stories.linking import components, pairs
from service.stories.merging import candidates
from service.stories.places import name_keys, one_place
from service.stories.vetoes import one_is_negated, vetoes

if TYPE_CHECKING:
    from spacy.tokens import Token

# How many facts back "the charge" may stand.
LOOK_BACK = 3
# Two charges are one when they share a deed and one more word, or a deed and both names.
SHARED_TERMS = 2
# Yes and no of one sentence differ in nothing but a "not".
SAME_BUT_NEGATED = 0.7

_WRONGLY = frozenset({"unlawfully", "illegally", "wrongly"})
_REFERRING = frozenset({"this", "these", "that", "those", "such", "the"})


@dataclass(frozen=True)
class Opposition:
    """`sides`: what is held, and the claims that hold it, the charge (or the yes) first."""

    about: str
    sides: tuple[tuple[str, tuple[Claim, ...]], tuple[str, tuple[Claim, ...]]]


def oppositions(claims: Sequence[Claim], common: Commonness) -> tuple[Opposition, ...]:
    ordered = sorted(claims, key=lambda c: c.key)
    return (*_denied(ordered), *_negated(ordered, common))


# -- accused and denied ---------------------------------------------------------------------------


def _denied(claims: Sequence[Claim]) -> Iterator[Opposition]:
    told = [c for c in claims if is_charge(c) or c.denies]
    by_article: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_article[claim.article_id].append(claim)
    links = [(d, c) for d in told if d.denies for c in _answered_there(d, by_article[d.article_id])]
    also: list[tuple[Claim, Claim]] = []
    for i, j in pairs([_charge_keys(claim) for claim in told]):
        left, right = told[i], told[j]
        if one_charge(left, right):
            links += [
                (d, c) for d, c in ((left, right), (right, left)) if _denies_elsewhere(d) and is_charge(c)
            ]
            also.append((left, right))
    linked = {c.key for _, c in links}
    also = [(a, b) for a, b in also if is_charge(a) and is_charge(b) and (a.key in linked or b.key in linked)]
    for group in _joined([*links, *also]):
        accusing = tuple(c for c in group if is_charge(c))
        denying = tuple(c for c in group if c.denies)
        if accusing and denying:
            about = f"whether it is true: {min(accusing, key=_unclear).fact.statement}"
            yield Opposition(about, (("alleged", accusing), ("denied", denying)))


def _charge_keys(claim: Claim) -> frozenset[str]:
    """What two tellings of one charge share: a deed together with somebody named."""
    names = {key for words in claim.names for key in name_keys(words)}
    return frozenset(
        f"{deed}/{name}" for told in deeds(claim) for deed in (told, *kin(told)) for name in names
    )


def _unclear(charge: Claim) -> tuple[int, bool, int, tuple[str, str]]:
    """Smallest for the charge that is plainest to read."""
    return len(charge.fact.unresolved), charge.denies, len(charge.fact.statement), charge.key


def is_charge(claim: Claim) -> bool:
    """Somebody is accused of a deed in it. "Pyongyang denies the charge" names none."""
    words = lexicon()
    tokens = list(claim.analysis.doc)
    accused = (
        claim.fact.kind == "accusation"
        or any(t.lemma_.lower() in words.accuse for t in tokens)
        or any(t.lower_ in words.alleged_adverbs for t in tokens)
        or any(t.lemma_.lower() in words.charge_nouns and _says_of_what(t) for t in tokens)
        or (claim.fact.kind == "statement" and any(t.lower_ in _WRONGLY for t in tokens))
    )
    return bool(deeds(claim)) and (accused or (claim.denies and _reported_and_denied(claim)))


def _says_of_what(noun: Token) -> bool:
    """As in "accusations that ...", "claims of ..."; not in "allegations that both have denied"."""
    words = lexicon()
    return any(
        c.lower_ in {"of", "about", "from", "against"}
        if c.dep_ == "prep"
        else c.dep_ in {"acl", "ccomp"} and c.lemma_.lower() not in words.deny | words.reject
        for c in noun.children
    )


def _reported_and_denied(claim: Claim) -> bool:
    """Both in one sentence: "shells have gone to Russia, Seoul reported, but Moscow has denied it"."""
    return claim.fact.kind == "statement" and bool(claim.fact.speaker)


def deeds(claim: Claim) -> frozenset[str]:
    """What is alleged or denied, without the words of alleging and denying."""
    words = lexicon()
    frames = {
        stem(w) for w in words.accuse | words.deny | words.reject | words.charge_nouns | words.reporting
    }
    return frozenset(term for term in claim.terms if term not in frames)


def _answered_there(denial: Claim, own: Sequence[Claim]) -> list[Claim]:
    """The charge that a denial answers in its own article: its own one, or "the charge" just before it."""
    if is_charge(denial):
        return [denial]
    if not _refers_back(denial):
        return []
    before = [c for c in own if c.position < denial.position]
    nearest = sorted(before, key=lambda c: (-c.position, c.key))[:LOOK_BACK]
    return next(([c] for c in nearest if is_charge(c)), [])


def _denies_something_said(verb: Token) -> bool:
    words = lexicon()
    if verb.lemma_.lower() not in words.deny | words.reject or verb.pos_ != "VERB":
        return False
    below = [c for c in verb.children if c.dep_ in {"dobj", "ccomp", "xcomp", "pcomp", "nsubjpass"}]
    return all(c.lower_ in {"it", "that", "this", "them"} for c in below)


def _denies_elsewhere(claim: Claim) -> bool:
    """A denial that says itself what is denied, and not whom to ask for it."""
    return claim.denies and not is_charge(claim) and not _refers_back(claim)


def _refers_back(denial: Claim) -> bool:
    """It answers what stands before it: "denies the charge", "denied it", "has denied"."""
    words = lexicon()
    return any(_denies_something_said(t) for t in denial.analysis.doc) or (
        any(
            t.lemma_.lower() in words.charge_nouns
            and (t.dep_ == "attr" or any(c.dep_ == "det" and c.lower_ in _REFERRING for c in t.children))
            for t in denial.analysis.doc
        )
        and len(deeds(denial)) <= 1
    )


def one_charge(left: Claim, right: Claim) -> bool:
    """The same deed, told of nobody who excludes the other."""
    if left is right:
        return False
    shared = [a for a in deeds(left) if any(related(a, b) for b in deeds(right))]
    named = sum(any(one_place(a, b) for b in right.names) for a in left.names)
    return (len(shared) >= SHARED_TERMS and named >= 1) or (
        bool(shared) and named >= 2 and _both_accuse(left, right)
    )


def _both_accuse(left: Claim, right: Claim) -> bool:
    return is_charge(left) and is_charge(right)


def _joined(links: Sequence[tuple[Claim, Claim]]) -> list[list[Claim]]:
    """Connected claims, each group sorted by content."""
    by_key = {claim.key: claim for link in links for claim in link}
    found = components((left.key, right.key) for left, right in links)
    return [[by_key[key] for key in keys] for keys in sorted(map(sorted, found))]


# -- yes and no -----------------------------------------------------------------------------------


def _negated(claims: Sequence[Claim], common: Commonness) -> Iterator[Opposition]:
    """Pairs that would be one fact but for a "not"."""
    for i, j in candidates(claims):
        left, right = claims[i], claims[j]
        if left.fact.polarity == right.fact.polarity or not left.terms & right.terms:
            continue
        if (
            word_overlap(left, right, common) < SAME_BUT_NEGATED
            or similarity(left, right, common) < SAME_BUT_NEGATED
        ):
            continue
        if vetoes(left, right) == {"polarity"} and one_is_negated(left, right):
            yes, no = (left, right) if left.fact.polarity == "affirmed" else (right, left)
            yield Opposition(f"whether it is true: {yes.fact.statement}", (("yes", (yes,)), ("no", (no,))))
