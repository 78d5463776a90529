"""The app with a fake pipeline, started and stopped as a server would, over ASGI in process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.api.app import create_app
from service.settings import Settings
from tests.api.fakes import FakeAttest

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Defaults, whatever the environment of the test run says; small limits where a test meets them."""
    return Settings.model_construct(
        database=tmp_path / "attest.db",
        max_articles=50,
        max_article_chars=200_000,
        max_statements=20,
        max_body_bytes=2_000_000,
    )


@pytest.fixture
def attest() -> FakeAttest:
    return FakeAttest()


@pytest.fixture
def serve(settings: Settings, attest: FakeAttest) -> Serve:
    """`async with serve() as client:` runs the app. Keywords go to `create_app`."""

    @asynccontextmanager
    async def serving(**options: Any) -> AsyncIterator[httpx.AsyncClient]:
        app = create_app(settings, **{"attest": attest, "new_request_id": lambda: "req-1", **options})
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://attest.test") as client,
        ):
            yield client

    return serving


@pytest.fixture
async def client(serve: Serve) -> AsyncIterator[httpx.AsyncClient]:
    async with serve() as client:
        yield client
