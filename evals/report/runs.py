"""A run as the report speaks of it.

Comes in: a scored run's folder. Goes out: a `Run`. Promises: whatever can be why it scores otherwise stands
in `about`; a run has one letter throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.models import Measure, Outcome, Scores
from evals.scored import coverage, read_outcomes

FIRST_REPEAT = 0


@dataclass(frozen=True)
class Run:
    """`letter` names it throughout. `about`: what it is a run of, one pair a line. `shown`: the outcomes of
    the repeat that is shown, by event and article (None: the story).
    """

    letter: str
    folder: str
    name: str
    about: tuple[tuple[str, str], ...]
    scores: Scores
    outcomes: tuple[Outcome, ...]
    shown: dict[tuple[str, str | None], list[Outcome]]
    ok: int
    samples: int
    copied: Measure | None

    def of_articles(self, event: str) -> list[Outcome]:
        return [o for (of, article), each in self.shown.items() if of == event and article for o in each]


def read_run(letter: str, folder: Path, scores: Scores, copied: Measure | None) -> Run:
    manifest, outcomes = scores.manifest, tuple(read_outcomes(folder))
    ok, samples = coverage(scores)
    failed = ", ".join(f"{n} {state}" for state, n in scores.states.items() if state != "ok" and n)
    about = [("system", manifest.system), ("model", manifest.model), *sorted(manifest.prompts.items())]
    about += [("samples", f"{ok} of {samples}{f' ({failed})' if failed else ''}")]
    if manifest.repeats > 1:
        about.append(("repeats", str(manifest.repeats)))
    if copied is not None and copied.value is not None:
        about.append(("copied word for word", f"{copied.value:.0%}"))
    return Run(
        letter=letter,
        folder=str(folder),
        name=folder.resolve().name,
        about=tuple((name, value) for name, value in about if value != "none"),
        scores=scores,
        outcomes=outcomes,
        shown=_of_first_repeat(outcomes),
        ok=ok,
        samples=samples,
        copied=copied,
    )


def _of_first_repeat(outcomes: Sequence[Outcome]) -> dict[tuple[str, str | None], list[Outcome]]:
    shown: dict[tuple[str, str | None], list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.repeat == FIRST_REPEAT:
            shown.setdefault((outcome.event, outcome.article), []).append(outcome)
    return shown
