"""Which facts a run finds: by their kind and by what makes them hard.

Comes in: the labels and the outcomes of a run. Goes out: for each gold fact how often it was found and how
often it was right in full; the traits of each; shares per event and trait. Promises: a fact counts once for
each repeat, whatever the order of the outcomes; an event without such a fact has no share, not a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from evals.models import Event, GoldFact, Outcome
from service.facts.models import Kind

Level = Literal["article", "story"]
SEVERAL = 3  # from so many articles on a fact is hard to lose and hard to keep in one piece

KINDS: tuple[str, ...] = get_args(Kind)
DIFFICULTIES = (
    "key", "minor", "in one article", "in two", "in three or more", "disputed", "superseded",
    "internal conflict", "with a number", "with a date", "with a quotation", "without values",
    "somebody says it", "negated", "kind open to two readings", "in articles that copy",
    "beside an injected order",
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class FactKey:
    """A gold fact as it is asked for: in an article, or (with `article` "") in the story."""

    event: str
    level: Level
    article: str
    gold_id: str


@dataclass(slots=True)
class Tally:
    """What became of one gold fact over the repeats. `outcomes`: one a repeat, the best there is."""

    outcomes: dict[int, Outcome] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        before = self.outcomes.get(outcome.repeat)
        if before is None or rank(outcome) > rank(before):
            self.outcomes[outcome.repeat] = outcome

    @property
    def found(self) -> float:
        return sum(o.result == "found" for o in self.outcomes.values()) / len(self.outcomes)

    @property
    def right(self) -> float:
        """Found with the kind, speaker and polarity of the labels."""
        return sum(is_right(o) for o in self.outcomes.values()) / len(self.outcomes)

    @property
    def typical(self) -> Outcome:
        """Of the commonest result; among equals the best, then the first repeat."""
        results = [(o.result, o.differs) for o in self.outcomes.values()]
        return max(
            self.outcomes.values(), key=lambda o: (results.count((o.result, o.differs)), rank(o), -o.repeat)
        )


def is_right(outcome: Outcome) -> bool:
    return outcome.result == "found" and not outcome.differs


def rank(outcome: Outcome) -> tuple[int, float]:
    order = {"missed": 0, "forbidden": 0, "invented": 0, "duplicate": 0, "wrong_value": 1, "found": 2}
    return order[outcome.result] + is_right(outcome), outcome.score


def tallies(outcomes: Iterable[Outcome]) -> dict[FactKey, Tally]:
    """By gold fact; what was produced without one is left out."""
    counted: dict[FactKey, Tally] = {}
    for outcome in outcomes:
        if outcome.gold_id is not None and outcome.result in ("found", "missed", "wrong_value"):
            key = FactKey(outcome.event, outcome.level, outcome.article or "", outcome.gold_id)
            counted.setdefault(key, Tally()).add(outcome)
    return counted


def traits(events: Iterable[Event]) -> dict[tuple[str, str], frozenset[str]]:
    """By event and gold id: its kind and its difficulties."""
    return {
        (event.id, fact.id): frozenset((fact.kind, *_difficulties(fact, event)))
        for event in events
        for fact in event.gold
    }


def shares(
    counted: Mapping[FactKey, Tally],
    of: Mapping[tuple[str, str], frozenset[str]],
    trait: str,
    level: Level,
) -> dict[str, tuple[float, int]]:
    """By event: the share of facts with `trait` that are right in full, and how many facts those are."""
    right: dict[str, list[float]] = {}
    for key, tally in counted.items():
        if key.level == level and trait in of.get((key.event, key.gold_id), ()):
            right.setdefault(key.event, []).append(tally.right)
    return {event: (sum(each) / len(each), len(each)) for event, each in right.items()}


def _difficulties(fact: GoldFact, event: Event) -> Iterator[str]:
    articles = {mention.article for mention in fact.mentions}
    types = {value.type for value in fact.values}
    yield fact.importance
    yield (
        "in one article"
        if len(articles) == 1
        else "in two"
        if len(articles) < SEVERAL
        else "in three or more"
    )
    for conflict in event.conflicts:
        if any(fact.id in position.facts for position in conflict.positions):
            yield "internal conflict" if conflict.type == "internal" else conflict.type
    for type_, name in (("number", "with a number"), ("date", "with a date"), ("quote", "with a quotation")):
        if type_ in types:
            yield name
    if not types:
        yield "without values"
    if fact.speaker is not None:
        yield "somebody says it"
    if fact.polarity == "negated":
        yield "negated"
    if fact.kind_alt:
        yield "kind open to two readings"
    if any(articles & set(copies.articles) for copies in event.copies):
        yield "in articles that copy"
    if any(text.why == "injection" and text.article in articles for text in event.forbidden):
        yield "beside an injected order"
