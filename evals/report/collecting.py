"""Everything the report shows, gathered from the folders of its runs.

Comes in: run folders. Goes out: a `Report` of frozen views. Promises: the first run is what the others are
held against; the primary number is corrected with Holm over those others; of several repeats the pages of
articles show the first and say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase

from evals.comparing import RunComparison, compare_runs, primary
from evals.figures import difference, p_value, title, written
from evals.models import Event, EventArticle, Sample
from evals.report.articles import ArticleView, StoryView, article_view, story_view
from evals.report.prompts import PromptRow, prompt_rows
from evals.report.rows import Section, breakdown_sections, score_sections
from evals.report.runs import FIRST_REPEAT, Run, read_run
from evals.ruler import ErrorRates, Style
from evals.runs import read_samples, run_events
from evals.scored import check_same_questions, read_scores
from evals.scoring.metrics import PRIMARY
from evals.statistics import Comparison, events_needed
from service.errors import InputError
from service.prompting.templates import PromptLibrary

MOST_RUNS = len(ascii_uppercase)


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
    prompts: tuple[PromptRow, ...]
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


def collect(
    folders: Sequence[Path],
    *,
    datasets: Sequence[Path] = (),
    errors: Mapping[Style, ErrorRates] | None = None,
    library: PromptLibrary | None = None,
) -> Report:
    """`library`: where the texts of prompts are looked up.

    Raises AttestError when a run cannot be read, or is not about the events of the first.
    """
    if not 0 < len(folders) <= MOST_RUNS:
        raise InputError(f"give 1 to {MOST_RUNS} runs")
    scores = [read_scores(folder) for folder in folders]
    for folder, other in zip(folders[1:], scores[1:], strict=True):
        check_same_questions(scores[0], other, (str(folders[0]), str(folder)))
    events, _ = run_events(scores[0].manifest, datasets)
    comparisons = tuple(
        compare_runs(folders[0], folder, datasets=datasets, errors=errors) for folder in folders[1:]
    )
    copied = (
        [comparisons[0].a.style.copied, *(c.b.style.copied for c in comparisons)] if comparisons else [None]
    )
    runs = tuple(
        read_run(letter, folder, score, style)
        for letter, folder, score, style in zip(ascii_uppercase, folders, scores, copied, strict=False)
    )
    by_primary = primary(comparisons)
    samples = [_first_repeat(folder, events) for folder in folders]
    return Report(
        runs=runs,
        headlines=tuple(
            Headline(run, comparison, headline(runs[0], run, comparison, len(by_primary)))
            for run, comparison in zip(runs[1:], by_primary, strict=True)
        ),
        warnings=tuple(
            dict.fromkeys(
                warning.replace("of B's", f"of {run.letter}'s").replace(" in B", f" in {run.letter}")
                for run, comparison in zip(runs[1:], comparisons, strict=True)
                for warning in comparison.warnings
                if not warning.startswith("B:")
            )
        ),
        sections=score_sections(runs, comparisons, by_primary),
        breakdowns=breakdown_sections(runs, events),
        prompts=prompt_rows([run.scores.manifest for run in runs], library),
        comparisons=comparisons,
        events=tuple(_event_page(event, runs, samples) for event in events),
        repeats=any(score.manifest.repeats > 1 for score in scores),
    )


def headline(first: Run, run: Run, of: Comparison, tests: int) -> str:
    """The one sentence that a reader takes away. `tests`: runs that are held against the first."""
    if of.difference is None:
        return f"{run.letter} and {first.letter} have no event in common that both have a score for."
    told = f"{title(PRIMARY)} {difference(PRIMARY, of)}, p {p_value(of.p_adjusted)}"
    could = ""
    if of.n < events_needed(tests):
        against = f" for {tests} runs against one" if tests > 1 else ""
        could = f". {of.n} events cannot prove any difference: it takes {events_needed(tests)}{against}"
    elif of.detectable is not None:
        could = f"; these {of.n} events show a difference of {written(PRIMARY, of.detectable)} or more"
    verdicts = {
        "better": f"{run.letter} is better than {first.letter}: {told}.",
        "worse": f"{run.letter} is worse than {first.letter}: {told}.",
        "equivalent": f"{run.letter} and {first.letter} are equivalent "
        f"within {written(PRIMARY, of.margin)}: {told}.",
    }
    return verdicts.get(
        of.verdict,
        f"Not enough evidence that {run.letter} differs from {first.letter}: {told}{could}.",
    )


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
