from __future__ import annotations

import httpx
import pytest

from service.settings import Settings
from tests.api.conftest import Serve
from tests.api.fakes import HEALTHY, SHA256, FakeAttest

pytestmark = pytest.mark.anyio


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_alive_asks_nobody(client: httpx.AsyncClient, attest: FakeAttest) -> None:
    reply = await client.get("/healthz")
    assert (reply.status_code, reply.json()) == (200, {"status": "alive"})
    assert attest.asked == []


async def test_ready_when_every_part_is(client: httpx.AsyncClient, attest: FakeAttest) -> None:
    reply = await client.get("/readyz")
    assert reply.status_code == 200
    assert reply.json() == {
        "status": "ready",
        "checks": {"store": "ok", "model": "ok", "doctor": "ok"},
        "doctor": HEALTHY.model_dump(mode="json"),
    }
    assert attest.asked == ["ready"]


async def test_not_ready_says_why(client: httpx.AsyncClient, attest: FakeAttest) -> None:
    attest.answers = {"model": "the file is missing; run attest models pull"}
    reply = await client.get("/readyz")
    assert reply.status_code == 503
    assert reply.json()["status"] == "not-ready"
    assert reply.json()["checks"]["model"] == "the file is missing; run attest models pull"


async def test_not_ready_without_a_store(client: httpx.AsyncClient, settings: Settings) -> None:
    settings.database.unlink()
    reply = await client.get("/readyz")
    assert reply.status_code == 503
    assert "restart attest" in reply.json()["checks"]["store"]


async def test_not_ready_when_the_check_itself_fails(serve: Serve) -> None:
    class Broken(FakeAttest):
        def ready(self) -> dict[str, str]:
            raise RuntimeError("secret of the house")

    async with serve(attest=Broken()) as client:
        reply = await client.get("/readyz")
    assert reply.status_code == 503
    assert "secret" not in reply.text


async def test_many_probes_are_one_look(serve: Serve, attest: FakeAttest) -> None:
    clock = Clock()
    async with serve(clock=clock) as client:
        assert (await client.get("/readyz")).status_code == 200
        attest.answers = {"model": "gone"}
        clock.now += 4.9
        assert (await client.get("/readyz")).status_code == 200
        clock.now += 0.1
        assert (await client.get("/readyz")).status_code == 503
    assert attest.asked == ["ready", "ready"]


async def test_a_busy_model_does_not_hold_up_the_probes(serve: Serve) -> None:
    import anyio

    attest = FakeAttest(held=True)
    async with serve(attest=attest) as client, anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: client.post("/v1/facts", json={"article": {"text": "A."}}))
        await anyio.to_thread.run_sync(attest.begun.wait)
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 200
        attest.release.set()


async def test_prompts_are_listed_by_name_and_hash(client: httpx.AsyncClient) -> None:
    reply = await client.get("/v1/prompts")
    assert reply.status_code == 200
    (prompt,) = reply.json()["prompts"]
    assert (prompt["task"], prompt["version"], prompt["sha256"]) == ("extract_facts", "v1", SHA256)
    assert set(prompt) == {
        "task", "version", "sha256", "purpose", "scope", "inputs", "reply", "max_tokens", "changes",
    }  # fmt: skip
