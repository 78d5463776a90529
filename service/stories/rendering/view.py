"""What every rendering of a story shows, before it is spelled in Markdown or plain text.

Comes in: a `Story`. Goes out: its parts as short lists of words and of places in the articles. Promises:
nothing that is not in the story; text of articles is handed on as it stands (spelling it safely is the
rendering's task); what is left out for brevity is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from service.facts.models import Fact
from service.stories.models import Actor, Citation, Conflict, ConflictType, MergedFact, Story
from service.stories.wording import outlet_names
from service.text.article import ReadArticle

FACTS_A_DATE = 3
ACTORS_SHOWN = 12
CONFLICT_WORDS: dict[ConflictType, str] = {
    "disputed": "the reports disagree",
    "superseded": "the last one replaced what was reported before",
    "internal": "one report says both",
}


def printable(text: str) -> str:
    """On one line, without control, bidi and zero-width characters: an article must not steer its reader."""
    kept = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text)
    return " ".join(kept.split())


@dataclass(frozen=True)
class Told:
    """Words and the places they rest on."""

    text: str
    places: tuple[Citation, ...]


@dataclass(frozen=True)
class Side:
    """A position of a conflict: its value, who reports it, and what they say."""

    value: str
    outlets: tuple[str, ...]
    told: Told


@dataclass(frozen=True)
class Day:
    """`more`: how many facts of this date are not shown."""

    date: str
    text: str
    facts: tuple[Told, ...]
    more: int
    disputed: bool


@dataclass(frozen=True)
class Somebody:
    """`says`: the most important of the facts they state, of which there are `states`."""

    name: str
    kind: str | None
    facts: int
    states: int
    says: Told | None


@dataclass(frozen=True)
class View:
    """The parts of one story, looked up."""

    story: Story

    @cached_property
    def articles(self) -> dict[str, ReadArticle]:
        return {article.article_id: article for article in self.story.articles}

    @cached_property
    def outlets(self) -> dict[str, str]:
        return outlet_names(self.story.articles)

    @cached_property
    def merged(self) -> dict[str, MergedFact]:
        return {fact.merged_fact_id: fact for fact in self.story.merged_facts}

    def sides(self, conflict: Conflict) -> list[Side]:
        return [
            Side(
                position.value,
                self._of(position.article_ids),
                self._told([self.merged[i] for i in position.merged_fact_ids], position.article_ids),
            )
            for position in conflict.positions
        ]

    def days(self) -> list[Day]:
        days = []
        for entry in self.story.timeline:
            facts = [self.merged[i] for i in entry.merged_fact_ids]
            told = tuple(self._told([fact], entry.article_ids) for fact in facts[:FACTS_A_DATE])
            days.append(
                Day(entry.date, entry.text, told, max(0, len(facts) - len(told)), bool(entry.conflict_ids))
            )
        return days

    def people(self) -> list[Somebody]:
        return [self._somebody(actor) for actor in self.story.actors[:ACTORS_SHOWN]]

    @property
    def people_left_out(self) -> int:
        return max(0, len(self.story.actors) - ACTORS_SHOWN)

    def copies(self) -> list[str]:
        return [
            f"{listed(self._of(group.article_ids))} share {group.overlap:.0%} of their text and count as one "
            "source."
            for group in self.story.copies
        ]

    def ledger(self) -> str:
        """That nothing was lost, and who read the articles."""
        entries, made = self.story.ledger, self.story.provenance
        drafts, kept = sum(e.drafts for e in entries), sum(e.kept for e in entries)
        duplicates, rejected = sum(e.duplicates for e in entries), sum(e.rejected for e in entries)
        return (
            f"{counted(len(entries), 'article')}: {drafts} drafts = {kept} kept + {duplicates} duplicates "
            f"+ {rejected} rejected. Read by {made.model} with attest {made.attest_version}."
        )

    def published(self, article_id: str) -> str | None:
        """The day an article came out."""
        when = self.articles[article_id].published_at
        return None if when is None else (when.date() if isinstance(when, datetime) else when).isoformat()

    def quote(self, place: Citation) -> str:
        return self.articles[place.article_id].text[place.start : place.end]

    def _of(self, article_ids: Sequence[str]) -> tuple[str, ...]:
        """Outlets in the order of the articles."""
        return tuple(name for article_id, name in self.outlets.items() if article_id in article_ids)

    def _somebody(self, actor: Actor) -> Somebody:
        said = [self.merged[i] for i in actor.speaker_of[:1]]
        says = self._told(said, actor.article_ids) if said else None
        return Somebody(actor.name, actor.kind, len(actor.merged_fact_ids), len(actor.speaker_of), says)

    def _told(self, facts: Sequence[MergedFact], article_ids: Iterable[str]) -> Told:
        """The first of `facts` that stands for them, cited once an article."""
        shown = min(facts, key=lambda fact: (-fact.importance, fact.merged_fact_id))
        wanted = set(article_ids)
        places: dict[str, Citation] = {}
        for fact in (shown, *facts):
            for member in (self._facts[i] for i in fact.fact_ids):
                if member.article_id in wanted:
                    first = member.evidence[0]
                    places.setdefault(
                        member.article_id,
                        Citation(article_id=member.article_id, start=first.start, end=first.end),
                    )
        return Told(shown.statement, tuple(places.values()))

    @cached_property
    def _facts(self) -> dict[str, Fact]:
        return {fact.fact_id: fact for fact in self.story.facts}


class Notes:
    """Footnotes in the order in which they are first cited."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, int, int], int] = {}

    def number(self, place: Citation) -> int:
        key = (place.article_id, place.start, place.end)
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def places(self) -> list[Citation]:
        """The places by number, from 1."""
        return [Citation(article_id=i, start=start, end=end) for i, start, end in self._numbers]


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def listed(names: Sequence[str]) -> str:
    """As in "A, B and C"."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def one_an_article(places: Iterable[Citation]) -> list[Citation]:
    """The first place of every article."""
    first: dict[str, Citation] = {}
    for place in places:
        first.setdefault(place.article_id, place)
    return list(first.values())
