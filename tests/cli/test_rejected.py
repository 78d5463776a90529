"""`--rejected`: every draft that is no fact, with reason, detail and place."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from service.cli.show import show_rejected, show_usage
from service.facts.models import Draft, LedgerEntry, Reason, Rejected
from service.stories.models import StoryUsage


def rejected(statement: str, reason: Reason, detail: str, *ids: str) -> Rejected:
    draft = Draft(sentence_ids=ids, statement=statement)
    return Rejected(article_id="article_0", draft=draft, reason=reason, detail=detail)


SOME = (
    rejected("A train killed 5 people.", "number_not_in_evidence", "the evidence does not say '5'", "s2"),
    rejected("[bold]It\x1b[2J rained.", "no_such_sentence", "there is no sentence s99", "s99", "s4"),
    rejected("", "unparsable", "the reply is empty"),
)


def shown(width: int) -> str:
    console = Console(file=StringIO(), width=width)
    show_rejected(console, SOME)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("width", [80, 120, 200])
def test_reason_draft_detail_and_place_stand_in_the_table(width: int) -> None:
    text = shown(width)
    assert "3 drafts that are no facts" in text
    assert "number_not_in_evidence" in text
    flat = " ".join(text.replace("│", " ").split())
    for word in ("killed", "'5'", "s2", "s99,", "unparsable", "empty"):
        assert word in flat


def test_what_was_drafted_is_text_and_no_markup() -> None:
    assert "[bold]It" in shown(200)
    assert "\x1b" not in shown(200)


@pytest.mark.parametrize(
    ("retried", "salvaged", "told"),
    [(0, 0, False), (2, 0, True), (0, 3, True), (2, 3, True)],
)
def test_what_was_asked_again_is_told_when_something_was(retried: int, salvaged: int, told: bool) -> None:
    console = Console(file=StringIO(), width=120)
    entry = LedgerEntry(
        article_id="article_0",
        drafts=4,
        kept=1,
        duplicates=1,
        rejected=2,
        retried=retried,
        salvaged=salvaged,
    )
    show_usage(console, StoryUsage(stages={}), [entry])
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "4 drafts = 1 kept + 1 duplicates + 2 rejected" in text
    line = f"{retried} asked for again, {salvaged} saved from broken replies"
    assert (line in text) is told
