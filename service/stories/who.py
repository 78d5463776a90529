"""Which names of a story mean one actor.

Comes in: names, each as one claim has it, and what the recogniser took them for. Goes out: for every
mention a name that stands for its actor, or None. Promises: nobody is guessed: a short form goes to the
full name of its own article, else to the only one in the story; a bare name that could be two goes to
neither. The order of the mentions changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from service.stories.claims import Claim
from service.stories.linking import components, pairs
from service.stories.models import ActorKind
from service.stories.places import MAX_PERSON_WORDS, Words, country, same_name

ABBREVIATION = 3  # letters; two stand for too many things
_KINDS: dict[str, ActorKind] = {
    "PERSON": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "place",
}  # fmt: skip
_ORDER: tuple[ActorKind, ...] = ("person", "organisation", "place")
Labels = Mapping[Words, Counter[str]]  # how often the recogniser took a name for what


@dataclass(frozen=True)
class Mention:
    """A name as one claim has it. `words`: folded, without the titles of persons."""

    claim: Claim
    words: Words
    text: str
    speaks: bool = False


@dataclass(frozen=True)
class Who:
    """Which names of a story mean one actor."""

    mentions: Sequence[Mention]
    labels: Labels

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
            or kind_of([short], self.labels) == "place"
        ):
            return False
        if short[-1] == long[-1]:
            return not (country(short) or country(long))
        return short == long[:1] and kind_of([long], self.labels) == "person"  # "Anna"; "Kim" of Kim Jong Un

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
            if len(form) > 1 and kind_of([form], self.labels) != "person":
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


def kind_of(forms: Iterable[Words], labels: Labels) -> ActorKind | None:
    """What most mentions were taken for."""
    votes: Counter[ActorKind] = Counter()
    for form in forms:
        if country(form) is not None:
            return "place"
        for label, count in labels.get(form, Counter[str]()).items():
            if label in _KINDS:
                votes[_KINDS[label]] += count
    return min(votes, key=lambda kind: (-votes[kind], _ORDER.index(kind)), default=None)
