"""A short text, taken apart into the words that mean something.

Comes in: a sentence or two. Goes out: a `Wording`: what each word may be known by, which of them is negated,
which is still to come. Promises: needs no parser; a word that only reports ("said") or only carries another
("had") counts little; expressions of several words are found ("lost their lives").
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import service.facts
from evals.wording import LIGHT, Unit, Wording
from service.facts.lexicon import lexicon
from service.facts.names import fold_word
from service.facts.stems import stem
from service.facts.thesaurus import expressions, kin

MAX_GAP = 3  # words between the parts of an expression
_TOKEN = re.compile(r"\d[\d.,:]*|[^\W\d_][\w.'&]*(?<![.'])|n't\b")
_STOP = frozenset(
    """a an the this that these those and or but nor so of in on at to for from with by as into onto over
    under about after before during between among through against around near above below up down off out than
    then there here it its he she they them him her his hers their theirs we us our i you your my me who whom
    whose which what when where why how be is are was were been being am do does did done will would shall
    should can could may might must if while because since until although though also too very just only even
    still already again now anyone anybody someone somebody everyone anything something ever own same such
    both each either all any some more most other another per via mr mrs ms dr 's s t""".split()
)
_NEGATIONS = frozenset("not n't no never none nobody nothing neither nor without cannot".split())
_NOT_DOING = frozenset(map(stem, ("fail", "refuse", "decline")))
_WIDE = frozenset("no none neither nobody nothing without".split())  # "no trains are running": both words
_NO_NEGATION = re.compile(
    r"\b(?:not only|not least|no (?:fewer|less|more|later|sooner) than|not (?:less|more|fewer) than"
    r"|no doubt)\b",
    re.I,
)
_COMING = re.compile(
    r"\b(?:will|won't|shall|going to|would(?! have)|plans? to|planned to|intends? to|aims? to|hopes? to"
    r"|wants? to|set to|(?:is|are|was|were) to|due(?: to)?"
    r"|(?:expected|scheduled|slated|likely|planned|poised|about|preparing)(?: to)?)\b|'ll\b"
)
_MEANT = frozenset(
    "warn praise urge demand condemn criticize criticise denounce thank apologize apologise".split()
)
_ANYBODY = frozenset(
    "people man woman official officials spokesman spokeswoman spokesperson reporter reporters".split()
)
_PARTICLES = frozenset("up down out off away over back".split())
_OTHER_FORMS = {
    "freed": "free", "lives": "life", "wives": "wife", "knives": "knife", "men": "man", "women": "woman",
    "children": "child", "feet": "foot",
}  # fmt: skip
_PREFIXES = ("with", "over", "under", "fore", "re", "out", "mis", "un")
_PERFECT = frozenset("has have had having".split())
_ALWAYS_ALIKE = frozenset("cut put set hit shut let cost hurt quit split spread burst beat bet cast".split())
_PAST = re.compile(r"[a-z]{2,}ed$")


def read_words() -> None:
    """Read the word lists now, and not with the first text."""
    expressions()


@lru_cache(maxsize=4096)
def wording(text: str) -> Wording:
    plain = re.sub(r"\b([Nn])o one\b", r"\1obody", text.replace("’", "'").replace("‘", "'"))
    tokens = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(plain)]
    stems = [_lemma_stem(token) for token, _, _ in tokens]
    keys = _with_expressions([token for token, _, _ in tokens], stems)
    negated, coming = _negated(plain, tokens), _places(plain, tokens, _COMING)
    units = []
    for i, (token, start, end) in enumerate(tokens):
        if not stems[i] or token[0].isdigit():
            continue
        light = bool(stems[i] in _light_stems())
        units.append(
            Unit(
                keys=keys[i],
                reach=keys[i].union(*map(kin, keys[i])),
                weight=LIGHT if light else 1.0,
                start=start,
                end=end,
                negated=negated.get(i, 0),
                coming=i in coming,
                past=_is_past([t for t, _, _ in tokens[: i + 1]]),
            )
        )
    return Wording(text, tuple(units))


def _lemma_stem(token: str) -> str:
    """Empty for words that mean nothing by themselves."""
    lower = fold_word(token)
    if not lower or lower in _STOP or lower in _NEGATIONS or lower == "nt":
        return ""
    return stem(_verb(lower))


def _verb(form: str) -> str:
    """Of a past form that no rule makes, the verb: "flown", "withdrew"."""
    if verb := _irregular().get(form):
        return verb
    if form in _OTHER_FORMS:
        return _OTHER_FORMS[form]
    for prefix in _PREFIXES:
        if form.startswith(prefix) and (verb := _irregular().get(form[len(prefix) :])):
            return prefix + verb
    return form


def _is_past(tokens: Sequence[str]) -> bool:
    """Whether the last of these words says that something has happened."""
    *before, word = (token.lower() for token in tokens)
    if before[-1:] == ["be"] or before[-2:-1] == ["be"]:
        return False
    perfect = word in _ALWAYS_ALIKE and not _PERFECT.isdisjoint(before[-2:])
    irregular = _verb(word) != word and (word not in _OTHER_FORMS or word == "freed")
    return bool(_PAST.match(word)) or irregular or perfect


def _with_expressions(tokens: Sequence[str], stems: Sequence[str]) -> list[frozenset[str]]:
    """A verb with its particle ("call off") is known by both alone; else an expression is one key more."""
    keys = [{s} if s else set() for s in stems]
    listed, every = expressions(), [s or stem(token.lower()) for token, s in zip(tokens, stems, strict=True)]
    present = frozenset(every)
    for i, first in enumerate(stems):
        for expression, rest in listed.get(first, ()):
            if present.issuperset(rest) and (places := _expression_places(every, i, rest)):
                for place in (place for place in places if stems[place]):
                    keys[place].add(expression)
                if len(rest) == 1 and rest[0] in _PARTICLES and kin(expression):
                    keys[i].discard(first)
    return [frozenset(k) for k in keys]


def _expression_places(every: Sequence[str], first: int, rest: Sequence[str]) -> list[int]:
    places = [first]
    for wanted in rest:
        window = range(places[-1] + 1, min(len(every), places[-1] + 2 + MAX_GAP))
        at = next((j for j in window if every[j] == wanted), None)
        if at is None:
            return []
        places.append(at)
    return places


def _full(token: str) -> bool:
    """Whether a negation or a "will" in front of a word means this word."""
    found = _lemma_stem(token)
    return bool(found) and not token[0].isdigit() and found not in _carriers() and not token.endswith("ly")


def _negated(plain: str, tokens: Sequence[tuple[str, int, int]]) -> dict[int, int]:
    """The full word after each negation, and with some of them the one after it."""
    excused = [m.span() for m in _NO_NEGATION.finditer(plain)]
    found: dict[int, int] = {}
    for i, (token, start, _) in enumerate(tokens):
        if not _negates(tokens, i) or any(a <= start < b for a, b in excused):
            continue
        wide = token.lower() in _WIDE
        following = [j for j in range(i + 1, len(tokens)) if _full(tokens[j][0])]
        if not following:  # "injured nobody", "they are not"
            following = [j for j in range(i) if _full(tokens[j][0])][-1:]
        for j in following[: 2 if wide else 1]:
            found.setdefault(j, i + 1)
    return found


def _negates(tokens: Sequence[tuple[str, int, int]], i: int) -> bool:
    lower = tokens[i][0].lower()
    if lower in _NEGATIONS or lower.endswith("n't"):
        return True
    after = [token.lower() for token, _, _ in tokens[i + 1 : i + 3]]
    root = stem(lower)
    return (
        (root in _NOT_DOING and "to" in after)
        or (root == "rule" and after[:1] == ["out"])
        or root == "exclud"
    )


def _places(plain: str, tokens: Sequence[tuple[str, int, int]], cue: re.Pattern[str]) -> set[int]:
    """The first full word after each cue."""
    found: set[int] = set()
    for match in cue.finditer(plain):
        following = (j for j, (t, start, _) in enumerate(tokens) if start >= match.end() and _full(t))
        found.update(list(following)[:1])
    return found


@lru_cache(maxsize=1)
def _carriers() -> frozenset[str]:
    return frozenset(map(stem, lexicon().light - {"open", "start", "begin", "last", "number", "face"}))


@lru_cache(maxsize=1)
def _light_stems() -> frozenset[str]:
    words = lexicon()
    light = words.light | words.generic | (words.say - _MEANT) | _ANYBODY
    return frozenset(stem(word) for word in light)


@lru_cache(maxsize=1)
def _irregular() -> dict[str, str]:
    """Past forms that no rule makes, with their verb."""
    with (Path(service.facts.__file__).parent / "wording.toml").open("rb") as file:
        verbs: dict[str, list[str]] = tomllib.load(file)["irregular"]
    return {form: verb for verb, forms in verbs.items() for form in forms}
