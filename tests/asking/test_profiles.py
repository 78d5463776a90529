"""Whether anything is asked again is a matter of the backend, unless the settings say otherwise."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from service.backends.base import ModelRequest, Profile
from service.errors import NotFound
from service.pipeline import Attest
from service.resources import data_dir
from service.settings import Settings
from service.text.parsing import Parser
from tests.newsroom import SILENT, TRAIN, article, scripted

TEXT = "A freight train left the rails near Orvela on Monday, killing 3 people in the town."
FACTS = [
    "A freight train left the rails near Orvela on Monday.",
    "A freight train killed 5 people in the town.",
]
RETRY = "repair_statement"


@pytest.mark.parametrize(
    ("profile", "given", "used", "retried"),
    [
        ({}, None, None, 0),
        ({"repair_prompt": "v1"}, None, "v1", 1),
        ({"repair_prompt": "v1", "repair_refused": False}, None, "v1", 0),
        ({"repair_prompt": "v1", "repair_refused": False}, "v2", "v2", 1),
        ({"repair_prompt": "v1"}, "off", None, 0),
        ({}, "v1", "v1", 1),
    ],
)
def test_the_profile_decides_unless_told_otherwise(
    tmp_path: Path, parser: Parser, profile: dict[str, Any], given: str | None, used: str | None, retried: int
) -> None:
    stages: list[str] = []

    def answer(request: ModelRequest) -> str:
        stages.append(request.stage)
        return json.dumps({"facts": FACTS}) if request.stage == "extract_facts" else ""

    settings = Settings(prompts={RETRY: given} if given else {}, database=tmp_path / "attest.db")
    attest = Attest(settings, backend=scripted(answer, Profile("v1", "v1", **profile)), parser=parser)
    found = attest.facts(article(TEXT))
    assert stages.count(RETRY) == found.ledger.retried == retried
    told = found.provenance.prompts.get(RETRY)
    assert (told.version if told else None) == used


def silent(tmp_path: Path, parser: Parser, **given: Any) -> Attest:
    backend = scripted(lambda _request: SILENT, Profile("v1", "v1", repair_prompt="v1"))
    return Attest(Settings(database=tmp_path / "attest.db", **given), backend=backend, parser=parser)


def test_a_folder_of_prompts_without_it_asks_nothing_again(tmp_path: Path, parser: Parser) -> None:
    folder = Path(shutil.copytree(data_dir("prompts"), tmp_path / "mine"))
    shutil.rmtree(folder / RETRY)
    own = silent(tmp_path, parser, prompts_dir=folder)
    assert set(own.facts(article(TRAIN)).provenance.prompts) == {"extract_facts"}
    assert own.ready()["prompts"] == "ok"


def test_a_version_that_is_not_there_is_an_error(tmp_path: Path, parser: Parser) -> None:
    broken = silent(tmp_path, parser, prompts={RETRY: "v99"})
    with pytest.raises(NotFound, match="v99"):
        broken.facts(article(TRAIN))
    assert "v99" in broken.ready()["prompts"]
