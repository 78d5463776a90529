"""Which events a run is of, what its manifest says, and who looked at the test events."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from evals.lines import BadDataset
from evals.starting import LOOKS, chosen_events, git_commit, manifest_of, record_look
from evals.systems import Identity
from service.errors import InputError, NotFound
from tests.evals.fakes import FAKE, STARTED
from tests.evals.small import write_event


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Three events, one of them for testing."""
    for name, split in (("alpha", "dev"), ("beta", "test"), ("gamma", "dev")):
        write_event(tmp_path / "data" / name, split=split)
    return tmp_path / "data"


class TestChoosing:
    @pytest.mark.parametrize(
        ("choice", "expected"),
        [
            ({}, ["alpha", "beta", "gamma"]),
            ({"split": "dev"}, ["alpha", "gamma"]),
            ({"split": "test"}, ["beta"]),
            ({"split": "dev", "limit": 1}, ["alpha"]),
            ({"names": ["gamma", "alpha"]}, ["gamma", "alpha"]),
            ({"names": ["beta"], "split": "dev"}, ["beta"]),
            ({"names": ["gamma", "gamma"]}, ["gamma"]),
        ],
    )
    def test_by_split_name_and_number(self, data: Path, choice: dict[str, Any], expected: list[str]) -> None:
        assert [event.id for event, _ in chosen_events([data], **choice)] == expected

    def test_a_name_that_does_not_exist(self, data: Path) -> None:
        with pytest.raises(
            NotFound, match="--events: there is no event 'delta'; there are: alpha, beta, gamma"
        ):
            chosen_events([data], names=["alpha", "delta"])

    def test_a_split_without_events(self, tmp_path: Path) -> None:
        write_event(tmp_path / "data" / "beta", split="test")
        with pytest.raises(InputError, match="none of the 1 events is of split 'dev'; give --split all"):
            chosen_events([tmp_path / "data"], split="dev")

    def test_a_broken_event_is_in_nobody_s_way_unnoticed(self, data: Path) -> None:
        (data / "beta" / "gold.jsonl").write_text("{}\n")
        with pytest.raises(BadDataset, match=r"beta/gold\.jsonl:1: id: missing"):
            chosen_events([data], split="dev")


class TestManifest:
    def test_it_says_what_is_asked_of_whom(self, data: Path) -> None:
        identity = Identity(
            system="attest",
            backend="local",
            model="small",
            model_sha256="a" * 64,
            prompts={"extract_facts": "v1"},
            prompts_sha256={"extract_facts": "b" * 64},
            sampling={"seed": 7},
        )
        found = manifest_of(identity, chosen_events([data]), 3, STARTED)
        assert (found.system, found.backend, found.model, found.model_sha256) == (
            "attest",
            "local",
            "small",
            "a" * 64,
        )
        assert (found.prompts, found.prompts_sha256) == ({"extract_facts": "v1"}, {"extract_facts": "b" * 64})
        assert (found.sampling, found.repeats, found.started_at) == ({"seed": 7}, 3, STARTED)
        assert [(e.id, e.split) for e in found.events] == [
            ("alpha", "dev"),
            ("beta", "test"),
            ("gamma", "dev"),
        ]
        assert len({e.sha256 for e in found.events}) == 3

    def test_no_checkout_no_commit(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
        assert git_commit(tmp_path) is None
        assert git_commit(tmp_path / "nowhere") is None

    def test_a_commit_and_whether_files_differ_from_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
            monkeypatch.setenv(name, "/dev/null")

        def git(*given: str) -> str:
            who = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
            done = subprocess.run(
                ["git", *who, *given], cwd=tmp_path, capture_output=True, text=True, check=True
            )
            return done.stdout.strip()

        git("init", "-q")
        (tmp_path / "file").write_text("one")
        git("add", "file")
        git("commit", "-q", "-m", "one")
        git("tag", "v1.0")
        commit = git("rev-parse", "HEAD")
        assert git_commit(tmp_path) == commit
        (tmp_path / "file").write_text("two")
        assert git_commit(tmp_path) == f"{commit}-dirty"


class TestLooksAtTest:
    def look(self, data: Path, **choice: Any) -> list[Path]:
        return record_look(manifest_of(FAKE, chosen_events([data], **choice), 1, STARTED), Path("out/v1"))

    def test_a_run_on_test_events_is_noted_beside_them(self, data: Path) -> None:
        assert self.look(data) == [data / LOOKS]
        self.look(data, split="test")
        one, two = [json.loads(line) for line in (data / LOOKS).read_text().splitlines()]
        assert one["events"] == two["events"] == ["beta"]
        assert (one["run"], one["system"], one["at"]) == ("v1", "fake", "2031-03-04T12:00:00+00:00")

    def test_one_on_dev_events_is_not(self, data: Path) -> None:
        assert self.look(data, split="dev") == []
        assert not (data / LOOKS).exists()

    def test_the_note_is_no_event(self, data: Path) -> None:
        self.look(data)
        assert len(chosen_events([data])) == 3
