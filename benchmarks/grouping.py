"""How fast and how well a mixed pile is sorted into events: `make bench-group`.

    python -m benchmarks.grouping [SIZE ...]

Comes in: made-up piles of 100, 1,000 and 10,000 articles (benchmarks/grouping_pile.py), whose events are
known; then one pile of all articles at hand whose events are known otherwise: the seeds, the `dev` events
of evals/datasets, and the single articles of tests/grounding. Goes out: seconds of reading (on all cores)
and of grouping, the seconds all cores worked, candidate pairs, peak memory of this process, how the seconds
grow, and how many pairs of articles are rightly together (recall) and wrongly (precision).
"""

from __future__ import annotations

import math
import resource
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.grouping_pile import pile
from service.backends.build import usable_cores
from service.cli.piles import read_profiles
from service.errors import InputError
from service.settings import load_settings
from service.stories.event_terms import Profile
from service.stories.grouping import candidates, group_profiles, weigh
from service.stories.groups import EventGroup
from service.text.article import Article

ROOT = Path(__file__).parents[1]
SIZES = (100, 1_000, 10_000)
# The events on which rules may be tuned. The others are left closed.
DEV = "cable-car-accident paper-mills-merger autumn-storm border-talks heater-recall putin-visit".split()
SAME_EVENT = {"putin-visit": "seeds"}


@dataclass(frozen=True)
class Pairs:
    """Pairs of articles: together in truth and in the groups, only in the groups, only in truth."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.right / ((2 * self.right + self.wrong + self.missed) or 1)

    def __str__(self) -> str:
        counted = f"{self.right} right, {self.wrong} wrong, {self.missed} missed"
        return f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}  ({counted})"


def judged(groups: Sequence[EventGroup], truth: Mapping[str, Hashable]) -> Pairs:
    """Pairwise, without looking at each pair: the members of a group and event are counted."""
    group = {article_id: found.group_id for found in groups for article_id in found.article_ids}
    right = _pairs(Counter((event, group[name]) for name, event in truth.items()))
    told = _pairs(Counter(group[name] for name in truth))
    return Pairs(right, told - right, _pairs(Counter(truth.values())) - right)


def _pairs(sizes: Counter[Hashable] | Counter[str] | Counter[tuple[Hashable, str]]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def profiled(articles: Sequence[Article]) -> list[Profile]:
    found = read_profiles(articles, max_chars=load_settings().max_article_chars, processes=usable_cores())
    return [p for p in found if not isinstance(p, InputError)]


def labelled() -> Iterator[tuple[str, Article]]:
    """(event, article) of everything at hand that was not made up by a program."""
    for path in sorted((ROOT / "seeds").glob("*.json")):
        yield "seeds", Article.model_validate_json(path.read_bytes())
    for path in sorted((ROOT.parent / "shared" / "seeds").glob("*.txt")):
        yield "seeds", Article(text=path.read_text(encoding="utf-8"))
    for name in DEV:
        folder = ROOT / "evals" / "datasets" / name
        if not (folder / "event.toml").is_file():
            continue
        event = tomllib.loads((folder / "event.toml").read_text(encoding="utf-8"))
        for given in event["articles"]:
            text = (folder / given["file"]).read_text(encoding="utf-8")
            known = {k: given[k] for k in ("source", "title", "published_at") if k in given}
            yield SAME_EVENT.get(name, name), Article.model_validate({"text": text, **known})
    grounding = ROOT / "tests" / "grounding"
    for path in sorted((*grounding.glob("articles/*.txt"), *grounding.glob("held_out/articles/*.txt"))):
        yield str(path), Article(text=path.read_text(encoding="utf-8"))


def cpu() -> float:
    """Seconds that this process and those it waited for have worked: the same on a busy machine."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    console = Console(width=150)
    table = Table(title=f"made-up piles, {usable_cores()} cores")
    for heading in (
        "articles",
        "events",
        "groups",
        "read s",
        "group s",
        "together s",
        "CPU s",
        "pairs compared",
        "peak MB",
    ):
        table.add_column(heading, justify="right")
    table.add_column("pairs of articles")
    took: list[tuple[int, float, float]] = []
    for size in sizes:
        told = pile(size)
        began, worked = time.perf_counter(), cpu()
        profiles = profiled([t.article for t in told])
        read = time.perf_counter()
        groups = group_profiles(profiles)
        done = time.perf_counter()
        spent = cpu() - worked
        took.append((size, done - began, done - read))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
            1e6 if sys.platform == "darwin" else 1e3
        )
        truth = {p.article_id: t.event for p, t in zip(profiles, told, strict=True)}
        pairs = judged(groups, truth)
        seconds = (f"{read - began:.1f}", f"{done - read:.1f}", f"{done - began:.1f}", f"{spent:.1f}")
        compared = len(candidates(weigh(sorted(profiles, key=lambda p: p.article_id)).vectors))
        counts = (f"{size:,}", f"{len(set(truth.values())):,}", f"{len(groups):,}")
        table.add_row(*counts, *seconds, f"{compared:,}", f"{memory:.0f}", str(pairs))
        print(f"{size} articles done", file=sys.stderr)
    console.print(table)
    for (small, *before), (large, *after) in pairwise(took):
        both = (math.log(b / a) / math.log(large / small) for a, b in zip(before, after, strict=True))
        together, grouping = both
        console.print(
            f"{small:,} to {large:,}: growth exponent {together:.2f} together, {grouping:.2f} grouping"
        )
    given = list(labelled())
    found = profiled([article for _, article in given])
    events = {p.article_id: event for p, (event, _) in zip(found, given, strict=True)}
    console.print(
        f"labelled: {len(events)} articles, {len(set(events.values()))} events; "
        f"{judged(group_profiles(found), events)}"
    )


if __name__ == "__main__":
    main()
