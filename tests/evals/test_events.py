"""An event's folder: what loads, and what is said about one that does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from evals.events import (
    event_folders,
    folder_sha256,
    inspect_event,
    inspect_events,
    load_event,
    load_events,
    run_event,
)
from evals.lines import BadDataset
from evals.models import Event
from tests.evals.small import GOLD, TEXTS, edit, write_event
from tests.newsroom import TRAIN


def told(folder: Path) -> list[str]:
    """What is wrong with an event, paths relative to its folder."""
    return [str(trouble).removeprefix(f"{folder}/") for trouble in inspect_event(folder).troubles]


class TestLoading:
    def test_everything_is_there(self, event: Event) -> None:
        assert (event.id, event.split, event.language) == ("orvela-train", "dev", "en")
        assert [article.id for article in event.articles] == ["post", "radio", "lantern"]
        assert [fact.id for fact in event.gold] == ["g1", "g2", "g3", "g4"]
        assert [len(labels) for labels in (event.conflicts, event.forbidden, event.copies)] == [1, 1, 1]

    def test_articles_are_what_attest_reads(self, event: Event) -> None:
        article = event.texts["post"]
        assert (article.text, article.source, article.language) == (TRAIN, "Harbour Post", "en")
        assert article.published_at == date(2024, 6, 18)
        assert article.title is None

    def test_texts_are_kept_character_for_character(self, tmp_path: Path) -> None:
        odd = "\ufeffOne\r\nline\u2028and an\u00a0other. Three people were killed on Monday."
        gold = [GOLD[0] | {"mentions": [{"article": "odd", "quote": "Three people were killed"}]}]
        folder = write_event(
            tmp_path / "odd", texts={"odd": odd}, gold=gold, conflicts=(), forbidden=(), copies=()
        )
        assert load_event(folder).texts["odd"].text == odd

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ('"2024-06-18"', "2024-06-18"),
            ("2024-06-18T09:30:00Z", "2024-06-18T09:30:00+00:00"),
            ('"2024-06-18T09:30:00+02:00"', "2024-06-18T09:30:00+02:00"),
        ],
    )
    def test_dates_may_be_spelled_either_way(self, folder: Path, written: str, read: str) -> None:
        toml = folder / "event.toml"
        toml.write_text(toml.read_text().replace("published_at = 2024-06-18", f"published_at = {written}"))
        published = load_event(folder).texts["post"].published_at
        assert published is not None
        assert published.isoformat() == read

    def test_labels_that_an_event_may_lack(self, folder: Path) -> None:
        for name in ("conflicts.jsonl", "forbidden.jsonl", "copies.jsonl"):
            (folder / name).unlink()
        event = load_event(folder)
        assert (event.conflicts, event.forbidden, event.copies) == ((), (), ())

    def test_a_dataset_and_an_event_of_it_are_one(self, folder: Path) -> None:
        write_event(folder.parent / "another")
        assert [e.id for e in load_events([folder.parent])] == ["another", "orvela-train"]
        assert [e.id for e in load_events([folder, folder.parent])] == ["orvela-train", "another"]

    def test_what_is_no_event_is_passed_over(self, folder: Path) -> None:
        (folder.parent / "notes").mkdir()
        (folder.parent / "README.md").write_text("about")
        assert event_folders([folder.parent]) == [folder]


class TestNothingToLoad:
    def test_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(BadDataset, match="nowhere: there is no such folder"):
            load_events([tmp_path / "nowhere"])

    def test_a_file(self, folder: Path) -> None:
        with pytest.raises(BadDataset, match="it is a file; give the event's folder"):
            load_events([folder / "event.toml"])

    def test_a_folder_without_events(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        with pytest.raises(BadDataset, match=r"empty: there is no event in it: no event\.toml"):
            load_events([tmp_path / "empty"])

    def test_two_events_of_one_name(self, folder: Path) -> None:
        write_event(folder.parent / "twin", id="orvela-train")
        with pytest.raises(BadDataset, match=r"event id 'orvela-train' is that of .*orvela-train, too"):
            load_events([folder.parent])

    def test_all_troubles_of_all_events_are_told_at_once(self, folder: Path) -> None:
        other = write_event(folder.parent / "another", split="train")
        edit(folder / "gold.jsonl", "injuring 14", "injuring 15")
        with pytest.raises(BadDataset) as caught:
            load_events([folder.parent])
        assert [t.path.name for t in caught.value.troubles] == ["event.toml", "gold.jsonl"]
        assert [found.event is None for found in inspect_events([folder, other])] == [True, True]

    def test_a_dataset_without_gold(self, folder: Path) -> None:
        (folder / "gold.jsonl").unlink()
        (trouble, *rest) = told(folder)
        assert trouble == "gold.jsonl: there is no such file"
        assert rest == [
            "conflicts.jsonl:1: there is no gold fact 'g2'",
            "conflicts.jsonl:1: there is no gold fact 'g3'",
        ]

    def test_an_empty_gold_file(self, folder: Path) -> None:
        write_event(folder, gold=(), conflicts=())
        assert told(folder) == ["gold.jsonl: there is no gold fact in it: nothing can be scored"]


class TestEventToml:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ('title = "A train leaves the rails"\n', "", "event.toml:1: title: missing"),
            ('split = "dev"', 'split = "train"', "event.toml:3: split: Input should be 'dev' or 'test'"),
            ('id = "orvela-train"', 'id = "a b"', "event.toml:1: id: String should match pattern"),
            ('language = "en"', 'language = "en"\nsplits = 1', "event.toml:5: splits: unknown key"),
            ('language = "en"', "language = en", "event.toml:4: it is not TOML: Invalid value (at line 4"),
            ('source = "Valley Radio"', "source = 3", "event.toml:16: articles.1.source: Input should be"),
            ('source = "Valley Radio"\n', "", "event.toml:13: articles.1.source: missing"),
            ('id = "radio"', 'id = "post"', "event.toml:14: two articles have the id 'post'"),
            (
                'file = "articles/radio.txt"',
                'file = "articles/radioo.txt"',
                "event.toml:15: articles/radioo.txt: there is no such file",
            ),
            (
                'file = "articles/radio.txt"',
                'file = "../../radio.txt"',
                "event.toml:15: file '../../radio.txt' is outside the event's folder",
            ),
        ],
    )
    def test_the_line_is_named(self, folder: Path, old: str, new: str, expected: str) -> None:
        edit(folder / "event.toml", old, new)
        assert any(trouble.startswith(expected) for trouble in told(folder)), told(folder)

    def test_a_year_is_no_date(self, folder: Path) -> None:
        toml = folder / "event.toml"
        toml.write_text(toml.read_text().replace("published_at = 2024-06-18", "published_at = 2024", 1))
        assert told(folder)[0].startswith("event.toml:10: ")

    def test_an_event_without_articles(self, folder: Path) -> None:
        write_event(folder, texts={})
        assert told(folder)[0] == "event.toml:1: articles: missing"
        edit(folder / "event.toml", 'language = "en"', 'language = "en"\narticles = []')
        assert told(folder)[0].startswith("event.toml:5: articles: Tuple should have at least 1 item")

    def test_not_utf8(self, folder: Path) -> None:
        (folder / "event.toml").write_bytes(b'id = "a"\ntitle = "\xe9"\n')
        assert told(folder) == ["event.toml:2: it is not UTF-8 (byte 18)"]


class TestArticles:
    def test_a_changed_article(self, folder: Path) -> None:
        edit(folder / "articles" / "radio.txt", "20 people", "21 people")
        (changed, lost) = told(folder)
        assert changed.startswith("event.toml:18: articles/radio.txt is not the text that was labelled")
        assert "put the text back, or check its labels" in changed
        assert lost.startswith("gold.jsonl:3: article 'radio' does not say 'Police said 20 people")

    def test_a_changed_line_ending_is_a_change(self, folder: Path) -> None:
        path = folder / "articles" / "radio.txt"
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        assert any("is not the text that was labelled" in trouble for trouble in told(folder))

    def test_an_empty_article(self, folder: Path) -> None:
        write_event(folder, texts=TEXTS | {"none": " \n"})
        assert told(folder) == ["articles/none.txt: the article is empty"]

    def test_a_text_that_no_article_names(self, folder: Path) -> None:
        (folder / "articles" / "stray.txt").write_text("Once.")
        assert told(folder) == ["articles/stray.txt: no [[articles]] of event.toml names this file"]

    def test_not_utf8(self, folder: Path) -> None:
        (folder / "articles" / "radio.txt").write_bytes(b"One.\nCaf\xe9.\n")
        assert told(folder)[0] == "articles/radio.txt:2: it is not UTF-8 (byte 8)"


class TestHashes:
    def test_everything_in_the_folder_counts(self, folder: Path) -> None:
        seen = {folder_sha256(folder)}
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            before = path.read_bytes()
            path.write_bytes(before + b"\n")
            seen.add(folder_sha256(folder))
            path.write_bytes(before)
        assert len(seen) == 1 + 5 + 3

    def test_place_and_hidden_files_do_not(self, folder: Path, tmp_path: Path) -> None:
        before = folder_sha256(folder)
        (folder / ".DS_Store").write_bytes(b"x")
        (folder / ".cache").mkdir()
        (folder / ".cache" / "x").write_bytes(b"x")
        folder.rename(tmp_path / "moved")
        assert folder_sha256(tmp_path / "moved") == before

    def test_what_a_run_remembers(self, folder: Path) -> None:
        kept = run_event(load_event(folder), folder)
        assert (kept.id, kept.split, kept.folder) == ("orvela-train", "dev", str(folder))
        assert kept.sha256 == folder_sha256(folder)
