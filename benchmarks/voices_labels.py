"""Sentences with hand labels: what kind of claim each makes, who makes it, whether it is negated.

Comes in: tests/voices/labels.jsonl (`{"article", "quote", "kind", "kind_alt"?, "speaker", "polarity"}`,
articles below tests/grounding/). Goes out: each label with its sentence, analysed within its article as
the pipeline does it. Promises: a label whose sentence is not in its article is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from service.facts.analysis import Analysis
from service.text.parsing import Parser
from tests.grounding.cases import FOLDER, load_article, load_cases

LABELS = Path(__file__).parents[1] / "tests" / "voices" / "labels.jsonl"
_SMALL = frozenset("a an the its his her their of from and for dr mr mrs ms".split())


@dataclass(frozen=True)
class Answer:
    """What somebody says of a sentence; `speaker` None: the reporter. `polarity` None: not asked."""

    kind: str
    speaker: str | None
    polarity: str | None = None


@dataclass(frozen=True)
class Label:
    """`kinds`: the best one first, then others that a careful reader could choose."""

    article: str
    quote: str
    kinds: tuple[str, ...]
    speaker: str | None
    polarity: str

    @property
    def apart(self) -> bool:
        """Whether the rules were written without a look at this article."""
        return not self.article.startswith("articles/")

    def right_kind(self, answer: Answer) -> bool:
        return answer.kind in self.kinds

    def right_speaker(self, answer: Answer) -> bool:
        """The same person or body: a longer or shorter form counts, another name or none does not."""
        if self.speaker is None or answer.speaker is None:
            return self.speaker is answer.speaker
        meant, told = content_words(self.speaker), content_words(answer.speaker)
        return bool(meant & told)


def content_words(phrase: str) -> frozenset[str]:
    """Words that may name the speaker; an owner does not: "Pryle's manager" is not Pryle."""
    words = re.findall(r"[\w-]+(?:['’](?:s\b|(?!\w)))?", phrase.lower())
    named = frozenset(word for word in words if "'" not in word and "’" not in word) - _SMALL
    return named or frozenset(words)


def load_labels(file: Path = LABELS) -> tuple[Label, ...]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return tuple(
        Label(r["article"], r["quote"], (r["kind"], *r.get("kind_alt", ())), r["speaker"], r["polarity"])
        for r in rows
    )


def analysed(labels: tuple[Label, ...], parser: Parser) -> Iterator[tuple[Label, Analysis]]:
    """Raises ValueError for a quote that is no sentence of its article's body."""
    days = _days()
    for label in labels:
        article = load_article(label.article, days.get(label.article), parser)
        text = article.source.article.text
        found = [
            s
            for s in article.body
            if text[s.sentence.sentence.start : s.sentence.sentence.end] == label.quote
        ]
        if not found:
            raise ValueError(f"{label.article}: no sentence of its body is {label.quote!r}")
        yield label, found[0].analysis


@lru_cache(maxsize=1)
def _days() -> dict[str, str | None]:
    """When the articles were published, as the grounding cases say it."""
    files = (FOLDER / "cases.jsonl", FOLDER / "paraphrases.jsonl", *sorted(FOLDER.glob("held_out*.jsonl")))
    return {case.article: case.published_at for file in files for case in load_cases(file)}
