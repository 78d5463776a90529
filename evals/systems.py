"""What is measured: something that reads articles and tells events.

Comes in: settings. Goes out: `System`s. Promises: a system knows what it is made of before it is asked
anything; two with the same identity ask the same questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from evals.asking import LimitedBackend, RememberingBackend, SeededBackend, WatchedBackend
from service.backends.base import Backend, Usage
from service.backends.build import build_backend
from service.backends.caching import SqliteReplyStore
from service.pipeline import OFF, Attest
from service.settings import Settings
from service.stories.models import ArticleFacts, Story, StoryOptions
from service.text.article import Article
from service.text.parsing import Parser

FIRST_SEED = 7
WARM_UP = "A train left Orvela on Monday.\n\nPolice said two people were hurt, and a third was missing.\n"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a run's manifest says of a system; `prompts` and `prompts_sha256` by task."""

    system: str
    backend: str
    model: str
    model_sha256: str | None = None
    prompts: dict[str, str] = field(default_factory=dict)
    prompts_sha256: dict[str, str] = field(default_factory=dict)
    sampling: dict[str, float | int | str | None] = field(default_factory=dict)


class System(Protocol):
    """Raises AttestError where it cannot read or tell. Thread-safe where `workers` is more than one."""

    def read(self, article: Article) -> ArticleFacts: ...

    def tell(self, read: Sequence[ArticleFacts]) -> Story: ...


class Systems(Protocol):
    """One system, opened anew for each repeat. `workers`: articles it may read side by side. `spent`: what
    was asked for and not known from before.
    """

    @property
    def identity(self) -> Identity: ...

    @property
    def workers(self) -> int: ...

    @property
    def spent(self) -> Usage: ...

    def open(self, repeat: int) -> System: ...

    def close(self) -> None: ...


class AttestSystem:
    """Attest with one backend, as anyone would use it."""

    def __init__(self, settings: Settings, backend: Backend, parser: Parser) -> None:
        self._settings = settings
        self._backend = backend
        self._parser = parser
        self._attest = self._over(backend)

    def read(self, article: Article) -> ArticleFacts:
        return self._attest.facts(article)

    def tell(self, read: Sequence[ArticleFacts]) -> Story:
        """A summary written while the backend was out of order says nothing about it: its error is raised."""
        watched = WatchedBackend(self._backend)
        story = self._over(watched).tell(read)
        if watched.failure is not None:
            raise watched.failure
        return story

    def _over(self, backend: Backend) -> Attest:
        return Attest(self._settings, backend=backend, parser=self._parser)


class AttestSystems:
    """`replies`: the file of answers, which several runs may share. Repeat r has seed `FIRST_SEED` + r."""

    def __init__(
        self,
        settings: Settings,
        replies: Path,
        *,
        backend: Backend | None = None,
        parser: Parser | None = None,
    ) -> None:
        self._settings = settings
        self._store = SqliteReplyStore(replies)
        bare = backend or build_backend(settings.model_copy(update={"reply_cache": False}))
        self._backend = RememberingBackend(LimitedBackend(bare), self._store)
        self._attest = Attest(settings, backend=self._backend, parser=parser)

    @property
    def workers(self) -> int:
        """One for the local model, which reads its instructions once when articles come in order."""
        return max(1, self._backend.profile.concurrency)

    @property
    def spent(self) -> Usage:
        return self._backend.spent

    @property
    def identity(self) -> Identity:
        """Raises PromptError, NotFound, ModelFileError or BackendError."""
        prompts = self._attest.prompts_in_use()
        versions = {prompt.task: prompt.version for prompt in prompts}
        off = {task: OFF for task in self._attest.prompts.tasks() if task not in versions}
        return Identity(
            system="attest",
            backend=self._backend.name,
            model=self._backend.model,
            model_sha256=self._backend.model_sha256,
            prompts=versions | off,
            prompts_sha256={prompt.task: prompt.sha256 for prompt in prompts},
            sampling=self._sampling() | {f"{p.task}.temperature": p.temperature for p in prompts},
        )

    def open(self, repeat: int) -> AttestSystem:
        if repeat == 0:
            warm_up(self._settings, self._attest.parser)
        seeded = SeededBackend(self._backend, FIRST_SEED + repeat)
        return AttestSystem(self._settings, seeded, self._attest.parser)

    def close(self) -> None:
        self._attest.close()
        self._store.close()

    def _sampling(self) -> dict[str, Any]:
        """Every setting that can change an answer and is not in a prompt."""
        settings = self._settings
        used: dict[str, Any] = {
            "seed": FIRST_SEED,
            "repair_refused": self._attest.asks_again_what_is_refused,
            "window_tokens": settings.window_tokens,
            "summary_sentences": StoryOptions().summary_sentences,
        }
        if self._backend.name == "local":
            used["context_tokens"] = settings.context_tokens
        if settings.backend == "openai":
            used["server"] = _without_secrets(settings.base_url)
        return used


def warm_up(settings: Settings, parser: Parser) -> None:
    """Parser and word lists are loaded at their first use, which no article has to pay for."""
    without_model = settings.model_copy(update={"backend": "none", "prompts": {}, "prompts_dir": None})
    Attest(without_model, parser=parser).story([Article(text=WARM_UP, source="Example")])


def _without_secrets(url: str) -> str:
    """No user, password or query of an address stands in a file that others may read."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"
