from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from service.backends.catalog import Asset, Catalog
from service.backends.weights import (
    locate,
    presence,
    sha256_of_file,
    sha256_of_folder,
    sha256_of_path,
    stamp_path,
    write_stamp,
)
from service.errors import ModelFileError, NotFound
from tests.backends.fake_weights import PARSER_FILES, PAYLOAD, model, parser, parser_wheel, sha256

CATALOG = Catalog(assets=(model(), parser(parser_wheel())))


def find(name: str | Path, folder: Path, *, verify: bool = False) -> Path:
    return locate(name, folder, verify=verify, catalog=CATALOG)


@pytest.fixture
def placed(tmp_path: Path) -> Path:
    """The model's file, put there by hand: no stamp."""
    file = tmp_path / "tiny.gguf"
    file.write_bytes(PAYLOAD)
    return file


def alter_unnoticed(file: Path) -> None:
    """Other bytes, the same size and the same time of change."""
    before = file.stat()
    file.write_bytes(b"X" * before.st_size)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def place_folder(asset: Asset, models_dir: Path) -> Path:
    for name, data in PARSER_FILES.items():
        file = models_dir / asset.filename / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return models_dir / asset.filename


class TestCatalogueNames:
    def test_a_missing_model_is_answered_with_the_command(self, tmp_path: Path) -> None:
        with pytest.raises(ModelFileError, match=r"tiny is not in .*; get it with `attest models pull tiny`"):
            find("tiny", tmp_path)

    def test_a_model_pulled_in_part_says_how_far(self, tmp_path: Path) -> None:
        (tmp_path / "tiny.gguf.part").write_bytes(PAYLOAD[:100])
        with pytest.raises(ModelFileError, match=r"only 100 bytes of 211 bytes of tiny .* pull tiny` cont"):
            find("tiny", tmp_path)

    def test_a_truncated_model_is_named_with_both_sizes(self, placed: Path) -> None:
        placed.write_bytes(PAYLOAD[:-1])
        with pytest.raises(ModelFileError, match=r"tiny.gguf has 210 bytes instead of 211: it is damaged"):
            find("tiny", placed.parent)

    def test_an_altered_model_is_named_with_both_hashes(self, placed: Path) -> None:
        placed.write_bytes(b"X" * len(PAYLOAD))
        with pytest.raises(ModelFileError) as caught:
            find("tiny", placed.parent)
        assert sha256(b"X" * len(PAYLOAD)) in caught.value.message
        assert f"expected {sha256(PAYLOAD)}" in caught.value.message
        assert "`attest models pull tiny`" in caught.value.message

    def test_a_right_file_put_there_by_hand_is_accepted_and_remembered(self, placed: Path) -> None:
        assert find("tiny", placed.parent) == placed
        stamp = json.loads(stamp_path(placed).read_text("utf-8"))
        assert stamp["sha256"] == sha256(PAYLOAD)
        assert stamp["bytes"] == len(PAYLOAD)

    def test_a_remembered_file_is_not_hashed_again_unless_asked(self, placed: Path) -> None:
        find("tiny", placed.parent)
        alter_unnoticed(placed)
        assert find("tiny", placed.parent) == placed
        with pytest.raises(ModelFileError, match="has been altered"):
            find("tiny", placed.parent, verify=True)

    def test_a_file_changed_after_its_stamp_is_hashed(self, placed: Path) -> None:
        find("tiny", placed.parent)
        placed.write_bytes(b"X" * len(PAYLOAD))
        os.utime(placed, ns=(0, 0))
        with pytest.raises(ModelFileError, match="has been altered"):
            find("tiny", placed.parent)

    @pytest.mark.parametrize("stamp", ["", "[]", "{", '{"bytes": 211}', "\udcff"])
    def test_a_stamp_that_says_nothing_is_ignored(self, placed: Path, stamp: str) -> None:
        stamp_path(placed).write_bytes(stamp.encode("utf-8", "surrogateescape"))
        assert find("tiny", placed.parent) == placed
        assert presence(model(), placed.parent) == "present"

    def test_a_stamp_of_another_release_is_not_believed(self, placed: Path) -> None:
        other = model().model_copy(update={"sha256": "0" * 64})
        write_stamp(other, placed)
        assert find("tiny", placed.parent) == placed
        with pytest.raises(ModelFileError, match="has been altered"):
            locate("tiny", placed.parent, catalog=Catalog(assets=(other,)))

    def test_where_no_stamp_can_be_written_the_file_is_still_found(self, placed: Path) -> None:
        stamp_path(placed).mkdir()
        assert find("tiny", placed.parent) == placed

    def test_an_unknown_name_is_answered_with_the_names_there_are(self, tmp_path: Path) -> None:
        with pytest.raises(NotFound, match=r"'huge'; there are: tiny, fake-parser; .* its GGUF file"):
            find("huge", tmp_path)

    def test_a_folder_is_found_and_verified(self, tmp_path: Path) -> None:
        folder = place_folder(CATALOG.find("fake-parser"), tmp_path)
        assert find("fake-parser", tmp_path, verify=True) == folder
        alter_unnoticed(folder / "ner" / "model")
        assert find("fake-parser", tmp_path) == folder
        with pytest.raises(ModelFileError, match="has been altered"):
            find("fake-parser", tmp_path, verify=True)

    def test_a_folder_that_lacks_a_file_is_damaged(self, tmp_path: Path) -> None:
        folder = place_folder(CATALOG.find("fake-parser"), tmp_path)
        (folder / "meta.json").unlink()
        with pytest.raises(ModelFileError, match="has 9 bytes instead of 23"):
            find("fake-parser", tmp_path)


class TestOwnFiles:
    def test_any_gguf_file_will_do(self, tmp_path: Path) -> None:
        file = tmp_path / "mine.gguf"
        file.write_bytes(b"GGUF and whatever follows")
        assert find(str(file), tmp_path / "elsewhere") == file
        assert find(file, tmp_path / "elsewhere") == file

    def test_the_name_need_not_end_in_gguf(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "blob").write_bytes(b"GGUF")
        monkeypatch.chdir(tmp_path)
        assert find("blob", tmp_path) == Path("blob")

    def test_the_home_folder_may_be_a_tilde(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "mine.gguf").write_bytes(b"GGUF")
        monkeypatch.setenv("HOME", str(tmp_path))
        assert find("~/mine.gguf", tmp_path) == tmp_path / "mine.gguf"

    @pytest.mark.parametrize("name", ["none.gguf", "folder/none", "./none"])
    def test_a_missing_file_is_named(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(ModelFileError, match=f"there is no model file at {Path(name)}"):
            find(name, tmp_path)

    def test_a_folder_is_not_a_model(self, tmp_path: Path) -> None:
        with pytest.raises(ModelFileError, match="is not a file; a model is a single GGUF file"):
            find(str(tmp_path), tmp_path)

    @pytest.mark.parametrize("content", [b"", b"GGU", b"PK\x03\x04", b"gguf"])
    def test_a_file_of_another_kind_is_refused(self, tmp_path: Path, content: bytes) -> None:
        file = tmp_path / "mine.gguf"
        file.write_bytes(content)
        with pytest.raises(ModelFileError, match="is not a GGUF model: it does not begin with GGUF"):
            find(file, tmp_path)


class TestPresence:
    def test_tells_what_is_there_without_hashing(self, tmp_path: Path) -> None:
        asset, file = model(), tmp_path / "tiny.gguf"
        assert presence(asset, tmp_path) == "missing"
        (tmp_path / "tiny.gguf.part").write_bytes(b"x")
        assert presence(asset, tmp_path) == "partial"
        file.write_bytes(PAYLOAD)
        assert presence(asset, tmp_path) == "unverified"
        find("tiny", tmp_path)
        assert presence(asset, tmp_path) == "present"
        file.write_bytes(b"x")
        assert presence(asset, tmp_path) == "damaged"


class TestHashes:
    def test_a_file_larger_than_a_chunk_is_hashed_whole(self, tmp_path: Path) -> None:
        data = os.urandom(1000) * 3000
        (tmp_path / "large").write_bytes(data)
        assert sha256_of_file(tmp_path / "large") == hashlib.sha256(data).hexdigest()

    def test_a_folder_is_hashed_as_coreutils_would_list_it(self, tmp_path: Path) -> None:
        for name in ("b", "a/z", "a.b"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(name.encode())
        listing = "".join(f"{sha256(name.encode())}  ./{name}\n" for name in ("a.b", "a/z", "b"))
        assert sha256_of_folder(tmp_path) == sha256(listing.encode())
        assert sha256_of_path(tmp_path) == sha256_of_folder(tmp_path)
