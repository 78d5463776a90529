"""How far two people agree about one event."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from evals.agreement import agreement, cohens_kappa
from evals.models import GoldFact
from tests.evals.small import BANG, INJURED_14, INJURED_20, KILLED

FACTS = tuple(GoldFact.model_validate(fact) for fact in (KILLED, INJURED_14, INJURED_20, BANG))


def by_statement(first: Sequence[GoldFact], second: Sequence[GoldFact]) -> list[tuple[int, int]]:
    places = {fact.statement: j for j, fact in enumerate(second)}
    return [(i, places[fact.statement]) for i, fact in enumerate(first) if fact.statement in places]


def changed(number: int, **fields: object) -> tuple[GoldFact, ...]:
    return tuple(f.model_copy(update=fields) if n == number else f for n, f in enumerate(FACTS))


class TestAgreement:
    def test_with_oneself(self) -> None:
        found = agreement(FACTS, FACTS, by_statement)
        assert (found.f1, found.kind_kappa, found.speaker_kappa) == (1, 1, 1)
        assert (found.first_only, found.second_only, found.other_kind, found.other_speaker) == (
            (),
            (),
            (),
            (),
        )

    def test_facts_that_only_one_has(self) -> None:
        found = agreement(FACTS[:3], FACTS[1:], by_statement)
        assert found.f1 == pytest.approx(2 * 2 / 6)
        assert found.first_only == FACTS[:1]
        assert found.second_only == FACTS[3:]

    def test_order_changes_nothing(self) -> None:
        one, other = agreement(FACTS, FACTS[::-1], by_statement), agreement(FACTS, FACTS, by_statement)
        assert one == other

    def test_another_kind_is_found_although_kinds_would_keep_a_pair_apart(self) -> None:
        def strict(first: Sequence[GoldFact], second: Sequence[GoldFact]) -> list[tuple[int, int]]:
            pairs = by_statement(first, second)
            return [
                (i, j)
                for i, j in pairs
                if first[i].kind == second[j].kind and first[i].speaker == second[j].speaker
            ]

        other = changed(0, kind="accusation", speaker="the union", polarity="negated")
        found = agreement(FACTS, other, strict)
        assert found.f1 == 1
        assert found.other_kind == found.other_speaker == ((FACTS[0], other[0]),)
        assert found.kind_kappa == pytest.approx((0.75 - 6 / 16) / (1 - 6 / 16))

    def test_two_spellings_of_one_speaker_agree(self) -> None:
        found = agreement(FACTS, changed(3, speaker="Ms Dahl"), by_statement)
        assert (found.speaker_kappa, found.other_speaker) == (1, ())

    def test_nothing_in_common(self) -> None:
        found = agreement(FACTS[:2], FACTS[2:], by_statement)
        assert (found.f1, found.kind_kappa, found.speaker_kappa) == (0, None, None)

    def test_nothing_at_all(self) -> None:
        assert agreement((), (), by_statement).f1 == 1

    def test_the_numbers_alone(self) -> None:
        assert agreement(FACTS, FACTS[:3], by_statement).figures() == {
            "first": 4, "second": 3, "alike": 3, "f1": pytest.approx(6 / 7),
            "kind_kappa": 1, "speaker_kappa": 1,
        }  # fmt: skip


class TestKappa:
    @pytest.mark.parametrize(
        ("yes_yes", "yes_no", "no_yes", "no_no", "expected"),
        [
            (20, 5, 10, 15, 0.4),  # worked by hand: .7 observed, .5 by chance
            (45, 15, 25, 15, 0.1304),
            (25, 35, 5, 35, 0.2593),
            (0, 10, 10, 0, -1),
            (5, 5, 5, 5, 0),
        ],
    )
    def test_by_hand(self, yes_yes: int, yes_no: int, no_yes: int, no_no: int, expected: float) -> None:
        choices = (
            [("y", "y")] * yes_yes + [("y", "n")] * yes_no + [("n", "y")] * no_yes + [("n", "n")] * no_no
        )
        assert cohens_kappa(choices) == pytest.approx(expected, abs=1e-4)

    def test_where_there_was_no_choice_it_says_nothing(self) -> None:
        assert cohens_kappa([]) is None
        assert cohens_kappa([("event", "event")] * 9) is None


class TestTheScorersOwnPairs:
    def test_paraphrases_are_found_and_other_facts_are_not(self) -> None:
        other = (
            FACTS[3].model_copy(update={"statement": "A loud bang was heard by Mira Dahl.", "kind": "event"}),
            FACTS[1],
        )
        found = agreement(FACTS, other)
        assert [(one.id, two.id) for one, two in found.pairs] == [("g2", "g2"), ("g4", "g4")]
        assert [one.id for one, _ in found.other_kind] == ["g4"]

    def test_another_number_is_another_fact(self) -> None:
        other = INJURED_14 | {
            "statement": "The accident injured 15 people.",
            "values": [{"type": "number", "value": 15}],
        }
        other |= {"mentions": [{"article": "post", "quote": "injuring 15"}]}
        assert agreement(FACTS[1:2], [GoldFact.model_validate(other)]).pairs == ()

    def test_the_same_labels_agree_in_full(self) -> None:
        found = agreement(FACTS, FACTS[::-1])
        assert (found.f1, found.kind_kappa, found.speaker_kappa) == (1, 1, 1)
