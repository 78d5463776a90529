"""One case, tried: what came of it, as a sample.

Comes in: what to do and a clock. Goes out: a `Sample` with a state. Promises: whatever a case fails with is
said in its state; what it cost is the same whether its answers were given now or came out of the store.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals.asking import ends_everything
from evals.models import Problem, Sample, State
from evals.runs import Key
from evals.systems import System
from service.backends.base import Usage
from service.errors import AttestError, BackendRefused, BackendTimeout, ContentFiltered, ContextOverflow
from service.stories.models import ArticleFacts
from service.text.article import Article

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Tried:
    """`error`: what a failed case failed with."""

    key: Key
    sample: Sample
    error: AttestError | None = None


def try_reading(key: Key, system: System, article: Article, clock: Clock) -> Tried:
    """Raises AttestError only where every other case would fail alike."""
    began = clock()
    try:
        facts = system.read(article)
    except AttestError as error:
        return _failed(key, error, clock() - began)
    seconds, replayed = _spent(facts.usage, clock() - began)
    return Tried(
        key, _sample(key, state_of(facts), seconds).model_copy(update={"facts": facts, "replayed": replayed})
    )


def try_telling(key: Key, system: System, read: Sequence[ArticleFacts], clock: Clock) -> Tried:
    """`read`: what could be read of the event. Raises as `try_reading` does."""
    began = clock()
    if not read:
        problem = Problem(type="nothing-read", detail="no article of the event could be read")
        return Tried(key, _sample(key, "error", 0.0).model_copy(update={"problem": problem}))
    try:
        story = system.tell(read)
    except AttestError as error:
        return _failed(key, error, clock() - began)
    seconds, replayed = _spent(_beyond(story.usage, read), clock() - began)
    return Tried(key, _sample(key, "ok", seconds).model_copy(update={"story": story, "replayed": replayed}))


def state_of(facts: ArticleFacts) -> State:
    """Not ok when nothing usable came back: every draft was cut off, or none could be parsed."""
    reasons = {rejected.reason for rejected in facts.rejected if rejected.draft.origin == "model"}
    if not facts.facts and reasons and reasons <= {"unparsable", "truncated"}:
        return "truncated" if reasons == {"truncated"} else "invalid"
    return "ok"


def _failed(key: Key, error: AttestError, seconds: float) -> Tried:
    if ends_everything(error):
        raise error
    state: State = "error"
    if isinstance(error, BackendTimeout):
        state = "timeout"
    elif isinstance(error, ContentFiltered | BackendRefused):
        state = "refused"
    elif isinstance(error, ContextOverflow):
        state = "truncated"
    problem = Problem(type=error.slug, detail=str(error))
    return Tried(key, _sample(key, state, seconds).model_copy(update={"problem": problem}), error)


def _sample(key: Key, state: State, seconds: float) -> Sample:
    return Sample(
        event=key.event, article=key.article, repeat=key.repeat, state=state, seconds=round(seconds, 6)
    )


def _spent(usage: Usage, seconds: float) -> tuple[float, bool]:
    """Seconds as if every answer had been given now. What was replayed took as long as its usage says."""
    return (max(seconds, usage.seconds), True) if usage.replayed else (seconds, False)


def _beyond(usage: Usage, read: Sequence[ArticleFacts]) -> Usage:
    """What telling alone cost: a story's usage counts the reading of its articles, too."""
    return Usage(
        replayed=usage.replayed - sum(found.usage.replayed for found in read),
        seconds=max(0.0, usage.seconds - sum(found.usage.seconds for found in read)),
    )
