"""A run: in order, resumed, stopped, side by side."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from evals.journal import Journal, differences
from evals.models import Event, Manifest, Sample
from evals.running import Run
from evals.runs import BadRun, expected, key_of, read_manifest, read_samples
from service.errors import (
    AttestError,
    BackendRefused,
    BackendTimeout,
    BackendUnreachable,
    ContentFiltered,
    UnsupportedLanguage,
)
from tests.evals.fakes import STARTED, FakeSystems, manifest, ticking
from tests.evals.small import small_event

POST, RADIO, LANTERN = "Harbour Post", "Valley Radio", "Evening Lantern"


class Runs:
    """Runs of one dataset into one folder, each as another process would."""

    def __init__(self, folder: Path, events: list[Event], repeats: int = 1) -> None:
        self.folder, self.events, self.repeats = folder, events, repeats
        self.told: list[tuple[Sample, bool]] = []

    @property
    def path(self) -> Path:
        return self.folder / "samples.jsonl"

    def go(self, systems: FakeSystems, *, retry_failed: bool = False, **changes: Any) -> list[str]:
        """What was asked."""
        self.told = []
        of = manifest(self.events, repeats=self.repeats, **changes)
        before = len(systems.asked)
        with Journal(self.folder, of, expected(self.events, self.repeats)) as journal:
            told = lambda sample, fresh: self.told.append((sample, fresh))  # noqa: E731
            Run(self.events, self.repeats, systems, ticking(), told, retry_failed).complete(journal)
        return systems.asked[before:]

    def states(self) -> dict[str, str]:
        return {f"{s.article or 'story'}#{s.repeat}": s.state for s in read_samples(self.folder)}

    def keys(self) -> list[object]:
        return [key_of(sample) for sample in read_samples(self.folder)]


@pytest.fixture
def runs(tmp_path: Path, event: Event) -> Runs:
    return Runs(tmp_path / "run", [event])


@pytest.fixture
def both(tmp_path: Path, event: Event) -> Runs:
    return Runs(tmp_path / "run", [event, small_event(tmp_path / "data" / "zoo")], 2)


class TestAWholeRun:
    def test_everything_is_asked_in_order(self, runs: Runs) -> None:
        asked = runs.go(FakeSystems())
        assert asked == [f"{name}#0" for name in (POST, RADIO, LANTERN, "story")]
        assert runs.states() == {"post#0": "ok", "radio#0": "ok", "lantern#0": "ok", "story#0": "ok"}

    def test_as_often_as_wanted_each_time_anew(self, both: Runs) -> None:
        systems = FakeSystems()
        assert len(both.go(systems)) == 16
        assert systems.opened == [0, 1]
        assert both.keys() == expected(both.events, 2)

    def test_a_story_is_told_of_its_own_articles(self, both: Runs) -> None:
        both.go(FakeSystems())
        for sample in read_samples(both.folder):
            if sample.story is not None:
                texts = next(e.texts for e in both.events if e.id == sample.event)
                assert [a.article_id for a in sample.story.articles] == [t.article_id for t in texts.values()]

    def test_the_manifest_stands_beside_it(self, runs: Runs) -> None:
        runs.go(FakeSystems())
        assert read_manifest(runs.folder) == manifest(runs.events)

    def test_done_it_asks_nothing_more(self, runs: Runs) -> None:
        runs.go(FakeSystems())
        before = runs.path.read_bytes()
        systems = FakeSystems()
        assert runs.go(systems) == []
        assert systems.opened == []
        assert runs.path.read_bytes() == before
        assert [fresh for _, fresh in runs.told] == [False] * 4


class TestGoingOn:
    @pytest.mark.parametrize("done", range(17))
    def test_wherever_it_was_cut(self, both: Runs, done: int) -> None:
        both.go(FakeSystems())
        whole = both.path.read_bytes()
        lines = whole.splitlines(keepends=True)
        both.path.write_bytes(b"".join(lines[:done]))
        assert len(both.go(FakeSystems())) == 16 - done
        assert both.path.read_bytes() == whole
        assert [fresh for _, fresh in both.told] == [False] * done + [True] * (16 - done)

    @pytest.mark.parametrize("torn", [1, 10, -2, -1])
    def test_a_torn_last_line_is_cut_off_and_done_again(self, runs: Runs, torn: int) -> None:
        runs.go(FakeSystems())
        whole = runs.path.read_bytes()
        lines = whole.splitlines(keepends=True)
        runs.path.write_bytes(b"".join(lines[:2]) + lines[2][:torn])
        assert runs.go(FakeSystems()) == [f"{LANTERN}#0", "story#0"]
        assert runs.path.read_bytes() == whole

    def test_a_failure_in_mid_run_keeps_what_was_done(self, runs: Runs) -> None:
        with pytest.raises(BackendUnreachable):
            runs.go(FakeSystems(failing={LANTERN: BackendUnreachable("gone")}))
        assert runs.states() == {"post#0": "ok", "radio#0": "ok"}
        assert runs.go(FakeSystems()) == [f"{LANTERN}#0", "story#0"]

    def test_samples_without_a_manifest_are_nobody_s(self, runs: Runs) -> None:
        runs.go(FakeSystems())
        (runs.folder / "manifest.json").unlink()
        with pytest.raises(BadRun, match=r"there are samples but no manifest\.json"):
            runs.go(FakeSystems())

    def test_samples_of_another_order_are_refused(self, runs: Runs) -> None:
        runs.go(FakeSystems())
        lines = runs.path.read_bytes().splitlines(keepends=True)
        runs.path.write_bytes(lines[1] + lines[0])
        with pytest.raises(BadRun, match=r"line 1 is .*'radio'.* where this run has .*'post'"):
            runs.go(FakeSystems())

    def test_two_at_once_do_not_write_one_run(self, runs: Runs) -> None:
        order = expected(runs.events, 1)
        with (
            Journal(runs.folder, manifest(runs.events), order),
            pytest.raises(BadRun, match="another process is writing this run"),
        ):
            runs.go(FakeSystems())
        assert len(runs.go(FakeSystems())) == 4


class TestAnotherRun:
    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"model": "other"}, "model: fake, now other"),
            ({"system": "cues"}, "system: fake, now cues"),
            ({"model_sha256": "f" * 64}, f"model_sha256: None, now {'f' * 64}"),
            ({"prompts": {"extract_facts": "v2"}}, "prompts extract_facts: None, now v2"),
            ({"prompts_sha256": {"extract_facts": "1"}}, "prompts_sha256 extract_facts: None, now 1"),
            ({"sampling": {"seed": 8}}, "sampling seed: None, now 8"),
            ({"git_commit": "abc"}, "git_commit: None, now abc"),
            ({"attest_version": "9"}, "attest_version: 0, now 9"),
        ],
    )
    def test_it_is_refused_and_says_what_differs(
        self, runs: Runs, changes: dict[str, Any], expected: str
    ) -> None:
        runs.go(FakeSystems())
        before = runs.path.read_bytes()
        with pytest.raises(BadRun) as caught:
            runs.go(FakeSystems(), **changes)
        told = str(caught.value)
        assert f"holds a run of something else: {expected}. Give another folder with -o" in told
        assert "--replies" in told
        assert runs.path.read_bytes() == before

    def test_another_number_of_repeats(self, runs: Runs) -> None:
        runs.go(FakeSystems())
        with pytest.raises(BadRun, match="repeats: 1, now 2"):
            Runs(runs.folder, runs.events, 2).go(FakeSystems())

    def test_when_it_began_is_no_difference(self, runs: Runs) -> None:
        runs.go(FakeSystems())
        assert runs.go(FakeSystems(), started_at=STARTED.replace(year=2032)) == []

    def test_events_that_differ_are_named(self, both: Runs) -> None:
        before = manifest(both.events)
        first, second = before.events

        def with_events(*events: object) -> Manifest:
            return before.model_copy(update={"events": events})

        changed = first.model_copy(update={"sha256": "1" * 64})
        assert differences(before, with_events(changed, second)) == [
            "event orvela-train: its folder's content has changed"
        ]
        assert differences(before, with_events(first)) == ["event zoo: not in this run any more"]
        assert differences(with_events(first), before) == ["event zoo: new in this run"]
        assert differences(before, with_events(second, first)) == ["events: in another order"]
        assert differences(before, before) == []

    def test_where_the_events_lie_is_no_difference(self, runs: Runs) -> None:
        elsewhere = manifest(runs.events, folder="elsewhere")
        assert differences(manifest(runs.events), elsewhere) == []

    def test_many_differences_are_counted(self, runs: Runs) -> None:
        runs.go(FakeSystems())
        prompts = {f"task{n}": "v1" for n in range(7)}
        with pytest.raises(BadRun, match=r"task3: None, now v1 and 3 more\. Give another folder"):
            runs.go(FakeSystems(), prompts=prompts)


class TestFailures:
    def test_a_case_that_fails_is_a_sample(self, runs: Runs) -> None:
        runs.go(FakeSystems(failing={RADIO: UnsupportedLanguage("it looks like language 'de'")}))
        assert runs.states() == {"post#0": "ok", "radio#0": "error", "lantern#0": "ok", "story#0": "ok"}
        (failed,) = [s for s in read_samples(runs.folder) if s.state != "ok"]
        assert failed.problem is not None
        assert failed.problem.detail == "it looks like language 'de'"

    def test_a_story_is_told_of_what_could_be_read(self, runs: Runs) -> None:
        runs.go(FakeSystems(failing={RADIO: BackendTimeout("slow")}))
        story = [s.story for s in read_samples(runs.folder)][-1]
        assert story is not None
        assert [a.source for a in story.articles] == [POST, LANTERN]

    def test_when_nothing_could_be_read_there_is_no_story(self, runs: Runs) -> None:
        failing: dict[str, AttestError] = {name: ContentFiltered("no") for name in (POST, RADIO, LANTERN)}
        runs.go(FakeSystems(failing=failing))
        assert runs.states()["story#0"] == "error"

    def test_a_wrong_key_fills_no_run_with_zeros(self, runs: Runs) -> None:
        with pytest.raises(BackendRefused):
            runs.go(FakeSystems(failing={POST: BackendRefused("401")}))
        assert runs.states() == {}

    def test_a_refusal_among_answers_is_a_case(self, runs: Runs) -> None:
        runs.go(FakeSystems(failing={RADIO: BackendRefused("400")}))
        assert runs.states()["radio#0"] == "refused"

    def test_failures_stay_when_the_run_goes_on(self, runs: Runs) -> None:
        runs.go(FakeSystems(failing={RADIO: BackendTimeout("slow")}))
        assert runs.go(FakeSystems()) == []
        assert runs.states()["radio#0"] == "timeout"

    def test_unless_they_are_to_be_tried_again(self, runs: Runs) -> None:
        runs.go(FakeSystems(failing={RADIO: BackendTimeout("slow")}))
        asked = runs.go(FakeSystems(), retry_failed=True)
        assert asked == [f"{RADIO}#0", f"{LANTERN}#0", "story#0"]
        assert set(runs.states().values()) == {"ok"}
        assert runs.keys() == expected(runs.events, 1)


class TestSideBySide:
    def test_several_articles_are_read_at_once(self, both: Runs) -> None:
        everybody = threading.Barrier(3)

        def together(name: str) -> None:
            if name != "story" and len(met) < 3:
                met.append(name)
                everybody.wait(timeout=30)

        met: list[str] = []
        both.go(FakeSystems(workers=3, before=together))
        assert len(met) == 3

    @pytest.mark.parametrize("workers", [2, 3, 8, 64])
    def test_the_file_is_the_same(self, both: Runs, tmp_path: Path, workers: int) -> None:
        both.go(FakeSystems())
        others = Runs(tmp_path / "others", both.events, 2)
        others.go(FakeSystems(workers=workers))
        assert others.keys() == both.keys()
        without_time = [s.model_copy(update={"seconds": 0.0}) for s in read_samples(others.folder)]
        assert without_time == [s.model_copy(update={"seconds": 0.0}) for s in read_samples(both.folder)]

    @pytest.mark.parametrize("done", range(0, 17, 3))
    def test_wherever_it_was_cut(self, both: Runs, done: int) -> None:
        both.go(FakeSystems())
        lines = both.path.read_bytes().splitlines(keepends=True)
        both.path.write_bytes(b"".join(lines[:done]))
        assert len(both.go(FakeSystems(workers=4))) == 16 - done
        assert both.keys() == expected(both.events, 2)

    def test_a_failure_that_all_share_ends_it(self, both: Runs) -> None:
        with pytest.raises(BackendUnreachable):
            both.go(FakeSystems(workers=4, failing={LANTERN: BackendUnreachable("gone")}))
        assert both.states() == {"post#0": "ok", "radio#0": "ok"}
