from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.models import Measure
from evals.statistics import (
    adjusted,
    compare,
    detectable,
    events_needed,
    holm,
    mean,
    pooled,
    rate,
    sign_flip_p,
    verdict,
)

NUMBERS = st.floats(-1, 1, allow_nan=False).map(lambda x: round(x, 3))


def test_student_t_interval_by_hand() -> None:
    # mean 3, sd 1.5811, t(.975, 4) = 2.7764, so 3 +- 2.7764 * 1.5811 / sqrt(5)
    measure = mean([1, 2, 3, 4, 5])
    assert measure.value == 3
    assert measure.low == pytest.approx(1.0368, abs=1e-4)
    assert measure.high == pytest.approx(4.9632, abs=1e-4)
    assert measure.n == 5


def test_the_interval_is_cut_to_what_is_possible() -> None:
    measure = mean([0.9, 1.0, 1.0], within=(0, 1))
    assert measure.high == 1
    assert measure.low is not None and 0 < measure.low < 0.9


def test_one_event_has_no_interval_and_none_has_no_mean() -> None:
    assert mean([0.4]) == Measure(value=0.4, n=1)
    assert mean([None, None]) == Measure(value=None, n=0)
    assert mean([None, 0.4]).n == 1


def test_equal_values_have_an_interval_of_no_width() -> None:
    measure = mean([0.1] * 7)
    assert (measure.value, measure.low, measure.high) == pytest.approx((0.1, 0.1, 0.1))


def test_coverage_of_the_t_interval_on_skewed_scores() -> None:
    draw = random.Random(7)
    true = 4 / 6
    inside = 0
    for _ in range(1_000):
        measure = mean([draw.betavariate(4, 2) for _ in range(5)])
        assert measure.low is not None and measure.high is not None
        inside += measure.low <= true <= measure.high
    assert 0.925 <= inside / 1_000 <= 0.98  # the percentile bootstrap covers .83 here


def test_wilson_by_hand() -> None:
    # 8 of 10: (.8 + z2/20 -+ z sqrt(.016 + z2/400)) / (1 + z2/10), z = 1.95996
    measure = rate(8, 10)
    assert (measure.value, measure.n) == (0.8, 10)
    assert measure.low == pytest.approx(0.4902, abs=1e-4)
    assert measure.high == pytest.approx(0.9433, abs=1e-4)


def test_wilson_at_the_ends() -> None:
    assert rate(0, 20).low == pytest.approx(0, abs=1e-12)
    assert rate(0, 20).high == pytest.approx(0.1611, abs=1e-4)
    assert rate(20, 20).high == pytest.approx(1)
    assert rate(0, 0) == Measure(value=None, n=0)


@pytest.mark.parametrize(("hits", "n"), [(-1, 3), (4, 3)])
def test_an_impossible_rate_is_refused(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match="no rate"):
        rate(hits, n)


def _f1(counts: list[tuple[int, int]]) -> float | None:
    below = sum(n for _, n in counts)
    return sum(2 * tp for tp, _ in counts) / below if below else None


def test_pooled_counts_weigh_events_by_their_size() -> None:
    measure = pooled([(1, 4), (9, 20), (5, 12)], lambda counts: _f1(list(counts)))
    assert measure.value == pytest.approx(30 / 36)
    assert measure.low is not None and measure.high is not None
    assert measure.low < 30 / 36 < measure.high <= 1


def test_the_jackknife_of_a_mean_is_students_interval() -> None:
    values = [0.2, 0.5, 0.4, 0.9]
    plain = mean(values)
    jackknifed = pooled(values, lambda some: sum(some) / len(some), within=None)
    assert jackknifed.value == pytest.approx(plain.value)
    assert jackknifed.low == pytest.approx(plain.low)
    assert jackknifed.high == pytest.approx(plain.high)


def test_pooled_without_units_or_with_one() -> None:
    assert pooled([], lambda counts: 1.0) == Measure(value=None, n=0)
    assert pooled([(1, 2)], lambda counts: _f1(list(counts))) == Measure(value=1.0, n=1)


@pytest.mark.parametrize(("n", "p"), [(1, 1.0), (5, 0.0625), (6, 0.03125), (10, 2 / 1024)])
def test_the_smallest_p_that_so_many_events_can_give(n: int, p: float) -> None:
    assert sign_flip_p([0.1 + i / 100 for i in range(n)]) == pytest.approx(p)


@given(st.lists(NUMBERS, min_size=1, max_size=7))
def test_sign_flip_agrees_with_counting_every_pattern(differences: list[float]) -> None:
    seen = abs(sum(differences))
    patterns = [
        abs(sum(s * d for s, d in zip(signs, differences, strict=True)))
        for signs in itertools.product((1, -1), repeat=len(differences))
    ]
    counted = sum(pattern >= seen - 1e-9 for pattern in patterns) / len(patterns)
    assert sign_flip_p(differences) == pytest.approx(counted)


def test_no_difference_is_no_evidence() -> None:
    assert sign_flip_p([0.0] * 8) == 1
    assert sign_flip_p([]) is None


def test_many_events_are_drawn_with_a_fixed_seed() -> None:
    draw = random.Random(3)
    differences = [draw.gauss(0.05, 0.2) for _ in range(40)]
    first = sign_flip_p(differences)
    assert first == sign_flip_p(differences)
    assert first is not None and 0 < first < 1


def test_holm_by_hand() -> None:
    # sorted .01 .02 .03 .04 -> 4 * .01, max(3 * .02), then the larger of it and 2 * .03, 1 * .04
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx((0.06, 0.04, 0.06, 0.06))
    assert holm([None, 0.04, 0.03])[0] is None
    assert holm([None, 0.04, 0.03])[1:] == pytest.approx((0.06, 0.06))
    assert holm([0.9, 0.8]) == (1, 1)
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_never_lowers_p_and_keeps_the_order(ps: list[float]) -> None:
    after = holm(ps)
    for p, q in zip(ps, after, strict=True):
        assert q is not None and p <= q <= 1
    for (p, q), (r, s) in itertools.combinations(zip(ps, after, strict=True), 2):
        assert q is not None and s is not None
        assert (p - r) * (q - s) >= 0


def test_detectable_difference_by_hand() -> None:
    # (t(.975, 9) + t(.8, 9)) * sd / sqrt(10) = (2.2622 + .8834) * .1 / 3.1623
    differences = [0.1 * x for x in (-1, 1, -1, 1, -1, 1, -1, 1, -1, 1)]
    assert detectable(differences) == pytest.approx(3.1456 * 0.105409 / 3.162278, rel=1e-3)


def test_detectable_is_reached_four_times_in_five() -> None:
    draw = random.Random(11)
    n, spread = 12, 0.1
    needed = 0.0885  # (t(.975, 11) + t(.8, 11)) * .1 / sqrt(12)
    assert detectable([spread * x for x in (1.0, -1.0) * 6]) == pytest.approx(needed * 1.0445, rel=0.01)
    shown = 0
    for _ in range(1_000):
        measure = mean([draw.gauss(needed, spread) for _ in range(n)])
        assert measure.low is not None
        shown += measure.low > 0
    assert 0.75 <= shown / 1_000 <= 0.85


def test_detectable_is_unknown_without_spread_or_events() -> None:
    assert detectable([0.1, 0.2, 0.15, 0.3, 0.2]) is None  # five have no p below .0625
    assert detectable([0.1, 0.2, 0.15, 0.3, 0.2, 0.1]) is not None
    assert detectable([0.1] * 9) is None


@pytest.mark.parametrize(("tests", "events"), [(1, 6), (2, 7), (5, 8), (40, 11)])
def test_how_many_events_it_takes(tests: int, events: int) -> None:
    assert events_needed(tests) == events
    assert tests * 2 / 2**events <= 0.05 < tests * 2 / 2 ** (events - 1)


def test_verdicts() -> None:
    a = [0.30, 0.35, 0.28, 0.40, 0.33, 0.31]
    up = [x + 0.1 + i / 100 for i, x in enumerate(a)]
    assert compare(a, up).verdict == "better"
    assert compare(up, a).verdict == "worse"
    assert compare(a, up, better="lower").verdict == "worse"
    assert compare(a, a).verdict == "equivalent"
    assert compare(a, [0.5, 0.2, 0.5, 0.2, 0.5, 0.3]).verdict == "insufficient evidence"


def test_five_events_can_never_be_enough() -> None:
    a = [0.30, 0.35, 0.28, 0.40, 0.33]
    comparison = compare(a, [x + 0.2 + i / 100 for i, x in enumerate(a)])
    assert comparison.low is not None and comparison.low > 0
    assert comparison.p == pytest.approx(0.0625)
    assert comparison.verdict == "insufficient evidence"


def test_a_difference_below_the_margin_is_neither_better_nor_worse() -> None:
    sure_but_small = Measure(value=0.015, low=0.005, high=0.025, n=30)
    assert verdict(sure_but_small, 0.001) == "insufficient evidence"
    assert verdict(sure_but_small, 0.001, margin=0.03) == "equivalent"


def test_an_event_without_a_score_leaves_the_pair() -> None:
    comparison = compare([0.1, None, 0.3, 0.2], [0.2, 0.5, None, 0.4])
    assert comparison.n == 2
    assert comparison.mean_a == pytest.approx(0.15)
    assert comparison.mean_b == pytest.approx(0.3)
    assert comparison.difference == pytest.approx(0.15)
    assert comparison.verdict == "insufficient evidence"


def test_nothing_to_compare() -> None:
    comparison = compare([None], [0.2])
    assert (comparison.n, comparison.difference, comparison.p) == (0, None, None)
    assert comparison.verdict == "insufficient evidence"


def test_runs_over_different_events_cannot_be_zipped() -> None:
    with pytest.raises(ValueError, match="zip"):
        compare([0.1], [0.1, 0.2])


def test_holm_takes_a_verdict_back() -> None:
    a = [0.30, 0.35, 0.28, 0.40, 0.33, 0.31]
    up = [x + 0.1 + i / 100 for i, x in enumerate(a)]
    alone = compare(a, up)
    both = adjusted([alone, alone], ["higher", "higher"])
    assert alone.verdict == "better"
    assert [c.p_adjusted for c in both] == pytest.approx([0.0625, 0.0625])
    assert {c.verdict for c in both} == {"insufficient evidence"}


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=8))
def test_swapping_the_runs_turns_the_verdict(pairs: list[tuple[float, float]]) -> None:
    a, b = [x for x, _ in pairs], [y for _, y in pairs]
    there, back = compare(a, b), compare(b, a)
    turned = {"better": "worse", "worse": "better"}
    assert back.verdict == turned.get(there.verdict, there.verdict)
    assert there.difference is not None and back.difference is not None
    assert there.difference == pytest.approx(-back.difference)
    assert there.p == pytest.approx(back.p)
