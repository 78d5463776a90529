"""`python -m evals`, as typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from evals.cli import app
from evals.lines import BadDataset
from evals.runs import BadRun, read_manifest, read_samples
from service.errors import AttestError, NotFound, PromptError
from tests.evals.small import TEXTS, edit, write_event
from tests.newsroom import check_story

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A model that says nothing of use."""
    path = tmp_path / "replies.jsonl"
    path.write_text('{"stage": "extract_facts", "reply": {"facts": []}}\n')
    return path


def evals(*given: str | Path) -> Result:
    return CliRunner().invoke(app, [str(item) for item in given])


def fails(kind: type[AttestError], *given: str | Path) -> str:
    result = evals(*given)
    assert isinstance(result.exception, kind), result.output
    return str(result.exception)


class TestHelp:
    def test_every_command_says_what_it_is_for_with_an_example(self) -> None:
        commands = get_command(app).commands  # type: ignore[attr-defined]
        assert {"run", "score", "check", "agreement"} <= set(commands)
        for name, command in commands.items():
            told = " ".join(evals(name, "--help").output.split())
            assert f"python -m evals {name}" in told, name
            assert command.help, name

    def test_without_a_command_it_helps(self) -> None:
        told = evals().output
        assert "run" in told
        assert "check" in told

    def test_it_is_quick_because_nothing_is_loaded_for_it(self) -> None:
        heavy = "scipy numpy spacy llama_cpp evals.systems evals.commands evals.launching".split()
        code = f"import sys, evals.cli; sys.exit(', '.join(m for m in {heavy!r} if m in sys.modules) or 0)"
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (0, "")


class TestCheck:
    def test_a_good_dataset(self, folder: Path) -> None:
        result = evals("check", folder.parent)
        assert result.exit_code == 0
        assert result.stdout == (
            f"{folder}: dev, 3 articles, 4 facts, 1 conflicts, 1 forbidden, 1 copies, 11 without a label\n"
        )
        assert result.stderr == "1 events, 0 troubles\n"

    def test_every_trouble_of_a_bad_one(self, folder: Path) -> None:
        other = write_event(folder.parent / "zoo")
        edit(folder / "gold.jsonl", "injuring 14", "injuring 15")
        edit(other / "event.toml", 'split = "dev"', 'split = "train"')
        result = evals("check", folder.parent)
        assert result.exit_code == 2
        first, second = result.stdout.splitlines()
        assert first.startswith(f"{folder}/gold.jsonl:2: article 'post' does not say 'injuring 15'")
        assert second.startswith(f"{other}/event.toml:3: split: ")
        assert result.stderr == "2 events, 2 troubles\n"

    def test_gaps(self, folder: Path) -> None:
        lines = evals("check", folder, "--gaps").stdout.splitlines()
        assert len(lines) == 1 + 11
        assert lines[1].startswith(f"{folder}/articles/post.txt:1: no label touches")

    def test_no_dataset(self, tmp_path: Path) -> None:
        assert fails(BadDataset, "check", tmp_path / "none").endswith("none: there is no such folder")


class TestRun:
    def test_a_floor(self, folder: Path, tmp_path: Path) -> None:
        result = evals("run", "--system", "cues", "--dataset", folder.parent, "-o", tmp_path / "run")
        assert result.exit_code == 0, result.output
        assert (read_manifest(tmp_path / "run").system, result.stdout) == ("cues", "")
        assert result.stderr.splitlines()[-1] == f"4 of 4 samples; no tokens; {tmp_path / 'run'}"
        (*_, last) = read_samples(tmp_path / "run")
        assert last.story is not None
        check_story(last.story)

    def test_attest_with_a_script(self, folder: Path, script: Path, tmp_path: Path) -> None:
        given: list[str | Path] = ["run", "--dataset", folder, "--backend", "scripted", "--script", script]
        result = evals(*given, "--prompt", "extract_facts=v2", "--repeats", "2", "-o", tmp_path / "run")
        assert result.exit_code == 0, result.output
        manifest = read_manifest(tmp_path / "run")
        assert (manifest.system, manifest.backend, manifest.model) == ("attest", "scripted", "replies")
        assert (manifest.prompts["extract_facts"], manifest.repeats) == ("v2", 2)
        assert len(list(read_samples(tmp_path / "run"))) == 8

    def test_another_prompt_into_the_same_folder(self, folder: Path, script: Path, tmp_path: Path) -> None:
        given: list[str | Path] = [
            "run",
            "--dataset",
            folder,
            "--backend",
            "scripted",
            "--script",
            script,
            "-o",
            tmp_path / "run",
        ]
        assert evals(*given).exit_code == 0
        told = fails(BadRun, *given, "--prompt", "extract_facts=v2")
        assert "prompts extract_facts: v1, now v2" in told

    def test_answers_may_be_shared_between_runs(self, folder: Path, script: Path, tmp_path: Path) -> None:
        given: list[str | Path] = ["run", "--dataset", folder, "--backend", "scripted", "--script", script]
        given += ["--replies", tmp_path / "shared.db"]
        evals(*given, "-o", tmp_path / "one")
        evals(*given, "-o", tmp_path / "two")
        assert not any(s.replayed for s in read_samples(tmp_path / "one"))
        assert any(s.replayed for s in read_samples(tmp_path / "two"))

    def test_quiet_says_only_how_it_ended(self, folder: Path, tmp_path: Path) -> None:
        result = evals("run", "--system", "cues", "--dataset", folder, "-o", tmp_path / "run", "-q")
        assert len(result.stderr.splitlines()) == 1

    def test_a_look_at_test_events_is_noted_once(self, tmp_path: Path) -> None:
        write_event(tmp_path / "data" / "zoo", split="test")
        given: list[str | Path] = [
            "run",
            "--system",
            "cues",
            "--dataset",
            tmp_path / "data",
            "-o",
            tmp_path / "run",
        ]
        fails(AttestError, *given)
        for _ in range(2):
            assert evals(*given, "--split", "test").exit_code == 0
        (look,) = (tmp_path / "data" / "looks-at-test.jsonl").read_text().splitlines()
        assert json.loads(look)["events"] == ["zoo"]

    @pytest.mark.parametrize(
        ("options", "error", "told"),
        [
            (["--events", "zoo"], NotFound, "there is no event 'zoo'; there are: orvela-train"),
            (["--events", "orvela-train,zoo"], NotFound, "there is no event 'zoo'"),
            (["--prompt", "extract_facts=v99"], NotFound, "no version 'v99' of prompt 'extract_facts'"),
            (["--prompt", "extract_facts"], AttestError, "write it as task=version"),
        ],
    )
    def test_a_wrong_choice(
        self,
        folder: Path,
        script: Path,
        tmp_path: Path,
        options: list[str],
        error: type[AttestError],
        told: str,
    ) -> None:
        given: list[str | Path] = [
            "run",
            "--dataset",
            folder,
            "--backend",
            "scripted",
            "--script",
            script,
            "-o",
            tmp_path / "run",
        ]
        assert told in fails(error, *given, *options)
        assert not (tmp_path / "run").exists()

    def test_an_empty_dataset(self, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir()
        told = fails(BadDataset, "run", "--dataset", tmp_path / "data", "-o", tmp_path / "run")
        assert "there is no event in it" in told

    def test_a_dataset_without_gold(self, folder: Path, tmp_path: Path) -> None:
        write_event(folder, gold=(), conflicts=())
        told = fails(BadDataset, "run", "--dataset", folder, "-o", tmp_path / "run")
        assert told == f"{folder}/gold.jsonl: there is no gold fact in it: nothing can be scored"


class TestAgreement:
    @pytest.fixture
    def second(self, folder: Path, tmp_path: Path) -> Path:
        """Labels of somebody who missed one fact and calls another something else."""
        again = tmp_path / "second" / folder.name
        again.mkdir(parents=True)
        gold = [json.loads(line) for line in (folder / "gold.jsonl").read_text().splitlines()[1:]]
        gold[2]["kind"] = "event"
        (again / "gold.jsonl").write_text("".join(json.dumps(fact) + "\n" for fact in gold))
        return tmp_path / "second"

    def test_of_a_dataset_and_of_an_event(self, folder: Path, second: Path) -> None:
        result = evals("agreement", folder.parent, second)
        assert result.exit_code == 0, result.output
        assert result.stdout == evals("agreement", folder, second / folder.name).stdout
        told = result.stdout.splitlines()
        assert told[:2] == ["orvela-train", "facts: 4 and 3, 3 alike, F1 0.857"]
        assert told[3].startswith("only the first has g1 (event, the reporter): Three people were killed")
        assert told[4].startswith("another kind: g4 (statement, Mira Dahl)")

    def test_as_json(self, folder: Path, second: Path) -> None:
        found = json.loads(evals("agreement", folder.parent, second, "--json").stdout)
        assert (found["event"], found["alike"], found["speaker_kappa"]) == ("orvela-train", 3, 1.0)

    def test_second_labels_are_checked_like_the_first(self, folder: Path, second: Path) -> None:
        edit(second / folder.name / "gold.jsonl", "injuring 14", "injuring 15")
        told = fails(BadDataset, "agreement", folder.parent, second)
        assert told.startswith(
            f"{second}/orvela-train/gold.jsonl:1: article 'post' does not say 'injuring 15'"
        )

    def test_labels_of_no_event(self, folder: Path, second: Path, tmp_path: Path) -> None:
        (second / folder.name).rename(second / "zoo")
        told = fails(BadDataset, "agreement", folder.parent, second)
        assert told == f"{folder.parent}/zoo/event.toml: there is no such file"
        assert "there are no labels in it" in fails(NotFound, "agreement", folder, tmp_path)


class TestScore:
    def test_a_run_is_scored_and_shown(self, folder: Path, tmp_path: Path) -> None:
        evals("run", "--system", "cues", "--dataset", folder, "-o", tmp_path / "run")
        result = evals("score", tmp_path / "run")
        assert result.exit_code == 0, result.output
        assert "F record" in result.stdout
        assert (tmp_path / "run" / "scores.json").is_file()
        scores = json.loads(evals("score", tmp_path / "run", "--json").stdout)
        assert scores["states"]["ok"] == 4

    def test_a_run_whose_article_was_changed(self, folder: Path, tmp_path: Path) -> None:
        evals("run", "--system", "cues", "--dataset", folder, "-o", tmp_path / "run")
        write_event(folder, texts=TEXTS | {"lantern": TEXTS["lantern"] + "\nThe end.\n"})
        told = fails(BadRun, "score", tmp_path / "run")
        assert told.startswith(
            f"{tmp_path}/run/samples.jsonl:3: article 'lantern' of event 'orvela-train' has changed"
        )

    def test_no_run(self, tmp_path: Path) -> None:
        assert "there is no run in it" in fails(NotFound, "score", tmp_path)


class TestAProcess:
    """Exit codes and the one line on stderr, which only a process of its own shows."""

    def go(self, *given: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "evals", *map(str, given)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )

    def test_bad_input_is_one_line_and_2(self, folder: Path) -> None:
        (folder / "gold.jsonl").write_text("{\n")
        done = self.go("run", "--dataset", folder, "-o", folder.parent / "run")
        assert (done.returncode, done.stdout) == (2, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith(f"evals: {folder}/gold.jsonl:1: it is not a JSON object: ")

    def test_bad_usage_is_2(self) -> None:
        assert self.go("run", "--repeats", "0").returncode == 2
        assert self.go("nonsense").returncode == 2


def test_a_broken_prompt_folder_is_told_before_anything_is_asked(
    folder: Path, script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTEST_PROMPTS_DIR", str(tmp_path / "none"))
    given: list[str | Path] = [
        "run",
        "--dataset",
        folder,
        "--backend",
        "scripted",
        "--script",
        script,
        "-o",
        tmp_path / "run",
    ]
    fails(PromptError, *given)
    assert not (tmp_path / "run").exists()
