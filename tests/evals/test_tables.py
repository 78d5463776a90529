"""Scores and agreement on a terminal."""

from __future__ import annotations

import io

from rich.console import Console

from evals.agreement import agreement
from evals.models import EventScore, GoldFact, Measure, Scores
from evals.tables import described, show_agreement, show_scores
from tests.evals.fakes import manifest
from tests.evals.small import BANG, KILLED


def scores(**fields: object) -> Scores:
    given: dict[str, object] = {
        "scorer_sha256": "0" * 64,
        "manifest": manifest([], system="attest", model="small", prompts={"extract_facts": "v2"}, repeats=2),
        "events": (
            EventScore(
                event="[red]zoo", split="dev", values={"f_record": 0.41, "f_w": None}, samples=8, ok=7
            ),
        ),
        "totals": {
            "f_w": Measure(value=0.75, low=0.7, high=0.8, n=1),
            "f_record": Measure(value=0.412, low=0.3, high=0.5, n=1),
            "conflict_recall": Measure(value=None, n=0),
        },
        "states": {"ok": 7, "timeout": 1, "error": 0},
    }
    return Scores.model_validate(given | fields)


def shown(*runs: tuple[str, Scores]) -> list[str]:
    console = Console(file=io.StringIO(), width=160)
    show_scores(runs, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def row(lines: list[str], name: str) -> list[str]:
    return next(line for line in lines if line.lower().startswith(name)).split()


def test_failures_stand_beside_the_scores() -> None:
    assert (
        described(scores()) == "attest · small · extract_facts=v2; 7 of 8 samples ok (1 timeout), 2 repeats"
    )


def test_a_floor_has_no_model_to_name() -> None:
    of = manifest([], system="cues", model="none")
    assert described(scores(manifest=of, states={"ok": 8})) == "cues; 8 of 8 samples ok"


def test_every_score_has_its_interval() -> None:
    lines = shown(("out/v2", scores()))
    assert row(lines, "f record")[2:] == [".412", ".300", "to", ".500"]


def test_what_was_not_measured_is_no_zero() -> None:
    assert row(shown(("a", scores())), "conflict recall")[2:] == ["–"]


def test_runs_stand_side_by_side_also_where_one_lacks_a_number() -> None:
    fewer = scores(totals={"f_record": Measure(value=0.31, low=0.2, high=0.4, n=1)})
    lines = shown(("out/v2", scores()), ("out/cues", fewer))
    assert row(lines, "f record")[2:] == [".412", ".300", "to", ".500", ".310", ".200", "to", ".400"]
    assert row(lines, "conflict recall")[2:] == ["–", "–"]


def test_events_follow_and_their_names_are_no_markup() -> None:
    lines = shown(("a", scores()))
    assert row(lines, "[red]zoo") == ["[red]zoo", "7/8", ".410"] + ["–"] * 6


def test_agreement_shows_what_to_look_at_again() -> None:
    one, two = GoldFact.model_validate(KILLED), GoldFact.model_validate(BANG)
    other = one.model_copy(update={"kind": "statement", "speaker": "Police [x]"})
    console = Console(file=io.StringIO(), width=200)
    show_agreement(agreement((one, two), (other,), lambda *_: [(0, 0)]), console)
    assert isinstance(console.file, io.StringIO)
    told = console.file.getvalue()
    assert "facts: 2 and 1, 1 alike, F1 0.667" in told
    assert "kind: kappa 0.000; speaker: kappa 0.000 (on the 1 facts that both found)" in told
    assert "only the first has g4 (statement, Mira Dahl): Mira Dahl heard a loud bang." in told
    assert "another kind: g1 (event, the reporter): " in told
    assert "and g1 (statement, Police [x]): " in told
