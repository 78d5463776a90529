"""LEA and pairs against numbers worked out by hand."""

from __future__ import annotations

import pytest

from evals.scoring.clusters import lea, pair_ratios, pairs

GOLD = {"a": 1, "b": 1, "c": 1, "d": 2, "e": 2, "f": 2, "g": 2}
# {a, b} {c, d} {f, g, h, i} of Moosavi and Strube's example, h and i being in no gold cluster
PRODUCED = {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3, "f": 4, "g": 4}


def test_lea_weighs_each_cluster_by_its_size() -> None:
    precision, recall, f1 = lea(GOLD, PRODUCED)
    # recall: {a b c} resolves 1 of 3 links, {d e f g} 1 of 6
    assert recall == pytest.approx((3 * 1 / 3 + 4 * 1 / 6) / 7)
    # precision: {a b} 1 of 1, {c d} 0 of 1, {e} is alone here and not there, {f g} 1 of 1
    assert precision == pytest.approx((2 + 0 + 0 + 2) / 7)
    assert f1 == pytest.approx(2 * precision * recall / (precision + recall))


def test_leaving_everything_apart_is_right_where_nothing_belongs_together() -> None:
    alone = {item: item for item in "abc"}
    assert lea(alone, alone) == (1.0, 1.0, 1.0)
    assert lea({"a": 1, "b": 1}, {"a": 1, "b": 2}) == (0.0, 0.0, 0.0)


def test_pairs_count_only_what_they_are_asked_to() -> None:
    gold, produced = {("x", 1): 1, ("x", 2): 1, ("y", 1): 1}, {("x", 1): 1, ("x", 2): 1, ("y", 1): 2}
    assert pairs(gold, produced, lambda a, b: True) == (1, 1, 3)
    assert pairs(gold, produced, lambda a, b: a[0] != b[0]) == (0, 0, 2)


def test_ratios_of_nothing_are_not_made_up() -> None:
    assert pair_ratios(0, 0, 0) == (None, None, None)
    assert pair_ratios(0, 0, 4) == (None, 0.0, 0.0)
    assert pair_ratios(0, 3, 0) == (0.0, None, 0.0)
    assert pair_ratios(2, 4, 4) == (0.5, 0.5, 0.5)
