"""The prompts of runs, as the report shows them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from evals.models import Manifest
from evals.report.prompts import prompt_rows
from service.prompting.templates import PromptLibrary
from service.resources import data_dir
from tests.evals.fakes import manifest


@pytest.fixture
def library(tmp_path: Path) -> PromptLibrary:
    return PromptLibrary(Path(shutil.copytree(data_dir("prompts"), tmp_path / "prompts")))


def asked(library: PromptLibrary, **versions: str) -> Manifest:
    hashes = {task: library.get(task, version).sha256 for task, version in versions.items()}
    return manifest((), prompts=versions | {"same_fact": "off"}, prompts_sha256=hashes)


def test_only_what_differs_is_shown_each_version_once(library: PromptLibrary) -> None:
    one = asked(library, extract_facts="v1", write_summary="v1")
    other = asked(library, extract_facts="v3", write_summary="v1")
    (row,) = prompt_rows([one, other, one, manifest((), prompts={}, prompts_sha256={})], library)
    assert row.task == "extract_facts"
    assert [(cell.version, cell.runs) for cell in row.cells] == [("v1", (0, 2)), ("v3", (1,))]
    assert "You split one news sentence" in row.cells[0].text
    assert row.cells[0].text.endswith("$sentence")
    assert row.cells[0].examples > 0


def test_a_text_that_is_not_the_one_asked_with_is_not_shown(library: PromptLibrary) -> None:
    one, other = asked(library, extract_facts="v1"), asked(library, extract_facts="v3")
    changed = one.model_copy(update={"prompts_sha256": {"extract_facts": "0" * 64}})
    gone = other.model_copy(update={"prompts": {"extract_facts": "v99"}})
    (row,) = prompt_rows([changed, gone], library)
    assert [cell.text for cell in row.cells] == ["", ""]
    assert "changed since" in row.cells[0].note
    assert "not here" in row.cells[1].note


def test_without_a_library_the_versions_are_named(library: PromptLibrary) -> None:
    runs = [asked(library, extract_facts="v1"), asked(library, extract_facts="v3")]
    (row,) = prompt_rows(runs, None)
    assert [cell.version for cell in row.cells] == ["v1", "v3"]
