"""How fast a run is scored, and what memory it takes: 1,000 articles with 20 facts each, in events of five.

`python -m benchmarks.scoring [--articles 1000] [--facts 20]`. Bars: 60 s on two cores (one is used), and
memory that does not grow with the number of articles.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from evals.models import Event, EventArticle, GoldFact, GoldValue, Manifest, Mention, RunEvent, Sample
from evals.scoring.score import score_samples
from service.facts.models import Fact
from service.text.article import Article
from tests.evals.echo import echo_samples

EVENT_SIZE = 5
BAR_SECONDS = 60.0
WHO = "police|the union|the mayor|firefighters|the operator|a witness|residents|the court".split("|")
DID = (
    "closed the bridge|rescued hikers|opened an inquiry|counted damaged houses|arrested suspects"
    "|cancelled flights|repaired power lines|signed contracts|inspected cables|evacuated pupils|fined drivers"
    "|planted trees|recalled heaters|bought buses|found cracks|tested wells|sold tickets|cleared snow"
    "|hired nurses|moved statues"
).split("|")
WHERE = "Velm Tolm Corran Aldmoor Brenn Kirne Lannia Orford Tresk Valdo".split()


def statement(drawn: random.Random, i: int) -> tuple[str, int, str]:
    """A sentence with a number and a place that no other of its event has."""
    number, place = drawn.randint(3, 9999), drawn.choice(WHERE)
    verb, *things = DID[i % len(DID)].split()
    return (
        f"{drawn.choice(WHO).capitalize()} {verb} {number} {' '.join(things)} near {place} on Monday.",
        number,
        place,
    )


def event(number: int, facts: int) -> Event:
    """Every fact stands in two articles of its event."""
    drawn = random.Random(number)
    names = [f"a{i + 1}" for i in range(EVENT_SIZE)]
    lines: dict[str, list[str]] = {name: [] for name in names}
    gold = []
    for i in range(facts * EVENT_SIZE // 2):
        text, count, place = statement(drawn, i)
        articles = [names[i % EVENT_SIZE], names[(i + 1 + i // EVENT_SIZE) % EVENT_SIZE]]
        if articles[0] == articles[1]:
            articles[1] = names[(i + 1) % EVENT_SIZE]
        for name in articles:
            lines[name].append(text)
        gold.append(
            GoldFact(
                id=f"g{i}",
                statement=text,
                kind="event",
                speaker=None,
                polarity="affirmed",
                importance="minor",
                values=(GoldValue(type="number", value=count), GoldValue(type="name", value=place)),
                mentions=tuple(Mention(article=name, quote=text) for name in articles),
            )
        )
    texts = {name: Article(text=" ".join(lines[name]), source=f"{name}-{number}") for name in names}
    return Event(
        id=f"event-{number}",
        title="An event",
        split="dev",
        language="en",
        articles=tuple(
            EventArticle(id=name, file=f"{name}.txt", source=f"{name}-{number}", sha256="0" * 64)
            for name in names
        ),
        texts=texts,
        gold=tuple(gold),
        conflicts=(),
        forbidden=(),
        copies=(),
    )


def manifest(events: Sequence[Event]) -> Manifest:
    return Manifest(
        system="echo",
        backend="none",
        model="echo",
        prompts={},
        prompts_sha256={},
        sampling={},
        repeats=1,
        events=tuple(RunEvent(id=e.id, split="dev", folder=".", sha256="0" * 64) for e in events),
        attest_version="0",
        started_at=datetime(2031, 1, 1, tzinfo=UTC),
    )


def reworded(article: str, facts: list[Fact]) -> list[Fact]:
    """No text is read twice because it was read before."""
    return [
        fact.model_copy(
            update={"statement": f"On Monday {fact.statement.replace(' on Monday', '')[:-1]} ({article})."}
        )
        for fact in facts
    ]


def samples(events: Sequence[Event]) -> Iterator[Sample]:
    for each in events:
        yield from echo_samples(each, reworded)


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--articles", type=int, default=1000)
    arguments.add_argument("--facts", type=int, default=20)
    given = arguments.parse_args()
    events = [event(i, given.facts) for i in range(given.articles // EVENT_SIZE)]
    before = megabytes()
    began = time.perf_counter()
    scores = score_samples(manifest(events), events, samples(events))
    seconds = time.perf_counter() - began
    labelled = sum(len(fact.mentions) for each in events for fact in each.gold)
    print(f"{given.articles} articles, {labelled} labelled facts, as many produced: {seconds:.1f} s")
    print(f"peak memory: {before:.0f} MB with the events, {megabytes():.0f} MB after scoring")
    print(f"facts F1 {scores.totals['facts_f1'].value}, F_record {scores.totals['f_record'].value}")
    if given.articles == 1000 and given.facts == 20:
        print("within" if seconds <= BAR_SECONDS else "OVER", f"the bar of {BAR_SECONDS:.0f} s")


if __name__ == "__main__":
    main()
