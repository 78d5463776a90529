"""`attest group`: a mixed pile of articles, sorted into events. No model is asked, no parser loaded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from service import __version__
from service.backends.build import usable_cores
from service.cli.articles import Articles, Output, Table, deliver, readable
from service.cli.common import QuietOption, check_target, given_settings, progress_bar, write_text
from service.cli.show import show_groups
from service.errors import AttestError, InputError, TooManyArticles
from service.stories.groups import FiledArticle, FiledGroup, Grouping, SkippedInput
from service.text.article import Article

if TYPE_CHECKING:
    from service.stories.event_terms import Profile

DUPLICATE = "duplicate-article"


def group(
    articles: Articles,
    output: Output = None,
    table: Table = True,
    split: Annotated[
        Path | None,
        typer.Option("--split", help="Write each event of two or more articles to a .jsonl in this folder."),
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Sort a mixed pile of articles into events, each to be told by `attest story`. No model is asked.

    Examples:  attest group news/*.txt -o groups.json  |  attest group pile.jsonl --split events &&
    attest story events/group_1f0c….jsonl  |  jq -r '.groups[0].where[]' groups.json | xargs attest story
    """
    from service.cli.piles import read_profiles  # loads what other commands need not wait for
    from service.stories.grouping import group_profiles  # loads what other commands need not wait for

    check_target(output)
    if split is not None:
        check_target(split / "group.jsonl")
    settings = given_settings()
    inputs, problems = readable(articles, settings.max_pile_bytes)
    if len(inputs) > settings.max_pile_articles:
        raise TooManyArticles(
            f"{len(inputs):,} articles; the limit is {settings.max_pile_articles:,} "
            "(ATTEST_MAX_PILE_ARTICLES)"
        )
    with progress_bar(quiet) as progress:
        results = list(
            read_profiles(
                [article for article, _ in inputs],
                max_chars=settings.max_article_chars,
                processes=usable_cores(),
                progress=progress,
            )
        )
        profiles, filed, unread = _sorted_out(inputs, results)
        events = group_profiles(profiles)
        progress("group", len(profiles), len(profiles), f"articles, {len(events)} events")
    skipped = [_skipped(i.where, i.problem) for i in problems if i.problem] + unread
    where = {article.article_id: article.where for article in filed}
    grouping = Grouping(
        groups=tuple(
            FiledGroup(**dict(event), where=tuple(where[i] for i in event.article_ids)) for event in events
        ),
        articles=tuple(filed),
        skipped=tuple(skipped),
        attest_version=__version__,
    )
    if split is not None:
        _split(grouping, {a.article_id: a for a, _ in reversed(inputs)}, split)
    deliver(grouping, output, table)
    if table:
        show_groups(Console(), grouping)
    for item in unread:
        typer.echo(f"attest: skipped {item.where}: {item.detail}", err=True)
    if any(item.reason != DUPLICATE for item in skipped):
        raise typer.Exit(2)


def _sorted_out(
    inputs: Sequence[tuple[Article, str]], results: Sequence[Profile | InputError]
) -> tuple[list[Profile], list[FiledArticle], list[SkippedInput]]:
    """What was read, from where, and what is left out. Raises InputError when nothing was read."""
    profiles: list[Profile] = []
    filed: dict[str, FiledArticle] = {}
    skipped: list[SkippedInput] = []
    for (article, where), result in zip(inputs, results, strict=True):
        if isinstance(result, InputError):
            skipped.append(_skipped(where, result))
        elif earlier := filed.get(result.article_id):
            same = f"the same text and source as {earlier.where}"
            skipped.append(SkippedInput(where=where, reason=DUPLICATE, detail=same))
        else:
            profiles.append(result)
            known = article.model_dump(include={"title", "source", "published_at"})
            filed[result.article_id] = FiledArticle(article_id=result.article_id, where=where, **known)
    if not profiles:
        if len(results) == 1 and isinstance(results[0], InputError):
            results[0].where = skipped[0].where
            raise results[0]
        first = f"{skipped[0].where}: {skipped[0].detail}"
        raise InputError(f"none of the {len(skipped)} inputs can be read; the first: {first}")
    return profiles, list(filed.values()), skipped


def _skipped(where: str, problem: AttestError) -> SkippedInput:
    return SkippedInput(where=where, reason=problem.slug, detail=problem.message)


def _split(grouping: Grouping, articles: dict[str, Article], folder: Path) -> None:
    """One .jsonl an event, named by its id: the same event is the same file."""
    for event in grouping.groups:
        if len(event.article_ids) > 1:
            lines = [articles[i].model_dump_json(exclude_none=True) + "\n" for i in event.article_ids]
            write_text(folder / f"{event.group_id}.jsonl", "".join(lines))
