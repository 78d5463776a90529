"""The doctor behind `/readyz`: in the background, kept, renewed, never in anybody's way."""

from __future__ import annotations

import threading

import anyio
import httpx
import pytest

from service.backends.checkup import Check, Checkup
from service.settings import Settings
from tests.api.conftest import Serve
from tests.api.fakes import FakeAttest
from tests.api.test_health import Clock

pytestmark = pytest.mark.anyio

ILL = Checkup(
    checks=(Check.ok("backend", "answers"), Check.missing("constraint", "it is ignored", "Update it."))
)


async def probe(client: httpx.AsyncClient) -> tuple[int, str]:
    reply = await client.get("/readyz")
    return reply.status_code, reply.json()["checks"]["doctor"]


class Slow(FakeAttest):
    """A doctor that waits to be let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.finished = threading.Event()

    def checkup(self) -> Checkup:
        self.finished.clear()
        found = super().checkup()
        assert self.go.wait(timeout=30)
        self.finished.set()
        return found


async def settled(client: httpx.AsyncClient, status: int) -> None:
    """Probes until the background has done its work."""
    with anyio.fail_after(10):
        while (await client.get("/readyz")).status_code != status:
            await anyio.lowlevel.checkpoint()


async def test_what_is_missing_makes_it_not_ready(client: httpx.AsyncClient, attest: FakeAttest) -> None:
    attest.found = ILL
    reply = await client.get("/readyz")
    assert reply.status_code == 503
    assert reply.json()["checks"]["doctor"] == "constraint: it is ignored"
    assert reply.json()["doctor"]["checks"][1] == {
        "name": "constraint", "state": "missing", "seen": "it is ignored", "advice": "Update it.",
    }  # fmt: skip


async def test_nobody_is_examined_before_somebody_asks(client: httpx.AsyncClient, attest: FakeAttest) -> None:
    await client.get("/healthz")
    assert attest.examined == 0


async def test_a_slow_doctor_holds_nobody_up(serve: Serve) -> None:
    attest = Slow()
    async with serve(attest=attest, patience_seconds=0.0) as client:
        with anyio.fail_after(10):
            for _ in range(3):
                assert await probe(client) == (503, "the model is being examined; ask again in a few seconds")
            reply = await client.get("/readyz")
        assert reply.json()["doctor"] is None
        attest.go.set()
        await settled(client, 200)
    assert attest.examined == 1


async def test_an_app_that_stops_does_not_wait_for_the_doctor(serve: Serve) -> None:
    attest = Slow()
    with anyio.fail_after(10):
        async with serve(attest=attest, patience_seconds=0.0) as client:
            await client.get("/readyz")
    attest.go.set()


async def test_a_good_result_is_kept(serve: Serve, attest: FakeAttest, settings: Settings) -> None:
    clock = Clock()
    async with serve(clock=clock) as client:
        for _ in range(5):
            assert await probe(client) == (200, "ok")
            clock.now += settings.doctor_keep_seconds / 6
        assert attest.examined == 1


async def test_an_old_result_is_shown_while_a_new_one_is_made(serve: Serve, settings: Settings) -> None:
    clock, attest = Clock(), Slow()
    attest.go.set()
    async with serve(attest=attest, clock=clock, patience_seconds=9.0) as client:
        assert await probe(client) == (200, "ok")
        attest.go.clear()
        attest.found = ILL
        clock.now += settings.doctor_keep_seconds
        for _ in range(3):
            assert await probe(client) == (200, "ok")
        attest.go.set()
        await settled(client, 503)
    assert attest.examined == 2


async def test_something_missing_is_looked_at_again_sooner(
    serve: Serve, attest: FakeAttest, settings: Settings
) -> None:
    clock = Clock()
    attest.found = ILL
    async with serve(clock=clock) as client:
        assert (await probe(client))[0] == 503
        attest.found = Checkup(checks=())
        clock.now += settings.doctor_retry_seconds - 1
        assert (await probe(client))[0] == 503
        assert attest.examined == 1
        clock.now += 1
        await settled(client, 200)
    assert attest.examined == 2


async def test_a_doctor_that_breaks_is_a_result_without_its_secrets(serve: Serve) -> None:
    class Broken(FakeAttest):
        def checkup(self) -> Checkup:
            raise RuntimeError("secret of the house")

    async with serve(attest=Broken()) as client:
        reply = await client.get("/readyz")
    assert reply.status_code == 503
    assert "the examination itself failed" in reply.json()["checks"]["doctor"]
    assert "secret" not in reply.text
