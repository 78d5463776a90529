"""Does the article say this? The gate for statements that name no evidence.

Comes in: a parsed article, and statements somebody else wrote. Goes out: for each statement the
sentences that carry it, or why none does. Promises: no model; a headline may carry a statement, page
furniture never; a statement rests on at most two sentences; the verdicts stand in input order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from service.facts.analysis import Analysis, analyse
from service.facts.grounding import Claim, Refusal, refuse
from service.facts.models import Evidence, Verdict
from service.facts.reading import ParsedArticle
from service.facts.synonyms import kin
from service.facts.values import Located
from service.text.cleaning import folded
from service.text.parsing import Parser

MAX_SINGLES = 5
MAX_PAIRED = 3
_CARRYING = frozenset({"body", "headline"})
_NOTHING = Refusal("not_news", "there is no claim in it")


def check_statements(article: ParsedArticle, statements: Sequence[str], parser: Parser) -> list[Verdict]:
    """One verdict for each statement, in order. Raises ModelFileError when there is no parser."""
    published = article.source.article.published_at
    docs = parser.parse([_one_line(text) for text in statements])
    return [
        _verdict(article, text, analyse(doc, published)) for text, doc in zip(statements, docs, strict=True)
    ]


def find_support(statement: Analysis, article: ParsedArticle) -> tuple[tuple[str, ...], Refusal | None]:
    """Ids of the sentences that carry the statement and None; else the nearest sentences and why not."""
    if not any(character.isalpha() for character in statement.text) or len(statement.text.split()) < 2:
        return (), _NOTHING
    nearest: tuple[tuple[str, ...], Refusal] | None = None
    for candidate in _candidates(_ranked(statement, article), article):
        refusal = refuse(_claim(statement, candidate, article))
        ids = tuple(located.sentence.sentence_id for located in candidate)
        if refusal is None:
            return ids, None
        nearest = nearest or (ids, refusal)
    return nearest or ((), Refusal("word_not_in_evidence", "no sentence of the article speaks of this"))


def _one_line(text: str) -> str:
    """A statement as it is read: one line, a full stop at its end (the parser relies on it)."""
    line = re.sub(r"\s+", " ", folded(text)).strip()
    return line if not line or line[-1] in ".!?\"'" else f"{line}."


def _verdict(article: ParsedArticle, text: str, statement: Analysis) -> Verdict:
    ids, refusal = find_support(statement, article)
    return Verdict(
        statement=text,
        verdict="supported" if refusal is None else "rejected",
        reason=refusal.reason if refusal else None,
        detail=refusal.detail if refusal else None,
        evidence=tuple(_evidence(article, article.by_id[i]) for i in ids),
    )


def _evidence(article: ParsedArticle, located: Located) -> Evidence:
    sentence = located.sentence.sentence
    quote = article.source.article.text[sentence.start : sentence.end]
    return Evidence(sentence_id=sentence.sentence_id, start=sentence.start, end=sentence.end, quote=quote)


# -- which sentences to look at -------------------------------------------------------------------


def _ranked(statement: Analysis, article: ParsedArticle) -> list[int]:
    """Positions of the sentences that share something with the statement, the likeliest first."""
    told = [stems | frozenset().union(*map(kin, stems)) for stems in statement.content_stems]
    scores: dict[int, float] = {}
    for position, located in enumerate(article.sentences):
        if located.sentence.sentence.role in _CARRYING:
            given = located.analysis
            shared = sum(not stems.isdisjoint(given.stems) for stems in told) + _shared_values(statement, given)
            if shared:
                scores[position] = shared
    return sorted(scores, key=lambda position: (-scores[position], position))


def _shared_values(statement: Analysis, given: Analysis) -> int:
    told = {(n.value, n.unit) for n in statement.numbers} | {w.value for w in statement.dates}
    return len(told & ({(n.value, n.unit) for n in given.numbers} | {w.value for w in given.dates}))


def _candidates(ranked: Sequence[int], article: ParsedArticle) -> Iterator[tuple[Located, ...]]:
    """Single sentences first; then each of the best with a neighbour; then two of the best."""
    sentences = article.sentences
    for position in ranked[:MAX_SINGLES]:
        yield (sentences[position],)
    known = set(ranked)
    pairs = [
        (first, first + 1)
        for position in ranked[:MAX_PAIRED]
        for first in (position - 1, position)
        if first in known and first + 1 in known
    ]
    best = [tuple(sorted(pair)) for pair in combinations(ranked[:MAX_PAIRED], 2)]
    for first, second in dict.fromkeys([*pairs, *best]):
        yield sentences[first], sentences[second]


def _claim(statement: Analysis, evidence: Sequence[Located], article: ParsedArticle) -> Claim:
    resolved = [found for e in evidence if (found := article.antecedent(e.sentence.sentence_id))]
    named = frozenset(word for found, _ in resolved for word in found.words)
    return Claim(statement, tuple(e.analysis for e in evidence), article.book, named)
