"""Two claims: what they share, and what keeps them apart."""

from __future__ import annotations

import pytest

from evals.claims import of_gold, of_text
from evals.expressing import expresses, said
from evals.matching import match
from evals.models import GoldFact
from evals.pairs import THRESHOLD, Veto, compare

FIRE = "Police said 12 people were killed in the fire in Velm on Monday."


@pytest.mark.parametrize(
    ("other", "veto"),
    [
        ("Police said 15 people were killed in the fire in Velm on Monday.", "number"),
        ("Police said 12 people were killed in the fire in Velm on Friday.", "date"),
        ("Police said 12 people were killed in the fire in Tolm on Monday.", "name"),
        ("Police said 12 people were not killed in the fire in Velm on Monday.", "polarity"),
        ("Police denied that 12 people were killed in the fire in Velm on Monday.", "kind"),
    ],
)
def test_a_value_that_differs_keeps_two_claims_apart(other: str, veto: Veto) -> None:
    pair = compare(of_text(FIRE), of_text(other))
    assert pair.score == 0.0
    assert pair.unvetoed >= THRESHOLD
    assert veto in pair.vetoes


@pytest.mark.parametrize(
    "other",
    [
        "Twelve people lost their lives in the fire in Velm on Monday, police said.",
        "A dozen people died in Monday's fire in Velm, according to police.",
        "Police in Velm said the fire on Monday had killed 12 people.",
    ],
)
def test_other_words_are_the_same_claim(other: str) -> None:
    assert compare(of_text(FIRE), of_text(other)).score >= THRESHOLD


@pytest.mark.parametrize(
    ("left", "right", "fits"),
    [
        ("The dam holds more than 20 tonnes.", "The dam holds 24 tonnes.", True),
        ("At least 14 people died.", "15 people died.", False),
        ("The town has about 500 houses.", "The town has 512 houses.", True),
        ("The firm made 1.2 billion euros.", "The firm made 1.21 billion euros.", True),
        ("No more than 30 people came.", "More than 30 people came.", False),
        ("The bill rose by 5 percent.", "The bill rose by 5 dollars.", False),
        ("It is the ninth stage of the tour.", "It is stage nine of the tour.", True),
    ],
)
def test_a_round_figure_agrees_with_what_it_stands_for(left: str, right: str, fits: bool) -> None:
    assert (compare(of_text(left), of_text(right)).score >= THRESHOLD) is fits


def test_what_is_to_come_is_not_what_has_happened() -> None:
    plan, past = of_text("Ivo Marek will visit Orvela."), of_text("Ivo Marek visited Orvela.")
    assert compare(plan, past).vetoes == {"polarity"}
    assert compare(plan, of_text("Ivo Marek is to travel to Orvela.")).score >= THRESHOLD


def test_an_accusation_is_not_told_as_a_fact() -> None:
    accused = of_text("The union accused the railway of skipping two checks.")
    assert "kind" in compare(accused, of_text("The railway skipped two checks.")).vetoes


def test_a_family_name_stands_for_one_person_at_a_time() -> None:
    left = of_text("Tomas Vereth met Lena Vereth in Brenholt.")
    assert (
        compare(left, of_text("Tomas Vereth met Rosa Vereth in Brenholt.")).score < compare(left, left).score
    )


def test_a_mention_may_leave_out_what_the_statement_names() -> None:
    gold = GoldFact.model_validate(
        {
            "id": "g1",
            "statement": "Elena Rossani broke her wrist in Corvane on 3 March 2031.",
            "kind": "event",
            "speaker": None,
            "polarity": "affirmed",
            "importance": "minor",
            "values": [
                {"type": "name", "value": "Elena Rossani"},
                {"type": "name", "value": "Corvane"},
                {"type": "date", "value": "2031-03-03"},
            ],
            "mentions": [
                {"article": "a1", "quote": "she broke her wrist"},
                {"article": "a2", "quote": "Rossani fell"},
            ],
        }
    )
    short = of_text("She broke her wrist.")
    assert compare(of_gold(gold, "a1"), short).score >= THRESHOLD
    assert compare(of_gold(gold, "a2"), short).score < THRESHOLD
    assert compare(of_gold(gold, "a1"), of_text("Mia Stoll broke her wrist on 9 March 2031.")).score == 0.0


def test_what_only_a_value_keeps_apart_is_listed_and_taken_for_nothing_else() -> None:
    gold = [of_text("Three people were killed in Orvela."), of_text("Six people were injured in Orvela.")]
    produced = [of_text("Nine people were killed in Orvela."), of_text("Six people were hurt in Orvela.")]
    found = match(gold, produced)
    assert [(m.left, m.right) for m in found.matches] == [(1, 1)]
    assert [(m.left, m.right, m.pair.vetoes) for m in found.near_misses] == [(0, 0, frozenset({"number"}))]


def test_among_equals_the_preferred_one_is_taken() -> None:
    one = of_text("The line was closed.", id="f1"), of_text("The line was closed.", id="f2")
    gold = [of_text("The line was closed.", id="g1")]
    assert [m.right for m in match(gold, one, prefer=lambda i, j: float(j == 1)).matches] == [1]
    assert [m.right for m in match(gold, one, prefer=lambda i, j: float(j == 0)).matches] == [0]


def test_a_text_says_a_fact_in_its_own_words_but_not_with_another_number() -> None:
    fact = of_text("The storm left 40 houses without roofs.")
    assert expresses(
        said("After the storm, 40 houses in the village were without roofs, and two barns."), fact
    )
    assert not expresses(said("After the storm, 60 houses in the village were without roofs."), fact)
    assert not expresses(said(""), fact)
