"""Stories, kept so that they can be fetched after a restart.

Comes in: a `Story`. Goes out: the same story, by its id. Promises: a story is kept whole or not at all,
and is on the disk when `put` returns; threads and processes may share the file; a database that cannot
be used is named with its path and what to do.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType

from pydantic import ValidationError

from service.errors import SettingsError
from service.store.migrating import NewerDatabase, load_migrations, migrate
from service.stories.models import Story

_ELSEWHERE = "or set ATTEST_DATABASE to another file"
# SQLite's words are right but short; these say what to do about them.
_ADVICE = (
    ("file is not a database", f"it is not a SQLite database; move it away, {_ELSEWHERE}"),
    ("malformed", f"it is damaged; move it away, {_ELSEWHERE}"),
    ("readonly", f"it cannot be written; give attest the right to write it and its folder, {_ELSEWHERE}"),
    ("unable to open", f"it cannot be opened or made; check its folder and rights, {_ELSEWHERE}"),
    ("full", f"the disk is full; free some space, {_ELSEWHERE}"),
    ("locked", f"another process keeps it locked; wait for it or end it, {_ELSEWHERE}"),
    ("disk I/O", f"the disk cannot be read or written; check it, {_ELSEWHERE}"),
)


class StoryStore:
    """Stories in one table of a SQLite file (WAL). Thread-safe.

    The file and its folder are made when missing. `busy_seconds`: how long to wait for a lock that
    another process holds. Raises SettingsError when the file cannot be opened, written or understood.
    """

    def __init__(self, path: Path, *, busy_seconds: float = 5.0) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection = self._open(busy_seconds)
        self._identity = self._seen()

    def put(self, story: Story) -> None:
        """Keep `story`; one with the same id is replaced. Raises SettingsError, with nothing changed."""
        with self._using() as connection:
            # In autocommit mode one statement is one transaction.
            connection.execute(
                "INSERT INTO stories (story_id, document) VALUES (?, ?)"
                " ON CONFLICT (story_id) DO UPDATE SET document = excluded.document",
                (story.story_id, story.model_dump_json()),
            )

    def get(self, story_id: str) -> Story | None:
        """The story, or None. Raises SettingsError when the file or the story in it cannot be read."""
        with self._using() as connection:
            row = connection.execute(
                "SELECT document FROM stories WHERE story_id = ?", (story_id,)
            ).fetchone()
        if row is None:
            return None
        try:
            return Story.model_validate_json(row[0])
        except ValidationError:
            raise self._error(
                f"its story {story_id} was kept by another version of attest; read the articles again"
            ) from None

    def check_writable(self) -> None:
        """Raises SettingsError when a story could not be kept now. Writes nothing."""
        with self._using() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")

    def writable(self) -> bool:
        """Whether a story could be kept now."""
        try:
            self.check_writable()
        except SettingsError:
            return False
        return True

    def close(self) -> None:
        """Close the file. Closing twice is allowed."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> StoryStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self, busy_seconds: float) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._error(f"its folder cannot be made ({error.strerror}); {_ELSEWHERE[3:]}") from None
        with self._explained():
            connection = sqlite3.connect(
                self._path, timeout=busy_seconds, isolation_level=None, check_same_thread=False
            )
            try:
                _prepare(connection)
            except BaseException:
                connection.close()
                raise
        return connection

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._explained():
            # SQLite would go on writing into a file that has no name any more, and lose all of it.
            if self._seen() != self._identity:
                raise self._error("it was removed or replaced while attest was running; restart attest")
            yield self._connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """What SQLite raises, as a SettingsError that says what to do."""
        try:
            yield
        except NewerDatabase as error:
            raise self._error(f"it was made by a newer attest ({error}); upgrade, {_ELSEWHERE}") from None
        except sqlite3.Error as error:
            advice = next((words for sign, words in _ADVICE if sign in str(error)), None)
            raise self._error(advice or f"it cannot be used ({error}); check it, {_ELSEWHERE}") from None

    def _seen(self) -> tuple[int, int] | None:
        """What file the path leads to now; None when to none."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _error(self, message: str) -> SettingsError:
        return SettingsError(message, where=f"database {self._path}")


def _prepare(connection: sqlite3.Connection) -> None:
    # The switch to WAL does not wait for other connections, so it is made only when it is needed.
    with closing(connection.execute("PRAGMA journal_mode")) as mode:
        if mode.fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
    # A story is promised to its reader by an address: it must outlive a power cut as well.
    connection.execute("PRAGMA synchronous = FULL")
    migrate(connection, load_migrations())
