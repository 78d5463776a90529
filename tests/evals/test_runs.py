"""Reading a run: streamed, torn, foreign, stale."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evals.models import Event, Manifest, Sample
from evals.runs import BadRun, Key, by_event, expected, read_manifest, read_samples, run_events
from service.errors import AttestError, NotFound
from tests.evals.fakes import manifest, reading, samples
from tests.evals.small import edit, small_event, write_event
from tests.newsroom import article


def write_run(folder: Path, of: Manifest, done: list[Sample], tail: str = "") -> Path:
    folder.mkdir()
    (folder / "manifest.json").write_text(of.model_dump_json(indent=2), encoding="utf-8")
    lines = "".join(sample.model_dump_json() + "\n" for sample in done)
    (folder / "samples.jsonl").write_text(lines + tail, encoding="utf-8")
    return folder


@pytest.fixture
def run(tmp_path: Path, event: Event) -> Path:
    return write_run(tmp_path / "run", manifest([event], folder="data"), samples([event]))


def change(run: Path, number: int, **fields: Any) -> None:
    """Change one line of samples.jsonl (counted from 1)."""
    path = run / "samples.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[number - 1] = json.dumps(json.loads(lines[number - 1]) | fields)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def complaint(run: Path, events: list[Event] | None = None) -> str:
    with pytest.raises(AttestError) as caught:
        list(read_samples(run, events or []))
    assert caught.value.exit_code == 2
    return str(caught.value).removeprefix(f"{run}/")


class TestOrder:
    def test_by_event_then_repeat_and_the_story_last(self, tmp_path: Path, event: Event) -> None:
        other = small_event(tmp_path / "data" / "zoo")
        keys = expected([event, other], 2)
        assert keys[:5] == [
            Key("orvela-train", 0, "post"),
            Key("orvela-train", 0, "radio"),
            Key("orvela-train", 0, "lantern"),
            Key("orvela-train", 0, None),
            Key("orvela-train", 1, "post"),
        ]
        assert len(keys) == 16
        assert {key.event for key in keys[8:]} == {"zoo"}

    def test_one_event_at_a_time(self, tmp_path: Path, event: Event) -> None:
        other = small_event(tmp_path / "data" / "zoo")
        done = samples([event, other], 2)
        grouped = [(name, len(group)) for name, group in by_event(iter(done))]
        assert grouped == [("orvela-train", 8), ("zoo", 8)]


class TestSamples:
    def test_all_of_them(self, run: Path, event: Event) -> None:
        assert list(read_samples(run, [event])) == samples([event])

    def test_they_are_read_one_after_the_other(self, run: Path) -> None:
        change(run, 4, state="nonsense")
        reading_them = read_samples(run)
        assert [next(reading_them).article for _ in range(3)] == ["post", "radio", "lantern"]
        with pytest.raises(BadRun):
            next(reading_them)

    @pytest.mark.parametrize("tail", ['{"event": "orvela-tr', "{", "\x00\x00", '{"event": 1}'])
    def test_a_torn_last_line_is_no_sample(self, tmp_path: Path, event: Event, tail: str) -> None:
        torn = write_run(tmp_path / "torn", manifest([event]), samples([event])[:2], tail)
        assert len(list(read_samples(torn))) == 2

    def test_nor_is_a_whole_one_without_its_end(self, tmp_path: Path, event: Event) -> None:
        """Whoever goes on writing cuts it off, so that nobody may count it before."""
        done = samples([event])
        torn = write_run(tmp_path / "torn", manifest([event]), done[:1], done[1].model_dump_json())
        assert len(list(read_samples(torn))) == 1

    def test_a_torn_line_in_the_middle_is_damage(self, run: Path) -> None:
        path = run / "samples.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines()
        lines[1] = lines[1][:40]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        assert complaint(run).startswith("samples.jsonl:2: it is not a sample: ")

    def test_no_sample_yet(self, run: Path) -> None:
        (run / "samples.jsonl").unlink()
        assert list(read_samples(run)) == []

    @pytest.mark.parametrize(
        ("line", "fields", "expected"),
        [
            (2, {"state": "great"}, "samples.jsonl:2: state: Input should be 'ok', 'invalid'"),
            (3, {"scores": 1}, "samples.jsonl:3: scores: unknown key"),
            (1, {"event": "zoo"}, "samples.jsonl:1: event 'zoo' is not in manifest.json"),
            (1, {"repeat": 1}, "samples.jsonl:1: repeat 1 of 1 (they count from 0)"),
            (
                2,
                {"article": "post"},
                "samples.jsonl:2: article 'post' of event 'orvela-train', repeat 0, stands in the run twice",
            ),
        ],
    )
    def test_what_is_wrong_is_told_with_its_line(
        self, run: Path, line: int, fields: dict[str, Any], expected: str
    ) -> None:
        change(run, line, **fields)
        assert complaint(run).startswith(expected)

    def test_not_utf8(self, run: Path) -> None:
        path = run / "samples.jsonl"
        path.write_bytes(b"\xff\n" + path.read_bytes())
        assert complaint(run).startswith("samples.jsonl:1: it is not a sample: ")


class TestChangedArticles:
    def test_an_article_that_was_changed_since(self, run: Path, event: Event) -> None:
        changed = event.model_copy(update={"texts": event.texts | {"radio": article("Another text.")}})
        told = complaint(run, [changed])
        assert told.startswith("samples.jsonl:2: article 'radio' of event 'orvela-train' has changed since")

    def test_a_story_told_from_another_text(self, run: Path, event: Event) -> None:
        change(run, 4, story=None)
        assert len(list(read_samples(run, [event]))) == 4
        stranger = reading(article("Another text."))
        story = samples([event])[3].story
        assert story is not None
        told = story.model_copy(update={"articles": (stranger.article,)})
        change(run, 4, story=told.model_dump(mode="json"))
        assert complaint(run, [event]).startswith(
            "samples.jsonl:4: an article of event 'orvela-train' has changed"
        )

    def test_an_article_that_is_not_there_any_more(self, run: Path, event: Event) -> None:
        fewer = event.model_copy(update={"texts": {"post": event.texts["post"]}})
        assert complaint(run, [fewer]) == "samples.jsonl:2: event 'orvela-train' has no article 'radio'"


class TestManifest:
    def test_it_comes_back(self, run: Path, event: Event) -> None:
        assert read_manifest(run) == manifest([event], folder="data")

    def test_no_run(self, tmp_path: Path) -> None:
        with pytest.raises(NotFound, match=r"there is no run in it \(no manifest\.json\)"):
            read_manifest(tmp_path)

    def test_a_run_of_another_version(self, run: Path) -> None:
        edit(run / "manifest.json", '"run_schema": "1"', '"run_schema": "2"')
        told = complaint(run)
        assert told.startswith(
            "manifest.json:2: it has run_schema '2', and this version of the evals reads '1'"
        )
        assert "run again" in told

    def test_a_run_of_no_version(self, run: Path) -> None:
        (run / "manifest.json").write_text("[]")
        assert complaint(run).startswith("manifest.json:1: it has run_schema None")

    def test_damage(self, run: Path) -> None:
        (run / "manifest.json").write_text('{"run_schema": "1",')
        assert complaint(run).startswith("manifest.json: it is not JSON: ")

    def test_a_key_that_is_missing(self, run: Path) -> None:
        edit(run / "manifest.json", '"system": "fake",', "")
        assert complaint(run) == "manifest.json: system: missing"

    def test_not_utf8(self, run: Path) -> None:
        (run / "manifest.json").write_bytes(b"{\n\xff}")
        assert complaint(run) == "manifest.json:2: it is not UTF-8 (byte 2)"


class TestEventsOfARun:
    def test_they_are_read_where_the_run_read_them(self, run: Path, event: Event) -> None:
        (found,), (now,) = run_events(read_manifest(run))
        assert found == event
        assert now.sha256 != read_manifest(run).events[0].sha256

    def test_or_where_they_are_now(self, run: Path, tmp_path: Path) -> None:
        (tmp_path / "data").rename(tmp_path / "elsewhere")
        with pytest.raises(NotFound, match=r"data/orvela-train: .* say where they are now with --dataset"):
            run_events(read_manifest(run))
        (found,), _ = run_events(read_manifest(run), [tmp_path / "elsewhere"])
        assert found.id == "orvela-train"

    def test_an_event_that_the_dataset_has_not(self, run: Path, tmp_path: Path) -> None:
        write_event(tmp_path / "other" / "zoo")
        with pytest.raises(
            NotFound, match="the run has event 'orvela-train', and the dataset has not; there are: zoo"
        ):
            run_events(read_manifest(run), [tmp_path / "other"])

    def test_their_order_is_that_of_the_run(self, tmp_path: Path, event: Event) -> None:
        other = small_event(tmp_path / "data" / "avalanche")
        events, _ = run_events(manifest([event, other], folder="data"), [tmp_path / "data"])
        assert [e.id for e in events] == ["orvela-train", "avalanche"]
