"""Dates of the articles: resolved ones only, as fine as told, with every side of a dispute."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.facts.models import Evidence, Fact, Value
from service.stories.account import account
from service.stories.models import Conflict, MergedFact, Position, TimelineEntry
from service.stories.timeline import is_resolved, timeline
from service.text.article import ReadArticle
from service.text.parsing import Parser
from tests.stories.builders import PROMPT, Facts, article


def fact(number: int, *dates: tuple[str, str], article_id: str = "article_a") -> Fact:
    """`dates`: normalised value and spelling."""
    return Fact(
        fact_id=f"fact_{number}",
        article_id=article_id,
        statement=f"Thing {number} happened.",
        kind="event",
        speaker=None,
        polarity="affirmed",
        values=tuple(Value(type="date", text=t, value=v, start=0, end=len(t)) for v, t in dates),
        evidence=(Evidence(sentence_id="s1", start=0, end=5, quote="Thing"),),
        support="verbatim",
        prompt=PROMPT,
        origin="source",
    )


def merged(*facts: Fact) -> MergedFact:
    return MergedFact(
        merged_fact_id=f"merged_{facts[0].fact_id}",
        statement=facts[0].statement,
        kind="event",
        speaker=None,
        fact_ids=tuple(f.fact_id for f in facts),
        article_ids=tuple(sorted({f.article_id for f in facts})),
        independent_sources=1,
        status="single_source",
        importance=0.5,
    )


def line(*facts: Fact, conflicts: tuple[Conflict, ...] = ()) -> tuple[TimelineEntry, ...]:
    return timeline([merged(f) for f in facts], facts, conflicts)


def test_dates_stand_in_order_and_a_coarse_one_opens_the_time_it_covers() -> None:
    told = ["2024-06-18", "2024", "2023-09", "2024-07", "2024-06", "2022", "2024-01-02"]
    entries = line(*(fact(n, (value, "then")) for n, value in enumerate(told)))
    assert [e.date for e in entries] == [
        "2022", "2023-09", "2024", "2024-01-02", "2024-06", "2024-06-18", "2024-07",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("XXXX-09", "September"), ("XXXX-06-18", "June 18"), ("last week", "last week"),
        ("tuesday", "Tuesday"), ("19:30", "7:30 p.m."), ("1990s", "1990s"), ("1950-53", "1950-53"),
        ("2010-11", "2010-11"), ("2024-13", "then"), ("2023-02-29", "then"),
    ],
)  # fmt: skip
def test_what_is_not_resolved_is_left_out(value: str, text: str) -> None:
    assert line(fact(1, (value, text))) == ()


def test_a_month_and_a_span_of_years_are_told_apart_by_their_spelling() -> None:
    assert is_resolved(Value(type="date", text="November 2010", value="2010-11", start=0, end=13))
    assert not is_resolved(Value(type="date", text="2010/11", value="2010-11", start=0, end=7))


@pytest.mark.parametrize(
    ("sentence", "day", "kept"),
    [
        ("It was the drivers' first strike since 2021.", "2021", False),
        ("The toll is the highest in the valley since March 2019.", "March 2019", False),
        ("Fewer people came than in 2018.", "2018", False),
        ("She has led the club since 2021.", "2021", True),
        ("The first tram ran in 1921.", "1921", True),
        ("The oldest bridge was closed in 2020, and has stood empty since then.", "2020", True),
    ],
)
def test_what_is_only_measured_against_a_day_did_not_happen_on_it(
    sentence: str, day: str, kept: bool
) -> None:
    at = sentence.index(day)
    told = fact(1, (day[-4:], day)).model_copy(
        update={
            "evidence": (Evidence(sentence_id="s1", start=100, end=100 + len(sentence), quote=sentence),),
            "values": (
                Value(type="date", text=day, value=day[-4:], start=100 + at, end=100 + at + len(day)),
            ),
        }
    )
    assert bool(line(told)) is kept


def test_one_entry_a_date_with_all_its_facts_and_the_usual_spelling() -> None:
    made = [
        fact(1, ("2024-06-18", "Tuesday")),
        fact(2, ("2024-06-18", "June 18, 2024"), article_id="article_b"),
        fact(3, ("2024-06-18", "Tuesday"), article_id="article_b"),
    ]
    (entry,) = line(*made)
    assert entry.text == "Tuesday"
    assert entry.merged_fact_ids == ("merged_fact_1", "merged_fact_2", "merged_fact_3")
    assert entry.article_ids == ("article_a", "article_b")


def test_an_entry_names_the_articles_that_tell_the_date_and_no_others() -> None:
    dated, undated = fact(1, ("2024", "2024")), fact(2, article_id="article_b")
    (entry,) = timeline([merged(dated, undated)], [dated, undated], ())
    assert entry.article_ids == ("article_a",)


def test_both_sides_of_a_disputed_date_name_the_conflict() -> None:
    early, late = fact(1, ("2024-06-18", "Tuesday")), fact(2, ("2024-06-19", "Wednesday"))
    other = fact(3, ("2024-06-18", "Tuesday"))
    conflict = Conflict(
        conflict_id="conflict_x",
        about="when: arrived",
        type="superseded",
        positions=(
            Position(
                value="2024-06-18 (planned)", merged_fact_ids=("merged_fact_1",), article_ids=("article_a",)
            ),
            Position(value="2024-06-19", merged_fact_ids=("merged_fact_2",), article_ids=("article_a",)),
        ),
    )
    entries = line(early, late, conflicts=(conflict,))
    assert [(e.date, e.conflict_ids) for e in entries] == [
        ("2024-06-18", ("conflict_x",)),
        ("2024-06-19", ("conflict_x",)),
    ]
    (undisputed,) = line(other, conflicts=(conflict,))
    assert undisputed.conflict_ids == ()


def test_no_date_no_entry() -> None:
    assert line(fact(1)) == ()
    assert timeline([], [], ()) == ()


_DATES = st.sampled_from(["2022", "2024-06", "2024-06-18", "2024-06-19", "XXXX-06", "last week"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(_DATES, st.sampled_from(["a", "b", "c"])), max_size=8),
    st.randoms(use_true_random=False),
)
def test_every_resolved_date_is_there_once_whatever_the_order(
    dates: list[tuple[str, str]], draw: random.Random
) -> None:
    made = [fact(n, (value, "then"), article_id=f"article_{a}") for n, (value, a) in enumerate(dates)]
    entries = line(*made)
    assert [e.date for e in entries] == sorted({v for v, _ in dates if v[:4].isdigit()})
    shuffled = draw.sample(made, len(made))
    assert timeline([merged(f) for f in made], shuffled, ()) == entries


def test_dates_of_real_sentences(facts: Facts, parser: Parser) -> None:
    """From articles to entries: who arrived when is disputed, and both days are there."""
    herald = article("Mayor Ingrid Dahl arrived in Orvela on Tuesday.\n", "Herald", "2024-06-20")
    post = article("Mayor Ingrid Dahl arrived in Orvela on Wednesday.\n", "Post", "2024-06-20")
    made = [_dated(facts, herald, "Tuesday", "2024-06-18"), _dated(facts, post, "Wednesday", "2024-06-19")]
    told = account(made, [herald, post], parser)
    (conflict,) = told.conflicts
    assert [(e.date, e.text, e.conflict_ids) for e in told.timeline] == [
        ("2024-06-18", "Tuesday", (conflict.conflict_id,)),
        ("2024-06-19", "Wednesday", (conflict.conflict_id,)),
    ]


def _dated(facts: Facts, given: ReadArticle, spelled: str, value: str) -> Fact:
    (made,) = facts.all_of(given)
    at = made.evidence[0].quote.index(spelled) + made.evidence[0].start
    when = Value(type="date", text=spelled, value=value, start=at, end=at + len(spelled))
    return made.model_copy(update={"values": (*made.values, when)})
