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
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from service.facts.names import HONORIFICS, fold_word, name_words, without_titles
from service.stories.claims import Claim
from service.stories.linking import components, pairs
from service.stories.models import Actor, ActorKind, MergedFact
from service.stories.places import MAX_PERSON_WORDS, Words, country, same_name

_KINDS: dict[str, ActorKind] = {
    "PERSON": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "place",
}  # fmt: skip
# Peoples, events, works: named, but nobody who acts. What the recogniser cannot place stays in.
_NOBODY = frozenset({"NORP", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW", "LANGUAGE"})
_OF = re.compile(
    r"(?:\b(?:of|for|to|by|from|with|in|at|on|and)|['’]s?)$"
)  # "lawyer of Anna Miller" is not she
# A single word that the recogniser cannot place is more often a capital letter than somebody.
UNPLACED_FACTS = 3
ABBREVIATION = 3  # letters; two stand for too many things
_ORDER: tuple[ActorKind, ...] = ("person", "organisation", "place")
_QUANTIFIED = frozenset({"both", "all", "some", "many", "most", "several", "other", "two", "three"})


@dataclass(frozen=True)
class Mention:
    """A name as one claim has it. `words`: folded, without the titles of persons."""

    claim: Claim
    words: Words
    text: str
    speaks: bool = False


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


def _named(claim: Claim, labels: Mapping[Words, Counter[str]]) -> list[Mention]:
    """Those whom the fact's own evidence names."""
    found = []
    for value in claim.fact.values:
        text = str(value.value)
        if value.type != "name" or " and " in text:
            continue
        words = name_words(text)
        if not set(words) <= HONORIFICS:
            words = _untitled(words, person=_kind([without_titles(words)], labels) == "person")
            if not _is_nobody(words, labels):
                found.append(Mention(claim, words, text))
    return found


def _untitled(words: Words, *, person: bool) -> Words:
    """Without the titles before the name; "State Department" is no department with a title."""
    if person:
        return without_titles(words)
    first = next((i for i, word in enumerate(words) if word not in HONORIFICS), 0)
    return words[first:] if len(words) - first > 1 else words


def _is_nobody(words: Words, labels: Mapping[Words, Counter[str]]) -> bool:
    counted = labels.get(words)
    return counted is not None and counted.most_common(1)[0][0] in _NOBODY


def _speaking(claim: Claim, known: Set[Words], labels: Mapping[Words, Counter[str]]) -> list[Mention]:
    """Those who state the fact. "Moscow and Pyongyang" are two, where both are known by themselves."""
    speaker = claim.fact.speaker or ""
    whole = _speaker(speaker, known, labels)
    parts = [whole] if whole else [_speaker(p, known, labels) for p in re.split(r",? and |, ", speaker)]
    return [Mention(claim, words, text, speaks=True) for words, text in filter(None, parts)]


def _speaker(text: str, known: Set[Words], labels: Mapping[Words, Counter[str]]) -> tuple[Words, str] | None:
    words = name_words(text)
    for form in (words, without_titles(words)):
        if form in known:
            return form, text
    parts = text.split()
    for start in range(1, len(parts)):  # "State Department spokesperson Matthew Miller"
        tail = " ".join(parts[start:])
        form = name_words(tail)
        if form in known and _kind([form], labels) == "person" and not _OF.search(" ".join(parts[:start])):
            return form, tail
    titles = [i for i, part in enumerate(parts) if fold_word(part) in HONORIFICS]
    if titles and len(parts) - titles[-1] > 2:
        parts = parts[titles[-1] + 1 :]
    spelled = [part for part in parts if name_words(part)]
    is_name = len(spelled) > 1 and all(part[:1].isupper() for part in spelled)
    if is_name and fold_word(spelled[0]) not in _QUANTIFIED and " and " not in text:
        return name_words(" ".join(parts)), " ".join(parts)
    return None


@dataclass(frozen=True)
class Who:
    """Which names of a story mean one actor."""

    mentions: Sequence[Mention]
    labels: Mapping[Words, Counter[str]]

    def is_meant(self, mention: Mention) -> Words | None:
        """A name that stands for the actor; None when it could be more than one."""
        found = self._longest(mention.words, mention.claim.article_id)
        return None if found is None else self._spellings[found]

    @cached_property
    def _forms(self) -> dict[Words, set[str]]:
        """Every name with the articles that have it."""
        found: dict[Words, set[str]] = defaultdict(set)
        for mention in self.mentions:
            found[mention.words].add(mention.claim.article_id)
        return found

    @cached_property
    def _longer(self) -> dict[Words, list[Words]]:
        """The names that a name may be short for."""
        by_word: dict[str, list[Words]] = defaultdict(list)
        for form in sorted(self._forms):
            for word in {form[0], form[-1]}:
                by_word[word].append(form)
        return {
            short: [
                long
                for long in sorted({*by_word[short[-1]], *(by_word[short[0]] if len(short) == 1 else ())})
                if self._is_short_for(short, long)
            ]
            for short in self._forms
        }

    def _is_short_for(self, short: Words, long: Words) -> bool:
        if (
            not set(short) < set(long)
            or len(long) > MAX_PERSON_WORDS
            or _kind([short], self.labels) == "place"
        ):
            return False
        if short[-1] == long[-1]:
            return not (country(short) or country(long))
        return short == long[:1] and _kind([long], self.labels) == "person"  # "Anna"; "Kim" of Kim Jong Un

    def _longest(self, words: Words, article_id: str | None) -> Words | None:
        longer = self._longer[words]
        own = [form for form in longer if article_id in self._forms[form]]
        # longer forms of one another are one: Vladimir Putin, Vladimir Vladimirovich Putin
        ends = {self._longest(form, None) for form in own or longer}
        if not ends:
            return words
        if len({self._spellings[end] for end in ends if end}) == 1 and None not in ends:
            return min(end for end in ends if end)
        return None if len(words) == 1 else words  # a given and a family name still name somebody

    @cached_property
    def _spellings(self) -> dict[Words, Words]:
        """The first of all spellings of a name that are not short for one another."""
        forms = sorted(self._forms)
        links = [(form, form) for form in forms]
        for i, j in pairs([_spelling_keys(form) for form in forms]):
            left, right = forms[i], forms[j]
            if not (set(left) < set(right) or set(right) < set(left)) and same_name(left, right):
                links.append((left, right))
        links += self._abbreviations(forms)
        return {form: group[0] for group in components(links) for form in group}

    def _abbreviations(self, forms: Sequence[Words]) -> Iterator[tuple[Words, Words]]:
        """As "NWSC" and the only name with these initials, unless that is a person's."""
        by_initials: dict[str, list[Words]] = defaultdict(list)
        for form in forms:
            if len(form) > 1 and _kind([form], self.labels) != "person":
                by_initials[_initials(form)].append(form)
        for form in forms:
            full = by_initials[form[0]] if len(form) == 1 and len(form[0]) >= ABBREVIATION else []
            if len(full) == 1:
                yield form, full[0]


def _spelling_keys(words: Words) -> set[str]:
    """Two spellings of one name share one: its words, its country, or its initials."""
    land = country(words)
    keys = {" ".join(sorted(set(words))), _initials(words) if len(words) > 1 else words[0]}
    return keys | ({f"in {' '.join(land)}"} if land else set())


def _initials(words: Words) -> str:
    return "".join(word[0] for word in words)


def _kind(forms: Iterable[Words], labels: Mapping[Words, Counter[str]]) -> ActorKind | None:
    """What most mentions were taken for."""
    votes: Counter[ActorKind] = Counter()
    for form in forms:
        if country(form) is not None:
            return "place"
        for label, count in labels.get(form, Counter[str]()).items():
            if label in _KINDS:
                votes[_KINDS[label]] += count
    return min(votes, key=lambda kind: (-votes[kind], _ORDER.index(kind)), default=None)


def _actor(
    mentions: Sequence[Mention],
    labels: Mapping[Words, Counter[str]],
    home: Mapping[str, str],
    order: Mapping[str, int],
) -> Actor:
    kind = _kind({m.words for m in mentions}, labels)

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
