"""A GGUF file -> a model in memory.

Comes in: a path, the length of the context, threads. Goes out: a `llama_cpp.Llama`. Promises: what goes
wrong is told as trouble with the file or with memory, in llama.cpp's own words, which it only logs.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from service.errors import ModelFileError, OutOfMemory

ERROR_LEVEL = 4  # of ggml's log levels
NO_MEMORY = (
    "insufficient memory",
    "failed to allocate",
    "unable to allocate",
    "Failed to create llama_context",
)


def load(path: Path, *, context_tokens: int, batch_tokens: int, threads: int) -> Any:
    """Raises ModelFileError or OutOfMemory."""
    # Threads wait for one another at every layer. OpenMP lets them spin meanwhile: on a machine where
    # anything else runs, each wait then lasts until the scheduler takes the core away, and a token takes
    # 15 times as long as with threads that go to sleep. OpenMP reads this once, when it is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    import llama_cpp
    from llama_cpp import _utils

    for null in (_utils.outnull_file, _utils.errnull_file):  # the library leaves them open for ever
        atexit.register(null.close)
    with _errors() as said:
        try:
            return llama_cpp.Llama(
                str(path),
                n_ctx=context_tokens,
                n_batch=batch_tokens,
                n_ubatch=batch_tokens,
                n_threads=threads,
                n_threads_batch=threads,
                use_mmap=False,  # weights are rearranged when loaded; a mapped file would stand there twice
                verbose=False,
            )
        except (MemoryError, ValueError) as error:
            reasons = [*said, str(error)]
            hungry = isinstance(error, MemoryError) or any(reason.startswith(NO_MEMORY) for reason in reasons)
    if hungry:
        raise OutOfMemory(
            f"there is no memory for {path.name} and a context of {context_tokens:,} tokens ({reasons[0]}); "
            "lower ATTEST_CONTEXT_TOKENS or take a smaller model"
        )
    if not path.exists():
        raise ModelFileError(f"there is no model file at {path}; `attest models pull` gets one")
    raise ModelFileError(
        f"{path} cannot be loaded: {reasons[0]}; get it again (a model of the catalogue with "
        "`attest models pull NAME --force`) or give another path"
    )


@contextmanager
def _errors() -> Iterator[list[str]]:
    """What llama.cpp complains about meanwhile, line by line."""
    import llama_cpp
    from llama_cpp._logger import llama_log_callback

    said: list[str] = []

    @llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
    def listen(level: int, text: bytes, _: Any) -> None:
        if level == ERROR_LEVEL:
            where, _, what = text.decode("utf-8", "replace").strip().partition(": ")
            said.append(what or where)

    llama_cpp.llama_log_set(listen, None)
    try:
        yield said
    finally:
        llama_cpp.llama_log_set(llama_log_callback, None)
