"""The values that the evals hand on: an event with its labels, a run, a score.

Comes in: nothing. Goes out: pydantic models, frozen, closed to unknown keys. Promises: the dataset's
shapes are those of its files (docs/labelling.md); a run is scored from its files alone, without a model.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from service.facts.models import Frozen, Kind, Polarity, ValueType
from service.stories.models import ArticleFacts, ConflictType, Story
from service.text.article import Article

Split = Literal["dev", "test"]
Why = Literal["caption", "boilerplate", "byline", "headline_teaser", "duplicate", "injection"]
State = Literal["ok", "invalid", "refused", "truncated", "timeout", "error"]
Result = Literal["found", "missed", "wrong_value", "invented", "forbidden", "duplicate"]


# -- a dataset ------------------------------------------------------------------------------------


class GoldValue(Frozen):
    type: ValueType
    value: int | float | str
    unit: str | None = None


class Mention(Frozen):
    """`quote` is an exact substring of the article that says it."""

    article: str
    quote: str = Field(min_length=1)


class GoldFact(Frozen):
    """One claim, merged over the articles that make it. `kind_alt`: other kinds a reader could choose."""

    id: str
    statement: str
    kind: Kind
    kind_alt: tuple[Kind, ...] = ()
    speaker: str | None
    polarity: Polarity
    importance: Literal["key", "minor"]
    values: tuple[GoldValue, ...] = ()
    mentions: tuple[Mention, ...] = Field(min_length=1)
    note: str | None = None


class GoldPosition(Frozen):
    facts: tuple[str, ...] = Field(min_length=1)
    value: str
    articles: tuple[str, ...] = Field(min_length=1)


class GoldConflict(Frozen):
    id: str
    about: str
    type: ConflictType
    positions: tuple[GoldPosition, ...] = Field(min_length=2)


class Forbidden(Frozen):
    """Text of an article that must not become a fact."""

    article: str
    quote: str = Field(min_length=1)
    why: Why


class GoldCopies(Frozen):
    articles: tuple[str, ...] = Field(min_length=2)
    why: str
    shared_quotes: tuple[str, ...]


class EventArticle(Frozen):
    """One line of `[[articles]]` in event.toml."""

    id: str
    file: str
    source: str
    published_at: datetime | date | None = None
    sha256: str
    title: str | None = None


class Event(Frozen):
    """One folder of a dataset. `texts`: what is read, by the dataset's article id."""

    id: str
    title: str
    split: Split
    language: str
    articles: tuple[EventArticle, ...] = Field(min_length=1)
    texts: dict[str, Article]
    gold: tuple[GoldFact, ...]
    conflicts: tuple[GoldConflict, ...]
    forbidden: tuple[Forbidden, ...]
    copies: tuple[GoldCopies, ...]


# -- a run ----------------------------------------------------------------------------------------


class RunEvent(Frozen):
    """`sha256`: of everything in the event's folder, labels included. `folder`: as it was given."""

    id: str
    split: Split
    folder: str
    sha256: str


class Manifest(Frozen):
    """What a run is a run of. Two runs with the same `sha256()` fields ask the same questions."""

    run_schema: Literal["1"] = "1"
    system: str
    backend: str
    model: str
    model_sha256: str | None = None
    prompts: dict[str, str]
    prompts_sha256: dict[str, str]
    sampling: dict[str, float | int | str | None]
    repeats: int = Field(ge=1)
    events: tuple[RunEvent, ...]
    attest_version: str
    git_commit: str | None = None
    started_at: datetime


class Problem(Frozen):
    type: str
    detail: str


class Sample(Frozen):
    """One line of samples.jsonl: an article read, or (with `article` None) an event told.

    `seconds` is what it took when it was really asked; `replayed` says that a reply came from the cache.
    """

    event: str
    article: str | None
    repeat: int
    state: State
    facts: ArticleFacts | None = None
    story: Story | None = None
    problem: Problem | None = None
    seconds: float
    replayed: bool = False


# -- a score --------------------------------------------------------------------------------------


class Measure(Frozen):
    """A number with how sure it is. `value` None: there was nothing to measure. `n`: units behind it
    (events for means, items for rates). `low` and `high`: 95 % interval.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int


class Outcome(Frozen):
    """What became of one gold fact or one produced fact. `level`: in its article, or in the merged story.

    `differs`: slots that are wrong though the statement matches ("kind", "speaker", "polarity") or the
    slot for which a pair was vetoed ("number", "date", "name").
    """

    event: str
    level: Literal["article", "story"]
    article: str | None = None
    repeat: int
    result: Result
    gold_id: str | None = None
    fact_id: str | None = None
    gold: str | None = None
    produced: str | None = None
    score: float = 0.0
    differs: tuple[str, ...] = ()


class EventScore(Frozen):
    """`values`: metric name -> score of this event, mean over its repeats; None where undefined."""

    event: str
    split: Split
    values: dict[str, float | None]
    samples: int
    ok: int


class Scores(Frozen):
    """scores.json of a run. `totals` by metric name; `states` counts every sample by its state."""

    score_schema: Literal["1"] = "1"
    scorer_sha256: str
    manifest: Manifest
    events: tuple[EventScore, ...]
    totals: dict[str, Measure]
    states: dict[str, int]
