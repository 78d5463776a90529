"""How sure a number is, and what the difference of two runs proves.

Comes in: scores of events (one number an event, repeats already averaged) or counts. Goes out: a
`Measure` with its 95 % interval, or a `Comparison` of two runs with its verdict. Promises: the unit is
the event; nothing is drawn at random up to 16 events and nothing unseeded beyond; too little data is said
(`None`, "insufficient evidence"), never filled in.

Why not the percentile bootstrap: over five events its 95 % interval covers 83 %; Student's t covers 95 %.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from statistics import fmean, stdev
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from evals.models import Measure
from service.facts.models import Frozen

Verdict = Literal["better", "worse", "equivalent", "insufficient evidence"]
Direction = Literal["higher", "lower"]
Unit = TypeVar("Unit")

LEVEL = 0.95
POWER = 0.8
EXACT_UP_TO = 16  # events; 2**16 sign patterns take a fraction of a second
DRAWS = 10_000
SEED = 20310304
MARGIN = 0.02  # the matcher cannot tell smaller gaps apart, whatever p says
FEWEST = 3  # events; two that agree by chance have no spread at all
NO_SPREAD = 1e-12  # what rounding leaves of equal numbers


class Comparison(Frozen):
    """B against A over the events that both have a score for. `difference` is mean B - mean A.

    `p`: exact two-sided sign-flip test; `p_adjusted`: after Holm, the same when only one was tested.
    `detectable`: the difference that this many events show with 80 % power; None where they can show none.
    """

    n: int
    mean_a: float | None
    mean_b: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    p_adjusted: float | None
    detectable: float | None
    margin: float
    verdict: Verdict


def mean(
    values: Sequence[float | None], *, within: tuple[float, float] | None = None, level: float = LEVEL
) -> Measure:
    """Mean of the events that have a value, with Student's t interval cut to `within`.

    One event has no interval; none has no mean.
    """
    known = [value for value in values if value is not None]
    if not known:
        return Measure(value=None, n=0)
    middle = fmean(known)
    if len(known) == 1:
        return Measure(value=middle, n=1)
    reach = _reach(known, level)
    return _measure(middle, reach, len(known), within)


def rate(hits: int, n: int, *, level: float = LEVEL) -> Measure:
    """Share `hits / n` with Wilson's interval, which stays honest at 0 and at n."""
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is no rate: give 0 <= hits <= n")
    if n == 0:
        return Measure(value=None, n=0)
    interval = stats.binomtest(hits, n).proportion_ci(level, method="wilson")
    return Measure(value=hits / n, low=float(interval.low), high=float(interval.high), n=n)


def pooled(
    units: Sequence[Unit],
    statistic: Callable[[Sequence[Unit]], float | None],
    *,
    within: tuple[float, float] | None = (0.0, 1.0),
    level: float = LEVEL,
) -> Measure:
    """`statistic` of all units together (micro F1 of the events' counts), interval by the jackknife.

    Leaves one unit out at a time; where the statistic is undefined without one of them, there is no interval.
    """
    n = len(units)
    whole = statistic(units) if units else None
    if whole is None:
        return Measure(value=None, n=n)
    parts = [statistic([*units[:i], *units[i + 1 :]]) for i in range(n)] if n > 1 else [None]
    without = [part for part in parts if part is not None]
    if len(without) < len(parts):
        return Measure(value=whole, n=n)
    pseudo = [n * whole - (n - 1) * part for part in without]
    return _measure(whole, _reach(pseudo, level), n, within)


def sign_flip_p(differences: Sequence[float]) -> float | None:
    """Two-sided p of the paired differences: how often signs dealt at random reach so large a mean."""
    if not differences:
        return None
    values = np.asarray(differences, dtype=np.float64)
    exact = len(values) <= EXACT_UP_TO
    reached = int(np.sum(np.abs(_signs(len(values)) @ values) >= abs(values.sum()) - NO_SPREAD * len(values)))
    # Of drawn signs the pattern that was seen is one more, so that no p is 0 by luck.
    return reached / 2 ** len(values) if exact else (reached + 1) / (DRAWS + 1)


def holm(ps: Sequence[float | None]) -> tuple[float | None, ...]:
    """Holm's adjusted p values in the order given; an untested one (`None`) stays and counts for nothing."""
    order = sorted((p, i) for i, p in enumerate(ps) if p is not None)
    adjusted: list[float | None] = [None] * len(ps)
    floor = 0.0
    for rank, (p, i) in enumerate(order):
        floor = max(floor, min(1.0, (len(order) - rank) * p))
        adjusted[i] = floor
    return tuple(adjusted)


def detectable(differences: Sequence[float], *, power: float = POWER, level: float = LEVEL) -> float | None:
    """The smallest true difference that so many events with such a spread show with `power`.

    None where no difference is large enough: so few events have no p below 5 %.
    """
    n = len(differences)
    if n < events_needed():
        return None
    spread = stdev(differences)
    if spread < NO_SPREAD:
        return None
    quantiles = stats.t.ppf([(1 + level) / 2, power], n - 1)
    return float(quantiles.sum() * spread / math.sqrt(n))


def events_needed(tests: int = 1) -> int:
    """The fewest events whose smallest p, two of all sign patterns, is 5 % after Holm over `tests`."""
    return next(n for n in range(2, 64) if tests * 2.0 ** (1 - n) <= 1 - LEVEL + NO_SPREAD)


def verdict(
    difference: Measure, p: float | None, *, margin: float = MARGIN, better: Direction = "higher"
) -> Verdict:
    """What the interval of B - A and its p allow to say of B.

    Better and worse need all three: an interval without 0, p at most 5 %, a difference of at least the
    margin. Equivalent needs the whole interval within the margin. All else is insufficient evidence.
    """
    value, low, high = difference.value, difference.low, difference.high
    if value is None or low is None or high is None or p is None or difference.n < FEWEST:
        return "insufficient evidence"
    if -margin <= low and high <= margin:
        return "equivalent"
    if low <= 0 <= high or p > 1 - LEVEL + NO_SPREAD or abs(value) < margin:
        return "insufficient evidence"
    return "better" if (value > 0) == (better == "higher") else "worse"


def compare(
    a: Sequence[float | None],
    b: Sequence[float | None],
    *,
    margin: float = MARGIN,
    better: Direction = "higher",
) -> Comparison:
    """Two runs over the same events, in the same order; an event that either cannot score is left out."""
    pairs = [
        (x, y)
        for x, y in zip(a, b, strict=True)  # strict: an event may not be paired with another
        if x is not None and y is not None
    ]
    differences = [y - x for x, y in pairs]
    measure, p = mean(differences), sign_flip_p(differences)
    return Comparison(
        n=len(pairs),
        mean_a=fmean(x for x, _ in pairs) if pairs else None,
        mean_b=fmean(y for _, y in pairs) if pairs else None,
        difference=measure.value,
        low=measure.low,
        high=measure.high,
        p=p,
        p_adjusted=p,
        detectable=detectable(differences),
        margin=margin,
        verdict=verdict(measure, p, margin=margin, better=better),
    )


def adjusted(comparisons: Sequence[Comparison], directions: Sequence[Direction]) -> tuple[Comparison, ...]:
    """The same comparisons with Holm's p over all of them, and the verdicts that are left."""
    ps = holm([comparison.p for comparison in comparisons])
    return tuple(
        comparison.model_copy(
            update={
                "p_adjusted": p,
                "verdict": verdict(
                    Measure(
                        value=comparison.difference, low=comparison.low, high=comparison.high, n=comparison.n
                    ),
                    p,
                    margin=comparison.margin,
                    better=better,
                ),
            }
        )
        for comparison, p, better in zip(comparisons, ps, directions, strict=True)
    )


def _reach(values: Sequence[float], level: float) -> float:
    spread = stdev(values)
    if spread < NO_SPREAD:
        return 0.0
    return float(stats.t.ppf((1 + level) / 2, len(values) - 1) * spread / math.sqrt(len(values)))


def _measure(middle: float, reach: float, n: int, within: tuple[float, float] | None) -> Measure:
    low, high = middle - reach, middle + reach
    if within is not None:
        low, high = max(low, within[0]), min(high, within[1])
    return Measure(value=middle, low=low, high=high, n=n)


@lru_cache(maxsize=4)  # a run has few numbers of events; of many events a table is large
def _signs(n: int) -> NDArray[np.float64]:
    """A row a pattern: all of them for few events, drawn ones for many."""
    if n > EXACT_UP_TO:
        drawn = np.random.default_rng(SEED).integers(0, 2, size=(DRAWS, n))
        return (2 * drawn - 1).astype(np.float64)
    patterns = (np.arange(2**n)[:, np.newaxis] >> np.arange(n)) & 1
    return (2 * patterns - 1).astype(np.float64)
