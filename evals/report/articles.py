"""What one run made of one event, laid out for a reader.

Comes in: an event with its labels, one repeat of its samples, and their outcomes. Goes out: frozen views.
Promises: every gold fact and every produced fact of an article is listed once, with what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from evals.breakdown import is_right
from evals.comparing import outcome_text
from evals.models import Event, EventArticle, GoldConflict, GoldFact, Outcome, Sample
from evals.report.highlighting import Look, Mark, Piece, pieces, places
from service.facts.models import Fact
from service.stories.models import Conflict, Story

LOOKS: dict[str, Look] = {
    "found": "found",
    "missed": "missed",
    "wrong_value": "wrong",
    "invented": "invented",
    "forbidden": "forbidden",
    "duplicate": "duplicate",
}


@dataclass(frozen=True, slots=True)
class FactView:
    """`produced` or `gold` is None where there is none. `said`: kind and speaker, as produced or labelled."""

    number: int
    look: Look
    result: str
    produced: str | None
    gold: str | None
    said: str


@dataclass(frozen=True, slots=True)
class ArticleView:
    """`problem`: why there is nothing to show."""

    pieces: tuple[Piece, ...]
    facts: tuple[FactView, ...]
    counts: dict[Look, int]
    problem: str | None


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A labelled conflict and how the story tells it; `shown` None: the story failed."""

    about: str
    type: str
    positions: tuple[tuple[str, tuple[str, ...]], ...]
    told: str


@dataclass(frozen=True, slots=True)
class StoryView:
    """`others`: what the story calls a conflict and the labels do not, or not so."""

    conflicts: tuple[ConflictView, ...]
    others: tuple[str, ...]
    summary: tuple[tuple[str, str], ...]
    merged: int
    counts: dict[Look, int]
    problem: str | None


def article_view(
    event: Event, article: EventArticle, sample: Sample | None, outcomes: Sequence[Outcome]
) -> ArticleView:
    text = event.texts[article.id].text
    facts = {f.fact_id: f for f in sample.facts.facts} if sample and sample.facts else {}
    gold = {f.id: f for f in event.gold}
    views: list[FactView] = []
    marks: list[Mark] = []
    counter = count(1)
    placed = [(_stretches(text, article.id, o, facts, gold), o) for o in outcomes]
    for stretches, outcome in sorted(placed, key=lambda item: min(item[0], default=(len(text), 0))):
        number, look = next(counter), look_of(outcome)
        marks += [Mark(start, end, look, number) for start, end in stretches]
        views.append(_fact_view(number, look, outcome, facts, gold))
    return ArticleView(pieces(text, marks), tuple(views), _counts(outcomes), problem_of(sample))


def story_view(
    event: Event, sample: Sample | None, outcomes: Sequence[Outcome], of_articles: Sequence[Outcome]
) -> StoryView:
    """`of_articles`: a merged fact also tells what its members are found to tell in their articles."""
    story = sample.story if sample else None
    found = _gold_told(story, outcomes, of_articles)
    told = [(gold, _shows(story, gold, found)) for gold in event.conflicts]
    known = {id(shown) for _, shown in told if shown is not None}
    return StoryView(
        conflicts=tuple(_conflict_view(gold, shown, story, found) for gold, shown in told),
        others=tuple(_described(c) for c in (story.conflicts if story else ()) if id(c) not in known),
        summary=tuple((s.text, s.origin) for s in story.summary.sentences) if story else (),
        merged=len(story.merged_facts) if story else 0,
        counts=_counts(outcomes),
        problem=problem_of(sample),
    )


def look_of(outcome: Outcome) -> Look:
    return "partly" if outcome.result == "found" and not is_right(outcome) else LOOKS[outcome.result]


def problem_of(sample: Sample | None) -> str | None:
    if sample is None:
        return "not run"
    if sample.problem is not None:
        return f"{sample.state}: {sample.problem.detail}"
    return None if sample.state == "ok" else sample.state


def _stretches(
    text: str, article: str, outcome: Outcome, facts: dict[str, Fact], gold: dict[str, GoldFact]
) -> list[tuple[int, int]]:
    """Where a produced fact has its evidence; where a missed one would have had it."""
    fact = facts.get(outcome.fact_id or "")
    if fact is not None:
        return [(place.start, place.end) for place in fact.evidence]
    label = gold.get(outcome.gold_id or "")
    quotes = [m.quote for m in label.mentions if m.article == article] if label else []
    return [place for quote in quotes if (place := places(text, quote)) is not None]


def _fact_view(
    number: int, look: Look, outcome: Outcome, facts: dict[str, Fact], gold: dict[str, GoldFact]
) -> FactView:
    fact, label = facts.get(outcome.fact_id or ""), gold.get(outcome.gold_id or "")
    told = _said(fact.kind, fact.speaker) if fact else ""
    labelled = _said(label.kind, label.speaker) if label else ""
    said = f"{told}, labelled {labelled}" if told and labelled and told != labelled else told or labelled
    statement = outcome.gold or (label.statement if label else None)
    return FactView(number, look, outcome_text(outcome), outcome.produced, statement, said)


def _said(kind: str, speaker: str | None) -> str:
    return f"{kind} of {speaker}" if speaker else kind


def _counts(outcomes: Sequence[Outcome]) -> dict[Look, int]:
    counts: dict[Look, int] = {}
    for outcome in outcomes:
        look = look_of(outcome)
        counts[look] = counts.get(look, 0) + 1
    return counts


def _gold_told(
    story: Story | None, outcomes: Sequence[Outcome], of_articles: Sequence[Outcome]
) -> dict[str, frozenset[str]]:
    """By gold fact: the merged facts that tell it."""
    found: dict[str, set[str]] = {}
    members = {o.fact_id: o.gold_id for o in of_articles if o.result == "found"}
    for merged in story.merged_facts if story else ():
        for gold in (members.get(fact_id) for fact_id in merged.fact_ids):
            if gold is not None:
                found.setdefault(gold, set()).add(merged.merged_fact_id)
    for outcome in outcomes:
        if outcome.result == "found" and outcome.gold_id and outcome.fact_id:
            found.setdefault(outcome.gold_id, set()).add(outcome.fact_id)
    return {gold: frozenset(merged) for gold, merged in found.items()}


def _shows(story: Story | None, gold: GoldConflict, found: Mapping[str, frozenset[str]]) -> Conflict | None:
    """The story's conflict in which two positions of the labels stand on different sides."""
    for conflict in story.conflicts if story else ():
        sides = [set(position.merged_fact_ids) for position in conflict.positions]
        taken = {
            n
            for position in gold.positions
            for n, side in enumerate(sides)
            if any(found.get(fact, frozenset()) & side for fact in position.facts)
        }
        if len(taken) > 1:
            return conflict
    return None


def _conflict_view(
    gold: GoldConflict, shown: Conflict | None, story: Story | None, found: Mapping[str, frozenset[str]]
) -> ConflictView:
    sides = sum(any(fact in found for fact in position.facts) for position in gold.positions)
    if story is None:
        told = "no story"
    elif shown is not None:
        told = f"told as {shown.type}" if shown.type != gold.type else "told"
    else:
        told = {0: "not in the story", 1: "one side only"}.get(sides, "both sides, not as a conflict")
    positions = tuple((position.value, position.articles) for position in gold.positions)
    return ConflictView(gold.about, gold.type, positions, told)


def _described(conflict: Conflict) -> str:
    sides = " against ".join(f"“{position.value}”" for position in conflict.positions)
    return f"{conflict.about}: {sides} ({conflict.type})"
