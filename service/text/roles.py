"""What a sentence is on the page: news, or what stands around it.

Comes in: the sentences of one article with their lines. Goes out: one role a sentence. Promises:
only what surely is furniture is taken out of the body; in doubt a sentence is body, because a lost
fact is silent and a caption read as a fact is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.text.article import SentenceRole

_CREDIT = re.compile(
    r"\b(?:photo(?:graph)?s?|image|picture|video|graphic)s?\s*(?:credit|by|courtesy|via|:|/)"
    r"|\b(?:featured image|file photo|file picture|archive photo|stock image|screengrab)\b"
    r"|/\s*(?:getty images?|afp|ap|reuters|epa|shutterstock)\b|\bgetty images\b"
    r"|^\(?(?:photo|picture|image|caption|pictured|above|left|right)\s*[:|]",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"^leave a (?:reply|comment)|email address will not be published|required fields are marked"
    r"|^(?:sign up|subscribe|log ?in|register|click here|tap here|read more|read also|see also|related|more on this"
    r"|share this|follow us|advertisement|sponsored|newsletter|most read|recommended|watch:|listen:|also read)\b"
    r"|\ball rights reserved\b|^(?:©|copyright\b|\(c\)\s)|\bterms of (?:use|service)\b|\bprivacy policy\b|\bcookies?\b.*\b(?:use|accept)"
    r"|^(?:this (?:article|story) (?:was|has been) (?:first |originally )?(?:published|updated|corrected|automatically))"
    r"|\b(?:download (?:our|the) app|join our (?:newsletter|channel)|support our journalism|become a (?:member|subscriber))\b"
    r"|^(?:\d+ )?comments?(?: \(\d+\))?$|^tags?:|^(?:share|print|email|tweet|advert)$",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^(?:by|story by|reported by|reporting by|written by|edited by|editing by|additional reporting by)\s+"
    r"(?:our |staff |[A-Z])[^.!?]*\.?$"
    r"|^(?:updated|published|posted|last (?:updated|modified)|first published)\b[^.!?]*\d[^.!?]*\.?$"
    r"|^\([A-Z][A-Za-z/ .-]{1,30}\)$"
    r"|^(?:staff writer|staff reporter|correspondent|news desk|newsroom|\w+ staff)\.?$"
    r"|^(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?: \d{1,2},?)? \d{4}(?:[ ,|-]+\d{1,2}[:.]\d{2}.*)?$"
    r"|^(?:reporting|editing) by .*;",
)
_TERMINAL = (".", "!", "?", '"', "'", ")", ":", ";")


@dataclass(frozen=True, slots=True)
class Placed:
    """A sentence and the line it stands on (`line` counts lines that hold text, from 0)."""

    text: str
    line: int


def roles(sentences: Sequence[Placed], title: str | None) -> list[SentenceRole]:
    """One role for each sentence, in order."""
    lines: dict[int, list[int]] = {}
    for index, sentence in enumerate(sentences):
        lines.setdefault(sentence.line, []).append(index)
    captions = _caption_lines(sentences, lines)
    furniture = _furniture_start(sentences, lines)
    found: list[SentenceRole] = []
    before_body = True
    for index, sentence in enumerate(sentences):
        role = _role(sentence, alone=len(lines[sentence.line]) == 1, title=title, before_body=before_body)
        if sentence.line in captions:
            role = "caption"
        elif furniture is not None and index > furniture and role == "body":
            role = "boilerplate"
        before_body = before_body and role != "body"
        found.append(role)
    return found


def _role(sentence: Placed, *, alone: bool, title: str | None, before_body: bool) -> SentenceRole:
    text = sentence.text
    if _BOILERPLATE.search(text) and len(text.split()) <= 30:
        return "boilerplate"
    if alone and _CREDIT.search(text) and len(text.split()) <= 60:
        return "caption"
    if alone and _BYLINE.search(text) and len(text.split()) <= 16:
        return "byline"
    if alone and title and _same_words(text, title):
        return "headline"
    if alone and _looks_like_headline(text, before_body=before_body):
        return "headline"
    return "body"


def _looks_like_headline(text: str, *, before_body: bool) -> bool:
    """A line without a full stop: the headline before the body, a crosshead inside it."""
    words = text.split()
    if not 1 <= len(words) <= (25 if before_body else 8) or text.endswith(_TERMINAL[:3]):
        return False
    return any(character.isalpha() for character in text)


def _caption_lines(sentences: Sequence[Placed], lines: dict[int, list[int]]) -> set[int]:
    """Lines that carry a photo credit, and lines that say the same as one of those."""
    texts = {line: " ".join(sentences[i].text for i in members) for line, members in lines.items()}
    credited = {
        line
        for line, text in texts.items()
        if _CREDIT.search(text) and len(text.split()) <= 80 and (len(lines[line]) > 1 or _CREDIT.search(text))
    }
    bare = {_words(_CREDIT.split(texts[line])[0]) for line in credited}
    repeated = {
        line
        for line, text in texts.items()
        if line not in credited and len(text.split()) >= 5 and any(b and b.startswith(_words(text)) for b in bare)
    }
    return credited | repeated


def _furniture_start(sentences: Sequence[Placed], lines: dict[int, list[int]]) -> int | None:
    """Index of the comment form or footer after which nothing is news, if there is one."""
    for index, sentence in enumerate(sentences):
        if index >= len(sentences) // 2 and re.match(
            r"leave a (?:reply|comment)\b|your email address will not", sentence.text, re.IGNORECASE
        ):
            return index
    return None


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _same_words(left: str, right: str) -> bool:
    return _words(left) == _words(right)
