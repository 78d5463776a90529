"""Sentences of an event that no label touches.

Comes in: an event. Goes out: the places, by file and line. Promises: nothing is wrong with a sentence here;
it may be pure mood, which is neither a fact nor forbidden. But precision means something only where every
claim is labelled, so somebody should look.
"""

from __future__ import annotations

import re
from pathlib import Path

from evals.lines import Trouble
from evals.models import Event
from service.text.cleaning import fold
from service.text.sentences import sentence_spans
from service.text.wrapping import unwrapped

SHOWN_CHARS = 90


def unlabelled(event: Event, folder: Path) -> list[Trouble]:
    """A `Trouble` for each sentence without a mention or a forbidden quote in it."""
    found = []
    for article in event.articles:
        text = event.texts[article.id].text
        touched = _touched(event, article.id, text)
        title = event.texts[article.id].title
        for start, end in _sentences(text):
            sentence = text[start:end]
            if any(a < end and start < b for a, b in touched) or sentence.strip() == title:
                continue
            shown = " ".join(sentence.split())
            line = text.count("\n", 0, start) + 1
            found.append(
                Trouble(
                    folder / article.file,
                    line,
                    f"no label touches {shown[:SHOWN_CHARS] + ('…' if len(shown) > SHOWN_CHARS else '')!r}",
                )
            )
    return found


def _touched(event: Event, article: str, text: str) -> list[tuple[int, int]]:
    quotes = [m.quote for fact in event.gold for m in fact.mentions if m.article == article]
    quotes += [f.quote for f in event.forbidden if f.article == article]
    return [(m.start(), m.end()) for quote in quotes for m in re.finditer(re.escape(quote), text)]


def _sentences(text: str) -> list[tuple[int, int]]:
    reading = unwrapped(fold(text))
    return [reading.span(start, end) for start, end in sentence_spans(reading)]
