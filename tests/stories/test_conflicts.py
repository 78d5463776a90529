"""Disagreements: found, typed, and not found where both sides can be true."""

from __future__ import annotations

import pytest

from service.facts.models import Fact, Kind
from service.stories.claims import commonness
from service.stories.conflicts import conflicts, with_status
from service.stories.models import Conflict, MergedFact
from service.text.article import ReadArticle
from tests.stories.builders import Facts, article
from tests.stories.events import ARTICLES, GAZETTE, LEDGER, POST, ferry_facts

FILLER = "The weather in the region stayed dry and mild for the whole of the week."


def _found(
    make: Facts, facts: list[Fact], read: list[ReadArticle]
) -> tuple[tuple[MergedFact, ...], tuple[Conflict, ...]]:
    merged = make.merged(facts, read)
    found = conflicts(merged, make.claims(facts, read), commonness(read))
    return with_status(merged, found), found


def _two(
    make: Facts,
    left: str,
    right: str,
    kinds: tuple[Kind, Kind] = ("event", "event"),
    days: tuple[str, str] = ("2031-03-05", "2031-03-05"),
) -> tuple[tuple[MergedFact, ...], tuple[Conflict, ...]]:
    read = [
        article(f"{t} {FILLER}", f"Outlet {n}", d)
        for n, (t, d) in enumerate(zip((left, right), days, strict=True))
    ]
    return _found(
        make, [make.of(a, t, kind=k) for a, t, k in zip(read, (left, right), kinds, strict=True)], read
    )


def test_two_days_for_one_arrival_are_disputed(facts: Facts) -> None:
    merged, (found,) = _two(
        facts,
        "President Anna Keller arrived in Marstal on Monday.",
        "Keller arrived in Marstal late on Tuesday.",
    )
    assert found.type == "disputed"
    assert [p.value for p in found.positions] == ["2031-03-03", "2031-03-04"]
    assert "Anna Keller" in found.about
    assert {m.status for m in merged} == {"disputed"}


def test_a_plan_gives_way_to_what_happened(facts: Facts) -> None:
    merged, (found,) = _two(
        facts,
        "Anna Keller is scheduled to visit Marstal on Tuesday.",
        "Anna Keller arrived in Marstal late on Wednesday.",
        kinds=("plan", "event"),
        days=("2031-03-04", "2031-03-05"),
    )
    assert found.type == "superseded"
    assert [p.value for p in found.positions] == ["2031-03-04 (planned)", "2031-03-05"]
    assert {m.kind: m.status for m in merged} == {"plan": "superseded", "event": "single_source"}


def test_a_plan_made_after_the_arrival_is_another_visit(facts: Facts) -> None:
    _, found = _two(
        facts,
        "Anna Keller will visit Marstal on Friday.",
        "Anna Keller arrived in Marstal on Monday.",
        kinds=("plan", "event"),
        days=("2031-03-06", "2031-03-04"),
    )
    assert found == ()


def test_a_later_higher_toll_supersedes(facts: Facts) -> None:
    merged, (found,) = _two(
        facts,
        "The landslide near Brandau killed 12 people.",
        "The landslide near Brandau killed 15 people.",
        days=("2031-03-04", "2031-03-06"),
    )
    assert found.type == "superseded"
    assert [p.value for p in found.positions] == ["12 people", "15 people"]
    assert sorted(m.status for m in merged) == ["single_source", "superseded"]


def test_two_tolls_of_one_day_are_disputed(facts: Facts) -> None:
    _, (found,) = _two(
        facts, "The landslide near Brandau killed 12 people.", "The landslide killed 15 people."
    )
    assert found.type == "disputed"


def test_a_report_that_contradicts_itself_is_internal(facts: Facts) -> None:
    first = "The two leaders met in September in the town of Lindholm."
    second = "The last meeting of the two leaders was in September at the Marstal observatory."
    read = [article(f"{first} {FILLER} {second}", "Outlet", "2031-10-02")]
    merged, (found,) = _found(facts, [facts.of(read[0], first), facts.of(read[0], second)], read)
    assert found.type == "internal"
    assert found.about.startswith("where")
    assert sorted(p.value for p in found.positions) == ["Marstal observatory", "town of Lindholm"]
    assert {m.status for m in merged} == {"disputed"}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (
            "It was Keller's first visit to Marstal in 24 years.",
            "It was Keller's first visit to Marstal in more than 20 years.",
        ),
        ("The flood damaged 512 houses in Brandau.", "The flood damaged about 500 houses in Brandau."),
        ("Keller arrived in France on Monday.", "Keller arrived in Paris on Monday."),
        ("Keller arrived in Marstal on Monday.", "Keller arrived in Lindholm on Wednesday."),
        ("Keller visited Marstal on 3 March 2031.", "Keller visited Marstal on 3 May 2029."),
        ("The storm killed 12 people on Monday.", "The storm killed 4 horses on Monday."),
        ("Holm arrived in Marstal on Monday.", "Keller arrived in Marstal on Tuesday."),
        ("The fire near Brandau killed 12 people.", "The crash near Lindholm killed 15 people."),
    ],
)
def test_what_can_both_be_true_is_no_conflict(facts: Facts, left: str, right: str) -> None:
    assert _two(facts, left, right)[1] == ()


def test_a_charge_and_its_denial_stand_against_each_other(facts: Facts) -> None:
    merged, found = _found(facts, ferry_facts(facts), list(ARTICLES))
    disputed = next(c for c in found if c.type == "disputed")
    charge, denial = disputed.positions
    assert (charge.value, denial.value) == ("alleged", "denied")
    assert (charge.article_ids, denial.article_ids) == ((LEDGER.article_id,), (POST.article_id,))
    assert {m.kind for m in merged if m.status == "disputed"} == {"accusation", "denial"}


def test_denying_the_charge_answers_the_charge_before_it(facts: Facts) -> None:
    charge = "Marstal accused Lindholm of dumping waste in the sound."
    read = [article(f"{charge} Lindholm denies the charge. {FILLER}", "Outlet", "2031-03-04")]
    made = [
        facts.of(read[0], charge, kind="accusation", speaker="Marstal"),
        facts.of(read[0], "Lindholm denies the charge.", kind="denial", speaker="Lindholm"),
    ]
    _, (found,) = _found(facts, made, read)
    assert [p.value for p in found.positions] == ["alleged", "denied"]


def test_a_yes_and_a_no_are_disputed(facts: Facts) -> None:
    read = [
        article(f"{t} {FILLER}", s)
        for t, s in (
            ("The council approved the harbour budget.", "A"),
            ("The council did not approve the harbour budget.", "B"),
        )
    ]
    made = [
        facts.of(read[0], "The council approved the harbour budget."),
        facts.of(read[1], "The council did not approve the harbour budget.", polarity="negated"),
    ]
    _, (found,) = _found(facts, made, read)
    assert (found.type, [p.value for p in found.positions]) == ("disputed", ["yes", "no"])


def test_a_differently_read_polarity_of_the_same_words_is_no_conflict(facts: Facts) -> None:
    left = 'The pact will reportedly "not be directed against any of the ports", said Paul Miller.'
    right = 'The pact will reportedly "not be directed against any of the ports", Paul Miller said.'
    read = [article(f"{left} {FILLER}", "A"), article(f"{right} {FILLER}", "B")]
    made = [
        facts.of(read[0], left, kind="statement", speaker="Paul Miller", polarity="negated"),
        facts.of(read[1], right, kind="statement", speaker="Paul Miller"),
    ]
    merged, found = _found(facts, made, read)
    assert (len(merged), found) == (1, ())


def test_the_ferry_toll_grew_and_the_rounded_passengers_are_no_conflict(facts: Facts) -> None:
    _, found = _found(facts, ferry_facts(facts), list(ARTICLES))
    grown = next(c for c in found if c.type == "superseded")
    assert grown.positions[-1].article_ids == (GAZETTE.article_id,)
    assert not any("200" in p.value for c in found for p in c.positions)


def test_sources_decide_the_status_of_what_nobody_contests(facts: Facts) -> None:
    merged, _ = _found(facts, ferry_facts(facts), list(ARTICLES))
    aground = [m for m in merged if "ran aground" in m.statement]
    assert all(
        m.status == ("corroborated" if m.independent_sources >= 2 else "single_source") for m in aground
    )
    assert all(m.status == "single_source" for m in merged if m.kind == "plan")


def test_two_days_of_one_deed_without_a_name(facts: Facts) -> None:
    left, right = "The ferry sank on Tuesday in the fog.", "The ferry sank late on Monday in a storm."
    (found,) = _two(facts, left, right)[1]
    assert (found.type, [p.value for p in found.positions]) == ("disputed", ["2031-03-03", "2031-03-04"])
