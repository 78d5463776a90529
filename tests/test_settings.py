"""Settings from the environment: named, masked, refused with the variable's name."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from service.errors import SettingsError
from service.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*Settings.model_fields, "base_url", "api_key"):
        monkeypatch.delenv(f"ATTEST_{name.upper()}", raising=False)
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_defaults_need_no_environment() -> None:
    settings = load_settings()
    assert settings.backend == "local"
    assert settings.api_key is None
    assert settings.max_article_chars == 200_000
    assert settings.models_dir.is_absolute()


@pytest.mark.parametrize(
    ("variable", "value", "field", "expected"),
    [
        ("ATTEST_BACKEND", "openai", "backend", "openai"),
        ("ATTEST_MAX_ARTICLE_CHARS", "500", "max_article_chars", 500),
        ("ATTEST_TIMEOUT_SECONDS", "2.5", "timeout_seconds", 2.5),
        ("ATTEST_PROMPTS", '{"extract_facts": "v2"}', "prompts", {"extract_facts": "v2"}),
        ("ATTEST_BASE_URL", "http://a/v1", "base_url", "http://a/v1"),
        ("OPENAI_BASE_URL", "http://b/v1", "base_url", "http://b/v1"),
        ("ATTEST_MODELS_DIR", "models", "models_dir", Path("models")),
        ("ATTEST_THREADS", "", "threads", None),
    ],
)
def test_a_variable_sets_its_field(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, field: str, expected: object
) -> None:
    monkeypatch.setenv(variable, value)
    assert getattr(load_settings(), field) == expected


def test_our_own_name_wins_over_everybodys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://b/v1")
    monkeypatch.setenv("ATTEST_BASE_URL", "http://a/v1")
    assert load_settings().base_url == "http://a/v1"


def test_a_dot_env_file_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("ATTEST_THREADS=3\nATTEST_CONCURRENCY=9\nOTHER=1\n", encoding="utf-8")
    monkeypatch.setenv("ATTEST_THREADS", "2")
    settings = load_settings()
    assert (settings.threads, settings.concurrency) == (2, 9)


def test_what_is_said_on_the_command_line_wins_over_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTEST_BACKEND", "openai")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://b/v1")
    settings = load_settings(backend="scripted", base_url="http://c/v1", model=None)
    assert (settings.backend, settings.base_url, settings.model) == ("scripted", "http://c/v1", None)


def test_a_secret_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    settings = load_settings()
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == "sk-very-secret"
    assert "sk-very-secret" not in repr(settings) + str(settings) + settings.model_dump_json()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ATTEST_BACKEND", "gpt"),
        ("ATTEST_MAX_ARTICLES", "0"),
        ("ATTEST_THREADS", "many"),
        ("ATTEST_TIMEOUT_SECONDS", "-1"),
        ("ATTEST_CONCURRENCY", "1000"),
    ],
)
def test_an_unusable_value_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=variable.removeprefix("ATTEST_")) as caught:
        load_settings()
    assert "\n" not in str(caught.value)


def test_all_unusable_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTEST_THREADS", "many")
    monkeypatch.setenv("ATTEST_MAX_ARTICLES", "0")
    with pytest.raises(SettingsError, match=r"(?s)THREADS.*MAX_ARTICLES|MAX_ARTICLES.*THREADS"):
        load_settings()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load_settings().threads = 4  # type: ignore[misc]
