"""A story as a person reads it in a terminal.

Comes in: results. Goes out: rich tables and text. Promises: nothing is shown that is not in the JSON;
article text is printed as text, never as markup or terminal control.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from service.facts.models import Fact, LedgerEntry, Rejected
from service.stories.groups import Grouping
from service.stories.models import Story, StoryUsage
from service.stories.rendering.view import View, counted, one_an_article

_STATUS_STYLE = {"corroborated": "green", "disputed": "yellow", "superseded": "dim", "single_source": ""}


def show_story(console: Console, story: Story) -> None:
    """Summary with notes, merged facts, disagreements, timeline, actors, copies."""
    view = View(story)
    outlets = view.outlets
    notes: dict[tuple[str, int, int], int] = {}
    console.print()
    for sentence in story.summary.sentences:
        line = _text("  ")
        line.append_text(_text(sentence.text))
        for citation in one_an_article(sentence.citations):
            number = notes.setdefault((citation.article_id, citation.start, citation.end), len(notes) + 1)
            line.append(f" [{number}]", style="cyan")
        if sentence.origin == "source":
            line.append(" ·", style="dim")
        console.print(line)
    console.print("  · in the article's own words", style="dim")
    console.print()
    texts = {a.article_id: a.text for a in story.articles}
    for (article_id, start, end), number in notes.items():
        note = _text(f"  [{number}] ", style="cyan")
        note.append_text(_text(outlets[article_id], style="bold"))
        quoted = _short(texts[article_id][start:end])
        note.append_text(_text(f' {start}-{end}: "{quoted}"', style="dim"))
        console.print(note)
    console.print()
    _show_merged(console, story)
    _show_conflicts(console, story, outlets)
    _show_days(console, view)
    _show_people(console, view)
    for group in story.copies:
        members = ", ".join(outlets[i] for i in group.article_ids)
        console.print(
            _text(f"  copies: {members} share {group.overlap:.0%} of their text and count as one source")
        )


def _show_merged(console: Console, story: Story) -> None:
    table = Table(box=box.SIMPLE_HEAD, title="Facts, most important first", title_justify="left", expand=True)
    for heading, width in (("kind", 11), ("statement", None), ("says", 16), ("sources", 7), ("status", 13)):
        table.add_column(heading, width=width, overflow="fold")
    for fact in story.merged_facts:
        table.add_row(
            fact.kind,
            _text(fact.statement),
            _text(fact.speaker or ""),
            f"{fact.independent_sources} of {len(story.articles)}",
            _text(fact.status.replace("_", " "), style=_STATUS_STYLE[fact.status]),
        )
    console.print(table)


def _show_conflicts(console: Console, story: Story, outlets: dict[str, str]) -> None:
    if not story.conflicts:
        return
    console.print(_text("  Where the reports differ", style="bold"))
    for conflict in story.conflicts:
        console.print(_text(f"  {conflict.about} ({conflict.type})", style="yellow"))
        for position in conflict.positions:
            sources = ", ".join(outlets[i] for i in position.article_ids)
            console.print(Padding(_text(f"- {position.value}: {sources}"), (0, 0, 0, 4)))
    console.print()


def _show_days(console: Console, view: View) -> None:
    if not view.story.timeline:
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for day in view.days():
        more = day.more + len(day.facts) - 1
        told = day.facts[0].text + (f" (and {more} more)" if more else "")
        table.add_row(_text(day.date, style="yellow" if day.disputed else "cyan"), _text(told))
    console.print(_text("  Timeline", style="bold"))
    console.print(Padding(table, (0, 0, 1, 4)))


def _show_people(console: Console, view: View) -> None:
    people = [
        f"{who.name} ({counted(who.facts, 'fact')}{f', states {who.states}' if who.states else ''})"
        for who in view.people()
    ]
    if people:
        more = [f"{view.people_left_out} more"] if view.people_left_out else []
        console.print(_text("  People, organisations, places", style="bold"))
        console.print(Padding(_text(", ".join([*people, *more])), (0, 0, 0, 4)))
        console.print()


def show_facts(console: Console, facts: Iterable[Fact]) -> None:
    table = Table(box=box.SIMPLE_HEAD, expand=True)
    for heading, width in (("kind", 11), ("statement", None), ("says", 18), ("support", 9), ("where", 12)):
        table.add_column(heading, width=width, overflow="fold")
    for fact in facts:
        where = ", ".join(f"{e.sentence_id}" for e in fact.evidence)
        table.add_row(fact.kind, _text(fact.statement), _text(fact.speaker or ""), fact.support, where)
    console.print(table)


def show_rejected(console: Console, rejected: Sequence[Rejected]) -> None:
    table = Table(
        box=box.SIMPLE_HEAD,
        title=f"{len(rejected)} drafts that are no facts",
        title_justify="left",
        expand=True,
    )
    table.add_column("reason", no_wrap=True)
    for heading, width in (("draft", None), ("detail", None), ("where", 6)):
        table.add_column(heading, width=width, overflow="fold")
    for item in rejected:
        where = _text(", ".join(item.draft.sentence_ids))
        table.add_row(item.reason, _text(item.draft.statement), _text(item.detail), where)
    console.print(table)


def show_groups(console: Console, grouping: Grouping) -> None:
    """One row an event: its title, who tells it, where that was read."""
    told = {article.article_id: article for article in grouping.articles}
    table = Table(box=box.SIMPLE_HEAD, expand=True)
    for heading, ratio in (("event", 4), ("outlets", 2), ("files", 3)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    for group in grouping.groups:
        copies = {i for found in group.near_copies for i in found.article_ids[1:]}
        files = _text("")
        for number, (article_id, where) in enumerate(zip(group.article_ids, group.where, strict=True)):
            files.append_text(_text(("\n" if number else "") + where))  # no comma: file names may hold one
            if article_id in copies:
                files.append(" (near-copy)", style="dim")
        outlets = dict.fromkeys(told[i].source or "unknown" for i in group.article_ids)
        table.add_row(_text(group.title), _text(", ".join(outlets)), files)
    console.print(table)
    single = sum(len(group.article_ids) == 1 for group in grouping.groups)
    line = f"  {len(grouping.articles)} articles, {len(grouping.groups)} events, {single} of them told once"
    console.print(_text(line, style="dim"))


def show_usage(console: Console, usage: StoryUsage, ledger: Sequence[LedgerEntry]) -> None:
    """What it cost, per stage; and that nothing was lost."""
    kept, duplicates = sum(e.kept for e in ledger), sum(e.duplicates for e in ledger)
    drafts, rejected = sum(e.drafts for e in ledger), sum(e.rejected for e in ledger)
    sums = f"{drafts} drafts = {kept} kept + {duplicates} duplicates + {rejected} rejected"
    console.print(_text(f"  {sums} (--rejected shows them)", style="dim"))
    retried, salvaged = sum(e.retried for e in ledger), sum(e.salvaged for e in ledger)
    if retried or salvaged:
        again = f"{retried} asked for again, {salvaged} saved from broken replies"
        console.print(_text(f"  {again}", style="dim"))
    for name, stage in (*usage.stages.items(), ("total", usage)):
        line = (
            f"  {name}: {stage.calls} calls, {stage.replayed} from the reply cache, "
            f"{stage.prompt_tokens:,} prompt tokens ({stage.cached_prompt_tokens:,} from the prefix cache), "
            f"{stage.completion_tokens:,} completion tokens, {stage.retries} retries, {stage.seconds:.1f} s"
        )
        console.print(_text(line, style="dim"), soft_wrap=True)


def _text(content: str, style: str = "") -> Text:
    """Without control, bidi and zero-width characters: an article must not steer the terminal."""
    return Text("".join(c if c.isprintable() else " " if c.isspace() else "" for c in content), style=style)


def _short(text: str, most: int = 90) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
