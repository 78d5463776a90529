"""What the summary says, before anybody words it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.facts.models import Kind
from service.hashing import content_id
from service.stories.models import Conflict, ConflictType, MergedFact, Position, Status
from service.stories.plan import MAX_CONFLICTS, Group, plan

# statements that share next to nothing
APART = (
    "Divers found a bronze statue under the old pier",
    "Wheat prices fell for a third week",
    "A goalkeeper broke two fingers during training",
    "Engineers shut the northern lock for repairs",
    "Bees returned to rooftop hives downtown",
    "An orchestra lost its instruments in customs",
    "Snow closed every mountain pass overnight",
    "Librarians discovered letters behind a wall",
)


def merged(
    statement: str,
    importance: float = 0.5,
    kind: Kind = "event",
    speaker: str | None = None,
    status: Status = "single_source",
) -> MergedFact:
    return MergedFact(
        merged_fact_id=content_id("merged", [statement, kind, speaker]),
        statement=statement,
        kind=kind,
        speaker=speaker,
        fact_ids=(content_id("fact", statement),),
        article_ids=("article_1",),
        independent_sources=1,
        status=status,
        importance=importance,
    )


def conflict(*sides: Sequence[MergedFact], type_: ConflictType = "disputed") -> Conflict:
    positions = tuple(
        Position(
            value=f"side {n}",
            merged_fact_ids=tuple(m.merged_fact_id for m in side),
            article_ids=("article_1",),
        )
        for n, side in enumerate(sides)
    )
    return Conflict(
        conflict_id=content_id("conflict", [p.merged_fact_ids for p in positions]),
        about="something",
        type=type_,
        positions=positions,
    )


def told(groups: Sequence[Group]) -> list[str]:
    return [m.statement for g in groups for m in g.merged]


def apart(count: int, **more: float) -> list[MergedFact]:
    return [merged(text, importance=1 - n / 10, **more) for n, text in enumerate(APART[:count])]  # type: ignore[arg-type]


class TestChoice:
    def test_the_most_important_come_first(self) -> None:
        assert told(plan(apart(8), (), 3)) == list(APART[:3])

    def test_fewer_when_there_is_less_to_say(self) -> None:
        assert told(plan(apart(2), (), 6)) == list(APART[:2])

    def test_nothing_comes_to_nothing(self) -> None:
        assert plan((), (), 6) == ()

    def test_happenings_before_accusations_before_statements_before_background(self) -> None:
        kinds: tuple[Kind, ...] = ("background", "statement", "denial", "plan", "event")
        facts = [
            merged(text, 0.9 - n / 10, kind) for n, (text, kind) in enumerate(zip(APART, kinds, strict=False))
        ]
        read = [g.merged[0].kind for g in sorted(plan(facts, (), 6), key=lambda g: g.place)]
        assert read == ["event", "plan", "denial", "statement", "background"]

    def test_the_same_news_is_told_once(self) -> None:
        twice = merged("A bronze statue was found by divers under the old pier", 0.4)
        assert told(plan([*apart(2), twice], (), 6)) == list(APART[:2])

    def test_what_was_superseded_is_not_told_alone(self) -> None:
        old = merged("Rain delayed the regatta", 1.0, status="superseded")
        assert old.statement not in told(plan([*apart(2), old], (), 6))

    def test_a_statement_that_opens_with_a_pronoun_is_a_last_resort(self) -> None:
        poor = merged("They slept in tents beside a motorway", 1.0)
        assert poor.statement not in told(plan([*apart(3), poor], (), 3))
        assert poor.statement in told(plan([*apart(3), poor], (), 4))


class TestCompanions:
    KELLER = merged("Keller opened a bridge on the river", 0.9)

    def test_a_short_fact_about_the_same_name_joins(self) -> None:
        other = merged("After lunch Keller resigned as chair of the zoo", 0.2)
        (group,) = plan([self.KELLER, other], (), 6)
        assert group.merged == (self.KELLER, other)
        assert not group.conflict

    @pytest.mark.parametrize(
        "other",
        [
            merged("After lunch Keller resigned as chair of the zoo", 0.2, kind="plan"),
            merged("After lunch Keller resigned as chair of the zoo", 0.2, speaker="Dahl"),
            merged("After lunch Keller resigned as chair of the zoo", 0.2, status="disputed"),
            merged("After lunch Dahl resigned as chair of the zoo", 0.2),
            merged("Keller resigned as chair of the zoo" + " and then of another body" * 3, 0.2),
        ],
        ids=["kind", "speaker", "status", "name", "length"],
    )
    def test_what_does_not_fit_stands_alone(self, other: MergedFact) -> None:
        assert {g.merged for g in plan([self.KELLER, other], (), 6)} == {(self.KELLER,), (other,)}

    @pytest.mark.parametrize("opener", ["The", "In", "At", "Two", "After"])
    def test_the_capital_of_a_first_word_is_no_name(self, opener: str) -> None:
        facts = [merged(f"{opener} {APART[1].lower()}", 0.9), merged(f"{opener} {APART[2].lower()}", 0.8)]
        assert all(len(g.merged) == 1 for g in plan(facts, (), 6))


class TestConflicts:
    SIDES = (merged("Police counted 9,000 marchers", 0.5), merged("Organisers spoke of 40,000 people", 0.4))

    def test_both_sides_stand_in_one_sentence(self) -> None:
        groups = plan([*apart(3), *self.SIDES], [conflict(self.SIDES[:1], self.SIDES[1:])], 6)
        (both,) = [g for g in groups if g.conflict]
        assert both.merged == self.SIDES
        assert told(groups).count(self.SIDES[0].statement) == 1

    def test_an_accusation_goes_before_its_denial(self) -> None:
        denial = merged("Brandt denied the allegations", 0.9, "denial", "Brandt")
        charge = merged("Prosecutors accused the owner of theft", 0.1, "accusation", "Prosecutors")
        (both,) = plan([denial, charge], [conflict([denial], [charge])], 6)
        assert both.merged == (charge, denial)

    def test_the_best_of_a_side_speaks_for_it(self) -> None:
        weak = merged("About 9,000 people marched, police thought", 0.1)
        groups = plan([*self.SIDES, weak], [conflict([weak, self.SIDES[0]], self.SIDES[1:])], 3)
        assert next(g for g in groups if g.conflict).merged == self.SIDES

    def test_a_conflict_over_one_thing_is_told_once(self) -> None:
        again = (
            merged("Police counted 9,000 marchers in all", 0.3),
            merged("Organisers spoke of 40,000", 0.2),
        )
        found = [conflict(self.SIDES[:1], self.SIDES[1:]), conflict(again[:1], again[1:])]
        assert sum(g.conflict for g in plan([*self.SIDES, *again], found, 8)) == 1

    def test_of_values_that_followed_one_another_the_first_and_the_newest_are_told(self) -> None:
        between = merged("A spokesman put it at 20,000", 0.45, status="superseded")
        found = [conflict(self.SIDES[:1], [between], self.SIDES[1:], type_="superseded")]
        (both,) = plan([*self.SIDES, between], found, 6)
        assert (both.merged, both.conflict) == (self.SIDES, True)

    def test_a_side_that_nobody_knows_makes_no_group(self) -> None:
        found = [conflict(self.SIDES[:1], [merged("unknown")]), conflict(self.SIDES[:1])]
        assert not any(g.conflict for g in plan(self.SIDES, found, 6))

    def test_one_fact_on_both_sides_is_one_fact(self) -> None:
        one = self.SIDES[0]
        (group,) = plan([one], [conflict([one], [one])], 6)
        assert (group.merged, group.conflict) == ((one,), False)

    def test_a_charge_with_its_denial_is_both_sides_by_itself(self) -> None:
        both = merged("Prosecutors accused the owner of theft, which he denied", 0.1, "accusation")
        charge = merged("The owner is accused of theft", 0.9, "accusation")
        (group,) = plan([both, charge], [conflict([charge, both], [both])], 3)[:1]
        assert (group.merged, group.conflict) == ((both,), True)

    @pytest.mark.parametrize(("sentences", "most"), [(3, 1), (4, 2), (6, MAX_CONFLICTS), (12, MAX_CONFLICTS)])
    def test_conflicts_leave_room_for_the_rest(self, sentences: int, most: int) -> None:
        facts = apart(8)
        found = [conflict(facts[n : n + 1], facts[n + 1 : n + 2]) for n in range(0, 8, 2)]
        assert sum(g.conflict for g in plan(facts, found, sentences)) == most


FACTS = st.builds(
    merged,
    st.sampled_from([*APART, "Keller opened a bridge", "It rained", "The Keller bridge was opened"]),
    st.floats(0, 1),
    st.sampled_from(get_args(Kind)),
    st.sampled_from([None, "Keller"]),
    st.sampled_from(get_args(Status)),
)


@settings(deadline=None)
@given(st.lists(FACTS, max_size=10, unique_by=lambda m: m.merged_fact_id), st.integers(3, 12), st.data())
def test_whatever_there_is(facts: list[MergedFact], sentences: int, data: st.DataObject) -> None:
    found = []
    if len(facts) >= 2:
        pairs = st.lists(st.sampled_from(list(permutations(facts, 2))), max_size=4)
        found = [conflict([a], [b]) for a, b in data.draw(pairs)]
    groups = plan(facts, found, sentences)
    assert len(groups) <= sentences
    ids = [m.merged_fact_id for g in groups for m in g.merged]
    assert len(set(ids)) == len(ids)
    assert all(1 <= len(g.merged) <= 2 for g in groups)
    shuffled = data.draw(st.permutations(facts))
    assert plan(shuffled, found, sentences) == groups
    if facts and any(m.status != "superseded" for m in facts):
        assert groups
