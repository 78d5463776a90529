"""Machine-made false statements: true ones with one thing changed.

Comes in: true statements about an article, and its text. Goes out: mutants, each with the class of
what was changed. Promises: deterministic; a mutant says something the article does not say (a number,
date or name that occurs nowhere in it; a negation more or less; a hedge less; another speaker).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.text.parsing import Parser

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
COUNT_WORDS = "two three four five six seven eight nine ten eleven twelve".split()
TITLES = frozenset(
    "Mr Mrs Ms Dr Governor Minister Prime President General Foreign Energy Culture Judge Mayor "
    "Councillor Detective "
    "Inspector Superintendent Opposition Police The".split()
)
PAST = {
    "go": "gone", "begin": "begun", "take": "taken", "give": "given", "fly": "flown", "hold": "held",
    "meet": "met", "run": "run", "see": "seen", "rise": "risen", "hit": "hit", "lose": "lost",
    "pay": "paid", "make": "made", "leave": "left", "say": "said", "cut": "cut", "send": "sent",
    "become": "become", "put": "put", "win": "won", "have": "had", "get": "got", "be": "been",
    "come": "come", "build": "built", "tell": "told", "spend": "spent", "show": "shown",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """`original` is true of the article, `statement` is not."""

    article: str
    kind: str
    original: str
    statement: str


def mutants(
    article: str, text: str, statements: Sequence[str], speakers: Sequence[str], parser: Parser
) -> list[Mutant]:
    """All mutants of all statements, each once, in a fixed order."""
    found: dict[str, Mutant] = {}
    for original, doc in zip(statements, parser.parse(list(statements)), strict=True):
        for kind, statement in (
            *_numbers(original, text),
            *_dates(original, text),
            *_names(original, text),
            *_negations(doc),
            *_modality(original, doc),
            *_speakers(original, speakers),
        ):
            if statement != original and statement not in statements:
                found.setdefault(statement, Mutant(article, kind, original, statement))
    return list(found.values())


# -- numbers, dates, names ------------------------------------------------------------------------


def _numbers(original: str, text: str) -> Iterator[tuple[str, str]]:
    dated = [
        m.span()
        for m in re.finditer(
            rf"\d{{1,2}} (?:{'|'.join(MONTHS)})|(?:{'|'.join(MONTHS)}) \d+|\d+[:.]\d\d\b", original
        )
    ]
    for match in re.finditer(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\w]|[.,]\d)", original):
        if any(a <= match.start() < b for a, b in dated) or re.fullmatch(r"(?:19|20)\d\d", match[0]):
            continue
        for changed in (_tripled(match[0]), _transposed(match[0])):
            if changed and not re.search(rf"(?<![\d.,]){re.escape(changed)}(?![\d])", text):
                yield "number", original[: match.start()] + changed + original[match.end() :]
    for match in re.finditer(rf"\b({'|'.join(COUNT_WORDS)})\b", original, re.IGNORECASE):
        other = next(w for w in reversed(COUNT_WORDS[2:]) if not re.search(rf"\b{w}\b", text, re.IGNORECASE))
        other = other.capitalize() if match[0][0].isupper() else other
        if not re.match(r" (?:of (?:its|the|them)|and a half)", original[match.end() :]):
            yield "number", original[: match.start()] + other + original[match.end() :]


def _tripled(number: str) -> str:
    value = float(number.replace(",", "")) * 3 + 7
    return f"{value:,.1f}" if "." in number else f"{int(value):,}"


def _transposed(number: str) -> str | None:
    digits = number.replace(",", "")
    if "." in digits or len(set(digits[:2])) < 2 or digits[1] == "0":
        return None
    swapped = int(digits[1] + digits[0] + digits[2:])
    return f"{swapped:,}" if "," in number else str(swapped)


def _dates(original: str, text: str) -> Iterator[tuple[str, str]]:
    for names in (DAYS, MONTHS):
        for match in re.finditer(rf"\b({'|'.join(names)})\b", original):
            for step in (2, 5):
                other = names[(names.index(match[0]) + step) % len(names)]
                if other not in text:
                    yield "date", original[: match.start()] + other + original[match.end() :]
    for match in re.finditer(r"\b(?:19|20)\d\d\b(?!,\d)", original):
        for step in (-3, 4):
            other = str(int(match[0]) + step)
            if other not in text:
                yield "date", original[: match.start()] + other + original[match.end() :]
    for match in re.finditer(
        rf"\b(\d{{1,2}})(?= (?:{'|'.join(MONTHS)}))|(?<=[a-z] )(\d{{1,2}})(?=[. ]|$)", original
    ):
        before = original[: match.start()].split()
        if match[1] or (before and before[-1] in MONTHS):
            yield "date", original[: match.start()] + str(int(match[0]) % 28 + 1) + original[match.end() :]


def _names(original: str, text: str) -> Iterator[tuple[str, str]]:
    for match in re.finditer(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b|^[A-Z][a-z]{3,}(?= [A-Z][a-z])", original):
        word = match[0]
        if word in {*DAYS, *MONTHS, *TITLES} or word.lower() in text.split():
            continue
        for changed in (_one_letter(word), word[:2] + "rk" + word[3:] + "en"):
            if changed not in text:
                yield "name", original[: match.start()] + changed + original[match.end() :]


def _one_letter(word: str) -> str:
    """Another vowel for the last vowel inside the word; another last letter where there is none."""
    places = [n for n, c in enumerate(word) if c in "aeiou" and n > 0]
    if not places:
        return word[:-1] + ("k" if word[-1] != "k" else "t")
    at = places[-1]
    return word[:at] + {"a": "e", "e": "a", "i": "e", "o": "u", "u": "o"}[word[at]] + word[at + 1 :]


# -- whether it happened, and who says so ---------------------------------------------------------


def _negations(doc: Doc) -> Iterator[tuple[str, str]]:
    root = next(t for t in doc if t.head.i == t.i)
    negative = [t for t in doc if t.dep_ == "neg" and t.lower_ in {"not", "n't"}]
    for token in negative:
        end = token.idx + len(token.text_with_ws)
        yield "negation", (doc.text[: token.idx].rstrip() + " " + doc.text[end:]).strip()
    for match in re.finditer(r"\b[Nn]o (?=[a-z]+ (?:would|had|was|were|could|evidence))", doc.text):
        if not negative:
            article = "A " if match[0][0] == "N" else "a "
            yield "negation", doc.text[: match.start()] + article + doc.text[match.end() :]
    if any(
        c.dep_ == "neg" or c.lower_ in {"no", "nobody", "neither", "none", "nothing"} for c in root.subtree
    ):
        return
    auxiliary = next((c for c in root.children if c.dep_ in {"aux", "auxpass"} and c.lower_ != "to"), None)
    verb = root if root.lemma_ == "be" else auxiliary
    if verb is not None and verb.i <= root.i:
        end = verb.idx + len(verb)
        yield "negation", doc.text[:end] + " not" + doc.text[end:]
    elif root.tag_ in {"VBD", "VBZ"} and root.pos_ == "VERB" and root.lower_ != root.lemma_.lower():
        do = "did not " if root.tag_ == "VBD" else "does not "
        yield "negation", doc.text[: root.idx] + do + root.lemma_ + doc.text[root.idx + len(root) :]


def _modality(original: str, doc: Doc) -> Iterator[tuple[str, str]]:
    for token in doc:
        if (
            token.tag_ == "MD"
            and token.lower_ in {"will", "may", "might", "could"}
            and token.head.tag_ == "VB"
        ):
            verb, negated = token.head, any(c.dep_ == "neg" for c in token.head.children)
            if not negated and not any(c.lower_ in {"if", "whether"} for c in doc) and verb.i - token.i <= 3:
                between = original[token.idx + len(token) : verb.idx].strip()
                yield "modality", _told(original, token.idx, verb, between)
        if (
            token.tag_ == "VB"
            and token.dep_ == "xcomp"
            and token.head.lemma_ in {"expect", "plan", "hope", "intend", "schedule"}
        ):
            start = min(
                [token.head.idx, *(c.idx for c in token.head.children if c.dep_ in {"aux", "auxpass"})]
            )
            yield "modality", _told(original, start, token, "")
    for pattern in (
        r"^.{3,60}? (?:alleged?|claimed?|claims?|denied|denies) that (.+)$",
        r"^.{3,60}? denied (the .+ (?:was|were) .+)$",
    ):
        if match := re.match(pattern, original):
            yield "modality", match[1][0].upper() + match[1][1:]
    for word in (" reportedly", " allegedly"):
        if word in original:
            yield "modality", original.replace(word, "")


def _told(original: str, start: int, verb: Token, between: str) -> str:
    """The plan told as done: "has already gone"."""
    done = PAST.get(verb.lemma_, _regular(verb.lemma_))
    plural = any(c.dep_ in {"nsubj", "nsubjpass"} and c.tag_ in {"NNS", "NNPS"} for c in verb.children)
    words = ["have" if plural else "has", between.replace("probably", ""), "already", done]
    return original[:start] + " ".join(w for w in words if w) + original[verb.idx + len(verb) :]


def _regular(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + ("d" if verb.endswith("e") else "ed")


def _speakers(original: str, speakers: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Another person of the article in the speaker's place."""
    verbs = (
        "said|says|told|warned|called|added|admitted|denied|claimed|accused|believes|thinks|dismissed"
        "|conceded|rejected"
    )
    for speaker in speakers:
        last = speaker.split()[-1]
        for pattern in (
            rf"((?:\b[A-Z]\w+ )*){last}(?= (?:{verbs})\b)",
            rf"(?<=said )((?:[A-Z]\w+ )*){last}\b",
            rf"(?<=according to )((?:[A-Z]\w+ )*){last}\b",
        ):
            for match in re.finditer(pattern, original):
                for other in speakers:
                    if other != speaker:
                        yield "speaker", original[: match.start()] + other + original[match.end() :]
