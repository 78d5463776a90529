"""The reply cache: what is the same question, what is kept, and that a broken store never matters."""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.backends.base import Backend, Message, ModelReply, ModelRequest, Profile, Usage
from service.backends.caching import CachingBackend, MemoryReplyStore, ReplyStore, SqliteReplyStore
from service.backends.scripted import ScriptedBackend
from service.errors import BackendUnavailable

REQUEST = ModelRequest(
    stage="extract_facts",
    messages=(Message("system", "Be brief."), Message("user", "Ferries?")),
    max_tokens=20,
)
REPLY = ModelReply(text="yes", finish="stop", model="m")


class Counting:
    """A function for ScriptedBackend that counts how often it is asked."""

    def __init__(self, reply: ModelReply = REPLY) -> None:
        self.reply = replace(reply, usage=Usage(calls=1, prompt_tokens=9, completion_tokens=1, seconds=2.0))
        self.asked = 0

    def __call__(self, request: ModelRequest) -> ModelReply:
        self.asked += 1
        return self.reply

    def cached(self, store: ReplyStore, model: str = "m", sha256: str | None = None) -> CachingBackend:
        inner = ScriptedBackend(self, profile=Profile("v1", "v1"), model=model, model_sha256=sha256)
        return CachingBackend(inner, store)


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ReplyStore]:
    if request.param == "memory":
        yield MemoryReplyStore()
        return
    sqlite = SqliteReplyStore(tmp_path / "new folder" / "attest.db")
    yield sqlite
    sqlite.close()


def test_passes_everything_else_through() -> None:
    cached: Backend = Counting().cached(MemoryReplyStore(), sha256="ab")
    assert (cached.name, cached.model, cached.model_sha256) == ("scripted", "m", "ab")
    assert cached.count_tokens("a b") == 2
    cached.close()


def test_the_second_time_costs_nothing(store: ReplyStore) -> None:
    counting = Counting()
    cached = counting.cached(store)
    first, second = cached.complete(REQUEST), cached.complete(REQUEST)
    assert counting.asked == 1
    assert first.usage.prompt_tokens == 9
    assert second == replace(first, usage=Usage(replayed=1))


@pytest.mark.parametrize(
    "change",
    [
        {"messages": (Message("user", "Be brief."), Message("user", "Ferries?"))},
        {"messages": (Message("user", "Ferries?"),)},
        {"max_tokens": 21},
        {"schema": {"type": "object"}},
        {"grammar": 'root ::= "x"'},
        {"temperature": 0.1},
        {"seed": 8},
    ],
)
def test_whatever_can_change_the_answer_is_another_question(
    change: dict[str, Any], store: ReplyStore
) -> None:
    counting = Counting()
    cached = counting.cached(store)
    cached.complete(REQUEST)
    cached.complete(replace(REQUEST, **change))
    assert counting.asked == 2


def test_the_stage_and_the_prefix_are_not_part_of_the_question(store: ReplyStore) -> None:
    counting = Counting()
    cached = counting.cached(store)
    cached.complete(REQUEST)
    cached.complete(replace(REQUEST, stage="other", prefix_messages=1))
    assert counting.asked == 1


@pytest.mark.parametrize(
    ("one", "other", "asked"),
    [
        (("m", None), ("n", None), 2),
        (("m", "aa"), ("m", "bb"), 2),
        (("m", "aa"), ("renamed", "aa"), 1),
    ],
)
def test_another_model_is_another_question(
    one: tuple[str, str | None], other: tuple[str, str | None], asked: int, store: ReplyStore
) -> None:
    counting = Counting()
    for model, sha256 in (one, other):
        counting.cached(store, model, sha256).complete(REQUEST)
    assert counting.asked == asked


@pytest.mark.parametrize(
    ("reply", "temperature", "asked"),
    [
        (replace(REPLY, text=""), 0.0, 2),
        (replace(REPLY, text=" \n"), 0.0, 2),
        (replace(REPLY, text="", finish="length"), 0.0, 2),
        (replace(REPLY, finish="length"), 0.7, 2),
        (replace(REPLY, finish="length"), 0.0, 1),  # it would be cut at the same place again
    ],
)
def test_empty_replies_and_cut_ones_that_may_end_otherwise_are_not_kept(
    reply: ModelReply, temperature: float, asked: int, store: ReplyStore
) -> None:
    counting = Counting(reply)
    cached = counting.cached(store)
    request = replace(REQUEST, temperature=temperature)
    assert cached.complete(request).text == cached.complete(request).text == reply.text
    assert counting.asked == asked


def test_errors_are_not_kept(store: ReplyStore) -> None:
    outcomes = iter([None, "yes"])

    def answer(request: ModelRequest) -> str:
        outcome = next(outcomes)
        if outcome is None:
            raise BackendUnavailable("503")
        return outcome

    cached = CachingBackend(ScriptedBackend(answer, profile=Profile("v1", "v1")), store)
    with pytest.raises(BackendUnavailable):
        cached.complete(REQUEST)
    assert cached.complete(REQUEST).usage.calls == 1


# Stores

short = st.text(max_size=50)
replies = st.builds(ModelReply, text=short, finish=st.sampled_from(["stop", "length"]), model=short)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["k1", "k2", "k3"]), replies), max_size=8))
def test_a_store_is_a_dictionary(store: ReplyStore, puts: list[tuple[str, ModelReply]]) -> None:
    for key, reply in puts:
        store.put(key, reply)
    for key, reply in dict(puts).items():
        assert store.get(key) == reply
    assert store.get("never put") is None


def test_many_threads_use_one_store(store: ReplyStore) -> None:
    def work(number: int) -> bool:
        reply = replace(REPLY, text=f"reply {number}")
        store.put(f"key {number % 10}", replace(REPLY, text="shared"))
        store.put(f"own {number}", reply)
        return store.get(f"own {number}") == reply

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(80)))


def test_two_stores_on_one_file_see_each_other(tmp_path: Path) -> None:
    one, other = (SqliteReplyStore(tmp_path / "attest.db") for _ in range(2))
    one.put("a", REPLY)
    other.put("b", replace(REPLY, text="no"))
    assert other.get("a") == REPLY
    assert one.get("b") == replace(REPLY, text="no")
    one.close()
    assert one.get("a") == REPLY  # a closed store opens again when it is used again
    one.close()
    other.close()


def test_a_killed_process_loses_no_reply_it_had(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from service.backends.base import ModelReply\n"
        "from service.backends.caching import SqliteReplyStore\n"
        "store = SqliteReplyStore(Path(sys.argv[1]))\n"
        "for number in range(20): store.put(str(number), ModelReply(f'reply {number}', 'stop', 'm'))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    path = tmp_path / "attest.db"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", program, path], env=environment, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    store = SqliteReplyStore(path)
    assert [store.get(str(number)) for number in range(20)] == [
        ModelReply(f"reply {number}", "stop", "m") for number in range(20)
    ]
    store.close()


def damaged(path: Path) -> None:
    path.write_bytes(b"this is not a database" * 500)


def overwritten(path: Path) -> None:
    """The header survives, the pages do not."""
    whole = SqliteReplyStore(path)
    for number in range(50):
        whole.put(str(number), replace(REPLY, text="x" * 500))
    whole.close()
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * (len(content) - 100))


def a_folder(path: Path) -> None:
    path.mkdir()


def another_table(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE model_replies (something TEXT)")
    connection.close()


@pytest.mark.parametrize("spoil", [damaged, overwritten, a_folder, another_table])
def test_a_broken_database_is_a_miss_and_one_warning(
    spoil: Callable[[Path], None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "attest.db"
    spoil(path)
    store = SqliteReplyStore(path)
    counting = Counting()
    cached = counting.cached(store)
    with caplog.at_level(logging.WARNING):
        assert cached.complete(REQUEST).text == cached.complete(REQUEST).text == "yes"
    store.close()
    assert counting.asked == 2
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert str(path) in caplog.text


def test_a_folder_that_cannot_be_made_is_a_miss(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    store = SqliteReplyStore(tmp_path / "file" / "attest.db")
    store.put("a", REPLY)
    assert store.get("a") is None


def test_a_locked_database_is_a_miss_until_it_is_free(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "attest.db"
    store = SqliteReplyStore(path, busy_seconds=0.01)
    store.put("before", REPLY)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with caplog.at_level(logging.WARNING):
        store.put("a", REPLY)
        assert SqliteReplyStore(path, busy_seconds=0.01).get("a") is None
    assert "locked" in caplog.text
    other.execute("ROLLBACK")
    other.close()
    assert store.get("a") is None
    store.put("a", REPLY)
    assert store.get("a") == store.get("before") == REPLY
    store.close()


def test_what_sqlite_cannot_hold_is_a_miss(tmp_path: Path) -> None:
    store = SqliteReplyStore(tmp_path / "attest.db")
    store.put("a", replace(REPLY, text="half a pair: \ud83d"))
    assert store.get("a") is None
    store.close()


def test_a_row_with_an_unknown_end_is_a_miss(tmp_path: Path) -> None:
    path = tmp_path / "attest.db"
    store = SqliteReplyStore(path)
    store.put("a", REPLY)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("UPDATE model_replies SET finish = 'odd'")
    connection.close()
    assert store.get("a") is None
    store.close()
