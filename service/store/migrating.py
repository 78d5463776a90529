"""The shape of the database, one numbered step after another.

Comes in: an open SQLite connection in autocommit mode. Goes out: the same, with every step of
`migrations/NNNN_name.sql` applied that was not applied before. Promises: a step and its number are
written in one transaction, so that a killed process leaves either all of a step or nothing of it; two
processes that open a new file at once do not trip over each other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MIGRATIONS = Path(__file__).with_name("migrations")


class NewerDatabase(Exception):
    """The file was shaped by a later attest than this one."""


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    sql: str


def load_migrations(folder: Path = MIGRATIONS) -> tuple[Migration, ...]:
    """The steps in order. Raises ValueError when the numbers are not 1, 2, 3 ..."""
    steps = tuple(
        Migration(int(path.stem[:4]), path.stem[5:], path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    )
    if [step.number for step in steps] != list(range(1, len(steps) + 1)):
        raise ValueError(f"migrations in {folder.name} are not numbered 1, 2, 3 ... without a gap")
    return steps


def migrate(connection: sqlite3.Connection, migrations: tuple[Migration, ...]) -> None:
    """Apply what is missing. The number of the last step is kept as `PRAGMA user_version`.

    Raises NewerDatabase, or sqlite3.Error with the failed step undone.
    """
    if (at := _version(connection)) > len(migrations):
        raise NewerDatabase(f"its shape has number {at}, this attest knows {len(migrations)}")
    for step in migrations[at:]:
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Read again under the write lock: another process may have been here first.
            if _version(connection) < step.number:
                for statement in _statements(step.sql):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {step.number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(sql: str) -> Iterator[str]:
    """One statement at a time: `executescript` would commit the transaction it is called in."""
    gathered = ""
    for line in sql.splitlines(keepends=True):
        gathered += line
        if sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""
    if gathered.strip():
        yield gathered
