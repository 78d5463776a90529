"""Sides of a disagreement with their sources, and what may not be put between two facts."""

from __future__ import annotations

import pytest

from service.stories.models import MergedFact
from service.stories.wording import lowered, outlet_names, relates, sides, source_label
from tests.stories.builders import article
from tests.stories.test_plan import merged

OUTLETS = {
    "a": "Harbour Post",
    "b": "Valley Radio",
    "c": "Daily Rail",
    "d": "Evening Star",
    "e": "Coast News",
}


def told(statement: str, *article_ids: str, kind: str = "event") -> MergedFact:
    fact = merged(statement, kind=kind)  # type: ignore[arg-type]
    return fact.model_copy(update={"article_ids": article_ids})


@pytest.mark.parametrize(
    ("article_ids", "label"),
    [
        ("a", " (Harbour Post)"),
        ("ab", " (Harbour Post and Valley Radio)"),
        ("abc", " (Daily Rail, Harbour Post and Valley Radio)"),
        ("abcde", " (Coast News, Daily Rail, Evening Star and 2 more)"),
    ],
)
def test_who_reports_it(article_ids: str, label: str) -> None:
    assert source_label(told("It rained.", *article_ids), OUTLETS) == label


def test_each_side_has_its_sources() -> None:
    text = sides([told("The toll is 12.", "a"), told("The toll is 15.", "b", "c")], OUTLETS)
    assert text == "The toll is 12 (Harbour Post); the toll is 15 (Daily Rail and Valley Radio)."


def test_an_article_that_contradicts_itself_is_named_once() -> None:
    text = sides([told("They met in Oss.", "a"), told("They met in Lem.", "a")], OUTLETS)
    assert text == "They met in Oss; they met in Lem (Harbour Post)."


def test_a_charge_and_its_denial() -> None:
    charge, denial = told("Oss accuses Lem of theft.", "a"), told("Lem denies it.", "b", kind="denial")
    expected = "Oss accuses Lem of theft (Harbour Post), while Lem denies it (Valley Radio)."
    assert sides([charge, denial], OUTLETS) == expected


def test_articles_of_one_outlet_and_of_none_have_names_of_their_own() -> None:
    given = [article("It rained in Oss.", "Post"), article("It snowed in Lem.", "Post")]
    unnamed = given[0].model_copy(update={"article_id": "x", "source": None})
    names = outlet_names([*given, unnamed])
    assert list(names.values()) == ["Post (article 1)", "Post (article 2)", "article 3"]


def test_a_name_keeps_its_capital() -> None:
    assert (lowered("Oslo slept."), lowered("The town slept."), lowered("")) == (
        "Oslo slept.",
        "the town slept.",
        "",
    )


def test_a_relation_must_be_in_one_of_the_facts() -> None:
    facts = ["The road closed.", "Six people left because the river rose."]
    assert not relates("The road closed and six people left because the river rose.", facts)
    assert relates("After the road closed, six people left because the river rose.", facts)
    assert relates("The road closed, while six people left.", facts)
