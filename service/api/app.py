"""attest over HTTP, put together.

Comes in: settings, and for tests a pipeline, a clock and a source of request ids. Goes out: an ASGI app.
Promises: nothing is global; what the lifespan opens it closes; every error is a problem (RFC 9457).

    request -> request_ids -> bodies -> facts | stories | prompts | health | page -> line -> pipeline
                                 any error on the way -> problems
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from anyio import create_task_group, to_thread
from fastapi import FastAPI
from starlette.middleware import Middleware

from service import __version__
from service.api import facts, health, page, prompts, stories
from service.api.bodies import Bodies
from service.api.checkups import Checkups
from service.api.line import Line
from service.api.problems import Problem, handlers
from service.api.readiness import Readiness
from service.api.request_ids import RequestIds, random_request_id
from service.api.serving import Reader, Serving
from service.errors import SettingsError
from service.settings import Settings
from service.store.stories import StoryStore

EXAMPLES = Path(__file__).with_name("examples")


class AttestApp(FastAPI):
    """FastAPI with what its generator cannot know: the problem model, and examples of whole replies."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        components = document["components"]["schemas"]
        if "Problem" not in components:
            schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            components.update(schema.pop("$defs"))
            components["Problem"] = schema
            for path in sorted(EXAMPLES.glob("*.json")):
                components[path.stem]["examples"] = [json.loads(path.read_text(encoding="utf-8"))]
        return document


def open_pipeline(settings: Settings) -> Reader:
    """The real one. Imported here: a test with another reader needs no engine and no parser."""
    from service.pipeline import open_attest

    return open_attest(settings)


def create_app(
    settings: Settings,
    *,
    attest: Reader | None = None,
    open_attest: Callable[[Settings], Reader] = open_pipeline,
    clock: Callable[[], float] = time.monotonic,
    new_request_id: Callable[[], str] = random_request_id,
    waiting: int = 8,
    retry_after_seconds: float = 30.0,
    checks_at_once: int = 2,
    ready_seconds: float = 5.0,
    patience_seconds: float = 0.5,
) -> FastAPI:
    """An app to be served by uvicorn.

    `attest` is used as it is and left open for its owner; without it `open_attest(settings)` is called
    when the app starts and closed when it stops. One request asks the model at a time, `waiting` more may
    wait (as many for checks, of which `checks_at_once` run); who comes then is asked to come again after
    `retry_after_seconds`. `/readyz` looks again after `ready_seconds` on `clock`, and waits
    `patience_seconds` at most while the model is examined for the first time.

    Starting the app raises SettingsError, ModelFileError and whatever else `open_attest` raises.
    """

    def line(at_once: int) -> Line:
        return Line(at_once=at_once, waiting=waiting, retry_after=retry_after_seconds)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with StoryStore(settings.database) as store:
            reader = await to_thread.run_sync(open_attest, settings) if attest is None else attest
            try:
                # Innermost, so that an error of what was opened before comes out as it is.
                async with create_task_group() as background:
                    app.state.serving = Serving(
                        settings=settings,
                        reader=reader,
                        store=store,
                        model_line=line(1),
                        check_line=line(checks_at_once),
                        readiness=Readiness(
                            lambda: {"store": _store_answer(store), **reader.ready()},
                            Checkups(
                                reader.checkup,
                                background=background,
                                clock=clock,
                                keep_seconds=settings.doctor_keep_seconds,
                                retry_seconds=settings.doctor_retry_seconds,
                                patience_seconds=patience_seconds,
                            ),
                            clock=clock,
                            keep_seconds=ready_seconds,
                        ),
                    )
                    yield
                    background.cancel_scope.cancel()
            finally:
                if attest is None:
                    reader.close()

    app = AttestApp(
        title="attest",
        version=__version__,
        summary="Facts that news articles really state, and one cited account of several articles.",
        lifespan=lifespan,
        exception_handlers=handlers(),  # type: ignore[arg-type]
        middleware=[
            Middleware(RequestIds, new_id=new_request_id),
            Middleware(Bodies, max_bytes=settings.max_body_bytes),
        ],
        redirect_slashes=False,
        docs_url=None,  # its scripts come from elsewhere; /openapi.json is all a reader of it needs
        redoc_url=None,
    )
    for room in (facts, stories, prompts, health, page):
        app.include_router(room.router)
    return app


def _store_answer(store: StoryStore) -> str:
    try:
        store.check_writable()
    except SettingsError as error:
        return str(error)
    return "ok"
