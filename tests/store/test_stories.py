from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from service.errors import SettingsError
from service.store.migrating import Migration, load_migrations, migrate
from service.store.stories import StoryStore
from service.stories.models import Story
from service.text.article import Article
from tests.api.fakes import story_of


def story(text: str = "Ferries ran again on Monday.", **fields: object) -> Story:
    return story_of([Article.model_validate({"text": text, **fields})])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder" / "attest.db"


def test_what_was_put_is_got(path: Path) -> None:
    with StoryStore(path) as store:
        store.put(story())
        assert store.get(story().story_id) == story()


def test_an_unknown_id_is_none(path: Path) -> None:
    with StoryStore(path) as store:
        assert store.get("story_of_nobody") is None


def test_a_story_is_there_after_a_restart(path: Path) -> None:
    with StoryStore(path) as store:
        store.put(story())
    with StoryStore(path) as store:
        assert store.get(story().story_id) == story()


@pytest.mark.parametrize(
    "text", ["nul \x00 inside", "\u202ebidi\u202c", "\U0001f600", "\ufeffmark", "'; DROP --"]
)
def test_every_character_survives(path: Path, text: str) -> None:
    with StoryStore(path) as store:
        store.put(story(text))
        got = store.get(story(text).story_id)
    assert got is not None
    assert got.articles[0].text == text


@pytest.mark.parametrize("when", [date(2024, 3, 5), datetime(2024, 3, 5, 7, 30, tzinfo=UTC)])
def test_dates_and_times_stay_what_they_were(path: Path, when: date) -> None:
    with StoryStore(path) as store:
        store.put(story(published_at=when))
        got = store.get(story().story_id)
    assert got is not None
    assert got.articles[0].published_at == when


def test_the_same_id_again_replaces(path: Path) -> None:
    second = story().model_copy(update={"skipped": (), "copies": ()})
    with StoryStore(path) as store:
        store.put(story())
        store.put(second)
        assert store.get(second.story_id) == second
    assert len(rows(path)) == 1


def test_many_threads_at_once(path: Path) -> None:
    stories = [story(f"Article number {number}.") for number in range(24)]
    missing: list[str] = []
    with StoryStore(path) as store:

        def work(part: list[Story]) -> None:
            for one in part:
                store.put(one)
                if store.get(one.story_id) != one:
                    missing.append(one.story_id)

        threads = [threading.Thread(target=work, args=(stories[at::4],)) for at in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert missing == []
    assert len(rows(path)) == 24


def test_two_stores_share_a_file(path: Path) -> None:
    with StoryStore(path) as one, StoryStore(path) as other:
        one.put(story())
        assert other.get(story().story_id) == story()


def test_the_folder_holds_a_wal_database(path: Path) -> None:
    with StoryStore(path):
        other = sqlite3.connect(path)
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        other.close()


def test_a_killed_process_leaves_whole_stories_only(path: Path) -> None:
    """The process ends inside a transaction, without a word, after one story was put."""
    code = """
import os, sys
from pathlib import Path
from service.store.stories import StoryStore
from tests.store.test_stories import story
store = StoryStore(Path(sys.argv[1]))
store.put(story("kept"))
store._connection.execute("BEGIN IMMEDIATE")
store._connection.execute("INSERT INTO stories VALUES ('half', '{')")
os._exit(9)
"""
    root = Path(__file__).resolve().parents[2]
    ended = subprocess.run([sys.executable, "-c", code, str(path)], cwd=root, timeout=60, check=False)
    assert ended.returncode == 9
    with StoryStore(path) as store:
        assert store.get(story("kept").story_id) == story("kept")
        assert store.get("half") is None
        assert store.writable()


def test_writable(path: Path) -> None:
    with StoryStore(path, busy_seconds=0) as store:
        assert store.writable()
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert not store.writable()
        with pytest.raises(SettingsError, match="locked"):
            store.put(story())
        other.execute("ROLLBACK")
        other.close()
        assert store.writable()
        store.put(story())


def test_a_full_disk_leaves_the_old_stories(path: Path) -> None:
    with StoryStore(path) as store:
        store.put(story())
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(SettingsError, match="the disk is full; free some space"):
            store.put(story("long " * 100_000))
        assert store.get(story().story_id) == story()
        assert len(rows(path)) == 1


def test_a_removed_file_is_noticed(path: Path) -> None:
    with StoryStore(path) as store:
        path.unlink()
        assert not store.writable()
        with pytest.raises(SettingsError, match=r"removed or replaced .* restart attest"):
            store.put(story())


def test_a_closed_store_is_not_writable(path: Path) -> None:
    store = StoryStore(path)
    store.close()
    store.close()
    assert not store.writable()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but somebody's notes\n" * 50, encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(SettingsError) as refused:
        StoryStore(path)
    assert str(path) in str(refused.value)
    assert "not a SQLite database" in str(refused.value)
    assert "ATTEST_DATABASE" in str(refused.value)
    assert path.read_bytes() == before


def test_a_folder_instead_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot be opened .* ATTEST_DATABASE"):
        StoryStore(tmp_path)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="its folder cannot be made"):
        StoryStore(tmp_path / "file" / "attest.db")


def test_a_story_of_another_shape_is_not_guessed_at(path: Path) -> None:
    with StoryStore(path) as store:
        store._connection.execute("INSERT INTO stories VALUES ('old', '{\"headline\": 1}')")
        with pytest.raises(SettingsError, match="another version of attest"):
            store.get("old")


def test_a_database_of_a_newer_attest_is_left_alone(path: Path) -> None:
    with StoryStore(path) as store:
        store._connection.execute("PRAGMA user_version = 999")
    with pytest.raises(SettingsError, match=r"newer attest .* upgrade"):
        StoryStore(path)


def test_it_shares_the_file_with_the_reply_cache(path: Path) -> None:
    from service.backends.base import ModelReply
    from service.backends.caching import SqliteReplyStore

    path.parent.mkdir(parents=True)
    replies = SqliteReplyStore(path)
    replies.put("key", ModelReply("text", "stop", "model"))
    with StoryStore(path) as store:
        store.put(story())
        replies.put("other", ModelReply("text", "stop", "model"))
        assert store.get(story().story_id) == story()
    assert replies.get("key") is not None
    replies.close()


def test_shipped_migrations_are_numbered_without_a_gap() -> None:
    assert [step.number for step in load_migrations()] == list(range(1, len(load_migrations()) + 1))


def test_a_gap_in_the_numbers_is_refused(tmp_path: Path) -> None:
    for name in ("0001_one.sql", "0003_three.sql"):
        (tmp_path / name).write_text("SELECT 1;", encoding="utf-8")
    with pytest.raises(ValueError, match="without a gap"):
        load_migrations(tmp_path)


def test_a_step_that_fails_is_undone_and_the_ones_before_it_stay() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    good = Migration(1, "one", "CREATE TABLE one (a);\nINSERT INTO one VALUES ('; not the end');")
    bad = Migration(2, "two", "CREATE TABLE two (a);\nINSERT INTO nowhere VALUES (1);")
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, (good, bad))
    tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("one",)]
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    migrate(connection, (good, Migration(2, "two", "-- mended\nCREATE TABLE two (a)")))
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    connection.close()


def rows(path: Path) -> list[tuple[str]]:
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT story_id FROM stories").fetchall()
    connection.close()
    return found
