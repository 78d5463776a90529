"""What merging costs as facts grow: time, pairs compared, memory, questions to a model.

Comes in: sizes. Goes out: a table, and the growth exponent of each column (the slope of a line through
its logarithms; 1 is linear). Facts are made up from a seed: several outlets tell the facts of made-up
events in different wordings, some with another figure. Parsing the statements is timed apart: it is
linear by nature and needs the most memory.
"""

from __future__ import annotations

import argparse
import math
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from statistics import linear_regression
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from service.facts.models import Evidence, Fact, PromptRef
from service.hashing import content_id
from service.pipeline import Attest
from service.settings import load_settings
from service.stories.claims import commonness, read_claims
from service.stories.conflicts import conflicts
from service.stories.copies import copy_groups
from service.stories.merging import candidates, groups, merge
from service.stories.undecided import undecided
from service.text.article import Article, ReadArticle, Sentence

SIZES = (100, 1_000, 10_000, 100_000)
FACTS_AN_ARTICLE = 20
OUTLETS = 5
PROMPT = PromptRef(name="benchmark", version="v0", sha256="0" * 64)
BAR = 1.2
WIDTH = 120
T = TypeVar("T")

_SYLLABLES = "bar cal den for gil har jos kel lin mor nar ost pel quin ras sol tev ul var wen yor zan".split()
_TEMPLATES = (
    ("{person} opened a {thing} in {town} on {day}.", "On {day} a {thing} was opened in {town} by {person}."),
    (
        "The fire in the {thing} of {town} killed {n} people.",
        "{n} people were killed when the {thing} in {town} burned.",
    ),
    ("{firm} will close its {thing} in {town} by June.", "By June the {town} {thing} of {firm} will close."),
    (
        "{person} accused {firm} of poisoning the river at {town}.",
        "{firm} is accused by {person} of poisoning the river near {town}.",
    ),
    (
        "{firm} sold {n} tonnes of {thing} parts to {town}.",
        "{town} bought {n} tonnes of {thing} parts from {firm}.",
    ),
    ('"{town} needs a new {thing}," said {person}.', "{person} said that {town} needed a new {thing}."),
)
_THINGS = (
    "bridge school harbour museum market station clinic tower library stadium mill dam theatre ferry tunnel "
    "prison bakery quarry airport brewery".split()
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


@dataclass(frozen=True)
class Cost:
    facts: int
    parsing: float
    copies: float
    pairs: int
    merging: float
    conflicts: float
    merged: int
    questions: int
    memory_mb: float

    @property
    def seconds(self) -> float:
        return self.copies + self.merging + self.conflicts


def made_up(count: int, seed: int = 7) -> tuple[list[ReadArticle], list[Fact]]:
    """`count` facts in articles of `FACTS_AN_ARTICLE`; about every second fact is told by several outlets."""
    rng = random.Random(seed)
    statements = list(_statements(rng, count))
    rng.shuffle(statements)
    articles, facts = [], []
    for at in range(0, len(statements), FACTS_AN_ARTICLE):
        own = statements[at : at + FACTS_AN_ARTICLE]
        given = Article(text=" ".join(own), source=f"Outlet {at // FACTS_AN_ARTICLE}")
        spans, start = [], 0
        for statement in own:
            spans.append((start, start + len(statement)))
            start += len(statement) + 1
        sentences = tuple(
            Sentence(sentence_id=f"s{n}", start=a, end=b, role="body")
            for n, (a, b) in enumerate(spans, start=1)
        )
        articles.append(
            ReadArticle(
                **{name: getattr(given, name) for name in Article.model_fields},
                article_id=given.article_id,
                sentences=sentences,
            )
        )
        facts += [_fact(given, s, a, b) for s, a, b in zip(sentences, *zip(*spans, strict=True), strict=True)]
    return articles, facts


def _statements(rng: random.Random, count: int) -> Iterator[str]:
    made = 0
    while made < count:
        slots = {
            "person": f"{_name(rng)} {_name(rng)}",
            "firm": f"{_name(rng)} Industries",
            "town": _name(rng),
            "thing": rng.choice(_THINGS),
            "day": rng.choice(_DAYS),
            "n": rng.randrange(3, 900),
        }
        wordings = rng.choice(_TEMPLATES)
        for _ in range(rng.choice((1, 1, 2, 3, OUTLETS))):
            if rng.random() < 0.1:
                slots["n"] = rng.randrange(3, 900)
            if made < count:
                made += 1
                yield rng.choice(wordings).format(**slots)


def _name(rng: random.Random) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(rng.choice((2, 3)))).capitalize()


def _fact(article: Article, sentence: Sentence, start: int, end: int) -> Fact:
    statement = article.text[start:end]
    kind = "accusation" if "accused" in statement else "plan" if "will" in statement else "event"
    speaker = None
    if " said " in f" {statement} " and "said that" in statement:
        kind, speaker = "statement", statement.split(" said")[0]
    return Fact(
        fact_id=content_id("fact", [article.article_id, start, statement]),
        article_id=article.article_id,
        statement=statement,
        kind=kind,
        speaker=speaker,
        polarity="affirmed",
        values=(),
        evidence=(Evidence(sentence_id=sentence.sentence_id, start=start, end=end, quote=statement),),
        support="verbatim",
        prompt=PROMPT,
        origin="source",
    )


def measure(count: int, attest: Attest) -> Cost:
    articles, facts = made_up(count)
    claims, parsing = _timed(lambda: read_claims(facts, articles, attest.parser))
    common = commonness(articles)
    copies, copying = _timed(lambda: copy_groups(articles))
    alike, merging = _timed(lambda: groups(claims, common))
    merged = merge(alike, copies, common)
    _, clashing = _timed(lambda: conflicts(merged, claims, common))
    return Cost(
        facts=len(facts),
        parsing=parsing,
        copies=copying,
        pairs=len(candidates(claims)),
        merging=merging,
        conflicts=clashing,
        merged=len(merged),
        questions=len(undecided(alike, common)),
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def _timed(run: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    found = run()
    return found, time.perf_counter() - began


def exponent(costs: Sequence[Cost], what: Callable[[Cost], float]) -> float:
    """Slope of log(cost) over log(facts), from 1,000 facts on: below that, starting up is most of it."""
    points = [(math.log(c.facts), math.log(what(c))) for c in costs if c.facts >= 1_000 and what(c) > 0]
    if len(points) < 2:
        return float("nan")
    return linear_regression(*zip(*points, strict=True)).slope


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    given = parser.parse_args(arguments)
    attest = Attest(load_settings())
    costs = []
    for size in given.sizes:
        print(f"merging {size:,} facts", file=sys.stderr)
        costs.append(measure(size, attest))
    table = Table(title="Merging made-up facts (seconds; memory is the peak of the process, MB)")
    for name in [f.name for f in fields(Cost)]:
        table.add_column(name.replace("_", " "), justify="right")
    for cost in costs:
        table.add_row(*(f"{v:,.2f}" if isinstance(v, float) else f"{v:,}" for v in vars(cost).values()))
    growth = exponent(costs, lambda c: c.seconds)
    console = Console()
    console.width = max(console.width, WIDTH)
    console.print(table)
    console.print(
        f"growth exponent: time without parsing {growth:.2f} (bar {BAR}), "
        f"pairs {exponent(costs, lambda c: c.pairs):.2f}, memory {exponent(costs, lambda c: c.memory_mb):.2f}"
    )
    for cost in costs:
        console.print(
            f"{cost.facts:,} facts: {1000 * cost.questions / cost.facts:.1f} questions per 1,000 facts"
        )
    return int(growth >= BAR)


if __name__ == "__main__":
    raise SystemExit(main())
