"""Shares and their intervals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.shares import Share


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [  # Wilson's interval without continuity correction, worked out by hand
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
        (1, 2, 0.0945, 0.9055),
    ],
)
def test_known_intervals(hits: int, total: int, low: float, high: float) -> None:
    assert Share(hits, total).interval == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_between_0_and_1(counts: tuple[int, int]) -> None:
    share = Share(*counts)
    low, high = share.interval
    assert 0 <= low <= share.value + 1e-12
    assert share.value - 1e-12 <= high <= 1


@given(st.integers(1, 50), st.integers(2, 20))
def test_more_counts_make_it_narrower(hits: int, times: int) -> None:
    few, many = Share(hits, 100).interval, Share(hits * times, 100 * times).interval
    assert many[1] - many[0] < few[1] - few[0]


def test_shares_add_up() -> None:
    assert Share.of([True, False, True]) + Share(1, 2) == Share(3, 5)


def test_nothing_counted_says_nothing() -> None:
    assert Share().interval == (0.0, 1.0)
    assert str(Share()) == "-"


def test_how_it_is_printed() -> None:
    assert str(Share(1, 2)) == "50.0% (9 to 91), 1/2"
