"""What is counted in a statement: the dead, the injured, households without power.

Comes in: claims. Goes out: `Mention`s of one count each, whose term names what is counted. Promises: a part
("six of them") and a number inside quotation marks is no count; whoever died, was hurt or is missing is
counted apart; the same claims give the same counts whatever their order.

A number belongs to the nearest word that says what became of the people it counts; "the number of people
killed has risen to 15" counts the killed. What is no person is counted under its own noun.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from service.facts.attribution import can_speak
from service.facts.stems import stem
from service.stories.claims import Claim
from service.stories.happenings import happening_words, is_planned
from service.stories.occasions import Count, Mention, count_of, is_a_part

if TYPE_CHECKING:
    from spacy.tokens import Token

# How far from its number the word may stand: "12 people on board the ferry were killed".
REACH = 8
PEOPLE = frozenset({"", "peopl", "person", "man", "woman", "child", "victim", "live", "life", "other"})
_SUMS = frozenset({"number", "toll", "count", "total", "figure"})
_REACHING = frozenset("rise climb grow stand put increase jump reach bring fall drop".split())


def tolls(claims: Sequence[Claim]) -> tuple[Mention, ...]:
    """Sorted by content; the term is `killed`, `injured` and the like, or the stem of a noun."""
    found = (toll for claim in claims for toll in _tolls(claim))
    return tuple(sorted(found, key=lambda m: (*m.key, m.term)))


def _tolls(claim: Claim) -> Iterator[Mention]:
    analysis = claim.analysis
    for number in analysis.numbers:
        quoted = any(a <= number.start < b for a, b in analysis.quotes)
        if quoted or number.ordinal or number.unit or number.value is None:
            continue
        token = analysis.token_at(number.end - 1)
        if token is None or is_a_part(analysis.text, number) or _is_in_a_name(token):
            continue
        count = count_of(claim, number)
        found = _fate(token, count)
        if found is not None:
            yield _mention(claim, *found, Count(number, found[1], count.text))
        elif count.noun not in PEOPLE and (number.value > 2 or number.bound != "exact"):
            yield _mention(claim, token.head, count.noun, count)


def _is_in_a_name(number: Token) -> bool:
    """As the 900 of "EmberPanel 900 heaters"."""
    before = number.nbor(-1) if number.i > 0 else None
    return before is not None and before.i > 0 and before.pos_ == "PROPN" and before.text[:1].isupper()


def _fate(number: Token, count: Count) -> tuple[Token, str] | None:
    """The word that says what became of those counted, and what it says."""
    fates = [(t, fate) for t in number.doc if (fate := happening_words().fates.get(stem(t.lemma_.lower())))]
    if not fates:
        return None
    verb = number.head.head if number.dep_ == "pobj" else number.head
    summed = any(t.lemma_.lower() in _SUMS for t in number.doc[: number.i])
    if summed and verb.lemma_.lower() in _REACHING:
        return fates[0]
    somebody = can_speak(number.head) and _happens_to(number.head, {t.i for t, _ in fates})
    if count.noun not in PEOPLE and not somebody:
        return None
    near = min(fates, key=lambda f: (abs(f[0].i - number.i), f[0].i))
    return near if abs(near[0].i - number.i) <= REACH else None


def _happens_to(noun: Token, fates: set[int]) -> bool:
    """Whether the noun itself undergoes it: "40 passengers were injured"."""
    return noun.head.i in fates and noun.dep_ in {"nsubj", "nsubjpass", "dobj"}


def _mention(claim: Claim, head: Token, term: str, count: Count) -> Mention:
    clause = next((c for c in claim.analysis.clauses if c.head == head.i), None)
    return Mention(
        claim=claim,
        head=head.i,
        term=term,
        planned=claim.fact.kind == "plan" or is_planned(claim.analysis, head),
        negated=claim.fact.polarity == "negated" or (clause is not None and clause.negated),
        definite=False,
        dates=tuple(sorted(when.value for when in claim.analysis.dates)),
        people=frozenset(),
        places=(),
        counts=(count,),
    )
