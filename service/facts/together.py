"""Whether what is told together stands together in the evidence.

Comes in: an event told, its statement, and the event of the evidence that carries it. Goes out: the word,
number or time that stands somewhere else, in words; None when there is none. Promises: two sentences are
not mixed into a third; the other sentence may only say what a name means, or fill an open place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.facts.analysis import Analysis
from service.facts.attribution import can_speak
from service.facts.dates import same_time
from service.facts.events import Event
from service.facts.lexicon import lexicon
from service.facts.names import name_words
from service.facts.numbers import same_number, within
from service.facts.partners import Partner
from service.facts.phrases import Reference
from service.facts.stems import bare_keys, token_keys
from service.facts.thesaurus import carries

if TYPE_CHECKING:
    from spacy.tokens import Token


_INSIDE = frozenset({"compound", "amod", "poss", "nmod", "pobj", "prep", "appos"})
_TAKING_UP = frozenset({"the", "this", "that"})


def apart(event: Event, statement: Analysis, partner: Partner, reference: Reference) -> str | None:
    """What is told with the event and stands in another sentence, or in another part of its own."""
    detail = _in_another_part(event, statement, partner)
    if detail is None and len(reference.evidence) > 1:
        detail = _scattered(event, statement, partner, reference)
    return detail


def _scattered(event: Event, statement: Analysis, partner: Partner, reference: Reference) -> str | None:
    """With two sentences at hand, one of them must carry the whole clause; the other may only say what
    a name means, or fill a place that the sentence leaves open.
    """
    given = partner.analysis
    for token in statement.content:
        own = _nearest_event(token, statement) == event.token.i and token.i not in statement.frame_words
        if not own or _named_there(token, partner, reference):
            continue
        keys = token_keys(token) | bare_keys(token) | statement.expression_keys(token.i)
        if _of_something_known(token, keys, partner, reference):
            continue
        if _fills_a_gap(token, event, partner.event):
            continue
        if token.lemma_.lower() in lexicon().generic or reference.claim.takes_up(given, token, keys):
            continue
        if not carries(given.stems, keys):
            return f"{token.text!r} is not said together with {event.token.text!r} in the evidence"
    told = [n for n in statement.numbers if _nearest_at(n.start, statement) == event.token.i]
    if not all(any(same_number(n, m) or within(n, m) for m in given.numbers) for n in told):
        return f"the number is not said together with {event.token.text!r} in the evidence"
    for when in statement.dates:
        if _nearest_at(when.start, statement) == event.token.i and not any(
            same_time(when, w) for w in given.dates
        ):
            return f"{when.text!r} is not said together with {event.token.text!r} in the evidence"
    return None


def _of_something_known(token: Token, keys: frozenset[str], partner: Partner, reference: Reference) -> bool:
    """A word of a noun phrase whose noun the sentence takes up ("the protest") from the other sentence,
    where both stand ("his coach lodged a protest").
    """
    head = token
    while head.dep_ in _INSIDE and head.head.i != head.i:
        head = head.head
    if head.i == token.i or head.pos_ != "NOUN":
        return False
    noun = token_keys(head)
    known = any(
        t.pos_ == "NOUN"
        and not noun.isdisjoint(token_keys(t))
        and any(c.lower_ in _TAKING_UP for c in t.children)
        for t in partner.analysis.doc
    )
    words = frozenset(name_words(token.text))
    return known and any(
        not noun.isdisjoint(other.stems)
        and (not keys.isdisjoint(other.stems) or reference.book.same_any(words, other.words))
        for other in reference.evidence
        if other is not partner.analysis
    )


def _in_another_part(event: Event, statement: Analysis, partner: Partner) -> str | None:
    """A semicolon parts a sentence in two: a number told with the event stands in its own part."""
    text, place = partner.analysis.text, partner.event.token.idx
    if ";" not in text:
        return None
    start, end = text.rfind(";", 0, place) + 1, text.find(";", place)
    end = len(text) if end < 0 else end
    for number in statement.numbers:
        if _nearest_at(number.start, statement) != event.token.i:
            continue
        same = [n for n in partner.analysis.numbers if same_number(number, n) or within(number, n)]
        if same and not any(start <= n.start < end for n in same):
            return f"{number.text!r} is not said together with {event.token.text!r} in the evidence"
    return None


def _named_there(token: Token, partner: Partner, reference: Reference) -> bool:
    """Whether a name stands in the sentence of the event, or something there stands for it."""
    if token.pos_ != "PROPN":
        return False
    name = [t for t in (token, token.head, *token.children, *token.head.children) if t.pos_ == "PROPN"]
    words = frozenset(word for t in name for word in name_words(t.text))
    there = partner.analysis.words | reference.claim.reachable(partner.analysis)
    return reference.book.same_any(frozenset(name_words(token.text)) or words, there) or (
        token.dep_ == "compound" and reference.book.same_any(words, there)
    )


def _fills_a_gap(token: Token, event: Event, partner: Event) -> bool:
    """As in "the strike affected 45,000" on "45,000 were affected", "demolishing the plant" on "the
    demolition": a thing of the other sentence, where this one leaves open by what or of what.
    """
    if can_speak(token) or not any(c.lower_ in _TAKING_UP for c in token.children):
        return False
    if token in event.agents:
        return partner.passive and not partner.agents
    of_what = any(c.lower_ == "of" or c.dep_ in {"compound", "poss"} for c in partner.token.children)
    return token in event.patients and partner.nominal and not of_what


def _nearest_event(token: Token, statement: Analysis) -> int:
    heads = {e.token.i for e in statement.events}
    while token.i not in heads and token.head.i != token.i:
        token = token.head
    return token.i


def _nearest_at(start: int, statement: Analysis) -> int:
    token = statement.token_at(start)
    return _nearest_event(token, statement) if token is not None else -1
