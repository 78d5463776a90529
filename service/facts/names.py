"""Names: who and what an article speaks of, and which short forms mean whom.

Comes in: parsed sentences. Goes out: name mentions, and a `NameBook` that knows the article's full
forms. Promises: one letter makes another name ("Anna" is not "Anne"); a short form is resolved only
when the article gives exactly one full form for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_ENTITIES = frozenset(
    {"PERSON", "ORG", "GPE", "LOC", "NORP", "FAC", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW", "LANGUAGE"}
)
_SMALL = frozenset({"of", "the", "and", "for", "de", "la", "von", "van", "bin", "al", "a", "an", "in", "on"})
CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august "
    "september october november december".split()
)
# Different words for one country or body, where the letters do not show it.
_SAME = tuple(
    frozenset(group.split(","))
    for group in (
        "us,usa,united states,america,american,americans",
        "uk,britain,british,united kingdom,briton,britons",
        "uae,united arab emirates,emirati",
        "dprk,north korea,north korean,north koreans",
        "eu,european union",
        "un,united nations",
    )
)
# How the people of a place are called after it: Russia, Russian; Iraq, Iraqis; Vietnam, Vietnamese.
_DEMONYM = re.compile(r"(?:ians?|ans?|(?<=a)ns?|ese|ish|is?|ic)$")
_PLACES = frozenset({"GPE", "NORP", "LOC"})
HONORIFICS = frozenset(
    "mr mrs ms dr sir lady lord president minister chancellor premier senator governor mayor general gen "
    "colonel col "
    "captain capt sergeant sgt judge justice professor prof king queen prince princess pope secretary "
    "spokesman "
    "spokeswoman spokesperson chief chairman chairwoman ceo coach officer inspector deputy vice prime "
    "foreign defense "
    "defence leader director head state former acting russian american".split()
)


@dataclass(frozen=True, slots=True)
class Name:
    """A mention at `[start, end)`; `words` are its folded words without the small ones; `label` is
    the recogniser's guess (PERSON, ORG, GPE, ...) or OTHER.
    """

    start: int
    end: int
    text: str
    words: tuple[str, ...]
    label: str


@lru_cache(maxsize=8192)
def fold_word(word: str) -> str:
    """`U.S.` and `US`, `Putin's` and `Putin`, `Erdoğan` and `Erdogan` are one word."""
    plain = unicodedata.normalize("NFKD", word)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    plain = re.sub(r"'s?$|^'", "", plain)
    return re.sub(r"[^\w]", "", plain)


def name_words(text: str) -> tuple[str, ...]:
    """Folded words of a name, small words left out."""
    words = (fold_word(w) for part in text.split() for w in part.split("-"))
    return tuple(w for w in words if w and w not in _SMALL)


def names(doc: Doc) -> tuple[Name, ...]:
    """Names of one parsed sentence, in order: recognised entities, and other runs of proper nouns."""
    found: list[Name] = []
    taken: set[int] = set()
    for entity in doc.ents:
        if entity.label_ in _ENTITIES and (span := _proper_part(entity)):
            found.append(_name(span, entity.label_))
            taken.update(range(span.start, span.end))
    run: list[Token] = []
    for token in (*doc, None):
        if token is not None and token.pos_ == "PROPN" and token.i not in taken and _is_name_token(token):
            run.append(token)
        elif run:
            found.append(_name(doc[run[0].i : run[-1].i + 1], "OTHER"))
            run = []
    return tuple(sorted((n for n in found if n.words), key=lambda n: n.start))


def _proper_part(entity: Span) -> Span | None:
    start, end = entity.start, entity.end
    while start < end and (entity.doc[start].lower_ in {"the", "a", "an"} or entity.doc[start].is_punct):
        start += 1
    while end > start and (entity.doc[end - 1].lower_ in {"'s", "'"} or entity.doc[end - 1].is_punct):
        end -= 1
    while (
        end + 1 < len(entity.doc) and entity.doc[end].text == "-" and entity.doc[end + 1].text[:1].isupper()
    ):
        end += 2  # the recogniser stops at the hyphen of a double name
    span = entity.doc[start:end]
    return span if any(t.text[:1].isupper() for t in span) else None


def _is_name_token(token: Token) -> bool:
    return token.text[:1].isupper() and token.lower_ not in CALENDAR and any(c.isalpha() for c in token.text)


def _name(span: Span, label: str) -> Name:
    return Name(span.start_char, span.end_char, span.text, name_words(span.text), label)


def without_titles(words: Iterable[str]) -> tuple[str, ...]:
    """Name words without offices and honorifics; all of them when nothing would be left."""
    kept = tuple(words)
    bare = tuple(w for w in kept if w not in HONORIFICS)
    return bare or kept


class NameBook:
    """All names of one article. Pure look-up; knows nothing that the article does not say."""

    def __init__(self, mentions: Iterable[Name]) -> None:
        self._mentions = tuple(mentions)
        self._texts: dict[tuple[str, ...], str] = {}
        for mention in self._mentions:
            self._texts.setdefault(without_titles(mention.words), mention.text)
        self._places = frozenset(w for m in self._mentions if m.label in _PLACES for w in m.words)
        self.words = frozenset(word for mention in self._mentions for word in mention.words)

    @property
    def forms(self) -> tuple[tuple[str, ...], ...]:
        """All names, without titles, in the order of their first mention."""
        return tuple(self._texts)

    def full_forms(self, words: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Longer names of the article that the short form `words` may stand for."""
        bare = without_titles(words)
        return [
            known
            for known in self._texts
            if len(known) > len(bare)
            and set(bare) < set(known)
            and known[-1] == bare[-1]
            and " and " not in self._texts[known]  # "North and South Korea" is no longer "North Korea"
        ]

    def full_text(self, text: str) -> str:
        """The article's full spelling for a mention ("Miller" -> "Matthew Miller"), if there is just one."""
        words = name_words(text)
        candidates = self.full_forms(words)
        people = {known for known in candidates if 1 < len(known) <= 4}
        return self._bare_text(people.pop()) if len(people) == 1 else text

    def _bare_text(self, words: tuple[str, ...]) -> str:
        kept = [part for part in self._texts[words].split() if fold_word(part) not in HONORIFICS]
        return re.sub(r"'s?$", "", " ".join(kept)) or self._texts[words]

    def same(self, word: str, evidence: frozenset[str]) -> bool:
        """Whether the name word is carried by the evidence's words, by itself or through a known form."""
        if word in evidence or any(
            _demonym(word, other) for other in evidence if {word, other} & self._places
        ):
            return True
        for group in _SAME:
            if word in group or any(word in phrase.split() for phrase in group if " " in phrase):
                for phrase in group:
                    if all(part in evidence for part in phrase.split()):
                        return True
        return self._initials(word, evidence) or self._through_full_form(word, evidence)

    def same_any(self, words: Iterable[str], evidence: frozenset[str]) -> bool:
        """Whether any of the name words is carried."""
        return bool(evidence) and any(self.same(word, evidence) for word in words)

    def _initials(self, word: str, evidence: frozenset[str]) -> bool:
        for known in self._texts:
            initials = "".join(w[0] for w in known)
            if len(known) > 1 and (
                (word == initials and evidence.issuperset(known)) or (word in known and initials in evidence)
            ):
                return True
        return False

    def _through_full_form(self, word: str, evidence: frozenset[str]) -> bool:
        """As in "Matthew" on evidence that says "Miller", when the article knows one Matthew Miller only."""
        for known in self._texts:
            if word in known and len(known) > 1 and known[-1] in evidence and word != known[-1]:
                others = [
                    k
                    for k in self._texts
                    if k != known and len(k) > 1 and k[-1] == known[-1] and not set(k) <= set(known)
                ]
                if not any(_person_like(other) for other in others):
                    return True
        return False


def _person_like(words: tuple[str, ...]) -> bool:
    return 1 < len(words) <= 3


@lru_cache(maxsize=65536)
def _demonym(left: str, right: str) -> bool:
    """`Russia` and `Russian`, `Vietnam` and `Vietnamese`; never `Austria` and `Australian`."""
    short, long = sorted((left, right), key=len)
    if len(short) < 4 or len(short) == len(long):
        return short == long
    for length in range(4, len(long)):
        if _DEMONYM.fullmatch(long, length) or (long[length:] == "n" and long[length - 1] == "a"):
            stem = long[:length]
            if stem == short or (short.startswith(stem) and short[length:] in {"a", "y", "ia", "o"}):
                return True
    return False
