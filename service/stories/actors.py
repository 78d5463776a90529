"""Who and what the story speaks of, and who says what.

Comes in: merged facts and the claims behind them. Goes out: one `Actor` for every person, organisation
and place, by how many facts name it. Promises: two full names are one actor only when they can be one
name (`us` and `united states`, never two given names); a short form goes to whom its own article gives
that name, or else to the only one in the story who has it; a bare name that could be two of them goes to
neither. The order of facts and articles changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set

from service.facts.names import HONORIFICS, fold_word, name_words, without_titles
from service.stories.claims import Claim
from service.stories.models import Actor, ActorKind, MergedFact
from service.stories.places import Words
from service.stories.who import Labels, Mention, Who, kind_of

# Peoples, events, works: named, but nobody who acts. What the recogniser cannot place stays in.
_NOBODY = frozenset({"NORP", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW", "LANGUAGE"})
# The "lawyer of Anna Miller" is not she.
_OF = re.compile(r"(?:\b(?:of|for|to|by|from|with|in|at|on|and)|['’]s?)$")
# A single word that the recogniser cannot place is more often a capital letter than somebody.
UNPLACED_FACTS = 3
_QUANTIFIED = frozenset({"both", "all", "some", "many", "most", "several", "other", "two", "three"})


def actors(merged: Sequence[MergedFact], claims: Iterable[Claim]) -> tuple[Actor, ...]:
    """Sorted by number of facts, then name; the facts of an actor stand in the order of `merged`."""
    ordered = sorted(claims, key=lambda claim: claim.key)
    labels = _labels(ordered)
    named = [mention for claim in ordered for mention in _named(claim, labels)]
    known = {mention.words for mention in named}
    everyone = [*named, *(m for claim in ordered for m in _speaking(claim, known, labels))]
    who = Who(everyone, labels)
    together: dict[Words, list[Mention]] = defaultdict(list)
    for mention in everyone:
        if (actor := who.is_meant(mention)) is not None:
            together[actor].append(mention)
    home = {fact_id: fact.merged_fact_id for fact in merged for fact_id in fact.fact_ids}
    order = {fact.merged_fact_id: place for place, fact in enumerate(merged)}
    found = (_actor(mentions, labels, home, order) for mentions in together.values())
    return tuple(
        sorted(filter(_acts, found), key=lambda a: (-len(a.merged_fact_ids), a.name, a.merged_fact_ids))
    )


def _acts(actor: Actor) -> bool:
    return bool(
        actor.kind or " " in actor.name or actor.speaker_of or len(actor.merged_fact_ids) >= UNPLACED_FACTS
    )


def _labels(claims: Sequence[Claim]) -> dict[Words, Counter[str]]:
    """How often the recogniser took a name for what."""
    counted: dict[Words, Counter[str]] = defaultdict(Counter)
    for claim in claims:
        for name in claim.analysis.names:
            counted[_untitled(name.words, person=name.label == "PERSON")][name.label] += 1
    return counted


def _named(claim: Claim, labels: Labels) -> list[Mention]:
    """Those whom the fact's own evidence names."""
    found = []
    for value in claim.fact.values:
        text = str(value.value)
        if value.type != "name" or " and " in text:
            continue
        words = name_words(text)
        if not set(words) <= HONORIFICS:
            words = _untitled(words, person=kind_of([without_titles(words)], labels) == "person")
            if not _is_nobody(words, labels):
                found.append(Mention(claim, words, text))
    return found


def _untitled(words: Words, *, person: bool) -> Words:
    """Without the titles before the name; "State Department" is no department with a title."""
    if person:
        return without_titles(words)
    first = next((i for i, word in enumerate(words) if word not in HONORIFICS), 0)
    return words[first:] if len(words) - first > 1 else words


def _is_nobody(words: Words, labels: Labels) -> bool:
    counted = labels.get(words)
    return counted is not None and counted.most_common(1)[0][0] in _NOBODY


def _speaking(claim: Claim, known: Set[Words], labels: Labels) -> list[Mention]:
    """Those who state the fact. "Moscow and Pyongyang" are two, where both are known by themselves."""
    speaker = claim.fact.speaker or ""
    whole = _speaker(speaker, known, labels)
    parts = [whole] if whole else [_speaker(p, known, labels) for p in re.split(r",? and |, ", speaker)]
    return [Mention(claim, words, text, speaks=True) for words, text in filter(None, parts)]


def _speaker(text: str, known: Set[Words], labels: Labels) -> tuple[Words, str] | None:
    words = name_words(text)
    for form in (words, without_titles(words)):
        if form in known:
            return form, text
    parts = text.split()
    for start in range(1, len(parts)):  # "State Department spokesperson Matthew Miller"
        tail = " ".join(parts[start:])
        form = name_words(tail)
        if form in known and kind_of([form], labels) == "person" and not _OF.search(" ".join(parts[:start])):
            return form, tail
    titles = [i for i, part in enumerate(parts) if fold_word(part) in HONORIFICS]
    if titles and len(parts) - titles[-1] > 2:
        parts = parts[titles[-1] + 1 :]
    spelled = [part for part in parts if name_words(part)]
    is_name = len(spelled) > 1 and all(part[:1].isupper() for part in spelled)
    if is_name and fold_word(spelled[0]) not in _QUANTIFIED and " and " not in text:
        return name_words(" ".join(parts)), " ".join(parts)
    return None


def _actor(
    mentions: Sequence[Mention],
    labels: Labels,
    home: Mapping[str, str],
    order: Mapping[str, int],
) -> Actor:
    kind = kind_of({m.words for m in mentions}, labels)

    def facts(given: Iterable[Mention]) -> tuple[str, ...]:
        return tuple(sorted({home[m.claim.fact.fact_id] for m in given}, key=lambda i: order[i]))

    return Actor(
        name=_name(mentions, kind),
        kind=kind,
        merged_fact_ids=facts(mentions),
        speaker_of=facts(m for m in mentions if m.speaks),
        article_ids=tuple(sorted({m.claim.article_id for m in mentions})),
    )


def _name(mentions: Sequence[Mention], kind: ActorKind | None) -> str:
    """The fullest name, as most articles spell it; a person without titles."""
    fullest = max(len(m.words) for m in mentions)
    spelled = Counter(_spelled(m, kind) for m in mentions if len(m.words) == fullest)
    return min(spelled, key=lambda text: (-spelled[text], len(text), text))


def _spelled(mention: Mention, kind: ActorKind | None) -> str:
    parts = re.sub(r"['’]s?$", "", mention.text).split()
    if kind == "person":
        wanted = set(mention.words)
        parts = [p for p in parts if not set(name_words(p)).isdisjoint(wanted)] or parts
    return " ".join(parts)
