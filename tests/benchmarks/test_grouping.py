"""The made-up pile and how groups are judged against it."""

from __future__ import annotations

import pytest

from benchmarks.grouping import Pairs, judged
from benchmarks.grouping_pile import pile
from service.cli.piles import read_profiles
from service.stories.event_terms import Profile
from service.stories.grouping import group_profiles
from service.stories.groups import EventGroup


def group(*ids: str) -> EventGroup:
    return EventGroup(
        group_id="+".join(ids),
        article_ids=ids,
        title="",
        terms=(),
        first_published=None,
        last_published=None,
        near_copies=(),
        cohesion=1,
    )


def test_the_same_seed_gives_the_same_pile() -> None:
    assert pile(60, seed=4) == pile(60, seed=4)
    assert pile(60, seed=4) != pile(60, seed=5)
    assert len({told.article.article_id for told in pile(60)}) == 60
    assert not any("{" in told.article.text for told in pile(200))


@pytest.mark.parametrize(
    ("groups", "wanted"),
    [
        ([group("a", "b"), group("c")], Pairs(1, 0, 0)),
        ([group("a"), group("b"), group("c")], Pairs(0, 0, 1)),
        ([group("a", "b", "c")], Pairs(1, 2, 0)),
        ([group("a", "c"), group("b")], Pairs(0, 1, 1)),
    ],
)
def test_pairs(groups: list[EventGroup], wanted: Pairs) -> None:
    assert judged(groups, {"a": 1, "b": 1, "c": 2}) == wanted


def test_shares() -> None:
    assert (Pairs(3, 1, 1).precision, Pairs(3, 1, 1).recall, Pairs(3, 1, 1).f1) == (0.75, 0.75, 0.75)
    assert (Pairs(0, 0, 0).precision, Pairs(0, 0, 2).recall, Pairs(0, 2, 0).f1) == (1.0, 0.0, 0.0)


def test_a_small_pile_is_sorted_well() -> None:
    told = pile(150)
    profiles = [
        p
        for p in read_profiles([t.article for t in told], max_chars=10_000, processes=1)
        if isinstance(p, Profile)
    ]
    truth = {p.article_id: t.event for p, t in zip(profiles, told, strict=True)}
    assert judged(group_profiles(profiles), truth).f1 > 0.95
