from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.resources import data_dir
from service.schemas import drift, main, schemas, spelled, write

NAMES = {
    "article", "fact", "merged_fact", "conflict", "copy_group", "summary", "story", "article_facts",
    "grouping",
    "verdict", "rejected", "problem", "openapi",
}  # fmt: skip


def test_the_files_of_the_repository_are_what_the_models_say() -> None:
    assert drift(data_dir("schemas")) == [], "run: python -m service.schemas"


def test_every_value_of_the_contract_has_a_schema() -> None:
    assert {name.removesuffix(".json") for name in schemas()} == NAMES


@pytest.mark.parametrize("name", sorted(NAMES - {"openapi"}))
def test_a_schema_is_closed_and_says_its_dialect(name: str) -> None:
    schema = schemas()[f"{name}.json"]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False
    assert schema["type"] == "object"


def test_only_the_text_of_an_article_is_required() -> None:
    assert schemas()["article.json"]["required"] == ["text"]


def test_one_spelling() -> None:
    assert spelled({"b": "é", "a": 1}) == '{\n  "a": 1,\n  "b": "é"\n}\n'


def test_written_files_do_not_differ(tmp_path: Path) -> None:
    folder = tmp_path / "schemas"
    assert main([], folder) == 0
    assert main(["--check"], folder) == 0
    assert {path.name for path in folder.iterdir()} == set(schemas())


def test_a_file_that_differs_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path)
    fact = tmp_path / "fact.json"
    fact.write_text(json.dumps(json.loads(fact.read_text(encoding="utf-8"))), encoding="utf-8")
    (tmp_path / "story.json").unlink()
    (tmp_path / "leftover.json").write_text("{}", encoding="utf-8")
    assert main(["--check"], tmp_path) == 1
    assert capsys.readouterr().err.startswith("fact.json, leftover.json, story.json: ")


def test_writing_clears_what_belongs_to_no_model(tmp_path: Path) -> None:
    (tmp_path / "leftover.json").write_text("{}", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    write(tmp_path)
    assert not (tmp_path / "leftover.json").exists()
    assert (tmp_path / "notes.txt").exists()


def test_an_unknown_argument_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--chekc"], tmp_path) == 2
    assert "usage" in capsys.readouterr().err
