"""What a request handler may use, put together once by the app's lifespan.

Comes in: settings, an opened pipeline, an opened store. Goes out: one `Serving` for every request.
Promises: the pipeline is reached through `Reader` alone, so that a test can serve with another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends, Request

from service.api.line import Line
from service.api.readiness import Readiness
from service.backends.checkup import Checkup
from service.facts.models import Verdict
from service.prompting.templates import Prompt
from service.settings import Settings
from service.store.stories import StoryStore
from service.stories.models import ArticleFacts, Story, StoryOptions
from service.text.article import Article


class Prompts(Protocol):
    """Raises PromptError for a broken prompt folder."""

    def all(self) -> Sequence[Prompt]: ...


class Reader(Protocol):
    """The pipeline as the API uses it. Methods block, may take minutes, and raise AttestError."""

    @property
    def prompts(self) -> Prompts: ...
    def facts(self, article: Article) -> ArticleFacts: ...
    def check(self, article: Article, statements: Sequence[str]) -> list[Verdict]: ...
    def story(self, articles: Sequence[Article], options: StoryOptions = ...) -> Story: ...
    def add(self, story: Story, articles: Sequence[Article]) -> Story: ...
    def ready(self) -> dict[str, str]:
        """What is wrong, by component; "ok" where nothing is. Cheap, never calls the model."""
        ...

    def checkup(self) -> Checkup:
        """What the doctor finds. Asks the model; takes seconds."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Serving:
    """`model_line` holds what asks the model; `check_line` holds checks, which never do."""

    settings: Settings
    reader: Reader
    store: StoryStore
    model_line: Line
    check_line: Line
    readiness: Readiness


def _serving(request: Request) -> Serving:
    serving: Serving = request.app.state.serving
    return serving


Served = Annotated[Serving, Depends(_serving)]
