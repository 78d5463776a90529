"""A made-up pile of news whose events are known, for measuring `attest group`.

Comes in: how many articles, and a seed. Goes out: articles with the number of their event. Promises: the
same seed gives the same pile; the events are of ten kinds, so that every large pile holds many fires and
many elections, in towns that see several events and with people who share their family names.

Every outlet tells an event with its own choice of facts, in one of three wordings each, one to three days
after it happened. Tolls differ between early and late reports, one article in six is a near-copy of an
earlier one of its event, most carry a line that has nothing to do with the event, and one in three carries
the outlet's own boilerplate.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import cycle
from pathlib import Path
from typing import Any

from service.text.article import Article

FIRST_DAY = date(2031, 1, 6)
DAYS = 120  # over which the events of a pile are spread
EVENT_SIZES = (1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 12, 25)
NEAR_COPY = 1 / 6
_STREETS = ("Street", "Road", "Lane", "Square")
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


@dataclass(frozen=True)
class Told:
    """An article and the number of the event that it tells of."""

    event: int
    article: Article


@dataclass(frozen=True)
class Happening:
    """One event: its kind, its day and the words that fill the wordings in."""

    kind: Mapping[str, Any]
    day: date
    words: Mapping[str, str]


@lru_cache(maxsize=1)
def material() -> Mapping[str, Any]:
    with Path(__file__).with_name("grouping_pile.toml").open("rb") as file:
        return tomllib.load(file)


def pile(count: int, seed: int = 1) -> list[Told]:
    """`count` articles in random order."""
    chance = random.Random(f"{seed}")
    told: list[Told] = []
    kinds = cycle(material()["kinds"])
    sizes = cycle(EVENT_SIZES)
    number = 0
    while len(told) < count:
        event = _happening(next(kinds), chance, towns=max(12, count // 12))
        told += [Told(number, a) for a in _reports(event, next(sizes), chance)][: count - len(told)]
        number += 1
    chance.shuffle(told)
    return told


def _happening(kind: Mapping[str, Any], chance: random.Random, towns: int) -> Happening:
    words = {
        "town": _town(chance.randrange(towns)),
        "near": _town(chance.randrange(towns)),
        "street": f"{chance.choice(material()['streets'])} {chance.choice(_STREETS)}",
        "firm": f"{_family(chance)} {chance.choice(material()['firms'])}",
        "rival": f"{_family(chance)} {chance.choice(material()['firms'])}",
        "country": chance.choice(material()["countries"]),
    }
    for role in ("leader", "other", "witness", "expert"):
        first, family = chance.choice(material()["first"]), _family(chance)
        words |= {role: f"{first} {family}", f"{role}_short": family}
    for name, most in (("few", 19), ("some", 90), ("many", 900)):
        words[name] = str(chance.randrange(most // 9, most))
    return Happening(kind, FIRST_DAY + timedelta(days=chance.randrange(DAYS)), words)


def _reports(event: Happening, size: int, chance: random.Random) -> Iterator[Article]:
    """`size` articles in different outlets."""
    outlets = chance.sample(range(len(material()["outlets"]) * len(material()["media"])), size)
    earlier: list[Article] = []
    for outlet in outlets:
        if earlier and chance.random() < NEAR_COPY:
            article = _near_copy(chance.choice(earlier), outlet, chance)
        else:
            article = _report(event, outlet, chance)
        earlier.append(article)
        yield article


def _report(event: Happening, outlet: int, chance: random.Random) -> Article:
    published = event.day + timedelta(days=chance.choice((0, 0, 1, 1, 1, 2, 3)))
    words = dict(event.words) | {"day": _WEEKDAYS[event.day.weekday()]}
    if chance.random() < 0.3:  # an early count
        words["few"] = str(max(2, int(words["few"]) - chance.randrange(1, 4)))
    told = [chance.choice(event.kind["lead"])]
    facts = chance.sample(event.kind["facts"], chance.randrange(3, len(event.kind["facts"]) + 1))
    told += [chance.choice(wordings) for wordings in facts]
    told += chance.sample(material()["common"], chance.randrange(1, 4))
    if chance.random() < 0.7:
        aside = {"aside": _town(chance.randrange(400)), "aside_family": _family(chance)}
        told.append(chance.choice(material()["asides"]).format(**aside))
    paragraphs = [chance.choice(event.kind["headlines"]), *told]
    text = "\n\n".join(paragraphs).format(**words)
    if chance.random() < 1 / 3:
        text += "\n\n" + material()["boilerplate"][outlet % len(material()["boilerplate"])]
    return Article(text=text, source=_outlet(outlet), published_at=published)


def _near_copy(article: Article, outlet: int, chance: random.Random) -> Article:
    """The same text with another headline, one paragraph less and a word changed."""
    headline, *paragraphs = article.text.split("\n\n")
    if len(paragraphs) > 4:
        paragraphs.pop(chance.randrange(1, len(paragraphs)))
    text = "\n\n".join([f"{headline}: {chance.choice(material()['teasers'])}", *paragraphs])
    return article.model_copy(
        update={"text": text.replace(" said", " told reporters", 1), "source": _outlet(outlet)}
    )


def _outlet(number: int) -> str:
    places, media = material()["outlets"], material()["media"]
    return f"{places[number % len(places)]} {media[number // len(places)]}"


def _town(number: int) -> str:
    starts, ends = material()["town_starts"], material()["town_ends"]
    return str(starts[number % len(starts)] + ends[number // len(starts) % len(ends)])


def _family(chance: random.Random) -> str:
    return str(chance.choice(material()["family_starts"]) + chance.choice(material()["family_ends"]))
