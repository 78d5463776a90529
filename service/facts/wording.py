"""The words that can tell what a sentence says, and no others.

Comes in: the analyses of the sentences a statement rests on. Goes out: a `Wording`. Promises: every number,
date, name and quotation is whole and spelled as it stands there, with what limits it ("more than 12"); no
word outside them counts or names anything the sentences do not; order is that of the sentences.

A statement made of these words can still be false, put together wrongly: the gate judges it like any other.
What it cannot do is to bring a figure or a name of its own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from service.facts.analysis import Analysis
from service.facts.names import without_titles

if TYPE_CHECKING:
    from spacy.tokens import Token

_WORD = re.compile(r"[^\W\d_](?:[\w.&'-]*\w)?")
_LIMIT = re.compile(
    r"(?:(?:more|less|fewer|greater) than|at (?:least|most)|up to|about|around|nearly|almost|over|under|some"
    r"|roughly|approximately|an? estimated|no (?:more|less|fewer) than|close to)\s+(?:the\s+|an?\s+)?$",
    re.IGNORECASE,
)
_VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class Wording:
    """`values` stand as they are written here; `words` are single words, in every form they may take."""

    values: tuple[str, ...]
    words: tuple[str, ...]


def wording(sentences: Sequence[Analysis]) -> Wording:
    """What a statement that rests on `sentences` may be written with."""
    values: dict[str, None] = {}
    words: dict[str, None] = {}
    for sentence in sentences:
        spans = list(_value_spans(sentence))
        values.update((text, None) for span in spans for text in _spellings(sentence, *span))
        words.update((form, None) for token in _outside(sentence, spans) for form in _forms(token))
        words.update((word, None) for word in _raw_words(sentence, spans))
    words.update((word, None) for word in _resource()[0])
    return Wording(tuple(values), tuple(word for word in words if word not in values))


def _value_spans(sentence: Analysis) -> Iterator[tuple[int, int]]:
    """Quotations with their marks, numbers with their limits, dates, names; what overlaps counts once."""
    taken: list[tuple[int, int]] = []
    quotes = [(start - 1, end + 1) for start, end in _quotations(sentence)]
    limited = [(_limited(sentence.text, n.start), n.end) for n in sentence.numbers]
    dated = [(w.start, w.end) for w in sentence.dates]
    named = [(n.start, n.end) for n in sentence.names]
    for start, end in (*quotes, *limited, *dated, *named):
        if not any(a < end and start < b for a, b in taken):
            taken.append((start, end))
    return iter(sorted(taken))


def _quotations(sentence: Analysis) -> Iterator[tuple[int, int]]:
    """Between straight marks, whatever punctuation stands in front of the second one."""
    for match in re.finditer(r'"([^"]+)"', sentence.text):
        yield match.span(1)


def _limited(text: str, start: int) -> int:
    found = _LIMIT.search(text[:start])
    return found.start() if found else start


def _spellings(sentence: Analysis, start: int, end: int) -> Iterator[str]:
    """A value as it stands; of a person's name also what is left without titles and given names."""
    text = re.sub(r"'s?$", "", sentence.text[start:end].strip(" ,;:"))
    text = re.sub(r'[,.;](")$', r"\1", text)  # the comma of "...," belongs to the sentence around it
    if not text:
        return
    yield text
    for name in sentence.names:
        if name.start == start and name.label == "PERSON" and len(without_titles(name.words)) > 1:
            yield text.split()[-1]


def _outside(sentence: Analysis, spans: Sequence[tuple[int, int]]) -> list[Token]:
    return [
        token
        for token in sentence.doc
        if token.is_alpha and not any(a < token.idx + len(token) and token.idx < b for a, b in spans)
    ]


def _raw_words(sentence: Analysis, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Words as they are written, so that "two-day" and "cease-fire" stay in one piece."""
    for match in _WORD.finditer(sentence.text):
        if not any(a < match.end() and match.start() < b for a, b in spans):
            yield match[0]
            if match.start() == 0 and match[0][1:].islower():
                yield match[0].lower()


def _forms(token: Token) -> Iterator[str]:
    """A word; of a verb also the forms that make a sentence of a participle ("killing 3" -> "killed 3")."""
    yield token.text if token.pos_ == "PROPN" or token.i else token.lower_
    lemma = token.lemma_.lower()
    if token.pos_ != "VERB" or not lemma.isascii() or not lemma.isalpha():
        return
    yield lemma
    yield f"{lemma}es" if lemma.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{_y_to_i(lemma)}s"
    yield from _resource()[1].get(lemma, (_regular_past(lemma, token.text),))


def _y_to_i(lemma: str) -> str:
    return f"{lemma[:-1]}ie" if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS else lemma


def _regular_past(lemma: str, written: str) -> str:
    """As its other form doubles the last letter or not: "stopping" -> "stopped", "visiting" -> "visited"."""
    if lemma.endswith("e"):
        return f"{lemma}d"
    if lemma.endswith("y"):
        return f"{_y_to_i(lemma)}d" if lemma[-2:-1] not in _VOWELS else f"{lemma}ed"
    doubled = written.lower().startswith(lemma + lemma[-1])
    return f"{lemma}{lemma[-1]}ed" if doubled else f"{lemma}ed"


@lru_cache(maxsize=1)
def _resource() -> tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]]:
    """Function words; irregular past forms by verb."""
    with (Path(__file__).parent / "wording.toml").open("rb") as file:
        raw = tomllib.load(file)
    return tuple(raw["function"]), {verb: tuple(forms) for verb, forms in raw["irregular"].items()}
