"""A run in a process of its own that is killed (kill -9), and goes on without paying again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from evals.models import Sample
from evals.runs import read_samples

ROOT = Path(__file__).resolve().parents[2]


class Process:
    """Runs over the dataset of the fixture, with a log of every question that the model was asked."""

    def __init__(self, folder: Path, concurrency: int) -> None:
        self.folder, self.concurrency = folder, concurrency
        self.log = folder / "questions.log"
        self.log.touch()

    def start(self, name: str, hang: int = 0) -> subprocess.Popen[str]:
        model = [str(self.log), str(hang), str(self.concurrency)]
        run = ["run", "--dataset", str(self.folder / "data"), "-o", str(self.folder / name)]
        options = ["--repeats", "2", "--prompt", "extract_facts=v2"]  # a question for each article
        return subprocess.Popen(
            [sys.executable, "-m", "tests.evals.killed", *model, *run, *options],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, name: str) -> str:
        """Run to the end; what it told on stderr."""
        with self.start(name) as process:
            _, told = process.communicate()
        assert process.returncode == 0, told
        return told

    def kill_at(self, name: str, question: int) -> None:
        with self.start(name, hang=question) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "waiting\n"
            process.send_signal(signal.SIGKILL)
            process.communicate()
        assert process.returncode == -signal.SIGKILL

    def questions(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines()

    def samples(self, name: str) -> list[Sample]:
        """Without what differs from clock to clock."""
        return [
            sample.model_copy(update={"seconds": 0.0, "replayed": False, **_timeless(sample)})
            for sample in read_samples(self.folder / name)
        ]


def _timeless(sample: Sample) -> dict[str, object]:
    kept = {}
    for name in ("facts", "story"):
        value = getattr(sample, name)
        kept[name] = None if value is None else value.model_copy(update={"usage": _cost(value.usage)})
    return kept


def _cost(usage: object) -> object:
    """Tokens and calls, which must not depend on how often a run was killed."""
    stages = {name: stage.model_copy(update={"replayed": 0}) for name, stage in usage.stages.items()}  # type: ignore[attr-defined]
    return usage.model_copy(update={"replayed": 0, "stages": stages})  # type: ignore[attr-defined]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("concurrency", [1, 4], ids=["local", "remote"])
def test_kill_9_costs_what_was_under_way_and_nothing_more(tmp_path: Path, concurrency: int) -> None:
    process = Process(tmp_path, concurrency)
    process.finish("whole")
    whole = process.questions()
    assert len(whole) == len(set(whole)) >= 6  # nothing is asked twice, and each repeat asks for itself

    process.log.write_text("")
    process.kill_at("killed", 5)
    with (tmp_path / "killed" / "samples.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"event": "orvela-tr')  # a kill may come in the middle of a line, too
    told = process.finish("killed")

    assert set(process.questions()) == set(whole)
    assert len(process.questions()) - len(whole) <= concurrency
    assert process.samples("killed") == process.samples("whole")
    assert "8 of 8 samples" in told
