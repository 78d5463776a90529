"""Where articles disagree, or one contradicts itself.

Comes in: merged facts and the claims behind them. Goes out: conflicts with their positions, and the
status of every merged fact. Promises: conflicts are kept, never resolved; values that can both be
true ("24 years", "more than 20 years"; a town and its country) are no conflict; code finds them, from
normalised values, and the order of facts and articles changes nothing.

    disputed    two sides stand beside each other, or somebody denies what somebody alleges
    superseded  the older value gave way: a plan to what happened, a count to a later one
    internal    both sides stand in one article only
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from service.facts.dates import compatible
from service.hashing import content_id
from service.stories.claims import Claim, Commonness
from service.stories.clashes import WEEKDAYS, Clash, Side, clashes, places_exclude
from service.stories.contradictions import Opposition, oppositions
from service.stories.happenings import happening_words
from service.stories.linking import components
from service.stories.models import Conflict, ConflictType, MergedFact, Position, Status
from service.stories.occasions import mentions
from service.stories.recounts import count_clashes
from service.stories.tolls import tolls

Key = tuple[str, ...]


def conflicts(
    merged: Sequence[MergedFact], claims: Sequence[Claim], common: Commonness
) -> tuple[Conflict, ...]:
    """All conflicts between the claims, sorted by id."""
    home = {fact_id: m.merged_fact_id for m in merged for fact_id in m.fact_ids}
    clashing = [*clashes(mentions(claims)), *count_clashes(tolls(claims))]
    found = [_conflict(group, home) for group in _grouped(clashing)]
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


def _grouped(found: Sequence[Clash]) -> list[list[Clash]]:
    """Clashes that share a side belong to one conflict."""
    ordered = sorted(found, key=lambda c: (c.left.key, c.right.key))
    links = [(clash.left.key, clash.right.key) for clash in ordered]
    sides = components([*links, *_told_alike(ordered)])
    group = {key: number for number, members in enumerate(sides) for key in members}
    grouped: dict[int, list[Clash]] = defaultdict(list)
    for clash in ordered:
        grouped[group[clash.left.key]].append(clash)
    return list(grouped.values())


def _told_alike(found: Sequence[Clash]) -> Iterator[tuple[Key, Key]]:
    """Sides that give one figure of one thing belong together, whoever they clash with."""
    by_key = {side.key: side for clash in found for side in (clash.left, clash.right) if side.number}
    alike: dict[tuple[object, ...], list[Side]] = defaultdict(list)
    for side in (by_key[key] for key in sorted(by_key)):
        number = side.number
        for word in side.claim.terms if number is not None else ():
            alike[side.mention.term, number and (number.value, number.bound), word].append(side)
    for sides in alike.values():
        yield from ((sides[0].key, other.key) for other in sides[1:])


def _conflict(group: Sequence[Clash], home: Mapping[str, str]) -> Conflict:
    sides = sorted({s.key: s for c in group for s in (c.left, c.right)}.values(), key=lambda s: s.key)
    older = {s.key for c in group if c.older for s in (c.left if c.older == "left" else c.right,)}
    superseded = all(c.older for c in group)
    values: dict[str, list[Side]] = defaultdict(list)
    for side in sides:
        values[_spelling(side, values)].append(side)

    def rank(value: str) -> tuple[bool, str, float, str]:
        own = values[value]
        size = own[0].number.value if own[0].number is not None else None
        known = max(str(s.claim.article.published_at or "") for s in own)
        return not all(s.key in older for s in own), known, size or 0.0, value

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
            same = not places_exclude(side.mention, first.mention)
        if same:
            return value
    return side.value


def _shown(sides: Sequence[Side]) -> str:
    value = min((s.value for s in sides), key=lambda v: (len(v), v))
    if sides[0].slot != "day":
        return value
    value = value.capitalize() if value in WEEKDAYS else value
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
    if shown.mention.term in happening_words().fates.values():
        word = shown.mention.term
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
