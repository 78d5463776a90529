"""A mixed pile of articles, sorted into events.

Comes in: read articles, or their profiles. Goes out: one `EventGroup` an event, every article in exactly
one. Promises: the same articles in any order give the same groups, byte for byte; no article is compared
with all others, so the work grows with the pile and hardly faster.

    profile each (event_terms) -> weigh -> propose pairs by shared rare terms -> join (linkage)

A term weighs more the fewer articles have it, and names most. How few is counted in the pile and in an
imagined pile of ordinary news (`event_words.toml`), because five articles about one event cannot tell by
themselves which of their words are rare.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from service.hashing import content_id
from service.stories.event_terms import Profile, event_words, profile
from service.stories.groups import EventGroup, NearCopies
from service.stories.linkage import Node, Vector, dot, linked
from service.stories.near_copies import near_copies
from service.text.article import ReadArticle

THRESHOLD = 0.22
# Two fires have their words in common, two reports of one fire also who and where: names, figures and days
# make up so much of the similarity, however many words there are.
WHO_AND_WHERE = 0.75
ORDINARY_ARTICLES = 300  # in the imagined pile
# ... and the share of them that has a term of each kind.
SHARES = {"frequent": 0.15, "countries": 0.05, "word": 0.02, "figure": 0.01, "day": 0.1, "name": 0.0}
MAX_TERMS = 80  # of one article: the rest of a long one is digression
KEY_TERMS = 16  # of one article: those that propose pairs
MIN_SHARED_KEYS = 2
WINDOW = 32
SHOWN_TERMS = 8


def group_articles(articles: Iterable[ReadArticle]) -> tuple[EventGroup, ...]:
    """The events of a pile, the largest first. An article given twice counts once."""
    return group_profiles(profile(article) for article in articles)


def group_profiles(profiles: Iterable[Profile]) -> tuple[EventGroup, ...]:
    """The same for articles that were profiled one by one, or elsewhere."""
    pile = sorted({p.article_id: p for p in profiles}.values(), key=_in_time)
    weighed = weigh(pile)
    copies = near_copies((p.article_id, p.sketch) for p in pile)
    pairs = candidates(weighed.vectors)
    place = {p.article_id: n for n, p in enumerate(pile)}
    pairs |= {(place[original], place[copy]) for copy, (original, _) in copies.items()}
    found = linked(list(_singles(pile, weighed)), sorted(pairs), THRESHOLD)
    groups = [_group(members, pile, weighed, copies) for members in found]
    return tuple(sorted(groups, key=_largest_first))


def _singles(pile: Sequence[Profile], weighed: Weighed) -> Iterator[Node]:
    """Each article as a cluster of its own."""
    number = {term: n for n, term in enumerate(weighed.terms)}
    places = {place for p in pile for place in p.places}
    for n, (p, vector) in enumerate(zip(pile, weighed.vectors, strict=True)):
        day = p.published.toordinal() if p.published else None
        scenes = {number[place]: 1 for place in p.places if place in number}
        mentions = {number[term]: 1 for term in p.terms if term in places}
        yield Node(vector, (n,), day, day, bool(scenes), scenes, mentions)


@dataclass(frozen=True)
class Weighed:
    """`vectors[n]` is the n-th article, of length 1; term numbers are those of `terms`."""

    vectors: tuple[Vector, ...]
    terms: tuple[str, ...]


def weigh(pile: Sequence[Profile]) -> Weighed:
    """Terms by how often an article says them and by how few articles do."""
    count = Counter(term for p in pile for term in p.terms)
    named = Counter(name for p in pile for name in p.names)
    terms = sorted(count)
    number = {term: n for n, term in enumerate(terms)}
    total = len(pile) + ORDINARY_ARTICLES
    rarity = {
        term: max(0.0, math.log(total / (count[term] + ORDINARY_ARTICLES * _share(term, count, named))))
        for term in terms
    }
    vectors = []
    for p in pile:
        said = {t: (1 + math.log(times)) * rarity[t] for t, times in p.terms.items() if rarity[t] > 0}
        kept = sorted(said, key=lambda t: (-said[t], t))[:MAX_TERMS]
        who = [t for t in kept if t[0] in "#@" or 2 * named[t] >= count[t]]
        what = [t for t in kept if t not in set(who)]
        sides = ((who, WHO_AND_WHERE), (what, 1 - WHO_AND_WHERE)) if who and what else ((kept, 1.0),)
        vectors.append({number[t]: value for side in sides for t, value in _scaled(said, *side)})
    return Weighed(tuple(vectors), tuple(terms))


def _scaled(weights: Mapping[str, float], terms: Sequence[str], share: float) -> Iterator[tuple[str, float]]:
    """`terms` with their weights, scaled so that their squares add up to `share`."""
    length = math.sqrt(sum(weights[t] ** 2 for t in terms))
    for term in terms:
        yield term, weights[term] * math.sqrt(share) / length


def _share(term: str, count: Mapping[str, int], named: Mapping[str, int]) -> float:
    """In what share of ordinary news the term is thought to stand."""
    words = event_words()
    if term[0] == "#":
        return SHARES["figure"]
    if term[0] == "@":
        return SHARES["day"]
    if term in words["countries"]:
        return SHARES["countries"]
    if term in words["frequent"]:
        return SHARES["frequent"]
    return SHARES["name" if 2 * named[term] >= count[term] else "word"]


def candidates(vectors: Sequence[Vector]) -> set[tuple[int, int]]:
    """Pairs that share at least `MIN_SHARED_KEYS` of their heaviest terms.

    Articles with the same key term stand in line by number and meet those in the same window of the line;
    windows overlap by half, so that a large event hangs together. That bounds the pairs of a term.
    """
    lines: dict[int, list[int]] = defaultdict(list)
    for n, vector in enumerate(vectors):
        for term in sorted(vector, key=lambda t: (-vector[t], t))[:KEY_TERMS]:
            lines[term].append(n)
    shared: Counter[tuple[int, int]] = Counter()
    for line in lines.values():
        met: set[tuple[int, int]] = set()
        for start in range(0, max(1, len(line) - WINDOW // 2), WINDOW // 2):
            met.update(combinations(line[start : start + WINDOW], 2))
        shared.update(met)
    return {pair for pair, times in shared.items() if times >= MIN_SHARED_KEYS}


def _group(
    members: Sequence[int],
    pile: Sequence[Profile],
    weighed: Weighed,
    copies: Mapping[str, tuple[str, float]],
) -> EventGroup:
    inside = [pile[n] for n in members]
    total: Counter[int] = Counter()
    for n in members:
        total.update(weighed.vectors[n])
    central = max(members, key=lambda n: (pile[n].headed, dot(weighed.vectors[n], total), pile[n].article_id))
    days = [p.published for p in inside if p.published]
    ids = tuple(p.article_id for p in inside)
    return EventGroup(
        group_id=content_id("group", sorted(ids)),
        article_ids=ids,
        title=pile[central].title,
        terms=tuple(_holding(members, total, pile, weighed)),
        first_published=min(days, default=None),
        last_published=max(days, default=None),
        near_copies=tuple(_copied(ids, copies)),
        cohesion=_cohesion(len(ids), total),
    )


def _holding(
    members: Sequence[int], total: Mapping[int, float], pile: Sequence[Profile], weighed: Weighed
) -> Iterator[str]:
    """The heaviest terms that at least half of the members have, as most of them spell them."""
    strongest = sorted(total, key=lambda t: (-total[t], t))
    shown = 0
    for number in strongest:
        term = weighed.terms[number]
        spelled = Counter(pile[n].shown[term] for n in members if term in pile[n].terms)
        if term[0] != "@" and 2 * spelled.total() >= len(members):
            yield min(spelled, key=lambda text: (-spelled[text], text))
            shown += 1
        if shown == SHOWN_TERMS:
            return


def _cohesion(size: int, total: Mapping[int, float]) -> float:
    """Mean over all pairs of two: the square of the sum holds each pair twice and each article once."""
    if size == 1:
        return 1.0
    square = sum(value * value for value in total.values())
    return round(min(1.0, max(0.0, (square - size) / (size * (size - 1)))), 4)


def _copied(ids: Sequence[str], copies: Mapping[str, tuple[str, float]]) -> Iterator[NearCopies]:
    """Originals with their copies; what has its original in another group is no copy here."""
    of: dict[str, list[str]] = defaultdict(list)
    for name in ids:
        if name in copies and copies[name][0] in ids:
            of[copies[name][0]].append(name)
    for original in ids:
        if repeated := of.get(original):
            least = min(copies[name][1] for name in repeated)
            yield NearCopies(article_ids=(original, *repeated), overlap=least)


def _in_time(p: Profile) -> tuple[date, str]:
    return p.published or date.max, p.article_id


def _largest_first(group: EventGroup) -> tuple[int, date, str]:
    return -len(group.article_ids), group.first_published or date.max, group.group_id
