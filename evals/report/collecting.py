"""Everything the report shows, gathered from the folders of its runs.

Comes in: run folders. Goes out: a `Report` of frozen views. Promises: the first run is what the others are
held against; the primary number is corrected with Holm over those others; of several repeats the pages of
articles show the first and say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase

from evals.breakdown import DIFFICULTIES, KINDS, FactKey, Level, Tally, shares, tallies, traits
from evals.comparing import RunComparison, compare_runs, direction
from evals.figures import between, difference, in_order, is_share, metric, p_value, title, with_arrow, written
from evals.models import Event, EventArticle, Measure, Outcome, Sample, Scores
from evals.report.articles import ArticleView, StoryView, article_view, story_view
from evals.runs import read_samples, run_events
from evals.scored import check_same_questions, coverage, read_outcomes, read_scores
from evals.scoring.metrics import PRIMARY
from evals.statistics import Comparison, adjusted
from service.errors import InputError

FIRST_REPEAT = 0
MOST_RUNS = len(ascii_uppercase)


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


@dataclass(frozen=True)
class Cell:
    """`share`: value and interval from 0 to 1, for the bar behind the number."""

    text: str
    interval: str
    difference: str
    verdict: str
    share: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Row:
    name: str
    says: str
    cells: tuple[Cell, ...]
    primary: bool = False


@dataclass(frozen=True)
class Section:
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Headline:
    """One run against the first by the primary number."""

    run: Run
    comparison: Comparison
    text: str


@dataclass(frozen=True)
class ArticlePage:
    article: EventArticle
    views: tuple[ArticleView, ...]


@dataclass(frozen=True)
class EventPage:
    event: Event
    cells: tuple[tuple[str, str, str], ...]
    stories: tuple[StoryView, ...]
    articles: tuple[ArticlePage, ...]


@dataclass(frozen=True)
class Report:
    runs: tuple[Run, ...]
    headlines: tuple[Headline, ...]
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]
    breakdowns: tuple[Section, ...]
    comparisons: tuple[RunComparison, ...]
    events: tuple[EventPage, ...]
    repeats: bool

    @property
    def article_count(self) -> int:
        return sum(len(page.articles) for page in self.events)

    @property
    def fact_count(self) -> int:
        return sum(len(page.event.gold) for page in self.events)

    def differs(self, name: str) -> bool:
        """Whether the runs are not alike in this, so that it may be why they score otherwise."""
        return len({dict(run.about).get(name) for run in self.runs}) > 1


def collect(folders: Sequence[Path], *, datasets: Sequence[Path] = ()) -> Report:
    """Raises AttestError when a run cannot be read, or is not about the events of the first."""
    if not 0 < len(folders) <= MOST_RUNS:
        raise InputError(f"give 1 to {MOST_RUNS} runs")
    scores = [read_scores(folder) for folder in folders]
    for folder, other in zip(folders[1:], scores[1:], strict=True):
        check_same_questions(scores[0], other, (str(folders[0]), str(folder)))
    events, _ = run_events(scores[0].manifest, datasets)
    comparisons = tuple(compare_runs(folders[0], folder, datasets=datasets) for folder in folders[1:])
    copied = (
        [comparisons[0].a.style.copied, *(c.b.style.copied for c in comparisons)] if comparisons else [None]
    )
    runs = tuple(
        _run(letter, folder, score, style)
        for letter, folder, score, style in zip(ascii_uppercase, folders, scores, copied, strict=False)
    )
    primary = _primary(comparisons)
    samples = [_first_repeat(folder, events) for folder in folders]
    return Report(
        runs=runs,
        headlines=tuple(
            Headline(run, comparison, headline(runs[0], run, comparison))
            for run, comparison in zip(runs[1:], primary, strict=True)
        ),
        warnings=tuple(
            dict.fromkeys(
                warning.replace("of B's", f"of {run.letter}'s").replace(" in B", f" in {run.letter}")
                for run, comparison in zip(runs[1:], comparisons, strict=True)
                for warning in comparison.warnings
                if not warning.startswith("B:")
            )
        ),
        sections=_sections(runs, comparisons, primary),
        breakdowns=_breakdowns(runs, events),
        comparisons=comparisons,
        events=tuple(_event_page(event, runs, samples) for event in events),
        repeats=any(score.manifest.repeats > 1 for score in scores),
    )


def headline(first: Run, run: Run, of: Comparison) -> str:
    """The one sentence that a reader takes away."""
    if of.difference is None:
        return f"{run.letter} and {first.letter} have no event in common that both have a score for."
    told = f"{title(PRIMARY)} {difference(PRIMARY, of)}, p {p_value(of.p_adjusted)}"
    could = f"; these {of.n} events show a difference of {written(PRIMARY, of.detectable)} or more"
    verdicts = {
        "better": f"{run.letter} is better than {first.letter}: {told}.",
        "worse": f"{run.letter} is worse than {first.letter}: {told}.",
        "equivalent": f"{run.letter} and {first.letter} are equivalent "
        f"within {written(PRIMARY, of.margin)}: {told}.",
    }
    return verdicts.get(
        of.verdict,
        f"Not enough evidence that {run.letter} differs from {first.letter}: {told}"
        f"{could if of.detectable is not None else ''}.",
    )


def _primary(comparisons: Sequence[RunComparison]) -> tuple[Comparison, ...]:
    found = [row.comparison for c in comparisons for row in c.metrics if row.name == PRIMARY]
    if len(found) < len(comparisons):
        raise InputError(f"a run has no {PRIMARY}; score all runs with this version of the evals")
    return adjusted(found, ["higher"] * len(found))


def _run(letter: str, folder: Path, scores: Scores, copied: Measure | None) -> Run:
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


def _sections(
    runs: Sequence[Run], comparisons: Sequence[RunComparison], primary: Sequence[Comparison]
) -> tuple[Section, ...]:
    names = [found.name for found in in_order({name for run in runs for name in run.scores.totals})]
    areas: dict[str, list[Row]] = {}
    for name in names:
        cells = [_cell(name, runs[0].scores.totals.get(name), None, decides=False)]
        for n, (run, comparison) in enumerate(zip(runs[1:], comparisons, strict=True)):
            row = next((row for row in comparison.metrics if row.name == name), None)
            of = primary[n] if name == PRIMARY else row.comparison if row else None
            cells.append(_cell(name, run.scores.totals.get(name), of, decides=bool(row and row.decides)))
        found = metric(name)
        areas.setdefault(found.area, []).append(
            Row(with_arrow(name), found.says, tuple(cells), name == PRIMARY)
        )
    return tuple(Section(area, tuple(rows)) for area, rows in areas.items())


def _cell(name: str, total: Measure | None, of: Comparison | None, *, decides: bool) -> Cell:
    value = total.value if total else None
    low = total.low if total and total.low is not None else value
    high = total.high if total and total.high is not None else value
    bar = (value, low, high) if value is not None and low is not None and high is not None else None
    return Cell(
        text=written(name, value),
        interval=between(name, total.low, total.high) if total else "",
        difference=difference(name, of) if of and of.difference is not None else "",
        verdict=_shown_verdict(name, of, decides=decides),
        share=bar if is_share(name) else None,
    )


def _shown_verdict(name: str, of: Comparison | None, *, decides: bool) -> str:
    """Of the numbers that decide; else only the colour of a difference that its interval keeps off 0."""
    if of is None or of.difference is None:
        return ""
    if decides:
        return of.verdict
    if metric(name).better == "neither" or of.low is None or of.high is None or of.low <= 0 <= of.high:
        return ""
    return "leans better" if (of.difference > 0) == (direction(name) == "higher") else "leans worse"


def _breakdowns(runs: Sequence[Run], events: Sequence[Event]) -> tuple[Section, ...]:
    counted, of = [tallies(run.outcomes) for run in runs], traits(events)
    levels: tuple[tuple[Level, str], ...] = (("article", "in articles"), ("story", "in stories"))
    return tuple(
        Section(f"{group}, {place}", tuple(rows))
        for group, names in (("By kind", KINDS), ("By difficulty", DIFFICULTIES))
        for level, place in levels
        if (rows := [row for name in names if (row := _trait_row(counted, of, name, level))])
    )


def _trait_row(
    counted: Sequence[dict[FactKey, Tally]],
    of: dict[tuple[str, str], frozenset[str]],
    trait: str,
    level: Level,
) -> Row | None:
    """All facts of all events together: the interval of so few is in `compare`."""
    cells, facts = [], 0
    for tally in counted:
        found = shares(tally, of, trait, level)
        facts = sum(n for _, n in found.values())
        value = sum(share * n for share, n in found.values()) / facts if facts else None
        bar = None if value is None else (value, value, value)
        cells.append(Cell(written(PRIMARY, value), "", "", "", bar))
    return Row(trait, f"{facts} gold facts", tuple(cells)) if facts else None


def _of_first_repeat(outcomes: Sequence[Outcome]) -> dict[tuple[str, str | None], list[Outcome]]:
    shown: dict[tuple[str, str | None], list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.repeat == FIRST_REPEAT:
            shown.setdefault((outcome.event, outcome.article), []).append(outcome)
    return shown


def _first_repeat(folder: Path, events: Sequence[Event]) -> dict[tuple[str, str | None], Sample]:
    return {
        (sample.event, sample.article): sample
        for sample in read_samples(folder, events)
        if sample.repeat == FIRST_REPEAT
    }


def _event_page(
    event: Event, runs: Sequence[Run], samples: Sequence[dict[tuple[str, str | None], Sample]]
) -> EventPage:
    scored = [next((e for e in run.scores.events if e.event == event.id), None) for run in runs]
    return EventPage(
        event=event,
        cells=tuple(
            (written(PRIMARY, e.values.get(PRIMARY)), written("facts_f1", e.values.get("facts_f1")),
             f"{e.ok}/{e.samples}")
            if e else ("–", "–", "0")
            for e in scored
        ),
        stories=tuple(
            story_view(event, by.get(key), run.shown.get(key, []), run.of_articles(event.id))
            for key in [(event.id, None)]
            for run, by in zip(runs, samples, strict=True)
        ),
        articles=tuple(
            ArticlePage(
                article,
                tuple(
                    article_view(event, article, by.get(key), run.shown.get(key, []))
                    for key in [(event.id, article.id)]
                    for run, by in zip(runs, samples, strict=True)
                ),
            )
            for article in event.articles
        ),
    )  # fmt: skip
