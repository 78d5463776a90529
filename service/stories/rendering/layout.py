"""In which order a story is told to people, whatever it is spelled in.

Comes in: a `Story` and an `Inline`, which spells words. Goes out: blocks: paragraphs, headings, lists and
notes. Promises: every rendering shows the same; all text of others passes through `Inline.words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from service.stories.models import Citation, Story
from service.stories.rendering.view import (
    CONFLICT_WORDS,
    Day,
    Notes,
    Side,
    Somebody,
    Told,
    View,
    counted,
    listed,
)

_CLOSED = re.compile(r"[.!?…][\"'”’)]*$")


@dataclass(frozen=True)
class Block:
    """`lines`: the items of a list, the notes with their numbers in order, or one text."""

    kind: Literal["paragraph", "heading", "items", "notes"]
    lines: tuple[str, ...]


class Inline(Protocol):
    def words(self, text: str) -> str:
        """Text of others, safe in this format."""
        ...

    def strong(self, text: str) -> str: ...
    def cited(self, number: int) -> str: ...


def blocks(story: Story, inline: Inline) -> Iterator[Block]:
    """Summary, disagreements, timeline, actors, copies, ledger, notes. What is empty is left out."""
    told = _Telling(View(story), Notes(), inline)
    for part in (told.summary, told.conflicts, told.timeline, told.people, told.copies):
        yield from part()
    yield Block("paragraph", (inline.words(told.view.ledger()),))
    yield from told.written_notes()


@dataclass(frozen=True)
class _Telling:
    view: View
    notes: Notes
    inline: Inline

    def summary(self) -> Iterator[Block]:
        sentences = self.view.story.summary.sentences
        if sentences:
            yield Block(
                "paragraph",
                (
                    " ".join(
                        self._words(s.text)
                        + self._cited(s.citations)
                        + (" ·" if s.origin == "source" else "")
                        for s in sentences
                    ),
                ),
            )
        if any(s.origin == "source" for s in sentences):
            yield Block("paragraph", ("· in an article's own words",))

    def conflicts(self) -> Iterator[Block]:
        if self.view.story.conflicts:
            yield Block("heading", ("Where the reports differ",))
        for conflict in self.view.story.conflicts:
            about = self.inline.strong(self._words(conflict.about))
            yield Block("paragraph", (f"{about} ({CONFLICT_WORDS[conflict.type]})",))
            yield Block("items", tuple(map(self._side, self.view.sides(conflict))))

    def timeline(self) -> Iterator[Block]:
        if days := self.view.days():
            yield Block("heading", ("Timeline",))
            yield Block("items", tuple(map(self._day, days)))

    def people(self) -> Iterator[Block]:
        if people := self.view.people():
            more = self.view.people_left_out
            yield Block("heading", ("People, organisations and places",))
            yield Block("items", (*map(self._somebody, people), *([f"and {more} more"] if more else [])))

    def copies(self) -> Iterator[Block]:
        if copies := self.view.copies():
            yield Block("heading", ("Copies",))
            yield Block("items", tuple(map(self._words, copies)))

    def written_notes(self) -> Iterator[Block]:
        if notes := self.notes.places():
            yield Block("notes", tuple(map(self._note, notes)))

    def _side(self, side: Side) -> str:
        value, outlets = self._words(side.value), self._words(listed(side.outlets))
        return f"{value}, reported by {outlets}: {self._told(side.told)}"

    def _day(self, day: Day) -> str:
        spelled = f', "{self._words(day.text)}"' if day.text != day.date else ""
        differ = " (the reports differ)" if day.disputed else ""
        facts = " ".join(map(self._told, day.facts))
        more = f" And {day.more} more." if day.more else ""
        return f"{self.inline.strong(day.date)}{spelled}{differ}: {facts}{more}"

    def _somebody(self, who: Somebody) -> str:
        kind = f", {who.kind}" if who.kind else ""
        states = f"; states: {self._told(who.says)}" if who.says else ""
        return f"{self.inline.strong(self._words(who.name))}{kind}, in {counted(who.facts, 'fact')}{states}"

    def _note(self, place: Citation) -> str:
        parts = (self.view.outlets[place.article_id], self.view.published(place.article_id))
        source = ", ".join(self._words(part) for part in parts if part)
        return f'{source}, characters {place.start} to {place.end}: "{self._words(self.view.quote(place))}"'

    def _told(self, told: Told) -> str:
        stop = "" if _CLOSED.search(told.text) else "."
        return self._words(told.text) + stop + self._cited(told.places)

    def _cited(self, places: Iterable[Citation]) -> str:
        return "".join(self.inline.cited(self.notes.number(place)) for place in places)

    def _words(self, text: str) -> str:
        return self.inline.words(text)
