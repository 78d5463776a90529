"""Whether two values can both be true.

Comes in: two numbers, or a date. Goes out: yes or no. Promises: symmetric; a rounding agrees with what it
rounds ("24" and "more than 20"), and a vague date excludes nothing.
"""

from __future__ import annotations

from service.facts.numbers import Number

_MORE = frozenset({"more", "at_least"})
_LESS = frozenset({"less", "at_most"})


def numbers_agree(left: Number, right: Number) -> bool:
    """Whether both can be true of one quantity: "24" and "more than 20", "512" and "about 500"."""
    if left.value is None or right.value is None:
        return left.value is right.value and left.text.lower() == right.text.lower()
    if left.value == right.value:
        return not ({left.bound, right.bound} & _MORE and {left.bound, right.bound} & _LESS)
    (low_a, high_a), (low_b, high_b) = _interval(left), _interval(right)
    return max(low_a, low_b) <= min(high_a, high_b)


# How far "about" and "more than" reach: a writer who has 512 says "about 500" or "more than 500", and
# one who has 24 says "over 20", but one who has 90 does not say "over 20".
ABOUT = 0.1
ROUNDED = 0.5


def _interval(number: Number) -> tuple[float, float]:
    value = number.value or 0.0
    reach = {"exact": (0.0, 0.0), "about": (ABOUT, ABOUT), "more": (0.0, ROUNDED), "at_least": (0.0, ROUNDED),
             "less": (ROUNDED / 2, 0.0), "at_most": (ROUNDED / 2, 0.0)}  # fmt: skip
    below, above = reach[number.bound]
    return value - abs(value) * below, value + abs(value) * above


def is_resolved(value: str) -> bool:
    """Not "last week", "1950s" or the "today" of an undated article, which exclude nothing."""
    if value[:1].isdigit():
        return not value.endswith("s")
    return value.startswith("XXXX") or (value.endswith("day") and value not in {"today", "yesterday"})
