"""What the commands share: writing all or nothing, and telling where they are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.cli.common import check_target, progress_bar, write_text
from service.errors import InputError


class TestWriting:
    def test_all_of_it(self, tmp_path: Path) -> None:
        write_text(tmp_path / "deep" / "x.json", "é\n")
        assert (tmp_path / "deep" / "x.json").read_bytes() == "é\n".encode()

    def test_or_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        target = tmp_path / "new" / "x.json"
        write_text(target, "old")

        def full(self: Path, other: Path) -> None:
            raise OSError(28, "No space left on device", str(other))

        monkeypatch.setattr(Path, "replace", full)
        with pytest.raises(OSError, match="No space left"):
            write_text(target, "new")
        assert target.read_text(encoding="utf-8") == "old"
        assert list(target.parent.iterdir()) == [target]

    def test_an_interrupt_leaves_what_was_there(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupted(self: Path, data: str, **_: object) -> None:
            self.touch()
            raise KeyboardInterrupt

        monkeypatch.setattr(Path, "write_text", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write_text(tmp_path / "new" / "x.json", "text")
        assert list((tmp_path / "new").iterdir()) == []

    def test_a_link_stays_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
        write_text(tmp_path / "link.json", "text")
        assert (tmp_path / "link.json").is_symlink()
        assert (tmp_path / "real.json").read_text(encoding="utf-8") == "text"

    def test_a_device_is_written_to_and_not_replaced(self) -> None:
        write_text(Path(os.devnull), "text")
        assert Path(os.devnull).is_char_device()

    def test_the_umask_is_kept(self, tmp_path: Path) -> None:
        before = os.umask(0o077)
        try:
            write_text(tmp_path / "x.json", "text")
        finally:
            os.umask(before)
        assert (tmp_path / "x.json").stat().st_mode & 0o777 == 0o600

    def test_targets(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("text", encoding="utf-8")
        for fine in (None, tmp_path / "new" / "x.json", tmp_path / "a.txt", Path(os.devnull)):
            check_target(fine)
        for bad in (tmp_path, tmp_path / "a.txt" / "x.json"):
            with pytest.raises(InputError):
                check_target(bad)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    yield


@pytest.mark.usefixtures("terminal")
def test_a_title_in_brackets_is_no_markup_of_the_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(quiet=False) as tell:
        tell("article", 1, 2, "Fire [/bold] in [red]Keldo")
        tell("extract_facts", 1, 3)
    assert "Fire [/bold] in [red]Keldo" in capsys.readouterr().err
