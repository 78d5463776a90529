"""The same fact or not.

Comes in: the claims of all articles. Goes out: groups of claims that say the same, and one
`MergedFact` a group. Promises: every fact stands in exactly one group; no two members of a group
exclude each other (so A~B and B~C never join an A and a C that differ in a number); the order of
facts and articles changes nothing; merging again changes nothing.

Only facts that share two of their rarest words or values are compared. The most similar pairs are
joined first, and two groups join only when every member of one fits every member of the other
(complete linkage). Below `SAME` two facts stay apart: a missing merge shows one fact twice, a wrong
one shows a fact that nobody stated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from service.facts.models import Kind
from service.facts.names import name_words, without_titles
from service.hashing import content_id
from service.stories.alike import carried_by, similarity, speak_alike, word_overlap
from service.stories.claims import Claim, Commonness
from service.stories.linking import components, pairs
from service.stories.models import CopyGroup, MergedFact
from service.stories.vetoes import vetoed

# Of the pairs of thirty reports of six events that nothing excludes, nearly all above this are one fact
# (docs/decisions/0013-merging.md); words alone must agree too, or names and dates would carry a pair.
SAME = 0.5
SAME_WORDS = 0.25
# How much of the statement shown every member of a group says at least.
CARRIED = 0.5
# Keys a claim is found by. A pair above `SAME` shares most of its words, the rare ones included.
RAREST_KEYS = 8
SHARED_KEYS = 2
# Words of a quotation that two reporters do not write down alike by chance.
QUOTED_ALIKE = 4

_VAGUE = frozenset({"this", "these", "that", "those", "such", "there", "both", "latter", "former"})
Group = tuple[Claim, ...]
_CAREFUL: tuple[Kind, ...] = ("denial", "accusation", "statement", "plan", "background", "event")


def merge(found: Sequence[Group], copies: Sequence[CopyGroup], common: Commonness) -> tuple[MergedFact, ...]:
    """One merged fact for every group of claims that say the same (see `groups`), sorted by id.

    `copies` decide what counts as one source; `status` and `importance` are filled in later, by
    `conflicts.with_status` and `ranking.ranked`.
    """
    origins = Origins.of(copies)
    merged = (merged_fact(group, origins, common) for group in found)
    return tuple(sorted(merged, key=lambda m: m.merged_fact_id))


def groups(claims: Sequence[Claim], common: Commonness) -> tuple[Group, ...]:
    """Claims that say the same, each group sorted by content, groups sorted by their first claim."""
    ordered = sorted(claims, key=lambda c: c.key)
    cluster = {index: [index] for index in range(len(ordered))}
    alike: dict[tuple[int, int], bool] = {}

    def same(i: int, j: int) -> bool:
        pair = (min(i, j), max(i, j))
        if pair not in alike:
            alike[pair] = _score(ordered[i], ordered[j], common) >= SAME
        return alike[pair]

    scored = [(-_score(ordered[i], ordered[j], common), i, j) for i, j in candidates(ordered)]
    for score, i, j in sorted(scored):
        if -score < SAME or cluster[i] is cluster[j]:
            continue
        if all(same(a, b) for a in cluster[i] for b in cluster[j]):
            joined = sorted(cluster[i] + cluster[j])
            for member in joined:
                cluster[member] = joined
    distinct = {id(members): members for members in cluster.values()}
    found = (tuple(ordered[i] for i in members) for members in distinct.values())
    kept = (part for group in found for part in carrying(group, common))
    return tuple(sorted(kept, key=lambda group: group[0].key))


def _score(left: Claim, right: Claim, common: Commonness) -> float:
    """Similarity of two claims that may be one, else 0."""
    if not speak_alike(left, right) or word_overlap(left, right, common) < SAME_WORDS or vetoed(left, right):
        return 0.0
    return similarity(left, right, common)


def candidates(claims: Sequence[Claim]) -> list[tuple[int, int]]:
    """Pairs of positions worth comparing, in order."""
    keys = [_keys(claim) for claim in claims]
    counted = Counter(key for own in keys for key in own)
    rarest = [
        sorted((k for k in own if counted[k] > 1), key=lambda k: (counted[k], k))[:RAREST_KEYS]
        for own in keys
    ]
    return pairs(rarest, shared=SHARED_KEYS)


def _keys(claim: Claim) -> frozenset[str]:
    figures = {f"{n.normal} {n.unit}" for n in claim.analysis.numbers}
    named = {" ".join(words) for words in claim.names}
    quoted = {f'"{word}' for words in claim.quotations for word in words}
    return claim.terms | figures | named | quoted | {when.value for when in claim.analysis.dates}


# -- one merged fact a group ----------------------------------------------------------------------


@dataclass(frozen=True)
class Origins:
    """Which articles count as one source."""

    copies: Mapping[str, str]

    @classmethod
    def of(cls, groups: Sequence[CopyGroup]) -> Origins:
        """Every article of a copy group stands for the group's first."""
        return cls({article: group.article_ids[0] for group in groups for article in group.article_ids})

    def count(self, article_ids: Iterable[str]) -> int:
        """How many sources these articles are."""
        return len({self.copies.get(i, i) for i in article_ids})

    def independent(self, group: Group) -> int:
        """Sources of a group: copy groups count once, and so does one speaker's quotation."""
        sources = {claim.article_id: self.copies.get(claim.article_id, claim.article_id) for claim in group}
        links = [(s, s) for s in sources.values()]
        for left, right in combinations(group, 2):
            if _one_quotation(left, right):
                links.append((sources[left.article_id], sources[right.article_id]))
        return len(components(links))


def _one_quotation(left: Claim, right: Claim) -> bool:
    """Both hand on the same words of the same speaker."""
    if not (left.speaker and right.speaker):
        return False
    return any(len(a) >= QUOTED_ALIKE and a == b for a in left.quotations for b in right.quotations)


def merged_fact(group: Group, origins: Origins, common: Commonness) -> MergedFact:
    """A group as it stands in a story; `status` and `importance` are filled in later."""
    shown = representative(group, common)
    fact_ids = tuple(sorted(claim.fact.fact_id for claim in group))
    return MergedFact(
        merged_fact_id=content_id("merged", fact_ids),
        statement=shown.fact.statement,
        kind=shown.fact.kind,
        speaker=_speaker(shown, group),
        fact_ids=fact_ids,
        article_ids=tuple(sorted({claim.article_id for claim in group})),
        independent_sources=origins.independent(group),
        status="single_source",
        importance=0.0,
    )


def representative(group: Group, common: Commonness) -> Claim:
    """The claim that stands for the group: carried by all the others, and clear by itself.

    First comes what every other member says most of, so that nothing is shown as agreed that only one of
    them says. Of these, the kind that most articles give it, of as many the most careful one: what one
    outlet reports and one hands on from the police is shown as what the police say. Then fewest unresolved
    and vague references; then what is carried best; then the shortest.
    """
    told_by = Counter(kind for kind, _ in {(c.fact.kind, c.article_id) for c in group})
    voice = min(told_by, key=lambda kind: (-told_by[kind], _CAREFUL.index(kind)))

    def rank(claim: Claim) -> tuple[bool, bool, int, float, int, tuple[str, str]]:
        vague = sum(t.lower_ in _VAGUE for t in claim.analysis.doc)
        vague += claim.fact.statement.lower().count("the two ")
        carried = [carried_by(claim, other, common) for other in group if other is not claim]
        least = min(carried, default=1.0)
        return (
            least < CARRIED,
            claim.fact.kind != voice,
            len(claim.fact.unresolved) + vague,
            -round(least, 6),
            len(claim.fact.statement),
            claim.key,
        )

    return min(group, key=rank)


def carrying(group: Group, common: Commonness) -> Iterator[Group]:
    """The group without members that do not say what it shows, each of which stands for itself again."""
    shown = representative(group, common)
    kept = tuple(c for c in group if c is shown or carried_by(shown, c, common) >= CARRIED)
    yield kept
    yield from ((c,) for c in group if c not in kept)


def _speaker(shown: Claim, group: Group) -> str | None:
    """The fullest name that a member gives the speaker of the shown statement."""
    if shown.fact.speaker is None:
        return None
    named = {c.fact.speaker for c in group if c.fact.speaker is not None and c.speaker}
    if not named:
        return shown.fact.speaker
    return max(sorted(named), key=lambda s: (len(without_titles(name_words(s))), len(s)))
