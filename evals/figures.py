"""How the evals write numbers for people.

Comes in: a metric's name and a number. Goes out: a few characters. Promises: one number looks the same in the
terminal, the report and a gate's reason; what does not exist is an en dash, never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable

from evals.scoring.metrics import BY_NAME, METRICS, PRIMARY, Metric
from evals.statistics import Comparison

NOTHING = "–"
PLAIN = 1_000  # from here on thousands are set apart


def metric(name: str) -> Metric:
    """A name from another version of the scorer takes no side and is no reason to fail."""
    return BY_NAME.get(name) or Metric(
        name, "story", "mean", "neither", "unknown to this version of the evals"
    )


def in_order(names: Iterable[str]) -> tuple[Metric, ...]:
    """The primary one, then the order of the scorer; unknown names last, by alphabet."""
    wanted = set(names)
    known = sorted((found for found in METRICS if found.name in wanted), key=lambda m: m.name != PRIMARY)
    return (*known, *(metric(name) for name in sorted(wanted - BY_NAME.keys())))


def title(name: str) -> str:
    return (
        name.replace("_", " ")
        .replace(" f1", " F1")
        .replace("f record", "F record")
        .replace("f w", "F_w")
        .replace("lea", "LEA")
    )


def with_arrow(name: str) -> str:
    """The title, marked where less is better."""
    return f"{title(name)} ↓" if metric(name).better == "lower" else title(name)


def written(name: str, value: float | None, *, signed: bool = False) -> str:
    """`.412` of a share, `1,204` tokens, `3.1 s`; with its sign where it is a difference."""
    if value is None:
        return NOTHING
    size = abs(value)
    if name == "seconds_per_article":
        text = f"{size:.1f} s" if size >= 1 else f"{size:.2f} s"
    elif is_share(name):
        text = f"{size:.3f}".removeprefix("0")
    else:
        text = f"{size:,.0f}" if size >= PLAIN else f"{size:.1f}"
    if not any(digit in text for digit in "123456789"):
        return text  # rounded to nothing, it has no direction
    return f"{'−' if value < 0 else '+' if signed else ''}{text}"


def between(name: str, low: float | None, high: float | None) -> str:
    """An interval; nothing at all where there is none."""
    if low is None or high is None:
        return ""
    return f"{written(name, low)} to {written(name, high)}"


def difference(name: str, of: Comparison) -> str:
    """`+.098 ± .115`: the interval of a paired difference lies evenly on both sides; or `same`."""
    if of.difference == of.low == of.high == 0:
        return "same"
    change = written(name, of.difference, signed=True)
    if of.low is None or of.high is None:
        return change
    return f"{change} ± {written(name, (of.high - of.low) / 2)}"


def p_value(p: float | None) -> str:
    if p is None:
        return NOTHING
    return "<.001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def is_share(name: str) -> bool:
    """Whether it runs from 0 to 1."""
    return metric(name).area != "cost" or name == "replayed_share"
