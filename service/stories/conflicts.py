"""Where articles disagree, or one contradicts itself.

Comes in: merged facts and the claims behind them. Goes out: conflicts with their positions, and the
status of every merged fact. Promises: conflicts are kept, never resolved; values that can both be
true ("24 years", "more than 20 years"; a town and its country) are no conflict; code finds them, from
normalised values, and the order of facts and articles changes nothing.

Two mentions of one happening conflict when exactly one slot (day, place or figure) excludes the other
and something else ties them together. Days further apart than `SAME_OCCASION_DAYS` are two occasions.
    disputed    two sides stand beside each other, or somebody denies what somebody alleges
    superseded  the older value gave way: a plan to what happened, a toll to a later, higher one
    internal    both sides stand in one article only
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import Literal

from service.facts.analysis import stem
from service.facts.dates import compatible
from service.facts.numbers import Number
from service.facts.thesaurus import related
from service.hashing import content_id
from service.stories.alike import is_resolved, names_differ, numbers_agree
from service.stories.claims import Claim, Commonness
from service.stories.contradictions import Opposition, oppositions
from service.stories.happenings import is_growing, one_happening
from service.stories.models import Conflict, ConflictType, MergedFact, Position, Status
from service.stories.occasions import Count, Mention, mentions
from service.stories.places import Words, country, places_differ, same_name

SAME_OCCASION_DAYS = 7
Slot = Literal["day", "place", "figure"]

_PEOPLE = frozenset({"", "peopl", "person", "man", "woman", "victim"})


@dataclass(frozen=True)
class Side:
    """One value of a slot, as one mention tells it."""

    mention: Mention
    slot: Slot
    value: str
    number: Number | None = None

    @property
    def claim(self) -> Claim:
        return self.mention.claim

    @property
    def key(self) -> tuple[str, ...]:
        return self.slot, self.value, *map(str, self.mention.key)


@dataclass(frozen=True)
class Clash:
    left: Side
    right: Side
    older: Literal["left", "right"] | None


def conflicts(
    merged: Sequence[MergedFact], claims: Sequence[Claim], common: Commonness
) -> tuple[Conflict, ...]:
    """All conflicts between the claims, sorted by id."""
    home = {fact_id: m.merged_fact_id for m in merged for fact_id in m.fact_ids}
    found = [_conflict(group, home) for group in _grouped(list(_clashes(mentions(claims))))]
    denials = {m.merged_fact_id for m in merged if m.kind == "denial"}
    opposed = (_opposed(group, home) for group in oppositions(claims, common))
    found += [c for c in opposed if not _is_lone_denial(c, denials)]
    return tuple(sorted(dict.fromkeys(found), key=lambda c: c.conflict_id))


def _is_lone_denial(conflict: Conflict, denials: set[str]) -> bool:
    """A denial of what none of the articles reports disagrees with nobody here."""
    ids = {i for p in conflict.positions for i in p.merged_fact_ids}
    return len(ids) == 1 and ids <= denials


def with_status(merged: Sequence[MergedFact], found: Sequence[Conflict]) -> tuple[MergedFact, ...]:
    """`disputed` in a disputed or internal conflict, `superseded` when an older value, else by sources.

    The newest value of a superseded conflict is its last position.
    """
    contested = {i for c in found if c.type != "superseded" for p in c.positions for i in p.merged_fact_ids}
    newest = {i for c in found if c.type == "superseded" for i in c.positions[-1].merged_fact_ids}
    older = {i for c in found if c.type == "superseded" for p in c.positions[:-1] for i in p.merged_fact_ids}

    def status(fact: MergedFact) -> Status:
        if fact.merged_fact_id in contested:
            return "disputed"
        if fact.merged_fact_id in older - newest:
            return "superseded"
        return "corroborated" if fact.independent_sources >= 2 else "single_source"

    return tuple(fact.model_copy(update={"status": status(fact)}) for fact in merged)


# -- two mentions of one happening ----------------------------------------------------------------


def _clashes(found: Sequence[Mention]) -> Iterator[Clash]:
    """Pairs of sides that exclude each other. Mentions are compared within families of terms."""
    by_term: dict[str, list[Mention]] = defaultdict(list)
    for mention in found:
        by_term[mention.term].append(mention)
    for first, second in _families(sorted(by_term)):
        for left in by_term[first]:
            for right in by_term[second]:
                if (first != second or left.key < right.key) and left.claim is not right.claim:
                    yield from _clash(left, right)


def _families(terms: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from ((term, term) for term in terms)
    yield from ((a, b) for a, b in combinations(terms, 2) if one_happening(a, b))


def _clash(left: Mention, right: Mention) -> Iterator[Clash]:
    if left.negated or right.negated or _people_exclude(left.people, right.people):
        return
    day, place = _days_exclude(left, right), _places_exclude(left, right)
    tied = _share_people(left, right) or _share_place(left, right)
    if day and not place and tied and _one_occasion(left, right):
        older = _older_plan(left, right)
        if older is not None or left.planned == right.planned:
            yield Clash(_day_side(left), _day_side(right), older)
    if place and not day and _share_day(left, right) and left.planned == right.planned:
        yield Clash(_place_side(left), _place_side(right), None)
    if not day and not place:
        yield from _figures(left, right, tied or _share_day(left, right))


def _people_exclude(left: frozenset[Words], right: frozenset[Words]) -> bool:
    return bool(left and right) and not any(same_name(a, b) for a in left for b in right)


def _share_people(left: Mention, right: Mention) -> bool:
    return any(same_name(a, b) for a in left.people for b in right.people)


def _share_place(left: Mention, right: Mention) -> bool:
    return any(_one_place(a.words, b.words) for a in left.places for b in right.places)


def _one_place(left: Words, right: Words) -> bool:
    return same_name(left, right) or (country(left) is not None and country(left) == country(right))


def _share_day(left: Mention, right: Mention) -> bool:
    return any(compatible(a, b) for a in left.dates for b in right.dates)


def _days_exclude(left: Mention, right: Mention) -> bool:
    first, second = [d for d in left.dates if is_resolved(d)], [d for d in right.dates if is_resolved(d)]
    return bool(first and second) and not any(compatible(a, b) for a in first for b in second)


def _one_occasion(left: Mention, right: Mention) -> bool:
    """Both told to the day, and the days lie close together."""
    first, second = _day(left), _day(right)
    return first is not None and second is not None and abs((first - second).days) <= SAME_OCCASION_DAYS


def _day(mention: Mention) -> date | None:
    if len(mention.dates) != 1:
        return None
    try:
        return date.fromisoformat(mention.dates[0])
    except ValueError:
        return None


def _places_exclude(left: Mention, right: Mention) -> bool:
    if not left.places or not right.places:
        return False
    return all(places_differ(a.words, b.words) for a in left.places for b in right.places)


def _older_plan(left: Mention, right: Mention) -> Literal["left", "right"] | None:
    """The plan that what happened overtook, when the news of it is not older than the plan."""
    if left.planned == right.planned:
        return None
    plan, happened = (left, right) if left.planned else (right, left)
    if _later(plan.claim, happened.claim):
        return None
    return "left" if left.planned else "right"


def _later(left: Claim, right: Claim) -> bool:
    """Whether `left` was published after `right`; by the hour when both say it."""
    first, second = left.article.published_at, right.article.published_at
    if (
        isinstance(first, datetime)
        and isinstance(second, datetime)
        and bool(first.tzinfo) == bool(second.tzinfo)
    ):
        return first > second
    return left.published is not None and right.published is not None and left.published > right.published


def _figures(left: Mention, right: Mention, tied: bool) -> Iterator[Clash]:
    if not _one_cause(left, right) or not (tied or not names_differ(left.claim, right.claim)):
        return
    for a in left.counts:
        for b in right.counts:
            if a.number.unit != b.number.unit or numbers_agree(a.number, b.number) or not _count_alike(a, b):
                continue
            if any(numbers_agree(a.number, o.number) and _count_alike(a, o) for o in right.counts) or any(
                numbers_agree(b.number, o.number) and _count_alike(b, o) for o in left.counts
            ):
                continue
            toll = is_growing(left.term) and a.number.unit is None
            if tied or (toll and not left.planned and not right.planned):
                older = _smaller_and_older(left, a, right, b) if toll else None
                yield Clash(_figure_side(left, a), _figure_side(right, b), older)


def _one_cause(left: Mention, right: Mention) -> bool:
    """Not a fire here and a crash there: who or what acts may be the same."""
    first, second = _agent(left), _agent(right)
    return not (first and second) or any(a == b or related(a, b) for a in first for b in second)


def _agent(mention: Mention) -> frozenset[str]:
    clause = next((c for c in mention.claim.analysis.clauses if c.head == mention.head), None)
    return frozenset(map(stem, clause.agent)) if clause is not None else frozenset()


def _count_alike(left: Count, right: Count) -> bool:
    if left.noun == right.noun:
        return True
    return (left.noun in _PEOPLE and right.noun in _PEOPLE) or related(left.noun, right.noun)


def _smaller_and_older(left: Mention, a: Count, right: Mention, b: Count) -> Literal["left", "right"] | None:
    if a.number.value is None or b.number.value is None:
        return None
    if a.number.value < b.number.value and _later(right.claim, left.claim):
        return "left"
    return "right" if b.number.value < a.number.value and _later(left.claim, right.claim) else None


def _day_side(mention: Mention) -> Side:
    return Side(mention, "day", mention.dates[0])


def _place_side(mention: Mention) -> Side:
    return Side(mention, "place", "; ".join(sorted({place.text for place in mention.places})))


def _figure_side(mention: Mention, count: Count) -> Side:
    return Side(mention, "figure", count.text, count.number)


# -- from clashes to conflicts --------------------------------------------------------------------


def _grouped(clashes: Sequence[Clash]) -> list[list[Clash]]:
    """Clashes that share a side belong to one conflict."""
    root: dict[tuple[str, ...], list[Clash]] = {}
    for clash in sorted(clashes, key=lambda c: (c.left.key, c.right.key)):
        joined = [clash]
        for group in {id(g): g for side in (clash.left, clash.right) if (g := root.get(side.key))}.values():
            joined += group
        for member in joined:
            root[member.left.key] = root[member.right.key] = joined
    return list({id(group): group for group in root.values()}.values())


def _conflict(group: Sequence[Clash], home: Mapping[str, str]) -> Conflict:
    sides = sorted({s.key: s for c in group for s in (c.left, c.right)}.values(), key=lambda s: s.key)
    older = {s.key for c in group if c.older for s in (c.left if c.older == "left" else c.right,)}
    superseded = all(c.older for c in group)
    values: dict[str, list[Side]] = defaultdict(list)
    for side in sides:
        values[_spelling(side, values)].append(side)

    def rank(value: str) -> tuple[bool, float, str]:
        own = values[value]
        size = own[0].number.value if own[0].number is not None else None
        return not all(s.key in older for s in own), size or 0.0, value

    ordered = sorted(values, key=rank) if superseded else sorted(values)
    positions = tuple(_position(_shown(values[v]), [s.claim for s in values[v]], home) for v in ordered)
    return _made(_about(sides), _type(superseded, positions), positions)


def _spelling(side: Side, known: Mapping[str, list[Side]]) -> str:
    """The position a side belongs to: figures of the same size, days and places that agree."""
    for value, members in known.items():
        first = members[0]
        if side.number is not None and first.number is not None:
            same = (side.number.value, side.number.bound) == (first.number.value, first.number.bound)
        elif side.slot == "day":
            same = compatible(side.value, first.value)
        else:
            same = not _places_exclude(side.mention, first.mention)
        if same:
            return value
    return side.value


def _shown(sides: Sequence[Side]) -> str:
    value = min((s.value for s in sides), key=lambda v: (len(v), v))
    if sides[0].slot != "day":
        return value
    planned = all(s.mention.planned for s in sides)
    return f"{value} (planned)" if planned else value


def _type(superseded: bool, positions: Sequence[Position]) -> ConflictType:
    if superseded:
        return "superseded"
    return "internal" if len({i for p in positions for i in p.article_ids}) == 1 else "disputed"


def _about(sides: Sequence[Side]) -> str:
    """What the values are values of, in plain words."""
    question = {"day": "when", "place": "where", "figure": "how many"}[sides[0].slot]
    shown = min(sides, key=lambda s: (s.mention.planned, len(s.claim.fact.statement), s.key))
    word = shown.claim.analysis.doc[shown.mention.head].text.lower()
    named = {" ".join(w.capitalize() for w in words) for s in sides for words in s.mention.people}
    who = max(sorted(named), key=len, default="")
    return f"{question}: {word}, {who}" if who else f"{question}: {word}"


def _opposed(group: Opposition, home: Mapping[str, str]) -> Conflict:
    positions = tuple(_position(value, claims, home) for value, claims in group.sides)
    return _made(group.about, _type(False, positions), positions)


def _position(value: str, claims: Sequence[Claim], home: Mapping[str, str]) -> Position:
    return Position(
        value=value,
        merged_fact_ids=tuple(sorted({home[c.fact.fact_id] for c in claims})),
        article_ids=tuple(sorted({c.article_id for c in claims})),
    )


def _made(about: str, kind: ConflictType, positions: tuple[Position, ...]) -> Conflict:
    content = [about, kind, [p.model_dump() for p in positions]]
    return Conflict(conflict_id=content_id("conflict", content), about=about, type=kind, positions=positions)
