"""Backends as an eval wants them: nothing paid twice, each repeat asked anew, nobody asked too much at once.

Comes in: a backend. Goes out: the same backend, wrapped. Promises: an answer out of the store costs nothing
but tells what it cost when it was given; repeats share no answer, because each asks with a seed of its own;
a failure that a caller forgave is not forgotten.
"""

from __future__ import annotations

import json
import threading
from dataclasses import replace

from pydantic import ValidationError

from service.backends.base import Backend, ModelReply, ModelRequest, Usage
from service.backends.caching import ReplyStore
from service.backends.wrapping import WrappingBackend
from service.errors import BackendError


class RememberingBackend(WrappingBackend):
    """Answers from `store` what was answered before, with `usage` as it was then and `replayed=1`.

    That differs from attest's own cache, where a known answer counts as free: here a score must not depend
    on how often a run was interrupted. `spent`: the usage of what was not in the store. Closing it does not
    close `store`.
    """

    def __init__(self, backend: Backend, store: ReplyStore) -> None:
        super().__init__(backend)
        self._store = store
        self._spent = Usage()
        self._lock = threading.Lock()

    @property
    def spent(self) -> Usage:
        return self._spent

    def complete(self, request: ModelRequest) -> ModelReply:
        """Raises what the wrapped backend raises."""
        key = "eval:" + request.sha256(self.backend.name, self.backend.model_sha256 or self.backend.model)
        known = self._store.get(key)
        reply = _unpacked(known) if known is not None else None
        if reply is not None:
            return reply
        reply = self.backend.complete(request)
        with self._lock:
            self._spent += reply.usage
        self._store.put(key, _packed(reply))
        return reply


def _packed(reply: ModelReply) -> ModelReply:
    """A store keeps no usage; it travels in the text."""
    return replace(reply, text=json.dumps([reply.text, reply.usage.model_dump()], ensure_ascii=True))


def _unpacked(known: ModelReply) -> ModelReply | None:
    try:
        text, spent = json.loads(known.text)
        usage = Usage.model_validate(spent).model_copy(update={"replayed": 1})
    except (ValueError, TypeError, ValidationError):
        return None  # a broken store costs money, never an answer
    return replace(known, text=text, usage=usage)


class SeededBackend(WrappingBackend):
    """Asks everything with `seed`, which makes it another question for every store below."""

    def __init__(self, backend: Backend, seed: int) -> None:
        super().__init__(backend)
        self._seed = seed

    def complete(self, request: ModelRequest) -> ModelReply:
        return self.backend.complete(replace(request, seed=self._seed))


class LimitedBackend(WrappingBackend):
    """At most `profile.concurrency` questions at once, however many articles are read side by side."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self._room = threading.BoundedSemaphore(max(1, backend.profile.concurrency))

    def complete(self, request: ModelRequest) -> ModelReply:
        with self._room:
            return self.backend.complete(request)


class WatchedBackend(WrappingBackend):
    """Keeps the first failure that asking again could mend, or that no asking can."""

    failure: BackendError | None = None

    def complete(self, request: ModelRequest) -> ModelReply:
        try:
            return self.backend.complete(request)
        except BackendError as error:
            if self.failure is None and (error.retryable or ends_everything(error)):
                self.failure = error
            raise


def ends_everything(error: Exception) -> bool:
    """Whether the next question would fail like this one."""
    from service import errors

    return isinstance(
        error,
        errors.BackendUnreachable
        | errors.CircuitOpen
        | errors.QuotaExceeded
        | errors.OutOfMemory
        | errors.ModelFileError
        | errors.PromptError
        | errors.SettingsError
        | errors.NotFound,
    )
