"""Sentences that no label touches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evals.events import load_event
from evals.gaps import unlabelled
from tests.evals.small import KILLED, edit, write_event

NO_LABELS: dict[str, Any] = {"conflicts": (), "forbidden": (), "copies": ()}


def gaps(folder: Path) -> list[str]:
    return [str(gap).removeprefix(f"{folder}/") for gap in unlabelled(load_event(folder), folder)]


def test_they_are_told_by_file_and_line(folder: Path) -> None:
    first, second, third = gaps(folder)[:3]
    assert first == "articles/post.txt:1: no label touches 'Freight train derails near Orvela'"
    assert second.startswith("articles/post.txt:5: no label touches 'The line was closed for six hours")
    assert third.startswith("articles/post.txt:9: no label touches 'Transport Minister")


def test_a_mention_and_a_forbidden_quote_both_count(folder: Path) -> None:
    told = " ".join(gaps(folder))
    assert "killing 3 people" not in told
    assert "Leave a Reply" not in told


def test_the_same_words_elsewhere_are_touched_too(tmp_path: Path) -> None:
    """A repeated sentence is labelled once."""
    texts = {
        "post": "Trains ran. Three people were killed on Monday.\n\nThree people were killed on Monday.\n"
    }
    mention = [{"article": "post", "quote": "Three people were killed"}]
    folder = write_event(tmp_path / "e", texts=texts, gold=[KILLED | {"mentions": mention}], **NO_LABELS)
    assert gaps(folder) == ["articles/post.txt:1: no label touches 'Trains ran.'"]


def test_a_headline_that_is_given_as_title_needs_no_label(folder: Path) -> None:
    edit(
        folder / "event.toml",
        'source = "Harbour Post"',
        'source = "Harbour Post"\ntitle = "Freight train derails near Orvela"',
    )
    assert not any("Freight train derails" in gap for gap in gaps(folder))


def test_long_sentences_are_cut(tmp_path: Path) -> None:
    texts = {"post": f"Trains ran{' on' * 100}. Three people were killed.\n"}
    mention = [{"article": "post", "quote": "Three people were killed"}]
    folder = write_event(tmp_path / "e", texts=texts, gold=[KILLED | {"mentions": mention}], **NO_LABELS)
    (gap,) = gaps(folder)
    assert gap.endswith("…'")
    assert len(gap) < 150
