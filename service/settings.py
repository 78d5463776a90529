"""Every default and every limit, in one place.

Comes in: environment variables `ATTEST_*` (also from `.env`), and OPENAI_BASE_URL / OPENAI_API_KEY
as everybody else spells them. Goes out: one frozen `Settings`. Promises: secrets are masked in
`repr`, an unusable value is named with its variable, nothing else in attest reads the environment.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.errors import SettingsError

BackendName = Literal["local", "openai", "scripted", "none"]
DEFAULT_MODEL = "qwen2.5-coder-1.5b-instruct-q4_k_m"
PARSER = "en-core-web-sm"


class Settings(BaseSettings):
    """Units stand in the names: *_seconds, *_chars, *_tokens, *_bytes."""

    model_config = SettingsConfigDict(
        env_prefix="ATTEST_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True,
        populate_by_name=True, protected_namespaces=(),
    )  # fmt: skip

    backend: BackendName = "local"
    model: str | None = Field(None, description="Catalogue name, GGUF path, or the server's model id.")
    base_url: str = Field(
        "http://127.0.0.1:8080/v1",
        validation_alias=AliasChoices("ATTEST_BASE_URL", "OPENAI_BASE_URL"),
        description="Root of an OpenAI-compatible API, including /v1.",
    )
    api_key: SecretStr | None = Field(None, validation_alias=AliasChoices("ATTEST_API_KEY", "OPENAI_API_KEY"))
    script: Path | None = Field(None, description="Replies of the scripted backend (JSON Lines).")
    prompts: dict[str, str] = Field(default_factory=dict, description="Prompt versions by task.")
    prompts_dir: Path | None = Field(None, description="Another folder of prompts instead of attest's own.")

    models_dir: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("attest")) / "models")
    parser_path: Path | None = Field(None, description="A spaCy English pipeline folder to use instead.")
    database: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("attest")) / "attest.db")
    reply_cache: bool = Field(True, description="Keep model replies in the database; never pay twice.")

    context_tokens: int = Field(4096, ge=512, description="Context length of the local model.")
    threads: int | None = Field(None, ge=1, description="CPU threads of the local model; None: all cores.")
    window_tokens: int = Field(1200, ge=100, description="Article tokens shown to a model at once.")
    timeout_seconds: float = Field(60.0, gt=0, description="Deadline of one question, retries included.")
    connect_timeout_seconds: float = Field(5.0, gt=0)
    max_attempts: int = Field(3, ge=1, le=10)
    concurrency: int = Field(4, ge=1, le=64, description="Questions in flight to a remote backend.")

    doctor_keep_seconds: float = Field(3600.0, gt=0, description="`/readyz` keeps a good checkup so long.")
    doctor_retry_seconds: float = Field(60.0, gt=0, description="... and one with something missing so long.")

    max_articles: int = Field(50, ge=1)
    max_article_chars: int = Field(200_000, ge=100)
    max_statements: int = Field(5_000, ge=1)
    max_body_bytes: int = Field(16 * 1024 * 1024, ge=1024)


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment, with `overrides` on top (None means: not given).

    Raises SettingsError that names each unusable variable.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        problems = "; ".join(f"{_variable(item['loc'])}: {item['msg']}" for item in error.errors())
        raise SettingsError(f"unusable setting: {problems}") from None


def _variable(place: tuple[int | str, ...]) -> str:
    """The environment variable of a setting, as the person who set it knows it."""
    name = str(place[0]).upper()
    return name if name.startswith(("ATTEST_", "OPENAI_")) else f"ATTEST_{name}"
