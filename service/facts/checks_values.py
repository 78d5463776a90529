"""The gate's checks of numbers and dates.

Comes in: a `Claim`. Goes out: refusals. Promises: every number and date of a statement stands in the
evidence, as exact as it is told there, and counts or dates the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.facts.analysis import Analysis
from service.facts.claims import Claim, Refusal
from service.facts.dates import When, is_clock, same_time
from service.facts.numbers import Number, same_number, within
from service.facts.stems import stem, token_keys
from service.facts.thesaurus import related

_PAIRED = frozenset(
    "country side president leader company team party club board bank brother state man woman".split()
)


def check_numbers(claim: Claim) -> Iterator[Refusal]:
    """Value, unit, bound, and what is counted."""
    for number in claim.statement.numbers:
        equal = [
            (e, n) for e in claim.evidence for n in e.numbers if same_number(number, n) or within(number, n)
        ]
        if not equal:
            if number.value == 2 and _is_a_pair(claim, number):
                continue
            if number.value == 1 and number.text.lower() == "one" and _counts_one(claim, number):
                continue
            yield Refusal("number_not_in_evidence", f"the evidence does not say {number.text!r}")
        elif not any(_bound_allows(number, n) for _, n in equal):
            yield Refusal(
                "number_not_in_evidence", f"the evidence says {equal[0][1].bound} {equal[0][1].text!r}"
            )
        elif detail := _counts_something_else(claim, number, equal):
            yield Refusal("number_not_in_evidence", detail)


def _bound_allows(statement: Number, evidence: Number) -> bool:
    if statement.bound == evidence.bound or within(statement, evidence):
        return True
    return (statement.bound, evidence.bound) in {
        ("about", "exact"),
        ("at_least", "more"),
        ("at_most", "less"),
    }


def _is_a_pair(claim: Claim, number: Number) -> bool:
    """The "two" of "the two countries", of whom the article speaks together; "neither" counts two."""
    token = claim.statement.token_at(number.start)
    if token is None or token.dep_ != "nummod" or number.unit is not None:
        return False
    counted = token_keys(token.head)
    for two in (t for e in claim.evidence for t in e.doc if t.lower_ in {"neither", "either", "both"}):
        if any(related(a, b) for a in counted for b in token_keys(two.head)):
            return True
    return token.head.lemma_.lower() in _PAIRED and any(c.lower_ == "the" for c in token.head.children)


def _counts_one(claim: Claim, number: Number) -> bool:
    """As in "a man" supports "one man"."""
    return any(
        token.lower_ in {"a", "an"}
        and stem(token.head.lemma_.lower()) in claim.statement.context(number.start, number.end)
        for e in claim.evidence
        for token in e.doc
    )


def _counts_something_else(claim: Claim, number: Number, equal: list[tuple[Analysis, Number]]) -> str | None:
    """With several numbers about, the one with this value must be the one that counts the same thing."""
    counted = claim.statement.counted(number.start, number.end)
    known = any(e.counted(n.start, n.end) for e, n in equal)
    own_counted = max((_overlap(counted, e.counted(n.start, n.end)) for e, n in equal), default=0)
    wanted = claim.statement.context(number.start, number.end)
    own = max(_overlap(wanted, e.context(n.start, n.end)) for e, n in equal)
    for e in claim.evidence:
        for other in e.numbers:
            if same_number(number, other) or other.ordinal != number.ordinal or other.unit != number.unit:
                continue
            if _told_in_its_place(claim, e, other):
                continue
            elsewhere = (
                known and not own_counted and not counted.isdisjoint(e.counted(other.start, other.end))
            )
            if elsewhere or (
                not own and not own_counted and _overlap(wanted, e.context(other.start, other.end))
            ):
                return f"what the statement counts with {number.text!r} is {other.text!r} in the evidence"
    return None


def _told_in_its_place(claim: Claim, evidence: Analysis, other: Number) -> bool:
    """Whether the statement also tells the other number, of the same thing as the evidence."""
    given, counted = evidence.context(other.start, other.end), evidence.counted(other.start, other.end)
    for n in claim.statement.numbers:
        if same_number(n, other) and _overlap(claim.statement.context(n.start, n.end), given):
            told = claim.statement.counted(n.start, n.end)
            return not told or not counted or bool(_overlap(told, counted))
    return False


def _overlap(wanted: frozenset[str], given: frozenset[str]) -> int:
    return sum(1 for word in wanted if any(word == other or related(word, other) for other in given))


def check_pairs(claim: Claim) -> Iterator[Refusal]:
    """As in "from 94 percent in 2010 to 71 percent last year": each figure belongs to the date beside it."""
    for number in claim.statement.numbers:
        for when in claim.statement.dates:
            if number.unit is None or len(claim.statement.numbers) > 1 or len(claim.statement.dates) > 1:
                continue
            for e in claim.evidence:
                figures = [n for n in e.numbers if n.unit == number.unit]
                if len(figures) < 2 or len(e.dates) < 2:
                    continue
                given = next((n for n in figures if same_number(number, n)), None)
                if given is None or not any(same_time(when, w) for w in e.dates):
                    continue
                beside = min(e.dates, key=lambda w: (abs(w.start - given.end), w.start))
                if not same_time(when, beside):
                    detail = f"the evidence says {given.text!r} of {beside.text!r}, not of {when.text!r}"
                    yield Refusal("date_not_in_evidence", detail)


def check_dates(claim: Claim) -> Iterator[Refusal]:
    """The time, as fine as told, and what is dated."""
    for when in claim.statement.dates:
        equal = [(e, w) for e in claim.evidence for w in e.dates if same_time(when, w)]
        if not equal:
            yield Refusal("date_not_in_evidence", f"the evidence does not say {when.text!r}")
        elif detail := _dated_something_else(claim, when, equal):
            yield Refusal("date_not_in_evidence", detail)


def _dated_something_else(claim: Claim, when: When, equal: list[tuple[Analysis, When]]) -> str | None:
    wanted = claim.statement.context(when.start, when.end)
    told_of_saying = _of_the_saying(claim.statement, when)
    own = -1
    for e, w in equal:
        given = e.context(w.start, w.end)
        if told_of_saying or not _of_the_saying(e, w):
            own = max(own, _overlap(wanted, given))
        elif wanted & given:
            own = max(own, len(wanted & given))
    if own < 0:
        return f"{when.text!r} is in the evidence the day on which somebody says so"
    for e in claim.evidence:
        for other in e.dates:
            if re.match(r"\s+-\s", e.text[other.end : other.end + 3]):
                continue  # the dateline
            if is_clock(when.value) != is_clock(other.value):
                continue  # a time of day is no other day
            if _of_the_saying(e, other) and not told_of_saying:
                continue
            if not same_time(when, other) and _overlap(wanted, e.context(other.start, other.end)) > own:
                return f"what the statement dates {when.text!r} is {other.text!r} in the evidence"
    return None


def _of_the_saying(analysis: Analysis, when: When) -> bool:
    """As in "killed 129, the agency said on Monday": the day of the report."""
    token = analysis.token_at(when.start)
    while token is not None and token.head.i != token.i:
        token = token.head
        if token.pos_ in {"VERB", "AUX"}:
            says = token.dep_ == "parataxis" or any(c.dep_ == "ccomp" for c in token.children)
            return says and token.i in analysis.frame_words
    return False
