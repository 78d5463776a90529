"""The doctor at servers that keep their word and at servers that do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from service.backends.base import Backend, ModelReply, ModelRequest, Profile
from service.backends.caching import CachingBackend, MemoryReplyStore
from service.backends.checkup import Check
from service.backends.doctor import examine
from service.backends.engine_checks import Need
from service.backends.retrying import RetryingBackend
from service.backends.scripted import ScriptedBackend
from service.errors import ModelFileError, PromptError
from tests.backends.fake_model import FakeModel, overflowing
from tests.backends.mock_server import KEY, Handler, answering, backend, said

NAMES = ["backend", "constraint", "context", "prefix reuse", "finite numbers", "control tokens"]
NEED = Need(prompt_tokens=1500, answer_tokens=500)


def examined(asked: Backend, need: Callable[[], Need] = lambda: NEED) -> dict[str, Check]:
    checks = examine(lambda: asked, need)
    assert [check.name for check in checks] == NAMES
    assert all(check.seen for check in checks)
    assert all(check.advice for check in checks if check.state == "missing")
    return {check.name: check for check in checks}


def at(handler: Handler, **more: Any) -> dict[str, Check]:
    asked = backend(handler, **more)
    try:
        return examined(asked)
    finally:
        asked.close()


def states(checks: dict[str, Check]) -> list[str]:
    return [check.state for check in checks.values()]


def missing(checks: dict[str, Check]) -> list[str]:
    return [check.name for check in checks.values() if check.state == "missing"]


class TestAServerThatKeepsItsWord:
    def test_everything_is_proved(self) -> None:
        checks = at(FakeModel().handle)
        assert states(checks) == ["ok", "ok", "ok", "ok", "not applicable", "not applicable"]
        assert checks["constraint"].seen == 'free: {"answer": "yellow"}; bound: {"answer": "violet"}'
        assert "city-1-2024 answers in" in checks["backend"].seen

    def test_it_is_asked_four_questions(self) -> None:
        model = FakeModel()
        at(model.handle)
        assert len(model.bodies) == 4
        control, bound, first, second = model.bodies
        assert "response_format" not in control
        assert bound["response_format"]["json_schema"]["strict"] is True
        assert first["messages"][:-1] == second["messages"][:-1]
        assert first["messages"][-1] != second["messages"][-1]

    def test_the_long_question_is_as_long_as_a_real_one(self) -> None:
        model = FakeModel()
        asked = backend(model.handle)
        examined(asked)
        text = model.bodies[2]["messages"][1]["content"]
        assert 1450 <= asked.count_tokens(text) <= 1600
        asked.close()

    def test_a_server_that_counts_nothing_is_believed_by_its_answers(self) -> None:
        checks = at(FakeModel(counts=False).handle)
        assert missing(checks) == []
        assert "about 1,4" in checks["context"].seen


class TestTheConstraint:
    def test_a_schema_that_is_ignored_is_missing(self) -> None:
        checks = at(FakeModel(enforces=False).handle)
        assert missing(checks) == ["constraint"]
        seen = 'only violet or crimson was allowed; the answer is {"answer": "yellow"}'
        assert checks["constraint"].seen == seen
        assert "constrained output" in checks["constraint"].advice

    def test_a_server_that_knows_no_schema_is_asked_without_and_found_out(self) -> None:
        def refuses(request: httpx.Request) -> httpx.Response:
            if b"response_format" in request.content:
                return httpx.Response(400, json=said("response_format is not supported"))
            return FakeModel().handle(request)

        checks = at(refuses)
        assert checks["backend"].state == "ok"
        assert checks["constraint"].state == "missing"

    def test_a_natural_answer_that_is_allowed_proves_nothing_so_another_is_asked(self) -> None:
        model = FakeModel(own_answer="violet")
        checks = at(model.handle)
        assert checks["constraint"].state == "ok"
        assert checks["constraint"].seen == 'free: {"answer": "violet"}; bound: {"answer": "north"}'

    def test_when_no_canary_proves_anything_it_says_so(self) -> None:
        def agreeable(request: httpx.Request) -> httpx.Response:
            word = "violet" if b"banana" in request.content else "north"
            return FakeModel(own_answer=word).handle(request)

        checks = at(agreeable)
        assert checks["constraint"].state == "missing"
        assert "nothing proved" in checks["constraint"].seen

    @pytest.mark.parametrize(
        "content",
        ["", '{"answer": "vio', 'Sure! {"answer": "violet"}', '{"answer": "violet", "x": 1}', "[1]"],
    )
    def test_only_the_json_itself_counts(self, content: str) -> None:
        def talks(request: httpx.Request) -> httpx.Response:
            reply = FakeModel().handle(request)
            if b"banana" not in request.content:
                return reply
            body = reply.json()
            body["choices"][0]["message"]["content"] = content
            return httpx.Response(200, json=body)

        assert at(talks)["constraint"].state == "missing"

    def test_an_answer_cannot_steer_the_terminal(self) -> None:
        noisy = FakeModel(enforces=False, own_answer="\x1b[2J\u202egreen" + "n" * 200)
        seen = at(noisy.handle)["constraint"].seen
        assert seen.isascii()
        assert seen.isprintable()
        assert len(seen) < 200


class TestTheContext:
    def test_a_text_cut_at_its_beginning_is_missing(self) -> None:
        checks = at(FakeModel(context_words=300).handle)
        assert missing(checks) == ["context"]
        assert "does not know the beginning and middle" in checks["context"].seen
        assert "300 tokens by the server's count" in checks["context"].seen
        assert "--parallel" in checks["context"].advice

    def test_a_text_cut_a_little_is_noticed_too(self) -> None:
        checks = at(FakeModel(context_words=900).handle)
        assert missing(checks) == ["context"]
        assert "does not know the beginning" in checks["context"].seen
        assert "middle" not in checks["context"].seen

    def test_a_server_that_says_so(self) -> None:
        checks = at(overflowing)
        assert checks["constraint"].state == "ok"
        assert checks["context"].state == "missing"
        assert "ATTEST_WINDOW_TOKENS" in checks["context"].advice
        assert "not looked at" in checks["prefix reuse"].seen

    def test_a_model_that_finds_nothing_anywhere_is_judged_by_the_count(self) -> None:
        weak = at(FakeModel(reads=False).handle)["context"]
        assert weak.state == "ok"
        assert "even in a short text" in weak.seen

    @pytest.mark.parametrize(
        "model", [FakeModel(reads=False, counts=False), FakeModel(reads=False, context_words=300)]
    )
    def test_a_model_that_finds_nothing_and_no_count_prove_nothing(self, model: FakeModel) -> None:
        assert at(model.handle)["context"].state == "missing"

    def test_a_prompt_that_cannot_be_read_is_said_here(self) -> None:
        def broken() -> Need:
            raise PromptError("user.md is missing", where="prompts/x")

        asked = backend(FakeModel().handle)
        checks = examined(asked, broken)
        assert missing(checks)[0] == "context"
        assert "user.md is missing" in checks["context"].advice
        asked.close()


def test_no_cached_tokens_are_reported_and_not_required() -> None:
    checks = at(FakeModel(caches=False).handle)
    assert checks["prefix reuse"].state == "not applicable"
    assert "no cached tokens" in checks["prefix reuse"].seen
    assert missing(checks) == []


class TestAServerThatDoesNotAnswer:
    def down(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    def test_nobody_there(self) -> None:
        checks = at(self.down)
        assert missing(checks) == NAMES[:3]
        assert "http://models.example/v1: nothing answers there" in checks["backend"].advice
        assert "ATTEST_BASE_URL" in checks["backend"].advice
        assert {checks[name].seen for name in NAMES[1:4]} == {"not looked at: a check before it failed"}

    @pytest.mark.parametrize(
        ("status", "hint"), [(401, "OPENAI_API_KEY"), (404, "ATTEST_MODEL"), (503, "the server answered 503")]
    )
    def test_a_refusal_says_what_to_do_and_keeps_the_key(self, status: int, hint: str) -> None:
        checks = at(answering(status, said(f"bad key {KEY}")))
        assert hint in checks["backend"].advice
        assert not any(KEY in check.model_dump_json() for check in checks.values())

    def test_a_server_without_a_model(self) -> None:
        checks = at(answering(200, {"data": []}), model=None)
        assert "lists no model" in checks["backend"].advice

    def test_who_stops_answering_is_not_waited_for_again(self) -> None:
        calls: list[int] = []

        def stops(request: httpx.Request) -> httpx.Response:
            calls.append(1)
            if len(calls) > 1:
                raise httpx.ReadTimeout("late", request=request)
            return FakeModel().handle(request)

        checks = at(stops)
        assert checks["backend"].state == "ok"
        assert missing(checks) == NAMES[1:3]
        assert len(calls) == 2

    def test_what_cannot_even_be_opened(self) -> None:
        def opening() -> Backend:
            raise ModelFileError("small is not there; get it with `attest models pull small`")

        first, *others = examine(opening, lambda: NEED)
        assert (first.name, first.state) == ("backend", "missing")
        assert "attest models pull small" in first.advice
        assert {check.state for check in others} == {"missing"}


def test_nothing_comes_out_of_the_reply_cache() -> None:
    model, store = FakeModel(), MemoryReplyStore()
    inner = backend(model.handle)
    cached = CachingBackend(RetryingBackend(inner, deadline_seconds=9.0), store)
    for _ in range(2):
        assert missing(examined(cached)) == []
    assert len(model.bodies) == 8
    assert store._replies == {}
    inner.close()


def test_a_script_is_not_asked() -> None:
    def never(request: ModelRequest) -> ModelReply:
        raise AssertionError(request)

    checks = examined(ScriptedBackend(never, profile=Profile("v1", "v1"), model="demo"))
    assert states(checks) == ["ok", *["not applicable"] * 5]
    assert "demo" in checks["backend"].seen
