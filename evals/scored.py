"""A run that has been scored: its numbers and what became of each fact.

Comes in: the run's folder. Goes out: `Scores`, and `Outcome`s one at a time. Promises: what is missing, torn
or of another version is said with file and line; two runs are set side by side only when they were asked
about the same labels and measured with the same ruler.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from evals.lines import parsed, problems_of
from evals.models import Manifest, Outcome, Scores
from evals.runs import BadRun, whole_lines
from evals.scoring.score import OUTCOMES, SCORES
from service.errors import InputError, NotFound

SCORE_SCHEMA = "1"
SHOWN = 4


class NotComparable(InputError):
    slug, title = "not-comparable", "The runs cannot be compared"


def read_scores(folder: Path) -> Scores:
    """Raises NotFound before `score` was run, BadRun where the file is another version's or damaged."""
    path = folder / SCORES
    if not path.is_file():
        raise NotFound(f"it has no {SCORES}; run `python -m evals score {folder}` first", where=str(folder))
    try:
        given = json.loads(path.read_bytes().decode("utf-8"))
    except ValueError as error:
        raise BadRun(f"it is not JSON ({error}); score the run again", where=str(path)) from None
    schema = given.get("score_schema") if isinstance(given, dict) else None
    if schema != SCORE_SCHEMA:
        raise BadRun(
            f"it has score_schema {schema!r}, and this version of the evals reads {SCORE_SCHEMA!r}; "
            "score the run again, which asks no model",
            where=str(path),
        )
    try:
        return Scores.model_validate(given)
    except ValidationError as error:
        raise BadRun(f"{problems_of(error)}; score the run again", where=str(path)) from None


def read_outcomes(folder: Path) -> Iterator[Outcome]:
    """One at a time is held. Raises NotFound or BadRun."""
    path = folder / OUTCOMES
    if not path.is_file():
        raise NotFound(f"it has no {OUTCOMES}; run `python -m evals score {folder}` first", where=str(folder))
    for number, raw in whole_lines(path):
        where = f"{path}:{number}"
        try:
            yield Outcome.model_validate(parsed(raw.decode("utf-8")))
        except ValidationError as error:
            raise BadRun(problems_of(error), where=where) from None
        except ValueError as error:
            raise BadRun(f"it is not an outcome: {error}", where=where) from None


def check_same_questions(a: Scores, b: Scores, names: tuple[str, str] = ("A", "B")) -> None:
    """Raises NotComparable where the labels, the events or the ruler differ."""
    told = _event_differences(a.manifest, b.manifest, names)
    if told:
        more = f" and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
        raise NotComparable(
            f"{names[0]} and {names[1]} are not about the same events: {'; '.join(told[:SHOWN])}{more}. Run "
            "both on one dataset"
        )
    if a.scorer_sha256 != b.scorer_sha256:
        raise NotComparable(
            f"{names[0]} and {names[1]} were scored by different versions of the scorer; score both again, "
            "which asks no model"
        )


def coverage(scores: Scores) -> tuple[int, int]:
    """Samples that came to something, and all: they stand beside every score."""
    return sum(event.ok for event in scores.events), sum(event.samples for event in scores.events)


def by_event(scores: Scores, name: str) -> dict[str, float | None]:
    return {event.event: event.values.get(name) for event in scores.events}


def _event_differences(a: Manifest, b: Manifest, names: tuple[str, str]) -> list[str]:
    one = {event.id: event.sha256 for event in a.events}
    other = {event.id: event.sha256 for event in b.events}
    told = [f"event {i} is only in {names[0]}" for i in one if i not in other]
    told += [f"event {i} is only in {names[1]}" for i in other if i not in one]
    return told + [f"event {i} had other texts or labels" for i in one if i in other and one[i] != other[i]]
