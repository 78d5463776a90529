"""Backends as an eval wants them."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from evals.asking import LimitedBackend, RememberingBackend, SeededBackend, WatchedBackend, ends_everything
from service.backends.base import Message, ModelReply, ModelRequest, Usage
from service.backends.caching import MemoryReplyStore, SqliteReplyStore
from service.errors import (
    AttestError,
    BackendRefused,
    BackendTimeout,
    BackendUnreachable,
    CircuitOpen,
    ContentFiltered,
    ContextOverflow,
    EmptyArticle,
    ModelFileError,
    NotFound,
    OutOfMemory,
    PromptError,
    QuotaExceeded,
    SettingsError,
)
from tests.evals.fakes import FakeBackend


def question(text: str = "What happened?") -> ModelRequest:
    return ModelRequest(stage="extract_facts", messages=(Message("user", text),), max_tokens=50)


class TestRemembering:
    def test_nothing_is_asked_twice(self) -> None:
        bare = FakeBackend()
        remembering = RememberingBackend(bare, MemoryReplyStore())
        first, again = remembering.complete(question()), remembering.complete(question())
        assert len(bare.requests) == 1
        assert (first.text, first.finish, first.model) == (again.text, again.finish, again.model)

    def test_what_an_answer_cost_is_known_for_good(self) -> None:
        remembering = RememberingBackend(FakeBackend(), MemoryReplyStore())
        first, again = remembering.complete(question()), remembering.complete(question())
        assert first.usage == Usage(calls=1, prompt_tokens=10, completion_tokens=1, seconds=3.0)
        assert again.usage == first.usage.model_copy(update={"replayed": 1})

    def test_only_what_was_really_asked_is_spent(self) -> None:
        store = MemoryReplyStore()
        RememberingBackend(FakeBackend(), store).complete(question())
        remembering = RememberingBackend(FakeBackend(), store)
        remembering.complete(question())
        assert remembering.spent == Usage()
        new = remembering.complete(question("And then?"))
        assert remembering.spent == new.usage

    def test_another_question_is_another(self) -> None:
        bare = FakeBackend()
        remembering = RememberingBackend(bare, MemoryReplyStore())
        assert remembering.complete(question()).text != remembering.complete(question("And then?")).text

    def test_another_model_has_answers_of_its_own(self) -> None:
        store = MemoryReplyStore()
        RememberingBackend(FakeBackend(), store).complete(question())
        other = FakeBackend()
        other.model = "other-model"
        assert RememberingBackend(other, store).complete(question()).usage.replayed == 0

    @pytest.mark.parametrize("text", ["", "\u2028\x00 \ud800 half", '{"facts": ["“naïve” 🚂"]}'])
    def test_answers_come_back_as_they_were(self, tmp_path: Path, text: str) -> None:
        class Saying(FakeBackend):
            def complete(self, request: ModelRequest) -> ModelReply:
                return ModelReply(text, "length", "m", Usage(calls=1))

        store = SqliteReplyStore(tmp_path / "replies.db")
        RememberingBackend(Saying(), store).complete(question())
        store.close()
        again = SqliteReplyStore(tmp_path / "replies.db")
        reply = RememberingBackend(FakeBackend(), again).complete(question())
        again.close()
        assert (reply.text, reply.finish, reply.usage.replayed) == (text, "length", 1)

    @pytest.mark.parametrize("kept", ["", "answer", "[]", '["a", {"calls": "x"}]', "null", '["a", null]'])
    def test_a_broken_store_costs_money_never_an_answer(self, kept: str) -> None:
        class Broken(MemoryReplyStore):
            def get(self, key: str) -> ModelReply | None:
                return ModelReply(kept, "stop", "m")

        reply = RememberingBackend(FakeBackend(), Broken()).complete(question())
        assert (reply.text, reply.usage.replayed) == ("answer 1", 0)

    def test_attest_s_own_answers_are_not_mistaken_for_these(self) -> None:
        keys: list[str] = []

        class Spying(MemoryReplyStore):
            def get(self, key: str) -> ModelReply | None:
                keys.append(key)
                return None

        RememberingBackend(FakeBackend(), Spying()).complete(question())
        assert keys == [f"eval:{question().sha256('fake', 'fake-model')}"]

    def test_a_failure_is_not_kept(self) -> None:
        bare = FakeBackend(raising=BackendTimeout("slow"))
        remembering = RememberingBackend(bare, MemoryReplyStore())
        with pytest.raises(BackendTimeout):
            remembering.complete(question())
        bare.raising = None
        assert remembering.complete(question()).usage.replayed == 0


class TestSeeds:
    def test_everything_is_asked_with_the_seed(self) -> None:
        bare = FakeBackend()
        SeededBackend(bare, 41).complete(question())
        assert bare.requests[0].seed == 41

    def test_repeats_share_no_answer(self) -> None:
        bare = FakeBackend()
        remembering = RememberingBackend(bare, MemoryReplyStore())
        texts = {SeededBackend(remembering, seed).complete(question()).text for seed in (7, 8, 9, 7, 8, 9)}
        assert len(texts) == len(bare.requests) == 3


class TestLimits:
    def test_no_more_at_once_than_the_backend_takes(self) -> None:
        inside, most, lock = 0, 0, threading.Lock()
        everybody = threading.Barrier(2)

        class Counting(FakeBackend):
            def complete(self, request: ModelRequest) -> ModelReply:
                nonlocal inside, most
                with lock:
                    inside += 1
                    most = max(most, inside)
                everybody.wait()  # only goes on when two are inside
                with lock:
                    inside -= 1
                return super().complete(request)

        limited = LimitedBackend(Counting(concurrency=2))
        threads = [threading.Thread(target=limited.complete, args=(question(str(n)),)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert most == 2

    def test_a_failure_gives_its_place_back(self) -> None:
        limited = LimitedBackend(FakeBackend(raising=BackendTimeout("slow")))
        for _ in range(3):
            with pytest.raises(BackendTimeout):
                limited.complete(question())


class TestWatching:
    def test_a_failure_that_was_forgiven_is_not_forgotten(self) -> None:
        watched = WatchedBackend(FakeBackend(raising=BackendTimeout("slow")))
        with pytest.raises(BackendTimeout):
            watched.complete(question())
        assert isinstance(watched.failure, BackendTimeout)

    def test_a_text_that_no_model_would_take_is_no_failure_of_it(self) -> None:
        watched = WatchedBackend(FakeBackend(raising=ContentFiltered("no")))
        with pytest.raises(ContentFiltered):
            watched.complete(question())
        assert watched.failure is None

    def test_an_answer_is_none(self) -> None:
        watched = WatchedBackend(FakeBackend())
        watched.complete(question())
        assert watched.failure is None


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (BackendUnreachable("x"), True),
        (CircuitOpen("x"), True),
        (QuotaExceeded("x"), True),
        (OutOfMemory("x"), True),
        (ModelFileError("x"), True),
        (PromptError("x"), True),
        (SettingsError("x"), True),
        (NotFound("x"), True),
        (BackendTimeout("x"), False),
        (BackendRefused("x"), False),
        (ContextOverflow("x"), False),
        (EmptyArticle("x"), False),
    ],
)
def test_what_every_later_question_would_share(error: AttestError, ends: bool) -> None:
    assert ends_everything(error) is ends
