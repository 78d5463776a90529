"""What is compared: a gold fact, a produced fact, or a text, taken apart once.

Comes in: gold facts, facts, texts. Goes out: `Claim`s. Promises: pure; the order of a list of claims by `key`
depends on what they say, not on where they stood.

A gold fact is told in several ways: its statement, and the quote of each mention. The values are those of the
statement; what the quote of a mention leaves out ("she", "on that day") need not be in what is produced from
that article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from evals.alike import compare_slots
from evals.models import GoldFact
from evals.slots import Given, Name, Slots, read_slots
from evals.tokens import wording
from evals.wording import Wording
from service.facts.models import Fact, Kind
from service.facts.numbers import Number
from service.stories.models import MergedFact

Modality = Literal["asserted", "said", "alleged", "denied"]

_OF_KIND: dict[Kind, Modality] = {
    "event": "asserted",
    "background": "asserted",
    "plan": "asserted",
    "statement": "said",
    "accusation": "alleged",
    "denial": "denied",
}
_DENIED = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ials?)|refut\w+|rebut\w*|repudiat\w+|disavow\w*"
    r"|disput(?:es|ed)(?= (?:that|the|this|any|his|her|its|their)\b)"
    r"|(?:reject|dismiss)(?:ed|s|ing)? (?:\w+ ){0,3}"
    r"(?:accusation|allegation|charge|claim|suggestion|rumou?r|talk|report)s?)\b",
    re.I,
)  # fmt: skip
_ALLEGED = re.compile(
    r"\b(?:accus\w+|alleg\w+|blam(?:e|es|ed|ing)|claim(?:s|ed|ing)? (?=that|to |it|he|she|they|(?-i:[A-Z]))"
    r"|purportedly|supposedly|suspect\w*)\b",
    re.I,
)
_SAID = re.compile(
    r"\b(?:sa(?:y|ys|id)|t(?:ell|ells|old)|according|report(?:s|ed|edly)|stat(?:es|ed)|announc\w+|declar\w+|insist\w*"
    r"|maintain\w*|warn\w*|argu\w+|add(?:s|ed)|confirm\w*|admit\w*|acknowledg\w+|conced\w+|repl(?:y|ied|ies)|wr(?:ite|ites|ote))\b"
    r"|[\"“”«»]",
    re.I,
)  # fmt: skip
_DESCRIPTION = re.compile(
    r"(?:^|[,;:(\"“]\s*|\b(?:the|The|a|A|an|An|of|by|to|with|for|and|said|his|her|its|their|former)\s+)"
    r"((?:[\w'’-]+\s+){1,3})$"
)


@dataclass(frozen=True)
class Form:
    """One way to tell a claim: `words` beside its values, and the values that this way needs."""

    words: Wording
    slots: Slots


@dataclass(frozen=True)
class Claim:
    """`forms[0]` is the statement. `told`: the modalities its text or its label allow. `id`: of the fact."""

    id: str
    text: str
    forms: tuple[Form, ...]
    whole: Wording
    told: frozenset[Modality]
    key: tuple[str, ...]


def of_text(text: str, *, id: str = "", given: Iterable[Given] | None = None) -> Claim:
    slots = read_slots(text, given)
    return _claim(id, text, slots, (), told=_modality(text))


def of_fact(fact: Fact) -> Claim:
    """A produced fact: its values, normalised, as the service gives them."""
    slots = read_slots(fact.statement, [(v.type, v.value, v.unit) for v in fact.values], fact.speaker)
    return _claim(
        fact.fact_id, fact.statement, slots, (), told=_told(fact.statement, (fact.kind,), fact.speaker)
    )


def of_merged(merged: MergedFact, members: Sequence[Fact]) -> Claim:
    """A merged fact: the values of those of its members that its statement has."""
    own = [fact for fact in members if fact.statement == merged.statement] or list(members)
    given = dict.fromkeys((v.type, v.value, v.unit) for fact in own for v in fact.values)
    slots = read_slots(merged.statement, tuple(given), merged.speaker)
    told = _told(merged.statement, (merged.kind,), merged.speaker)
    return _claim(merged.merged_fact_id, merged.statement, slots, (), told=told)


def of_gold(gold: GoldFact, article: str | None = None) -> Claim:
    """A gold fact as `article` tells it; as any of its articles tells it when None."""
    slots = read_slots(gold.statement, [(v.type, v.value, v.unit) for v in gold.values], gold.speaker)
    told = _told(gold.statement, (gold.kind, *gold.kind_alt), gold.speaker) | {
        _OF_KIND[kind] for kind in (gold.kind, *gold.kind_alt)
    }
    return _claim(gold.id, gold.statement, slots, _quotes(gold, article), told=told)


def in_article(claim: Claim, gold: GoldFact, article: str) -> Claim:
    """A gold fact told as any article tells it, as one of them does."""
    quotes = [quote for quote in _quotes(gold) if quote != gold.statement]
    own = {mention.quote for mention in gold.mentions if mention.article == article}
    told = (form for quote, form in zip(quotes, claim.forms[1:], strict=True) if quote in own)
    return replace(claim, forms=(claim.forms[0], *told))


def _quotes(gold: GoldFact, article: str | None = None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.quote for m in gold.mentions if article in {None, m.article}))


def _claim(id: str, text: str, slots: Slots, quotes: Sequence[str], *, told: frozenset[Modality]) -> Claim:
    whole = wording(text)
    forms = [Form(whole.without(slots.spans).lighter(_descriptions(text, slots)), slots)]
    forms += [_quoted(quote, slots) for quote in quotes if quote != text]
    key = (
        text,
        *sorted(map(str, slots.dates)),
        *sorted(f"{n.value:g}" for n in slots.numbers if n.value),
        id,
    )
    return Claim(id, text, tuple(forms), whole, told, key)


def _quoted(quote: str, slots: Slots) -> Form:
    """The words of a mention, and the fact's values, of which it may leave out some."""
    own = read_slots(quote, [("name", " ".join(name.words), None) for name in slots.names])
    own = replace(own, names=tuple(name for name in own.names if name.start >= 0))
    left_out: set[Number | str | Name] = {
        value
        for value, alone in _each(slots)
        if not (compared := compare_slots(alone, own)).shared and compared.left
    }
    words = wording(quote).without(own.spans).lighter(_descriptions(quote, own))
    return Form(words, replace(slots, optional=frozenset(left_out)))


def _descriptions(text: str, slots: Slots) -> list[tuple[int, int]]:
    """What stands in front of a name and says whose it is: "the airline Norrjet", "Prime Minister Strand"."""
    found = []
    for name in slots.names:
        if name.start >= 0 and (before := _DESCRIPTION.search(text[: name.start])):
            found.append(before.span(1))
    return found


def _each(slots: Slots) -> Iterable[tuple[Number | str | Name, Slots]]:
    """Every value, and the slots that hold nothing else."""
    empty = Slots((), (), (), frozenset(), ())
    yield from ((n, replace(empty, numbers=(n,))) for n in slots.numbers)
    yield from ((d, replace(empty, dates=(d,))) for d in slots.dates)
    yield from ((n, replace(empty, names=(n,))) for n in slots.names)


def _told(text: str, kinds: Iterable[Kind], speaker: str | None) -> frozenset[Modality]:
    """What the text says of itself goes before what the label says of it."""
    read = _modality(text)
    if read & {"denied", "alleged"}:
        return read
    labelled = {_OF_KIND[kind] for kind in kinds}
    return read | labelled | ({"said"} if speaker else set())


def _modality(text: str) -> frozenset[Modality]:
    cues: tuple[tuple[Modality, re.Pattern[str]], ...] = (("denied", _DENIED), ("alleged", _ALLEGED))
    if told := frozenset(name for name, cue in cues if cue.search(text)):
        return told
    return frozenset({"said"}) if _SAID.search(text) else frozenset({"asserted"})
