"""Does a finished story say anything that its evidence does not? An audit that shares no code with the gate.

    python -m benchmarks.audit out/story.json [...]

Comes in: story documents. Goes out: for each, how many numbers, dates, names and quotations stand in the
statements of its facts and in the sentences of its summary, how many of them were found in the evidence (a
fact's quotes, a summary sentence's cited spans), and every one that was not. Apart are counted those that
the article puts into the evidence's own words: a name for a pronoun, a full name for a short one. Exit
status 1 when anything is missing or a quote is not the article's text at its offsets.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from benchmarks.audit_values import (
    COMMON_FIRST,
    Mention,
    begins_a_sentence,
    mentions,
    name_key,
    plain,
    same_name,
)

Outcome = Literal["found", "resolved", "missing"]
KINDS = ("number", "date", "name", "quotation", "offsets")
_PRONOUN = re.compile(r"\b(?:he|she|they|it|him|her|his|hers|them|their|its|himself|herself|itself)\b", re.I)
_TITLES = frozenset(
    "president minister prime foreign chancellor king queen governor mayor judge chairman director secretary "
    "general premier mr mrs ms dr professor senator captain leader spokesman spokeswoman spokesperson chief "
    "executive deputy defense defence".split()
)
_CAPITAL = re.compile(r"(?:[A-Z]\.){2,}|\b(?=[^\W\d_])[^\Wa-z_][\w']*")
_POSSESSIVE = re.compile(r"'s?$")
_QUOTED = re.compile(r'"([^"]{2,}?)[,.]?"')


@dataclass(frozen=True)
class Source:
    """A text with its day of publication: evidence, or a whole article."""

    text: str
    published: date | None

    @cached_property
    def mentions(self) -> list[Mention]:
        return mentions(self.text, self.published)

    @cached_property
    def words(self) -> list[str]:
        """All words as name keys, in order."""
        found = re.findall(r"(?:\w\.){2,}|\w[\w']*", plain(self.text))
        return [name_key(_POSSESSIVE.sub("", word)) for word in found]

    @cached_property
    def capitals(self) -> tuple[str, ...]:
        """Capitalised words, a sentence's first among them: whatever may be a name."""
        return tuple(dict.fromkeys(filter(None, self.names)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Capitalised words in order, an empty string wherever anything stands between two of them."""
        found: list[str] = []
        end = 0
        for word in _CAPITAL.finditer(plain(self.text)):
            if not word[0][0].isupper():  # an accented small letter
                continue
            if self.text[end : word.start()].strip(" "):
                found.append("")
            bare = _POSSESSIVE.sub("", word[0])
            end = word.start() + len(bare)
            found.append("" if bare.lower() in COMMON_FIRST else name_key(bare))
        return tuple(found)

    @cached_property
    def folded(self) -> str:
        return " ".join(plain(self.text).split())


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for. `where` says in which statement or sentence."""

    kind: str
    text: str
    outcome: Outcome
    where: str
    statement: str = field(repr=False, default="")
    evidence: str = field(repr=False, default="")


def audit(story: Mapping[str, Any]) -> Iterator[Finding]:
    """Every value of every fact and of every summary sentence, looked for in its evidence."""
    articles = {a["article_id"]: a for a in story["articles"]}
    for fact in story["facts"]:
        article = articles[fact["article_id"]]
        where = fact["fact_id"]
        quotes = []
        for piece in fact["evidence"]:
            exact = piece["quote"] == article["text"][piece["start"] : piece["end"]] != ""
            placed: Outcome = "found" if exact else "missing"
            yield Finding("offsets", piece["quote"], placed, where, fact["statement"])
            quotes.append(piece["quote"])
        evidence = [Source("\n".join(quotes), _day(article))]
        yield from check(fact["statement"], evidence, [_whole(article)], where)
        if fact["speaker"]:  # told about the statement, so it counts as a part of it
            yield from check(fact["speaker"], evidence, [_whole(article)], f"{where} speaker")
    for number, sentence in enumerate(story["summary"]["sentences"], start=1):
        cited = [(articles[c["article_id"]], c) for c in sentence["citations"]]
        evidence = [Source(a["text"][c["start"] : c["end"]], _day(a)) for a, c in cited]
        where = f"summary sentence {number}"
        for source in evidence:
            placed = "found" if source.text else "missing"
            yield Finding("offsets", source.text, placed, where, sentence["text"])
        wholes = [_whole(a) for a in {a["article_id"]: a for a, _ in cited}.values()]
        yield from check(sentence["text"], evidence, wholes, where)


def check(
    statement: str, evidence: Sequence[Source], articles: Sequence[Source], where: str
) -> Iterator[Finding]:
    """All of `statement` that can be checked, looked for in `evidence`; a name then also in `articles`."""
    shown = " | ".join(source.text for source in evidence)
    for mention in mentions(statement, next((source.published for source in evidence), None)):
        if _only_capital(statement, mention, evidence):
            continue
        outcome: Outcome = "missing"
        if mention.kind == "name":
            outcome = _name(statement, mention, evidence, articles)
        elif any(_covered(mention, source) for source in evidence):
            outcome = "found"
        yield Finding(mention.kind, mention.text, outcome, where, statement, shown)
    for quoted in _QUOTED.findall(plain(statement)):
        there = any(" ".join(quoted.split()) in source.folded for source in evidence)
        yield Finding("quotation", quoted, "found" if there else "missing", where, statement, shown)


def _covered(told: Mention, source: Source) -> bool:
    """A number or date of the statement has the same value somewhere in the evidence."""
    return any(
        reading.covers(wanted)  # type: ignore[union-attr, arg-type]
        for given in source.mentions
        if given.kind == told.kind
        for reading in given.readings
        for wanted in told.readings
    )


def _only_capital(statement: str, mention: Mention, evidence: Sequence[Source]) -> bool:
    """A sentence's first word that is written small in the evidence is no name."""
    return (
        mention.kind == "name"
        and begins_a_sentence(statement, mention.start)
        and any(re.search(rf"\b{re.escape(plain(mention.text).lower())}\b", s.folded) for s in evidence)
    )


def _name(
    statement: str, mention: Mention, evidence: Sequence[Source], articles: Sequence[Source]
) -> Outcome:
    key = str(mention.readings[0])
    if any(same_name(key, word) for source in evidence for word in source.capitals):
        return "found"
    if key in _TITLES and any(key in source.words for source in evidence):
        return "found"
    if any(_abbreviated(statement, mention, source) for source in evidence):
        return "found"
    pronoun = any(_PRONOUN.search(source.text) for source in evidence)
    for article in articles:
        if key in article.capitals and (pronoun or _beside(key, article, evidence)):
            return "resolved"
    return "missing"


def _abbreviated(statement: str, mention: Mention, source: Source) -> bool:
    """UN for United Nations, and the other way round."""
    bare = plain(mention.text).replace(".", "")
    initials = "".join(word[:1] or " " for word in source.names)
    if bare.isupper() and 2 <= len(bare) <= 5:
        return bare.lower() in initials
    run = re.search(rf"(?:[A-Z]\w+ )*{re.escape(mention.text)}(?: [A-Z]\w+)*", plain(statement))
    words = run[0].removeprefix("The ").split() if run else []
    short = "".join(word[0] for word in words).lower()
    return len(short) >= 2 and short in source.capitals


def _beside(key: str, article: Source, evidence: Sequence[Source]) -> bool:
    """The evidence has the short form of a name that the article has in full: Putin, Vladimir Putin.

    The short form must stand alone: "South Korea" is not the full form of "North Korea".
    """
    pairs = list(zip(article.names, article.names[1:], strict=False))
    after = {b for a, b in pairs if a == key} - {""}
    before = {a for a, b in pairs if b == key} - {""}
    for source in evidence:
        told = ("", *source.names, "")
        for left, word, right in zip(told, told[1:], told[2:], strict=False):
            if (word in after and left in {"", *_TITLES}) or (word in before and not right):
                return True
    return False


def _day(article: Mapping[str, Any]) -> date | None:
    told = article.get("published_at")
    return date.fromisoformat(told[:10]) if told else None


def _whole(article: Mapping[str, Any]) -> Source:
    parts = (article.get("source"), article.get("title"), article["text"])
    return Source("\n".join(part for part in parts if part), _day(article))


def report(name: str, story: Mapping[str, Any], findings: Sequence[Finding]) -> Iterator[str]:
    sentences = len(story["summary"]["sentences"])
    yield f"{name}: {len(story['facts'])} statements, {sentences} summary sentences"
    for kind in KINDS:
        count = Counter(f.outcome for f in findings if f.kind == kind)
        shares = ", ".join(f"{count[o]} {o}" for o in ("found", "resolved", "missing"))
        yield f"  {kind:9} {count.total():5} checked: {shares}"
    for lost in (f for f in findings if f.outcome == "missing"):
        yield f"  MISSING {lost.kind} {lost.text!r} in {lost.where}"
        yield f"    statement: {lost.statement}"
        yield f"    evidence:  {lost.evidence or '(not the text at its offsets)'}"


def main(paths: Sequence[str]) -> int:
    if not paths:
        print("usage: python -m benchmarks.audit STORY.json [...]", file=sys.stderr)
        return 2
    missing = 0
    for path in paths:
        story = json.loads(Path(path).read_text(encoding="utf-8"))
        findings = list(audit(story))
        missing += sum(f.outcome == "missing" for f in findings)
        print("\n".join(report(path, story, findings)))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
