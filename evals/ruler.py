"""Whether two runs were measured with the same ruler.

Comes in: the facts of two runs, and how often the matcher errs on copied and on reworded statements. Goes
out: the style of each run and warnings. Promises: a difference that the matcher alone could make is never
passed over in silence.

A lexical matcher takes more wrong facts for right ones when they are copied from the article than when they
are reworded. A prompt that quotes and one that rewords are then scored with different rulers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from evals.models import Measure, Sample
from evals.statistics import rate
from service.facts.models import Frozen

Style = Literal["copied", "reworded"]
APART = 0.05  # of an error rate: from here on a difference of two runs is not theirs alone
STYLES_APART = 0.25  # of copied statements: from here on unknown error rates are worth a warning


class ErrorRates(Frozen):
    """Of the matcher on one style: the share of same facts (`hit`) and other facts (`false`) it matches."""

    hit: Measure
    false: Measure


class RunStyle(Frozen):
    """`copied`: share of produced facts whose statement stands in its evidence word for word."""

    facts: int
    copied: Measure


def style_of(samples: Iterable[Sample]) -> RunStyle:
    facts = copied = 0
    for sample in samples:
        if sample.article is not None and sample.facts is not None:
            facts += len(sample.facts.facts)
            copied += sum(fact.support == "verbatim" for fact in sample.facts.facts)
    return RunStyle(facts=facts, copied=rate(copied, facts))


def warnings(a: RunStyle, b: RunStyle, errors: Mapping[Style, ErrorRates] | None) -> tuple[str, ...]:
    """What a reader must know before believing a difference; empty where both are measured alike."""
    if a.copied.value is None or b.copied.value is None:
        return ()
    styles = (
        f"{a.copied.value:.0%} of A's statements are copied from the article, {b.copied.value:.0%} of B's"
    )
    if errors is None:
        if abs(a.copied.value - b.copied.value) < STYLES_APART:
            return ()
        return (
            f"{styles}, and how the matcher errs on either style is not known: run `python -m evals "
            "calibrate` and give its errors",
        )
    told = []
    for what, which in (("finds what is the same", "hit"), ("takes other facts for the same", "false")):
        one, other = (_expected(style.copied.value, errors, which) for style in (a, b))
        if one is not None and other is not None and abs(one - other) > APART:
            told.append(
                f"{styles}; the matcher {what} at a rate of {one:.0%} in A and {other:.0%} in B, so a "
                "difference of the two is not theirs alone"
            )
    return tuple(told)


def _expected(copied: float | None, errors: Mapping[Style, ErrorRates], which: str) -> float | None:
    """The rate of a run as the mixture of its two styles."""
    rates = [
        measure.value if isinstance(measure := getattr(errors[style], which), Measure) else None
        for style in ("copied", "reworded")
        if style in errors
    ]
    if copied is None or len(rates) < 2 or rates[0] is None or rates[1] is None:
        return None
    return copied * rates[0] + (1 - copied) * rates[1]
