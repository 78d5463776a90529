"""The values of a fact: its numbers, dates, names and quotations, where the article has them.

Comes in: a statement's analysis and its evidence, located in the article. Goes out: `Value`s with
normalised content and article offsets. Promises: every value stands in the evidence at its offsets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.facts.analysis import Analysis
from service.facts.models import Evidence, Value, ValueType
from service.facts.names import NameBook, without_titles
from service.text.reading import SourceSentence, SourceText


@dataclass(frozen=True)
class Located:
    """An evidence sentence with its analysis."""

    source: SourceText
    sentence: SourceSentence
    analysis: Analysis

    @property
    def evidence(self) -> Evidence:
        """The sentence as the article has it, at its offsets."""
        place = self.sentence.sentence
        quote = self.source.article.text[place.start : place.end]
        return Evidence(sentence_id=place.sentence_id, start=place.start, end=place.end, quote=quote)


def values(statement: Analysis, evidence: Sequence[Located], book: NameBook) -> tuple[Value, ...]:
    """Values of `statement` as they stand in `evidence`, in reading order, each once."""
    found: dict[tuple[str, int, int], Value] = {}
    for located in evidence:
        for value in _values_in(statement, located, book):
            found.setdefault((value.type, value.start, value.end), value)
    return tuple(sorted(found.values(), key=lambda v: (v.start, v.end, v.type)))


def _values_in(statement: Analysis, located: Located, book: NameBook) -> Iterator[Value]:
    given = located.analysis
    told_numbers = {(n.normal, n.unit) for n in statement.numbers}
    for number in given.numbers:
        if (number.normal, number.unit) in told_numbers:
            yield _value(located, "number", number.start, number.end, number.normal, number.unit)
    told_dates = {w.value for w in statement.dates}
    for when in given.dates:
        if when.value in told_dates:
            yield _value(located, "date", when.start, when.end, when.value)
    for name in given.names:
        if set(without_titles(name.words)) <= statement.words or any(
            set(name.words) <= set(full) for n in statement.names for full in book.full_forms(n.words)
        ):
            yield _value(located, "name", name.start, name.end, book.full_text(name.text))
    spoken = [statement.text[a:b] for a, b in statement.quotes]
    for start, end in given.quotes:
        if any(quote in given.text[start:end] for quote in spoken):
            yield _value(located, "quote", start, end, given.text[start:end])


def _value(
    located: Located,
    kind: ValueType,
    start: int,
    end: int,
    normal: str | int | float,
    unit: str | None = None,
) -> Value:
    a, b = located.source.original_span(located.sentence, start, end)
    return Value(type=kind, text=located.source.article.text[a:b], value=normal, unit=unit, start=a, end=b)
