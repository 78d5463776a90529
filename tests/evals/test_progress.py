"""How far a run is, told line by line."""

from __future__ import annotations

import pytest

from evals.models import Event, Problem
from evals.progress import Progress, duration
from service.backends.base import Usage
from tests.evals.fakes import samples


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Told:
    """A progress over one event, with its lines."""

    def __init__(self, event: Event, repeats: int = 1) -> None:
        self.clock = Clock()
        self.lines: list[str] = []
        self.done = samples([event], repeats)
        self.spent = Usage()
        self.progress = Progress([event], repeats, self.clock, self.lines.append, lambda: self.spent)

    def after(self, seconds: float, number: int, *, fresh: bool = True, **fields: object) -> str:
        self.clock.now += seconds
        self.progress(self.done[number].model_copy(update=fields), fresh)
        return self.lines[-1] if self.lines else ""


@pytest.fixture
def told(event: Event) -> Told:
    return Told(event)


def test_a_line_says_how_far_how_fast_and_how_long(told: Told) -> None:
    first = told.after(30, 0)
    assert first.startswith("1/4  orvela-train/post ok  2.0 a minute  no tokens  ")
    assert first.endswith(" left")
    assert told.after(30, 1).startswith("2/4  orvela-train/radio ok  2.0 a minute")


def test_nothing_is_left_in_the_end(told: Told) -> None:
    lines = [told.after(10, number) for number in range(4)]
    assert lines[3].startswith("4/4  orvela-train/story ok  6.0 a minute")
    assert "left" not in lines[3]
    assert told.progress.finished() == "4 of 4 samples; no tokens"


def test_time_left_goes_by_the_length_of_articles(told: Told, event: Event) -> None:
    chars = {name: len(article.text) for name, article in event.texts.items()}
    first = told.after(60, 0)
    left = 60 / chars["post"] * (chars["radio"] + chars["lantern"])
    assert first.endswith(f"{duration(left)} left")


def test_stories_have_a_pace_of_their_own(event: Event) -> None:
    told = Told(event, 2)
    for number in range(3):
        told.after(10, number)
    last = told.after(1000, 3)
    assert last.endswith(f"{duration(30 + 1000)} left")


def test_what_was_spent_is_told_and_what_came_out_of_the_store_is_not(told: Told) -> None:
    told.spent = Usage(prompt_tokens=1000, cached_prompt_tokens=600, completion_tokens=50)
    assert "  1,000 (600 cached) + 50 tokens" in told.after(1, 0)
    line = told.after(1, 1, replayed=True)
    assert "orvela-train/radio replayed" in line
    assert "  1,000 (600 cached) + 50 tokens" in line


def test_what_came_out_of_the_store_is_no_measure_of_time(told: Told) -> None:
    line = told.after(1, 0, replayed=True)
    assert "orvela-train/post replayed" in line
    assert "no tokens" in line
    assert "left" not in line


def test_what_was_there_already_is_told_once(told: Told) -> None:
    told.after(0, 0, fresh=False)
    told.after(0, 1, fresh=False)
    assert told.lines == []
    told.after(60, 2)
    assert told.lines[0] == "2 of 4 samples were there already; going on"
    assert told.lines[1].startswith("3/4  orvela-train/lantern ok  1.0 a minute")
    told.after(60, 3)
    assert told.progress.finished() == "4 of 4 samples (2 were there already); no tokens"


def test_a_run_that_was_done_says_nothing_but_the_end(told: Told) -> None:
    for number in range(4):
        told.after(0, number, fresh=False)
    assert told.lines == []
    assert told.progress.finished() == "4 of 4 samples (4 were there already); no tokens"


def test_failures_are_told_and_counted(told: Told) -> None:
    problem = Problem(type="backend-timeout", detail="no answer in 60 s")
    line = told.after(60, 0, state="timeout", problem=problem, facts=None)
    assert line.startswith("1/4  orvela-train/post timeout  no answer in 60 s  1.0 a minute")
    assert told.progress.finished() == "1 of 4 samples, 1 of them failed; no tokens"


def test_repeats_are_numbered(event: Event) -> None:
    told = Told(event, 3)
    assert "  orvela-train/post #1 ok" in told.after(1, 0)
    assert "  orvela-train/story #3 ok" in told.after(1, 11)


def test_a_clock_that_stands_still_divides_by_nothing(told: Told) -> None:
    assert "a minute" not in told.after(0, 0)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0 s"), (89, "89 s"), (90, "2 min"), (3600, "60 min"), (5400, "1.5 h"), (36000, "10.0 h")],
)
def test_durations(seconds: float, said: str) -> None:
    assert duration(seconds) == said
