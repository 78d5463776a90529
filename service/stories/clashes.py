"""Two mentions of one happening that cannot both be right.

Comes in: the mentions of all articles. Goes out: `Clash`es between two sides. Promises: values that can
both be true ("24 years", "more than 20 years"; a town and its country) do not clash; days further apart
than `SAME_OCCASION_DAYS` are two occasions; the order of the mentions changes nothing.

Exactly one slot (day, place or figure) excludes the other, and something else ties the two together:
somebody, some place or who acts for a day, who takes part for a place, any of these or the day for a
figure. Only mentions that share a tie are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from service.facts.analysis import stem
from service.facts.dates import compatible
from service.facts.numbers import Number
from service.facts.thesaurus import kin, related
from service.stories.claims import Claim
from service.stories.happenings import happening_family, happening_words, one_happening, verb_above
from service.stories.linking import pairs
from service.stories.occasions import Count, Mention
from service.stories.places import Words, name_keys, one_place, places_differ, same_name
from service.stories.values import is_resolved, numbers_agree
from service.stories.vetoes import names_differ, vetoes

SAME_OCCASION_DAYS = 7
MONTH = 7  # characters of "2031-03"
YEAR = 4
WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
Slot = Literal["day", "place", "figure"]


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


def clashes(found: Sequence[Mention]) -> Iterator[Clash]:
    """Every clash between two claims. `found`: sorted, each mention once."""
    terms = {mention.term for mention in found}
    families = {term: sorted((kin(term) | happening_family(term)) & terms | {term}) for term in terms}
    keys = [{f"{family}/{tie}" for family in families[m.term] for tie in _ties(m)} for m in found]
    for i, j in pairs(keys):
        left, right = found[i], found[j]
        if left.claim is not right.claim and one_happening(left.term, right.term):
            yield from _clash(left, right)


def _ties(mention: Mention) -> Iterator[str]:
    """What two mentions of one occasion may have in common; each clash has one of these on both sides."""
    yield from (f"name {key}" for key in keys_of_names(mention))
    yield from (f"day {day[:MONTH]}" for day in mention.dates)
    yield from (f"who {stem}" for stem in _agent(mention))


def keys_of_names(mention: Mention) -> Iterator[str]:
    for words in (*mention.people, *(place.words for place in mention.places), *mention.claim.names):
        yield from name_keys(words)


def _clash(left: Mention, right: Mention) -> Iterator[Clash]:
    if left.negated or right.negated or other_times(left, right):
        return
    if _people_exclude(left.people, right.people):
        return
    day, place = _days_exclude(left, right), places_exclude(left, right)
    tied = _share_people(left, right) or _share_place(left, right)
    acting = _same_agent(left, right) and not names_differ(left.claim, right.claim)
    if day and not place and (tied or acting) and _one_occasion(left, right):
        older = _older_plan(left, right)
        if older is not None or left.planned == right.planned:
            yield Clash(_day_side(left), _day_side(right), older)
    together = _share_people(left, right) or _same_agent(left, right)
    if place and not day and together and _share_day(left, right) and left.planned == right.planned:
        yield Clash(_place_side(left), _place_side(right), None)
    if not day and not place and (tied or _share_day(left, right)):
        yield from _figures(left, right)


def _people_exclude(left: frozenset[Words], right: frozenset[Words]) -> bool:
    return bool(left and right) and not any(same_name(a, b) for a in left for b in right)


def _share_people(left: Mention, right: Mention) -> bool:
    return any(same_name(a, b) for a in left.people for b in right.people)


def _share_place(left: Mention, right: Mention) -> bool:
    return any(one_place(a.words, b.words) for a in left.places for b in right.places)


def _share_day(left: Mention, right: Mention) -> bool:
    return any(compatible(a, b) for a in left.dates for b in right.dates)


def _days_exclude(left: Mention, right: Mention) -> bool:
    first, second = [d for d in left.dates if is_resolved(d)], [d for d in right.dates if is_resolved(d)]
    return bool(first and second) and not any(compatible(a, b) for a in first for b in second)


def other_times(left: Mention, right: Mention) -> bool:
    """One is news and the other history: "four died in 1988" is no other count of those who died now."""
    return _is_history(left) != _is_history(right)


def _is_history(mention: Mention) -> bool:
    published = mention.claim.published
    years = {int(d[:4]) for d in mention.dates if d[:4].isdigit()}
    if not years:
        return False
    return published is None or max(years) < published.year  # news of an unknown day gives no year


def _one_occasion(left: Mention, right: Mention) -> bool:
    """Both told to the day, and the days lie close together; or both to the year of what comes only once."""
    if left.term in happening_words().once and all(len(d) == YEAR for m in (left, right) for d in m.dates):
        return True
    if all(len(m.dates) == 1 and m.dates[0] in WEEKDAYS for m in (left, right)):
        return True  # of articles without a date: no weekday is further away than that
    first, second = _day(left), _day(right)
    return first is not None and second is not None and abs((first - second).days) <= SAME_OCCASION_DAYS


def _day(mention: Mention) -> date | None:
    if len(mention.dates) != 1:
        return None
    try:
        return date.fromisoformat(mention.dates[0])
    except ValueError:
        return None


def places_exclude(left: Mention, right: Mention) -> bool:
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


def _figures(left: Mention, right: Mention) -> Iterator[Clash]:
    """Amounts of money, percentages, lengths; what is counted is compared by `_counts`."""
    if not _one_cause(left, right):
        return
    for a in left.counts:
        for b in right.counts:
            if a.number.unit is None or a.number.unit != b.number.unit or numbers_agree(a.number, b.number):
                continue
            if not _answered(a, right) and not _answered(b, left):
                yield Clash(figure_side(left, a), figure_side(right, b), superseded(left, right))


def _answered(count: Count, other: Mention) -> bool:
    """Whether the other side gives the same figure as well."""
    return any(
        numbers_agree(count.number, o.number) and count.number.unit == o.number.unit for o in other.counts
    )


def superseded(left: Mention, right: Mention) -> Literal["left", "right"] | None:
    """The older of two figures, unless two named speakers give them: those disagree. Of the dead and the
    hurt police and hospitals do not hold different views, they know them at different times.
    """
    fates = set(happening_words().fates.values())
    if left.term not in fates and "speaker" in vetoes(left.claim, right.claim):
        return None
    if _later(left.claim, right.claim):
        return "right"
    return "left" if _later(right.claim, left.claim) else None


def _one_cause(left: Mention, right: Mention) -> bool:
    """Not a fire here and a crash there: who or what acts may be the same."""
    return not (_agent(left) and _agent(right)) or _same_agent(left, right)


def _same_agent(left: Mention, right: Mention) -> bool:
    first, second = _agent(left), _agent(right)
    return any(related(a, b) for a in first for b in second)


def _agent(mention: Mention) -> frozenset[str]:
    """Stems of who acts in the clause of a happening."""
    analysis = mention.claim.analysis
    verb = verb_above(analysis.doc[mention.head])
    clause = next((c for c in analysis.clauses if verb is not None and c.head == verb.i), None)
    return frozenset(map(stem, clause.agent)) if clause is not None else frozenset()


def _day_side(mention: Mention) -> Side:
    return Side(mention, "day", mention.dates[0])


def _place_side(mention: Mention) -> Side:
    return Side(mention, "place", "; ".join(sorted({place.text for place in mention.places})))


def figure_side(mention: Mention, count: Count) -> Side:
    return Side(mention, "figure", count.text, count.number)
