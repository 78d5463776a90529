"""Whether a run may be released: it is held against a baseline file.

Comes in: a scored run and a baseline. Goes out: a `GateResult` with its exit code: 0 pass, 2 regression, 3
insufficient evidence; 1 is an error of the tool, and never one of the others. Promises: a rule passes only
when that is shown: a floor by the number itself, "no worse" by the whole interval of the difference; what
cannot be measured any more does not pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from evals.comparing import direction
from evals.exits import Exit
from evals.figures import difference, metric, written
from evals.lines import problems_of
from evals.models import Measure, Scores
from evals.runs import MANIFEST
from evals.scored import NotComparable, by_event, coverage, read_scores
from evals.scoring.metrics import PRIMARY
from evals.statistics import FEWEST, MARGIN, Comparison, compare
from service.errors import InputError, NotFound
from service.facts.models import Frozen

BASELINES = Path("evals/baselines")
State = Literal["pass", "regression", "insufficient evidence"]


_CODES: Mapping[State, Exit] = {
    "pass": Exit.passed,
    "regression": Exit.regression,
    "insufficient evidence": Exit.insufficient_evidence,
}


class BadBaseline(InputError):
    slug, title = "bad-baseline", "The baseline cannot be used"


class Rule(Frozen):
    """What is asked of one metric. `margin`: how much worse than the baseline it may be. `least`, `most`:
    bounds of the total, whatever the baseline was.
    """

    metric: str
    margin: float | None = Field(MARGIN, gt=0)
    least: float | None = None
    most: float | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if metric(self.metric).better == "neither" and self.margin is not None:
            raise ValueError(f"{self.metric} takes no side: give bounds and margin null")
        if self.margin is None and self.least is None and self.most is None:
            raise ValueError(f"the rule for {self.metric} asks nothing")
        return self


class BaselineEvent(Frozen):
    event: str
    sha256: str
    values: dict[str, float | None]


class Baseline(Frozen):
    """A file of `evals/baselines/`: the numbers of the run to hold others against, event by event."""

    baseline_schema: Literal["1"] = "1"
    says: str
    system: str
    model: str
    prompts: dict[str, str]
    scorer_sha256: str
    events: tuple[BaselineEvent, ...] = Field(min_length=1)
    rules: tuple[Rule, ...] = Field(min_length=1)


DEFAULT_RULES: tuple[Rule, ...] = (
    Rule(metric=PRIMARY),
    Rule(metric="facts_f1"),
    Rule(metric="value_error_rate"),
    Rule(metric="forbidden_rate"),
    Rule(metric="quote_exact", margin=None, least=1.0),
)


class RuleResult(Frozen):
    rule: Rule
    state: State
    reason: str
    comparison: Comparison | None = None


class GateResult(Frozen):
    state: State
    ok: int
    samples: int
    rules: tuple[RuleResult, ...]

    @property
    def exit_code(self) -> int:
        return int(_CODES[self.state])


def gate(run: Path, baseline: Path) -> GateResult:
    """Raises NotFound, BadRun, BadBaseline or NotComparable, all of them errors of the tool (exit 1)."""
    return judge(read_scores(run), read_baseline(baseline))


def judge(scores: Scores, baseline: Baseline) -> GateResult:
    _check_same(scores, baseline)
    rules = tuple(_judged(rule, scores, baseline) for rule in baseline.rules)
    states = {result.state for result in rules}
    worst: Sequence[State] = ("regression", "insufficient evidence", "pass")
    ok, samples = coverage(scores)
    return GateResult(
        state=next(state for state in worst if state in states), ok=ok, samples=samples, rules=rules
    )


def read_baseline(given: Path) -> Baseline:
    """A file, the name of one in `evals/baselines/`, or the folder of a scored run with the usual rules.

    A run can be scored again when the scorer has changed; a file has to be made anew.
    """
    if (given / MANIFEST).is_file():
        return baseline_of(read_scores(given), f"the run in {given}")
    named = BASELINES / f"{given}.json"
    path = given if given.is_file() or not named.is_file() else named
    if not path.is_file():
        there = ", ".join(sorted(file.stem for file in BASELINES.glob("*.json"))) or "none"
        raise NotFound(f"no such baseline; in {BASELINES} there are: {there}", where=str(given))
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise BadBaseline(problems_of(error), where=str(path)) from None


def baseline_of(scores: Scores, says: str, rules: Sequence[Rule] = DEFAULT_RULES) -> Baseline:
    """What of a run is kept to hold later ones against."""
    shas = {event.id: event.sha256 for event in scores.manifest.events}
    names = [rule.metric for rule in rules]
    return Baseline(
        says=says,
        system=scores.manifest.system,
        model=scores.manifest.model,
        prompts=scores.manifest.prompts,
        scorer_sha256=scores.scorer_sha256,
        events=tuple(
            BaselineEvent(
                event=event.event,
                sha256=shas[event.event],
                values={name: event.values.get(name) for name in names},
            )
            for event in scores.events
        ),
        rules=tuple(rules),
    )


def _check_same(scores: Scores, baseline: Baseline) -> None:
    here = {event.id: event.sha256 for event in scores.manifest.events}
    there = {event.event: event.sha256 for event in baseline.events}
    differing = sorted(i for i in here.keys() | there.keys() if here.get(i) != there.get(i))
    if differing:
        raise NotComparable(
            f"the run and the baseline are not about the same events: {', '.join(differing)} differ in texts "
            "or labels, or are only in one of them; run on the baseline's events, or make a new baseline"
        )
    if scores.scorer_sha256 != baseline.scorer_sha256:
        raise NotComparable(
            "the baseline was scored by another version of the scorer; score its run again and make it anew"
        )


def _judged(rule: Rule, scores: Scores, baseline: Baseline) -> RuleResult:
    bound = _out_of_bounds(rule, scores.totals.get(rule.metric))
    if bound is not None:
        return bound
    if rule.margin is None:
        return RuleResult(rule=rule, state="pass", reason="within its bounds")
    before = {event.event: event.values.get(rule.metric) for event in baseline.events}
    now = by_event(scores, rule.metric)
    lost = sorted(event for event, value in before.items() if value is not None and now.get(event) is None)
    comparison = compare(
        [before[event] for event in sorted(before)],
        [now.get(event) for event in sorted(before)],
        margin=rule.margin,
        better=direction(rule.metric),
    )
    state, reason = _no_worse(rule, comparison)
    if lost and state == "pass":
        state, reason = "insufficient evidence", f"not measured any more in {', '.join(lost)}"
    return RuleResult(rule=rule, state=state, reason=reason, comparison=comparison)


def _no_worse(rule: Rule, comparison: Comparison) -> tuple[State, str]:
    """Worse by more than chance is a regression; surely within the margin passes; else nobody knows."""
    margin = rule.margin or MARGIN
    name = rule.metric
    told = difference(name, comparison)
    if comparison.n < FEWEST or comparison.low is None or comparison.high is None:
        return "insufficient evidence", f"{comparison.n} events; it takes {FEWEST}"
    if comparison.verdict == "worse":
        return "regression", f"worse: {told}"
    lower_better = direction(name) == "lower"
    worst = comparison.high if lower_better else -comparison.low
    if worst <= margin:
        return "pass", f"no worse than {written(name, margin)}: {told}"
    return "insufficient evidence", (
        f"{told} could be worse than {written(name, margin)}; these events show a difference of "
        f"{written(name, comparison.detectable)}"
    )


def _out_of_bounds(rule: Rule, total: Measure | None) -> RuleResult | None:
    if rule.least is None and rule.most is None:
        return None
    value = total.value if total else None
    if value is None:
        return RuleResult(rule=rule, state="insufficient evidence", reason="nothing was measured")
    if rule.least is not None and value < rule.least:
        reason = f"{written(rule.metric, value)} is below {written(rule.metric, rule.least)}"
        return RuleResult(rule=rule, state="regression", reason=reason)
    if rule.most is not None and value > rule.most:
        reason = f"{written(rule.metric, value)} is above {written(rule.metric, rule.most)}"
        return RuleResult(rule=rule, state="regression", reason=reason)
    return None
