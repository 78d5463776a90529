"""Does the article say this? The gate for statements that name no evidence.

Comes in: a parsed article, and statements somebody else wrote. Goes out: for each statement the
sentences that carry it, or why none does. Promises: no model; a headline may carry a statement, page
furniture never; a statement rests on at most two sentences; the verdicts stand in input order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.facts.analysis import Analysis, analyse
from service.facts.grounding import Claim, Refusal, refuse
from service.facts.lexicon import lexicon
from service.facts.models import Verdict
from service.facts.pronouns import referents
from service.facts.reading import ParsedArticle
from service.facts.stems import bare_keys
from service.facts.thesaurus import kin
from service.facts.values import Located
from service.text.cleaning import tidy
from service.text.parsing import Parser

MAX_SINGLES = 5
MAX_PAIRED = 3
_CARRYING = frozenset({"body", "headline"})
_NOTHING = Refusal("not_news", "there is no claim in it")


def check_statements(article: ParsedArticle, statements: Sequence[str], parser: Parser) -> list[Verdict]:
    """One verdict for each statement, in order. Raises ModelFileError when there is no parser."""
    published = article.source.article.published_at
    docs = parser.parse([tidy(text) for text in statements])
    return [
        _verdict(article, text, analyse(doc, published)) for text, doc in zip(statements, docs, strict=True)
    ]


def find_support(statement: Analysis, article: ParsedArticle) -> tuple[tuple[str, ...], Refusal | None]:
    """Ids of the sentences that carry the statement and None; else the nearest sentences and why not."""
    if not any(character.isalpha() for character in statement.text) or len(statement.text.split()) < 2:
        return (), _NOTHING
    nearest: tuple[tuple[str, ...], Refusal] | None = None
    ranked = _ranked(statement, article)
    needed = _needed(statement)
    carried = {article.sentences[position].sentence.sentence_id: words for position, words in ranked}
    for candidate in _candidates(ranked, article):
        if nearest and not needed <= frozenset().union(*(carried[c.sentence.sentence_id] for c in candidate)):
            continue  # a word is missing: the gate would refuse
        refusal = refuse(_claim(statement, candidate, article))
        ids = tuple(located.sentence.sentence_id for located in candidate)
        if refusal is None:
            refusal = _disputed(statement, candidate, article)
        if refusal is None:
            return ids, None
        nearest = nearest or (ids, refusal)
    return nearest or ((), Refusal("word_not_in_evidence", "no sentence of the article speaks of this"))


def _verdict(article: ParsedArticle, text: str, statement: Analysis) -> Verdict:
    ids, refusal = find_support(statement, article)
    return Verdict(
        statement=text,
        verdict="supported" if refusal is None else "rejected",
        reason=refusal.reason if refusal else None,
        detail=refusal.detail if refusal else None,
        evidence=tuple(article.by_id[i].evidence for i in ids),
    )


# -- which sentences to look at -------------------------------------------------------------------


def _ranked(statement: Analysis, article: ParsedArticle) -> list[tuple[int, frozenset[int]]]:
    """Positions of the sentences that share something with the statement, the likeliest first, each
    with the places of the statement's words that it carries.
    """
    told = [
        keys.union(bare_keys(token), *map(kin, keys))
        for token, keys in zip(statement.content, statement.content_stems, strict=True)
    ]
    found: list[tuple[float, int, frozenset[int]]] = []
    for position, located in enumerate(article.sentences):
        if located.sentence.sentence.role in _CARRYING:
            given = located.analysis
            carried = frozenset(n for n, keys in enumerate(told) if not keys.isdisjoint(given.stems))
            score = len(carried) + _shared_values(statement, given)
            if score:
                found.append((-score, position, carried))
    return [(position, carried) for _, position, carried in sorted(found, key=lambda f: f[:2])]


def _needed(statement: Analysis) -> frozenset[int]:
    """Places of the words that no sentence may lack; names and quotations are judged by the gate."""
    return frozenset(
        n
        for n, token in enumerate(statement.content)
        if token.text[0].islower()
        and token.pos_ != "NOUN"
        and token.lemma_.lower() not in lexicon().generic
        and token.i not in statement.frame_words
        and not any(a <= token.idx < b for a, b in statement.quotes)
    )


def _shared_values(statement: Analysis, given: Analysis) -> int:
    told = {(n.value, n.unit) for n in statement.numbers} | {(w.value, None) for w in statement.dates}
    return len(told & ({(n.value, n.unit) for n in given.numbers} | {(w.value, None) for w in given.dates}))


def _candidates(
    ranked: Sequence[tuple[int, frozenset[int]]], article: ParsedArticle
) -> Iterator[tuple[Located, ...]]:
    """Single sentences first; then each of the best with a neighbour, and with whichever sentence
    carries most of what it leaves open.
    """
    sentences = article.sentences
    for position, _ in ranked[:MAX_SINGLES]:
        yield (sentences[position],)
    pairs: list[tuple[int, int]] = []
    for position, carried in ranked[:MAX_PAIRED]:
        others = [r for r in ranked if r[0] != position]
        beside = [r for r in others if abs(r[0] - position) == 1]
        completing = sorted(others, key=lambda r: (-len(r[1] - carried), abs(r[0] - position)))[:2]
        pairs += [(min(position, other), max(position, other)) for other, _ in (*beside, *completing)]
    for first, second in dict.fromkeys(pairs):
        yield sentences[first], sentences[second]


def _claim(statement: Analysis, evidence: Sequence[Located], article: ParsedArticle) -> Claim:
    resolved = [
        found
        for e in evidence
        if e.analysis.has_person_pronoun and (found := article.antecedent(e.sentence.sentence_id))
    ]
    named = frozenset(word for found, _ in resolved for word in found.words)
    for located in evidence:
        if located.analysis.has_other_pronoun and located in article.body:
            before = [s.analysis for s in article.body[: article.body.index(located)]]
            named |= referents(located.analysis, before, article.book)
    return Claim(statement, tuple(e.analysis for e in evidence), article.book, named, article.references)


def _disputed(statement: Analysis, evidence: Sequence[Located], article: ParsedArticle) -> Refusal | None:
    """What one side says and the next sentence denies is nobody's plain fact."""
    words = lexicon()
    open_about_it = words.accuse | words.deny | words.charge_nouns | words.alleged_adverbs
    if any(e.attributions for e in statement.events) or any(
        t.lemma_.lower() in open_about_it for t in statement.doc
    ):
        return None
    for located in evidence:
        attributed = any(a.speaker for c in located.analysis.clauses for a in c.attributions)
        position = article.sentences.index(located)
        for after in article.sentences[position + 1 : position + 2]:
            for event in after.analysis.events:
                objects = {t.lower_ for t in event.patients}
                claims = {t.lemma_.lower() for t in (*event.patients, *event.agents)} & words.charge_nouns
                denies = event.token.lemma_.lower() in words.deny and bool(
                    objects & {"this", "that", "it"} or claims
                )
                if attributed and (denies or (claims and event.token.lemma_.lower() == "verify")):
                    return Refusal(
                        "kind_laundered", f"somebody's claim, which is disputed: {after.sentence.text!r}"
                    )
    return None
