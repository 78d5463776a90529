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
from dataclasses import dataclass

from service.facts.alignment import disagreements
from service.facts.analysis import Analysis
from service.facts.dates import When, same_time
from service.facts.models import Reason
from service.facts.names import NameBook
from service.facts.numbers import Number, same_number, within
from service.facts.stems import bare_keys, stem, token_keys
from service.facts.synonyms import kin, related


@dataclass(frozen=True, slots=True)
class Refusal:
    reason: Reason
    detail: str


@dataclass(frozen=True)
class Claim:
    """A statement laid beside its evidence. `stands_for` names what pronouns of the evidence mean."""

    statement: Analysis
    evidence: tuple[Analysis, ...]
    book: NameBook
    stands_for: frozenset[str] = frozenset()

    def words(self) -> frozenset[str]:
        return frozenset().union(*(e.words for e in self.evidence))

    def stems(self) -> frozenset[str]:
        return frozenset().union(*(e.stems for e in self.evidence))


def refuse(claim: Claim) -> Refusal | None:
    """The first reason why the evidence does not carry the statement; None when it does."""
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
    allowed = {_script(c) for e in claim.evidence for c in e.text} | {_script(c) for m in claim.book.words for c in m}
    for character in claim.statement.text:
        if _script(character) not in allowed | {""}:
            yield Refusal("script_not_in_article", f"{character!r} is of a script that the article does not use")


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


# -- numbers and dates ----------------------------------------------------------------------------


def _numbers(claim: Claim) -> Iterator[Refusal]:
    for number in claim.statement.numbers:
        equal = [(e, n) for e in claim.evidence for n in e.numbers if same_number(number, n) or within(number, n)]
        if not equal:
            if number.value == 1 and number.text.lower() == "one" and _counts_one(claim, number):
                continue
            yield Refusal("number_not_in_evidence", f"the evidence does not say {number.text!r}")
        elif not any(_bound_allows(number, n) for _, n in equal):
            yield Refusal("number_not_in_evidence", f"the evidence says {equal[0][1].bound} {equal[0][1].text!r}")
        elif detail := _counts_something_else(claim, number, equal):
            yield Refusal("number_not_in_evidence", detail)


def _bound_allows(statement: Number, evidence: Number) -> bool:
    if statement.bound == evidence.bound or within(statement, evidence):
        return True
    return (statement.bound, evidence.bound) in {("about", "exact"), ("at_least", "more"), ("at_most", "less")}


def _counts_one(claim: Claim, number: Number) -> bool:
    """"a man" supports "one man"."""
    return any(
        token.lower_ in {"a", "an"} and stem(token.head.lemma_.lower()) in claim.statement.context(number.start, number.end)
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
            elsewhere = known and not own_counted and not counted.isdisjoint(e.counted(other.start, other.end))
            if elsewhere or (not own and not own_counted and _overlap(wanted, e.context(other.start, other.end))):
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


def _dates(claim: Claim) -> Iterator[Refusal]:
    for when in claim.statement.dates:
        equal = [(e, w) for e in claim.evidence for w in e.dates if same_time(when, w)]
        if not equal:
            yield Refusal("date_not_in_evidence", f"the evidence does not say {when.text!r}")
        elif detail := _dated_something_else(claim, when, equal):
            yield Refusal("date_not_in_evidence", detail)


def _dated_something_else(claim: Claim, when: When, equal: list[tuple[Analysis, When]]) -> str | None:
    wanted = claim.statement.context(when.start, when.end)
    own = max(_overlap(wanted, e.context(w.start, w.end)) for e, w in equal)
    for e in claim.evidence:
        for other in e.dates:
            if re.match(r"\s+-\s", e.text[other.end : other.end + 3]):
                continue  # the dateline
            if not same_time(when, other) and _overlap(wanted, e.context(other.start, other.end)) > own:
                return f"what the statement dates {when.text!r} is {other.text!r} in the evidence"
    return None


# -- names and words ------------------------------------------------------------------------------


def _names(claim: Claim) -> Iterator[Refusal]:
    words = claim.words() | claim.stands_for
    for name in claim.statement.names:
        for word in name.words:
            if not word.isdigit() and not claim.book.same(word, words) and not _common_word(claim, word):
                yield Refusal("name_not_in_evidence", f"the evidence does not name {name.text!r}")


def _common_word(claim: Claim, word: str) -> bool:
    """A capitalised common word ("Officials") that the tagger took for a name."""
    return stem(word) in claim.stems()


_AGAINST = (("for", "against"), ("before", "after"), ("from", "to"), ("from", "for"), ("above", "below"), ("with", "without"))
_OPPOSITE = frozenset(frozenset(pair) for pair in _AGAINST)


def _prepositions(claim: Claim) -> Iterator[Refusal]:
    """"Voted for the plan" is not "voted against the plan"."""
    told = _prepositional(claim.statement)
    given = [pair for e in claim.evidence for pair in _prepositional(e)]
    for preposition, keys in told:
        same = {p for p, other in given if not keys.isdisjoint(other)}
        if preposition not in same and any(frozenset((preposition, p)) in _OPPOSITE for p in same):
            yield Refusal("word_not_in_evidence", f"the evidence says {same.pop()!r} where the statement says {preposition!r}")


def _prepositional(analysis: Analysis) -> list[tuple[str, frozenset[str]]]:
    return [
        (t.head.lower_, frozenset(c.lower_ for c in t.children if c.dep_ == "nummod") or token_keys(t))
        for t in analysis.doc
        if t.dep_ in {"pobj", "pcomp"}
    ]


def _words(claim: Claim) -> Iterator[Refusal]:
    stems, words = claim.stems(), claim.words() | claim.stands_for
    skipped = claim.statement.frame_words
    for token in claim.statement.content:
        if token.i in skipped or any(a <= token.idx < b for a, b in claim.statement.quotes):
            continue  # judged with what it frames; as a quotation
        keys = token_keys(token) | bare_keys(token)
        if keys & stems or claim.book.same(re.sub(r"\W", "", token.lower_), words):
            continue
        if all(kin(key).isdisjoint(stems) for key in keys):
            yield Refusal("word_not_in_evidence", f"the evidence does not say {token.text!r}")


# -- who did what, whether it happened, and who says so -------------------------------------------


def _happening(claim: Claim) -> Iterator[Refusal]:
    for found in disagreements(claim.statement, claim.evidence, claim.book, claim.stands_for):
        yield Refusal(found.reason, found.detail)


_CHECKS: tuple[Callable[[Claim], Iterator[Refusal]], ...] = (
    _scripts,
    _quotes,
    _numbers,
    _dates,
    _names,
    _words,
    _prepositions,
    _happening,
)
