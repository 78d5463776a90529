"""Average linkage: the most alike first, no chains, no meeting across months or places."""

from __future__ import annotations

import math

import pytest

from service.stories.linkage import OTHER_NEWS_DAYS, SAME_NEWS_DAYS, Node, dot, elsewhere, linked, nearness


def unit(degrees: float) -> dict[int, float]:
    return {0: math.cos(math.radians(degrees)), 1: math.sin(math.radians(degrees))}


def nodes(*degrees: float) -> list[Node]:
    return [Node(unit(angle), (n,)) for n, angle in enumerate(degrees)]


def all_pairs(count: int) -> list[tuple[int, int]]:
    return [(a, b) for b in range(count) for a in range(b)]


def test_the_most_alike_are_joined_and_the_others_are_not() -> None:
    assert linked(nodes(0, 5, 85, 90), all_pairs(4), 0.9) == [(0, 1), (2, 3)]


def test_a_chain_of_look_alikes_does_not_glue_its_ends() -> None:
    chain = nodes(*range(0, 91, 10))
    steps = [(n, n + 1) for n in range(9)]
    clusters = linked(chain, steps, 0.9)
    assert len(clusters) > 2
    assert all((0 in members) + (9 in members) < 2 for members in clusters)


def test_two_clusters_are_as_alike_as_their_pairs_are_on_average() -> None:
    left, right = nodes(0, 20, 40, 70)[:2], nodes(0, 20, 40, 70)[2:]
    mean = sum(dot(a.total, b.total) for a in left for b in right) / 4
    assert left[0].with_(left[1]).similarity(right[0].with_(right[1])) == pytest.approx(mean)


def test_nothing_is_compared_that_no_pair_ties_together() -> None:
    assert linked(nodes(0, 0, 0), [(0, 1)], 0.5) == [(0, 1), (2,)]


def test_no_nodes() -> None:
    assert linked([], [], 0.5) == []


@pytest.mark.parametrize(
    ("apart", "factor"),
    [(0, 1.0), (SAME_NEWS_DAYS, 1.0), (OTHER_NEWS_DAYS, 0.0), (10 * OTHER_NEWS_DAYS, 0.0)],
)
def test_days_apart(apart: int, factor: float) -> None:
    early, late = Node(unit(0), (0,), 100, 101), Node(unit(0), (1,), 101 + apart, 120 + apart)
    assert nearness(early, late) == nearness(late, early) == factor


def test_an_unknown_day_is_no_reason() -> None:
    assert nearness(Node(unit(0), (0,), 100, 100), Node(unit(0), (1,))) == 1.0
    assert Node(unit(0), (0,), 100, 100).with_(Node(unit(0), (1,))).last == 100


class TestElsewhere:
    def test_each_is_set_where_the_other_never_is(self) -> None:
        brask, lomen = (Node(unit(0), (n,), None, None, 1, {n: 1}, {n: 1, 7: 1}) for n in (0, 1))
        assert elsewhere(brask, lomen)
        assert brask.similarity(lomen) == 0.0
        assert linked([brask, lomen], [(0, 1)], 0.2) == [(0,), (1,)]

    def test_a_place_that_the_other_mentions_at_all_is_common_ground(self) -> None:
        brask = Node(unit(0), (0,), None, None, 1, {0: 1}, {0: 1})
        lomen = Node(unit(0), (1,), None, None, 1, {1: 1}, {0: 1, 1: 1})
        assert not elsewhere(brask, lomen)

    def test_where_a_place_is_not_told_nothing_is_known(self) -> None:
        assert not elsewhere(Node(unit(0), (0,), None, None, 1, {0: 1}, {0: 1}), Node(unit(0), (1,)))
