"""When things happened, as the articles tell it.

Comes in: merged facts, the facts behind them, and the conflicts. Goes out: one `TimelineEntry` a date.
Promises: only dates that the articles resolve ("last week", "in September" of no known year are left
out) and on which something was so ("the first strike since 2021" tells nothing of 2021); a date is never
finer than it was told; a disputed date keeps all its sides, each of which names the conflict; the order of
facts and articles changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from service.facts.dates import compatible
from service.facts.models import Fact, Value
from service.stories.models import Conflict, MergedFact, TimelineEntry

_CALENDAR = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")
_SPAN_OF_YEARS = re.compile(r"\d{4}[-/]\d{2}")  # the war of 1950-53, the season of 2010-11: no month
# What is measured against a day did not happen on it.
_AGAINST = re.compile(
    r"\b(?:first|second|third|only|most|least|worst|best|more|less|\w{2,}(?:est|er)) (?:[^.;:,]* )?"
    r"(?:since|than in)(?: the| about| around)?\s*$",
    re.I,
)
_PLANNED = " (planned)"


def timeline(
    merged: Sequence[MergedFact], facts: Iterable[Fact], conflicts: Sequence[Conflict]
) -> tuple[TimelineEntry, ...]:
    """Entries by date; a coarse date opens the time it covers: 2024, 2024-06, 2024-06-18.

    The facts of an entry stand in the order of `merged`. Raises KeyError when a fact of `merged` is missing.
    """
    by_id = {fact.fact_id: fact for fact in facts}
    told: dict[str, list[tuple[MergedFact, Fact, Value]]] = defaultdict(list)
    for fact in merged:
        for member in (by_id[i] for i in fact.fact_ids):
            for value in member.values:
                if value.type == "date" and is_resolved(value) and not _is_measure(member, value):
                    told[str(value.value)].append((fact, member, value))
    sides: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for conflict in conflicts:
        for position in conflict.positions:
            for merged_id in position.merged_fact_ids:
                sides[merged_id].append((position.value.removesuffix(_PLANNED), conflict.conflict_id))
    return tuple(_entry(when, told[when], sides) for when in sorted(told))


def is_resolved(value: Value) -> bool:
    """Whether a date value is a year, a month of a year, or a day."""
    found = _CALENDAR.fullmatch(str(value.value))
    if found is None or _SPAN_OF_YEARS.fullmatch(value.text):
        return False
    try:
        date(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
    except ValueError:
        return False
    return True


def _is_measure(fact: Fact, value: Value) -> bool:
    return any(
        bool(_AGAINST.search(piece.quote[: value.start - piece.start]))
        for piece in fact.evidence
        if piece.start <= value.start < piece.end
    )


def _entry(
    when: str,
    told: Sequence[tuple[MergedFact, Fact, Value]],
    sides: Mapping[str, Sequence[tuple[str, str]]],
) -> TimelineEntry:
    """`sides`: by merged fact, the values it stands for in conflicts, with the conflicts' ids."""
    merged_ids = tuple(dict.fromkeys(fact.merged_fact_id for fact, _, _ in told))
    disputes = {
        conflict_id for i in merged_ids for value, conflict_id in sides.get(i, ()) if compatible(when, value)
    }
    return TimelineEntry(
        date=when,
        text=_spelling(value.text for _, _, value in told),
        merged_fact_ids=merged_ids,
        article_ids=tuple(sorted({member.article_id for _, member, _ in told})),
        conflict_ids=tuple(sorted(disputes)),
    )


def _spelling(texts: Iterable[str]) -> str:
    """The most usual one; of equally usual ones the fullest."""
    counted = Counter(" ".join(text.split()) for text in texts)
    return min(counted, key=lambda text: (-counted[text], -len(text), text))
