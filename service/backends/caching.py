"""Never pay twice: replies kept by the content of the question.

Comes in: a backend and a store. Goes out: the same backend, answering from the store what it has
answered before. Promises: another model, prompt, schema, seed or limit is another question; an empty
answer is never kept, a cut one only where it would be cut again; a broken store costs money, never an answer.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, get_args

from service.backends.base import Backend, Finish, ModelReply, ModelRequest, Usage
from service.backends.wrapping import WrappingBackend

log = logging.getLogger(__name__)


class ReplyStore(Protocol):
    """Where replies are kept. Thread-safe; never raises: what cannot be read is a miss."""

    def get(self, key: str) -> ModelReply | None: ...
    def put(self, key: str, reply: ModelReply) -> None: ...


class MemoryReplyStore:
    """Replies for as long as the process lives."""

    def __init__(self) -> None:
        self._replies: dict[str, ModelReply] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> ModelReply | None:
        with self._lock:
            return self._replies.get(key)

    def put(self, key: str, reply: ModelReply) -> None:
        with self._lock:
            self._replies[key] = reply


class SqliteReplyStore:
    """Replies in one table of a SQLite file, shared by threads and processes; usage is not kept.

    A reply is there for good once `put` returns, also when the process is killed right after. Nothing
    is opened before the first use. A file that is locked for `busy_seconds`, damaged or not writable
    is a miss and one warning in the log.
    """

    def __init__(self, path: Path, *, busy_seconds: float = 2.0) -> None:
        self._path = path
        self._busy_seconds = busy_seconds
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._warned = False

    def get(self, key: str) -> ModelReply | None:
        row = self._run("SELECT text, finish, model FROM model_replies WHERE key = ?", (key,))
        if row is None or row[1] not in get_args(Finish):
            return None
        text, finish, model = row
        return ModelReply(text=text, finish=finish, model=model)

    def put(self, key: str, reply: ModelReply) -> None:
        self._run(
            "INSERT OR REPLACE INTO model_replies (key, text, finish, model) VALUES (?, ?, ?, ?)",
            (key, reply.text, reply.finish, reply.model),
        )

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _run(self, statement: str, values: tuple[str, ...]) -> Any:
        """The statement's first row; None when there is none or the database does not work."""
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._open()
                return self._connection.execute(statement, values).fetchone()
            # UnicodeError: SQLite stores no lone surrogates, and a model's JSON may hold some.
            except (sqlite3.Error, OSError, UnicodeError) as error:
                level = logging.DEBUG if self._warned else logging.WARNING
                log.log(level, "reply cache %s: %s; asking the model instead", self._path, error)
                self._warned = True
                return None

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Autocommit: one statement is one transaction. The lock stands in for the thread check.
        connection = sqlite3.connect(
            self._path, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")  # survives a killed process; that is the promise
            connection.execute(
                "CREATE TABLE IF NOT EXISTS model_replies"
                " (key TEXT PRIMARY KEY, text TEXT NOT NULL, finish TEXT NOT NULL, model TEXT NOT NULL)"
            )
        except BaseException:
            connection.close()
            raise
        return connection


class CachingBackend(WrappingBackend):
    """Asks `backend` only what `store` does not know.

    A reply out of the store has `Usage(replayed=1)` and costs nothing else. The key is
    `request.sha256(backend name, sha256 of the model's weights or else its name)`. Closing it does not
    close `store`, which its maker owns.
    """

    def __init__(self, backend: Backend, store: ReplyStore) -> None:
        super().__init__(backend)
        self._store = store

    def complete(self, request: ModelRequest) -> ModelReply:
        """Raises what the wrapped backend raises."""
        key = request.sha256(self.backend.name, self.backend.model_sha256 or self.backend.model)
        known = self._store.get(key)
        if known is not None:
            return replace(known, usage=Usage(replayed=1))
        reply = self.backend.complete(request)
        # At temperature 0 a cut answer would be cut again (a larger limit is another question); an empty one
        # may get a luckier moment.
        if reply.text.strip() and (reply.finish == "stop" or request.temperature == 0):
            self._store.put(key, reply)
        return reply
