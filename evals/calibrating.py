"""How far the matcher itself can be believed: its judgements against those of people.

Comes in: labelled pairs. Goes out: kappa, precision and recall with intervals, in all and for each style of
output. Promises: what was tuned on is kept apart from what is reported; an interval is by resampling whole
articles where many labels share one (Wilson's for plain rates).

Two sets. REALSumm (Bhandari et al. 2020): does a news summary say this fact? 26,400 human labels; the
threshold was chosen on articles 0 to 29, the figures are for the others. Own pairs: do two statements say
the same? Written for this purpose (evals/calibration/pairs.jsonl), half of them decided by one value or near
a threshold.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from evals.claims import of_text
from evals.expressing import EXPRESSED, expression, said
from evals.models import Measure
from evals.pairs import NAMES_FLOOR, THRESHOLD, WORDS_FLOOR, compare, words_f1
from evals.ruler import ErrorRates, Style
from evals.statistics import SEED, rate
from service.errors import InputError, NotFound
from service.facts.models import Frozen

Label = Literal["same", "value_differs", "related", "unrelated"]
PAIRS = Path(__file__).parent / "calibration" / "pairs.jsonl"
TUNED_ON = 30  # REALSumm articles
RESAMPLES = 1000
NEAR = 0.1
COPIED = 0.9  # of the words of a statement: from here on it copies the other


class LabelledPair(Frozen):
    """`style`: in what manner the right one is written. `held`: kept from whoever tunes the matcher."""

    left: str
    right: str
    label: Label
    style: str
    held: bool = False


class Agreement(Frozen):
    """`kappa`: Cohen's, against chance; `hit` and `false`: shares of same and of other pairs that are
    matched.
    """

    n: int
    kappa: Measure
    precision: Measure
    hit: Measure
    false: Measure


class OwnPairs(Frozen):
    """`value_differs`: share of those pairs that are matched all the same; the bar is 2 %.

    `held`: over the pairs that nothing was tuned on. `close`: share of the pairs that one value alone
    decides, or that lie within .1 of a threshold.
    """

    threshold: float
    whole: Agreement
    styles: dict[str, Agreement]
    value_differs: Measure
    close: float
    errors: dict[Style, ErrorRates]
    held: Agreement | None = None


class Realsumm(Frozen):
    """`tuned_on`: the articles the threshold was chosen on; `whole`: the others. `tau`: Kendall's, how far
    the matcher ranks the systems as people do.
    """

    threshold: float
    tuned_on: Agreement
    whole: Agreement
    systems: dict[str, Agreement]
    tau: float


@dataclass(frozen=True, slots=True)
class _Judged:
    """One pair: what people say, what the matcher says, and which labels belong together."""

    same: bool
    matched: bool
    group: str


# -- own pairs ------------------------------------------------------------------------------------


def read_pairs(path: Path = PAIRS) -> tuple[LabelledPair, ...]:
    """Raises NotFound or InputError with the line."""
    if not path.is_file():
        raise NotFound("there are no labelled pairs", where=str(path))
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip():
            try:
                found.append(LabelledPair.model_validate_json(line))
            except ValueError as error:
                raise InputError(
                    f"it is no labelled pair: {' '.join(str(error).split())}", where=f"{path}:{number}"
                ) from None
    return tuple(found)


def calibrate_pairs(pairs: Sequence[LabelledPair], threshold: float = THRESHOLD) -> OwnPairs:
    compared = [compare(of_text(pair.left), of_text(pair.right)) for pair in pairs]
    judged = [
        _Judged(pair.label == "same", found.score >= threshold, pair.left)
        for pair, found in zip(pairs, compared, strict=True)
    ]
    styles = defaultdict(list)
    written: dict[Style, list[_Judged]] = {"copied": [], "reworded": []}
    for pair, one in zip(pairs, judged, strict=True):
        styles[pair.style].append(one)
        written["copied" if _copies(pair) else "reworded"].append(one)
    differing = [one for pair, one in zip(pairs, judged, strict=True) if pair.label == "value_differs"]
    close = [
        bool(found.vetoes and found.unvetoed >= threshold) or _close(pair, found.unvetoed, threshold)
        for pair, found in zip(pairs, compared, strict=True)
    ]
    return OwnPairs(
        threshold=threshold,
        whole=_agreement(judged),
        held=_agreement([one for pair, one in zip(pairs, judged, strict=True) if pair.held]),
        styles={style: _agreement(each) for style, each in sorted(styles.items())},
        value_differs=rate(sum(one.matched for one in differing), len(differing)),
        close=sum(close) / len(close) if close else 0.0,
        errors={
            style: ErrorRates(hit=_hit(each), false=_false(each)) for style, each in written.items() if each
        },
    )


def _copies(pair: LabelledPair) -> bool:
    left, right = of_text(pair.left).whole, of_text(pair.right).whole
    same = sum(unit.weight for unit in right.units if not unit.keys.isdisjoint(left.keys))
    return same >= COPIED * right.weight


def _close(pair: LabelledPair, score: float, threshold: float) -> bool:
    words = words_f1(of_text(pair.left).forms[0].words, of_text(pair.right).forms[0].words)
    return abs(score - threshold) <= NEAR or WORDS_FLOOR - NEAR <= words <= NAMES_FLOOR + NEAR


# -- REALSumm -------------------------------------------------------------------------------------


def calibrate_realsumm(folder: Path, threshold: float = EXPRESSED) -> Realsumm:
    """`folder` holds facts.jsonl and summaries.jsonl. Raises NotFound or InputError."""
    facts = {
        str(line["doc"]): [said(fact) for fact in line["facts"]] for line in _lines(folder / "facts.jsonl")
    }
    tuned: list[_Judged] = []
    tested: list[_Judged] = []
    systems: dict[str, list[_Judged]] = defaultdict(list)
    for line in _lines(folder / "summaries.jsonl"):
        summary, doc = said(line["summary"]), str(line["doc"])
        judged = [
            _Judged(bool(label), expression(fact, summary) >= threshold, doc)
            for fact, label in zip(facts[doc], line["expressed"], strict=True)
        ]
        if int(doc) < TUNED_ON:
            tuned += judged
        else:
            tested += judged
            systems[line["system"]] += judged
    return Realsumm(
        threshold=threshold,
        tuned_on=_agreement(tuned),
        whole=_agreement(tested),
        systems={name: _agreement(each) for name, each in sorted(systems.items())},
        tau=_tau(
            [
                (sum(one.same for one in each) / len(each), sum(one.matched for one in each) / len(each))
                for each in systems.values()
            ]
        ),
    )


def _lines(path: Path) -> Iterable[dict[str, Any]]:
    if not path.is_file():
        raise NotFound("there is no such file of labels", where=str(path))
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise InputError(f"it is not JSON: {error}", where=f"{path}:{number}") from None


def _tau(pairs: Sequence[tuple[float, float]]) -> float:
    """Kendall's tau-a: pairs of systems in the same order less those in the other, of all."""
    signs = [np.sign(a[0] - b[0]) * np.sign(a[1] - b[1]) for i, a in enumerate(pairs) for b in pairs[i + 1 :]]
    return float(np.mean(signs)) if signs else 0.0


# -- agreement ------------------------------------------------------------------------------------


def _agreement(judged: Sequence[_Judged]) -> Agreement:
    matched = [one for one in judged if one.matched]
    return Agreement(
        n=len(judged),
        kappa=_resampled(judged),
        precision=rate(sum(one.same for one in matched), len(matched)),
        hit=_hit(judged),
        false=_false(judged),
    )


def _hit(judged: Sequence[_Judged]) -> Measure:
    same = [one for one in judged if one.same]
    return rate(sum(one.matched for one in same), len(same))


def _false(judged: Sequence[_Judged]) -> Measure:
    other = [one for one in judged if not one.same]
    return rate(sum(one.matched for one in other), len(other))


def _resampled(judged: Sequence[_Judged]) -> Measure:
    """Kappa; its interval by drawing whole groups again, seeded."""
    groups: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in judged:
        groups[one.group][2 * one.same + one.matched] += 1
    counts = np.array(list(groups.values()), dtype=float).reshape(-1, 4)
    value = kappa(*counts.sum(axis=0))
    if value is None or len(counts) < 2:
        return Measure(value=value, n=len(judged))
    rng = np.random.default_rng(SEED)
    drawn = rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=RESAMPLES) @ counts
    values = [k for row in drawn if (k := kappa(*row)) is not None]
    low, high = np.quantile(values, [0.025, 0.975])
    return Measure(value=value, low=float(low), high=float(high), n=len(judged))


def kappa(neither: float, only_matched: float, only_same: float, both: float) -> float | None:
    """Cohen's kappa of a two by two table; None where one of the two always says the same."""
    n = neither + only_matched + only_same + both
    if not n:
        return None
    observed = (neither + both) / n
    same, matched = (both + only_same) / n, (both + only_matched) / n
    chance = same * matched + (1 - same) * (1 - matched)
    return None if chance == 1 else float((observed - chance) / (1 - chance))
