"""Scripts: which line answers, and what a bad script is told."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.backends.base import Backend, Message, ModelReply, ModelRequest, Profile, Usage
from service.backends.scripted import ScriptedBackend, ScriptLine, backend_errors
from service.errors import BackendError, BackendTimeout, SettingsError

PROFILE = Profile("v1", "v1")


def ask(backend: Backend, *contents: str, stage: str = "extract_facts") -> ModelReply:
    roles = ("user", "assistant")
    messages = tuple(Message(roles[i % 2], content) for i, content in enumerate(contents))  # type: ignore[arg-type]
    return backend.complete(ModelRequest(stage=stage, messages=messages, max_tokens=50))


def script(*lines: dict[str, Any]) -> ScriptedBackend:
    return ScriptedBackend(lines, profile=PROFILE)


def written(path: Path, *lines: Any) -> Path:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def test_the_first_matching_line_answers_again_and_again() -> None:
    backend = script(
        {"stage": "write_summary", "reply": "another stage"},
        {"stage": "extract_facts", "contains": "ferry", "reply": "first"},
        {"stage": "extract_facts", "contains": "a ferry", "reply": "never reached"},
        {"stage": "extract_facts", "reply": "everything else"},
    )
    assert [ask(backend, text).text for text in ("a ferry sank", "the ferry", "a storm")] == [
        "first", "first", "everything else",
    ]  # fmt: skip


def test_only_the_last_user_message_counts() -> None:
    backend = script({"stage": "extract_facts", "contains": "ferry", "reply": "yes"})
    assert ask(backend, "ferry", "ok", "storm").text == ""
    assert ask(backend, "storm", "ok", "ferry", "about the storm").text == "yes"


def test_a_default_answers_only_when_nothing_else_does() -> None:
    backend = script(
        {"stage": "extract_facts", "reply": "by default", "default": True},
        {"stage": "extract_facts", "contains": "ferry", "reply": "matched"},
    )
    assert ask(backend, "a ferry").text == "matched"
    assert ask(backend, "a storm").text == "by default"
    assert ask(backend, "a storm", stage="write_summary").text == ""


def test_an_empty_script_answers_nothing() -> None:
    reply = ask(script(), "one two three")
    assert (reply.text, reply.finish) == ("", "stop")
    assert reply.usage == Usage(calls=1, prompt_tokens=3)


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("plain", "plain"), ("", ""), ({"a": [1, None]}, '{"a": [1, null]}'), ([], "[]"), (None, "null"),
        (False, "false"), ("Zürich", "Zürich"), ({"c": "Zürich"}, '{"c": "Zürich"}'),
    ],
)  # fmt: skip
def test_json_values_are_written_out(reply: Any, text: str) -> None:
    assert ask(script({"stage": "extract_facts", "reply": reply}), "x").text == text


def test_a_cut_reply_and_its_words() -> None:
    reply = ask(script({"stage": "extract_facts", "reply": "one two", "finish": "length"}), "a b  c\nd")
    assert reply.finish == "length"
    assert reply.usage == Usage(calls=1, prompt_tokens=4, completion_tokens=2)


@pytest.mark.parametrize("slug", sorted(backend_errors()))
def test_every_backend_error_can_be_raised(slug: str) -> None:
    with pytest.raises(BackendError) as caught:
        ask(script({"stage": "extract_facts", "error": slug}), "x")
    assert caught.value.slug == slug


def test_a_function_can_answer_too() -> None:
    def answer(request: ModelRequest) -> str | ModelReply:
        asked = request.messages[-1].content
        if asked == "fail":
            raise BackendTimeout("too slow")
        return ModelReply(text="cut", finish="length", model="x") if asked == "cut" else asked.upper()

    backend = ScriptedBackend(answer, profile=PROFILE)
    assert ask(backend, "shout").text == "SHOUT"
    assert ask(backend, "shout").usage.completion_tokens == 1
    assert ask(backend, "cut").finish == "length"
    assert backend.model_sha256 is None
    with pytest.raises(BackendTimeout):
        ask(backend, "fail")


def test_from_a_file(tmp_path: Path) -> None:
    path = written(tmp_path / "harbour.jsonl", {"stage": "extract_facts", "reply": {"facts": []}}, "", "  ")
    backend: Backend = ScriptedBackend.from_file(path, profile=PROFILE)
    assert (backend.name, backend.model, backend.profile) == ("scripted", "harbour", PROFILE)
    assert backend.model_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    reply = ask(backend, "x")
    assert (reply.text, reply.model) == ('{"facts": []}', "harbour")
    assert backend.count_tokens("two  words") == 2
    backend.close()


def test_windows_line_ends_a_mark_and_odd_separators(tmp_path: Path) -> None:
    path = tmp_path / "odd.jsonl"
    line = '{"stage": "extract_facts", "reply": "a\u2028b"}'
    path.write_bytes(f"\ufeff{line}\r\n{line}\r\n".encode())
    assert ask(ScriptedBackend.from_file(path, profile=PROFILE), "x").text == "a\u2028b"


def test_an_altered_script_is_another_model() -> None:
    one, same = (script({"stage": "a", "reply": "1"}) for _ in range(2))
    other = script({"stage": "a", "reply": "2"})
    assert one.model_sha256 == same.model_sha256 != other.model_sha256


GOOD = {"stage": "extract_facts", "reply": "fine"}


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("{not json", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "ScriptLine"),
        ({"reply": "x"}, "stage"),
        ({"stage": "a"}, "exactly one of reply and error"),
        ({"stage": "a", "reply": "x", "error": "backend-timeout"}, "exactly one of reply and error"),
        ({"stage": "a", "reply": "x", "contain": "typo"}, "contain"),
        ({"stage": "a", "reply": "x", "finish": "end"}, "finish"),
        ({"stage": "a", "error": "no-such-thing"}, "backend-timeout"),
        ({"stage": "a", "error": "bad-input"}, "backend-timeout"),
        ({"stage": "a", "reply": "x", "default": True, "contains": "y"}, "default"),
    ],
)
def test_a_bad_line_is_named(bad: Any, words: str, tmp_path: Path) -> None:
    path = written(tmp_path / "bad.jsonl", GOOD, "", bad)
    with pytest.raises(SettingsError) as caught:
        ScriptedBackend.from_file(path, profile=PROFILE)
    assert f"{path}:3: " in str(caught.value)
    assert words in str(caught.value)


def test_two_defaults_for_one_stage_are_one_too_many(tmp_path: Path) -> None:
    line = {"stage": "a", "reply": "x", "default": True}
    path = written(tmp_path / "twice.jsonl", line, {**line, "stage": "b"}, line)
    with pytest.raises(SettingsError, match=r"twice\.jsonl:3: stage a has a default on line 1 already"):
        ScriptedBackend.from_file(path, profile=PROFILE)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    binary = tmp_path / "binary.jsonl"
    binary.write_bytes(b"\xff\xfe\x00")
    for path, words in (
        (tmp_path / "none.jsonl", "No such file"),
        (tmp_path, "directory"),
        (binary, "not UTF-8"),
    ):
        with pytest.raises(SettingsError) as caught:
            ScriptedBackend.from_file(path, profile=PROFILE)
        assert str(path) in str(caught.value)
        assert words in str(caught.value)


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(st.lists(st.tuples(words, words), max_size=6), words)
def test_the_answer_is_the_first_match_whatever_the_script(lines: list[tuple[str, str]], asked: str) -> None:
    backend = ScriptedBackend(
        [ScriptLine(stage="extract_facts", contains=contains, reply=reply) for contains, reply in lines],
        profile=PROFILE,
    )
    expected = next((reply for contains, reply in lines if contains in asked), "")
    assert ask(backend, asked).text == expected
