"""Counts of one thing that cannot both be right: 12 dead here, 15 there.

Comes in: the counts of all articles (see `tolls`). Goes out: `Clash`es. Promises: an earlier accident, a
part of those counted and what only one article names as the cause are no other count; roundings agree; the
order of the counts changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from service.facts.numbers import Number
from service.facts.syntax import phrase_tokens, subject_of
from service.facts.thesaurus import related
from service.stories.clashes import Clash, figure_side, keys_of_names, other_times, superseded
from service.stories.happenings import verb_above
from service.stories.linking import pairs
from service.stories.occasions import Mention
from service.stories.places import Words
from service.stories.values import numbers_agree
from service.stories.vetoes import names_differ


def count_clashes(found: Sequence[Mention]) -> Iterator[Clash]:
    """Clashes between counts of the same (see `tolls`). `found`: sorted, one count each."""
    beside: dict[tuple[str, ...], list[Number]] = defaultdict(list)
    told_by: dict[Words, set[str]] = defaultdict(set)
    for mention in found:
        beside[*mention.claim.key, mention.term].append(mention.counts[0].number)
        for name in _named_agents(mention):
            told_by[name].add(mention.claim.article_id)

    def said(mention: Mention, number: Number) -> bool:
        return any(numbers_agree(number, other) for other in beside[*mention.claim.key, mention.term])

    def of_another(mention: Mention) -> bool:
        """What only one article names did it, as an earlier storm: no count of what all tell of."""
        own = [len(told_by[name]) for name in _named_agents(mention)]
        return bool(own) and max(own) == 1 and any(len(tellers) > 1 for tellers in told_by.values())

    keys = [{f"{m.term}/{key}" for key in (*m.claim.terms, *keys_of_names(m))} for m in found]
    for i, j in pairs(keys):
        left, right = found[i], found[j]
        if left.claim is right.claim or left.term != right.term or left.negated or right.negated:
            continue
        if left.planned != right.planned or other_times(left, right) or not _of_one_thing(left, right):
            continue
        a, b = left.counts[0], right.counts[0]
        if numbers_agree(a.number, b.number) or said(right, a.number) or said(left, b.number):
            continue
        if not (of_another(left) or of_another(right)):
            yield Clash(figure_side(left, a), figure_side(right, b), superseded(left, right))


def _named_agents(mention: Mention) -> list[Words]:
    """Names of who or what did it: Osbert in "Storm Osbert killed one person"."""
    verb = verb_above(mention.claim.analysis.doc[mention.head])
    subject = subject_of(verb) if verb is not None else None
    inside = {t.idx for t in phrase_tokens(subject)} if subject is not None else set()
    return [words for name, words in mention.claim.mentions if name.start in inside]


def _of_one_thing(left: Mention, right: Mention) -> bool:
    """Besides what is counted they share a word of what happened, and two when they name different things."""
    own, other = (m.claim.terms - m.claim.spoken_terms - {m.term} for m in (left, right))
    shared = sum(any(related(a, b) for b in other) for a in own)
    return shared >= (2 if names_differ(left.claim, right.claim) else 1)
