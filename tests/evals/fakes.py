"""Systems and backends that do as a test says."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from evals.models import Event, Manifest, RunEvent, Sample
from evals.runs import expected
from evals.systems import Identity, System
from service.backends.base import ModelReply, ModelRequest, Profile, Usage
from service.errors import AttestError
from service.facts.models import LedgerEntry
from service.stories.models import ArticleFacts, Provenance, Story, StoryUsage, Summary
from service.text.article import Article, ReadArticle

PROVENANCE = Provenance(backend="fake", model="fake", prompts={}, attest_version="0")
FAKE = Identity(system="fake", backend="fake", model="fake")
STARTED = datetime(2031, 3, 4, 12, 0, tzinfo=UTC)


def ticking(step: float = 1.0) -> Callable[[], float]:
    """A clock that is `step` seconds further each time somebody looks at it."""
    times = itertools.count()
    return lambda: next(times) * step


def reading(article: Article, **usage: float) -> ArticleFacts:
    """Nothing was found in it."""
    spent = Usage.model_validate(usage)
    return ArticleFacts(
        article=ReadArticle(**article.model_dump(), article_id=article.article_id, sentences=()),
        facts=(),
        rejected=(),
        ledger=LedgerEntry(article_id=article.article_id, drafts=0, kept=0, duplicates=0, rejected=0),
        usage=StoryUsage(**spent.model_dump(), stages={"extract_facts": spent}),
        provenance=PROVENANCE,
    )


def telling(read: Sequence[ArticleFacts], **usage: float) -> Story:
    """Nothing is told; `usage`: of writing the summary."""
    spent = Usage.model_validate(usage)
    before = [Usage(**found.usage.model_dump(exclude={"stages"})) for found in read]
    total = sum(before, spent)
    return Story(
        story_id="story_0",
        articles=tuple(found.article for found in read),
        facts=(),
        rejected=(),
        ledger=tuple(found.ledger for found in read),
        merged_facts=(),
        copies=(),
        conflicts=(),
        summary=Summary(text="", sentences=()),
        usage=StoryUsage(**total.model_dump(), stages={"write_summary": spent}),
        provenance=PROVENANCE,
    )


@dataclass
class FakeSystems:
    """Keeps account of what it is asked. `failing`: what to raise for a source, or for "story"."""

    workers: int = 1
    failing: dict[str, AttestError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)
    before: Callable[[str], None] = lambda name: None
    identity: Identity = FAKE
    lock: threading.Lock = field(default_factory=threading.Lock)
    spent: Usage = field(default_factory=Usage)

    def open(self, repeat: int) -> System:
        self.opened.append(repeat)
        return _Fake(self, repeat)

    def close(self) -> None:
        """Nothing is held."""

    def note(self, name: str, repeat: int) -> None:
        self.before(name)
        with self.lock:
            self.asked.append(f"{name}#{repeat}")
        if name in self.failing:
            raise self.failing[name]


@dataclass(frozen=True)
class _Fake:
    systems: FakeSystems
    repeat: int

    def read(self, article: Article) -> ArticleFacts:
        self.systems.note(article.source or "", self.repeat)
        return reading(article, calls=1, prompt_tokens=100, completion_tokens=10, seconds=2)

    def tell(self, read: Sequence[ArticleFacts]) -> Story:
        self.systems.note("story", self.repeat)
        return telling(read, calls=1, prompt_tokens=30, completion_tokens=5, seconds=1)


def manifest(
    events: Iterable[Event], *, repeats: int = 1, folder: str = "data", **fields: object
) -> Manifest:
    given: dict[str, object] = {
        "system": "fake",
        "backend": "fake",
        "model": "fake",
        "prompts": {},
        "prompts_sha256": {},
        "sampling": {},
        "repeats": repeats,
        "events": tuple(
            RunEvent(id=e.id, split=e.split, folder=f"{folder}/{e.id}", sha256="0" * 64) for e in events
        ),
        "attest_version": "0",
        "started_at": STARTED,
    }
    return Manifest.model_validate(given | fields)


def samples(events: Sequence[Event], repeats: int = 1) -> list[Sample]:
    """Those of a whole run, all ok, nothing found."""
    made = []
    texts = {event.id: event.texts for event in events}
    for key in expected(events, repeats):
        read = [reading(article) for article in texts[key.event].values()]
        made.append(
            Sample(
                event=key.event,
                article=key.article,
                repeat=key.repeat,
                state="ok",
                seconds=1.0,
                facts=reading(texts[key.event][key.article]) if key.article else None,
                story=None if key.article else telling(read),
            )
        )
    return made


class FakeBackend:
    """Answers with its own count and keeps the questions. `raising`: instead of an answer."""

    name = "fake"
    model = "fake-model"
    model_sha256: str | None = None

    def __init__(self, raising: AttestError | None = None, concurrency: int = 1) -> None:
        self.raising = raising
        self.requests: list[ModelRequest] = []
        self.closed = False
        self.profile = Profile(extract_prompt="v1", summary_prompt="v1", concurrency=concurrency)

    def complete(self, request: ModelRequest) -> ModelReply:
        self.requests.append(request)
        if self.raising is not None:
            raise self.raising
        usage = Usage(calls=1, prompt_tokens=10, completion_tokens=len(self.requests), seconds=3.0)
        return ModelReply(f"answer {len(self.requests)}", "stop", self.model, usage)

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def close(self) -> None:
        self.closed = True
