"""Every setting gives the right stack, without a call, a load or a file."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from service.backends.base import Backend, Message, ModelReply, ModelRequest, Usage
from service.backends.build import build_backend
from service.backends.caching import CachingBackend
from service.backends.llama_cpp import LlamaCppBackend
from service.backends.openai_http import OpenAIBackend
from service.backends.retrying import RetryingBackend
from service.backends.scripted import ScriptedBackend
from service.errors import AttestError, ModelFileError, NotFound, SettingsError
from service.settings import DEFAULT_MODEL, PARSER, Settings

QUESTION = ModelRequest("extract_facts", (Message("user", "Rain?"),), max_tokens=9)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """Settings that know this test's folder only, whatever the environment says."""
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "ATTEST_MODEL", "ATTEST_BACKEND"):
        monkeypatch.delenv(name, raising=False)

    def make(**given: Any) -> Settings:
        here: dict[str, Any] = {"models_dir": tmp_path / "models", "database": tmp_path / "attest.db"}
        return Settings(_env_file=None, **(here | given))

    return make


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    """Has the first bytes of a model and nothing else: loading it would fail."""
    path = tmp_path / "my own.gguf"
    path.write_bytes(b"GGUF" + bytes(100))
    return path


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "demo.jsonl"
    path.write_text('{"stage": "extract_facts", "contains": "Rain", "reply": {"facts": []}}\n', "utf-8")
    return path


def layers(backend: Any) -> list[type[Backend]]:
    """From the outside in; a subclass counts as what it is."""
    public = (CachingBackend, RetryingBackend, OpenAIBackend, LlamaCppBackend, ScriptedBackend)
    found: list[type[Backend]] = []
    while backend is not None:
        found.append(next(kind for kind in public if isinstance(backend, kind)))
        backend = getattr(backend, "backend", None)
    return found


@pytest.mark.parametrize(
    ("reply_cache", "stack"),
    [(True, [CachingBackend, RetryingBackend, OpenAIBackend]), (False, [RetryingBackend, OpenAIBackend])],
)
def test_a_remote_model(settings: Callable[..., Settings], reply_cache: bool, stack: list[type]) -> None:
    built = build_backend(settings(backend="openai", model="gpt-x", reply_cache=reply_cache, concurrency=7))
    assert layers(built) == stack
    assert (built.name, built.model, built.model_sha256) == ("openai", "gpt-x", None)
    assert (built.profile.extract_prompt, built.profile.summary_prompt, built.profile.concurrency) == (
        "v2",
        "v1",
        7,
    )
    built.close()


@pytest.mark.parametrize(
    ("reply_cache", "stack"), [(True, [CachingBackend, LlamaCppBackend]), (False, [LlamaCppBackend])]
)
def test_a_model_of_ones_own(
    settings: Callable[..., Settings], gguf: Path, reply_cache: bool, stack: list[type]
) -> None:
    built = build_backend(settings(model=str(gguf), reply_cache=reply_cache, concurrency=7))
    assert layers(built) == stack
    assert (built.name, built.model) == ("local", "my own")
    assert built.model_sha256 is not None
    assert (built.profile.extract_prompt, built.profile.concurrency) == ("v1", 1)
    built.close()


@pytest.mark.model
def test_a_model_of_the_catalogue(settings: Callable[..., Settings], small_model_path: Path) -> None:
    name = "smollm2-135m-instruct-q4_1"
    built = build_backend(settings(model=name, models_dir=small_model_path.parent))
    assert (built.model, layers(built)) == (name, [CachingBackend, LlamaCppBackend])
    assert built.model_sha256 == "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
    built.close()


def test_what_is_asked_again_is_a_matter_of_the_backend(
    settings: Callable[..., Settings], gguf: Path
) -> None:
    local = build_backend(settings(model=str(gguf)))
    remote = build_backend(settings(backend="openai", model="gpt-x"))
    assert (local.profile.repair_prompt, local.profile.repair_refused) == ("v1", False)
    assert (remote.profile.repair_prompt, remote.profile.repair_refused) == ("v2", True)
    local.close()
    remote.close()


@pytest.mark.parametrize("reply_cache", [True, False])
def test_a_script_is_never_cached(settings: Callable[..., Settings], script: Path, reply_cache: bool) -> None:
    built = build_backend(settings(backend="scripted", script=script, reply_cache=reply_cache))
    assert layers(built) == [ScriptedBackend]
    assert (built.name, built.model, built.profile.extract_prompt) == ("scripted", "demo", "v1")
    assert built.complete(QUESTION).text == '{"facts": []}'
    built.close()


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"backend": "scripted"}, SettingsError, "ATTEST_SCRIPT"),
        ({"backend": "scripted", "script": Path("/nowhere/at-all.jsonl")}, SettingsError, "cannot be read"),
        ({"backend": "openai", "base_url": "localhost:8080"}, SettingsError, "ATTEST_BASE_URL"),
        ({"backend": "openai", "base_url": "ftp://a/v1"}, SettingsError, "ATTEST_BASE_URL"),
        ({"backend": "openai", "base_url": ""}, SettingsError, "ATTEST_BASE_URL"),
        ({"backend": "openai", "api_key": SecretStr("a b")}, SettingsError, "OPENAI_API_KEY"),
        ({"model": PARSER}, SettingsError, "is a parser, not a model"),
        ({"model": "gpt-x"}, NotFound, DEFAULT_MODEL),
        ({"model": "/nowhere/at-all.gguf"}, ModelFileError, "no model file at /nowhere"),
        ({"model": None}, ModelFileError, f"attest models pull {DEFAULT_MODEL}"),
    ],
)
def test_what_cannot_work_is_said_at_once(
    settings: Callable[..., Settings], given: dict[str, Any], error: type[AttestError], message: str
) -> None:
    with pytest.raises(error) as caught:
        build_backend(settings(**given))
    assert message in str(caught.value)


def test_nothing_is_opened_or_called(
    settings: Callable[..., Settings], gguf: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def forbidden(*_: Any, **__: Any) -> None:
        raise AssertionError("not before the first question")

    monkeypatch.setattr(httpx.Client, "send", forbidden)
    monkeypatch.setitem(sys.modules, "llama_cpp", None)  # importing it would fail
    for given in ({"backend": "openai"}, {"model": str(gguf)}):
        build_backend(settings(**given)).close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [gguf.name]


def test_closing_closes_the_store(
    settings: Callable[..., Settings], gguf: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reply = ModelReply("yes", "stop", "my own", Usage(calls=1))
    monkeypatch.setattr(LlamaCppBackend, "complete", lambda *_: reply)
    built = build_backend(settings(model=str(gguf)))
    assert built.complete(QUESTION).usage == Usage(calls=1)
    assert built.complete(QUESTION).usage == Usage(replayed=1)
    built.close()
    assert not (tmp_path / "attest.db-wal").exists()  # folded into the file by the last one to close it
    again = build_backend(settings(model=str(gguf)))
    assert again.complete(QUESTION).usage == Usage(replayed=1)
    again.close()


@pytest.mark.parametrize(("given", "threads"), [(3, 3), (None, 5)])
def test_threads(
    settings: Callable[..., Settings],
    gguf: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: int | None,
    threads: int | None,
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 4, 5, 6, 9}, raising=False)
    built = build_backend(settings(model=str(gguf), threads=given, reply_cache=False))
    assert isinstance(built, LlamaCppBackend)
    assert built._threads == threads
    built.close()
