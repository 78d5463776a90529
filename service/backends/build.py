"""Which backend, wrapped in what: the only place that knows all of them.

Comes in: settings. Goes out: one `Backend`. Promises: nothing is loaded and nobody is called here;
retries happen in one wrapper only, and the local model needs none.
"""

from __future__ import annotations

import os
from dataclasses import replace

from service.backends.base import Backend, Profile
from service.backends.breaker import CircuitBreaker
from service.backends.caching import CachingBackend, SqliteReplyStore
from service.backends.catalog import load_catalog
from service.backends.llama_cpp import LlamaCppBackend
from service.backends.none import NoModel
from service.backends.openai_http import OpenAIBackend
from service.backends.retrying import RetryingBackend
from service.backends.scripted import ScriptedBackend
from service.backends.weights import locate
from service.errors import SettingsError
from service.settings import DEFAULT_MODEL, Settings

# A small local model answers one compound sentence at a time; a strong remote one a whole window.
# The default local model repeats a refused draft more often than not: docs/decisions/0008-retry.md.
# The local models of the catalogue call nearly all pairs of facts the same: docs/decisions/0013-merging.md.
LOCAL = Profile(
    extract_prompt="v1", summary_prompt="v1", concurrency=1, repair_prompt="v1", repair_refused=False
)
NO_MODEL = Profile(extract_prompt="v1", summary_prompt="v1", answers=False)
REMOTE = Profile(
    extract_prompt="v2", summary_prompt="v1", concurrency=4, repair_prompt="v2", same_prompt="v1"
)


def build_backend(settings: Settings) -> Backend:
    """The configured backend; closing it closes all it is made of.

    Raises SettingsError, NotFound or ModelFileError.
    """
    backend = _bare(settings)
    if settings.reply_cache and settings.backend not in {"scripted", "none"}:
        return _Caching(backend, SqliteReplyStore(settings.database))
    return backend


class _Caching(CachingBackend):
    """Closes its store, too: both were made here, and nobody else knows the store."""

    def __init__(self, backend: Backend, store: SqliteReplyStore) -> None:
        super().__init__(backend, store)
        self._opened = store

    def close(self) -> None:
        super().close()
        self._opened.close()


def _bare(settings: Settings) -> Backend:
    if settings.backend == "scripted":
        if settings.script is None:
            raise SettingsError("the scripted backend needs a file of replies: set ATTEST_SCRIPT or --script")
        return ScriptedBackend.from_file(settings.script, profile=LOCAL)
    if settings.backend == "none":
        return NoModel(NO_MODEL)
    if settings.backend == "openai":
        remote = OpenAIBackend(
            base_url=settings.base_url,
            api_key=settings.api_key,
            model=settings.model,
            profile=replace(REMOTE, concurrency=settings.concurrency),
            timeout_seconds=settings.timeout_seconds,
            connect_timeout_seconds=settings.connect_timeout_seconds,
        )
        return RetryingBackend(
            remote,
            deadline_seconds=settings.timeout_seconds,
            max_attempts=settings.max_attempts,
            breaker=CircuitBreaker(),
        )
    return _local(settings)


def _local(settings: Settings) -> Backend:
    name = settings.model or DEFAULT_MODEL
    catalog = load_catalog()
    known = catalog.find(name) if name in catalog.names else None
    if known is not None and known.kind != "model":
        raise SettingsError(
            f"{name} is a {known.kind}, not a model: see `attest models list`", where="ATTEST_MODEL"
        )
    path = locate(name, settings.models_dir, catalog=catalog)
    return LlamaCppBackend(
        path,
        model=known.name if known else path.stem,
        profile=LOCAL,
        context_tokens=settings.context_tokens,
        threads=settings.threads or usable_cores(),
        sha256=known.sha256 if known else None,
    )


def usable_cores() -> int:
    """Cores this process may use, which in a container are fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
