"""From sentences to claims worth checking, without asking anybody.

Comes in: a parsed article. Goes out: which sentences say more than one thing, and for every sentence
the claim it makes in its own words. Promises: wording is the article's; only a leading connective is
left out and a pronoun with one possible antecedent is replaced.
"""

from __future__ import annotations

import re

from service.facts.analysis import Analysis
from service.facts.lexicon import lexicon
from service.facts.models import Draft
from service.facts.reading import ParsedArticle
from service.facts.values import Located

MIN_COMPOUND_WORDS = 12


def is_compound(analysis: Analysis) -> bool:
    """Whether a sentence makes several claims that could stand apart.

    Conditionals stay whole, and so does what two reporters hand on to each other ("..., A said, B
    reported"): taken apart, the claim would lose its condition or its speaker.
    """
    if len(analysis.doc) < MIN_COMPOUND_WORDS:
        return False
    if any("conditional" in clause.modality for clause in analysis.clauses):
        return False
    return len(_claims(analysis)) >= 2 and not any(len(c.attributions) > 1 for c in analysis.clauses)


def _claims(analysis: Analysis) -> list[int]:
    """Heads of the clauses that claim something of their own."""
    words = lexicon()
    heads: list[int] = []
    for clause in analysis.clauses:
        token = analysis.doc[clause.head]
        if any(a <= token.idx < b for a, b in analysis.quotes):
            continue
        if token.dep_ in {"ROOT", "conj", "relcl", "parataxis"} and (clause.finite or token.dep_ == "conj"):
            frame = token.lemma_.lower() in words.reporting and any(c.dep_ == "ccomp" for c in token.children)
            if not frame:
                heads.append(clause.head)
        elif (token.dep_ == "ccomp" and token.head.lemma_.lower() in words.reporting) or (
            token.dep_ in {"advcl", "acl"} and (clause.agent or clause.patient) and len(list(token.subtree)) >= 5
        ):
            heads.append(clause.head)
    return heads


def own_words(article: ParsedArticle, located: Located) -> Draft:
    """The sentence as its own claim."""
    text = located.sentence.text
    ids = [located.sentence.sentence_id]
    found = article.antecedent(located.sentence.sentence_id)
    if found is not None:
        pronoun, named = found
        text = text[: pronoun.start] + pronoun.name + text[pronoun.end :]
        if named.sentence.sentence_id not in ids:
            ids.append(named.sentence.sentence_id)
    return Draft(sentence_ids=tuple(ids), statement=_without_connective(text), origin="source")


def _without_connective(text: str) -> str:
    for word in lexicon().connectives:
        match = re.match(rf"{word},?\s+(?=\S)", text)
        if match and len(text) - match.end() > 20:
            rest = text[match.end() :]
            return rest[0].upper() + rest[1:]
    return text


def furniture(article: ParsedArticle) -> list[Draft]:
    """What stands around the news (headlines, captions, bylines, boilerplate), one draft each."""
    return [
        Draft(sentence_ids=(s.sentence.sentence_id,), statement=s.sentence.text, origin="source")
        for s in article.sentences
        if s.sentence.sentence.role != "body"
    ]
