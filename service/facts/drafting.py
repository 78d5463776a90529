"""From sentences to claims worth checking, without asking anybody.

Comes in: a parsed article. Goes out: which sentences say more than one thing, and for every sentence
the claim it makes in its own words. Promises: wording is the article's; only a leading connective is
left out and a pronoun with one possible antecedent is replaced.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from service.facts.analysis import Analysis
from service.facts.lexicon import lexicon
from service.facts.models import Draft
from service.facts.reading import ParsedArticle
from service.facts.values import Located

if TYPE_CHECKING:
    from spacy.tokens import Token

MIN_COMPOUND_WORDS = 12
MIN_ASIDE_WORDS = 5


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
    """Heads of the clauses that claim something of their own: coordinated verbs, and what hangs on behind
    a comma (", marking ...", ", where ...", ", a charge denied by ...").
    """
    heads: list[int] = []
    for clause in analysis.clauses:
        token = analysis.doc[clause.head]
        if any(a <= token.idx < b for a, b in analysis.quotes):
            continue
        if (
            token.dep_ == "ROOT"
            or (token.dep_ in {"conj", "parataxis"} and token.head.pos_ in {"VERB", "AUX"})
            or (
                token.dep_ in {"relcl", "advcl", "acl"}
                and len(list(token.subtree)) >= MIN_ASIDE_WORDS
                and _behind_a_comma(token)
            )
        ):
            heads.append(clause.head)
    return heads


def _behind_a_comma(token: Token) -> bool:
    """Also when the noun it describes stands behind the comma ("..., a charge denied by ...")."""
    starts = [token.left_edge.i]
    if token.dep_ == "acl" and token.head.dep_ in {"appos", "npadvmod"}:
        starts.append(token.head.left_edge.i)
    return any(start > 0 and token.doc[start - 1].text == "," for start in starts)


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


def named(statement: str, article: ParsedArticle, sentence_id: str) -> str:
    """A part of a sentence whose own pronoun was resolved: "He left and later he called" is one man.

    The pronoun is replaced where nobody is named before it.
    """
    found = article.antecedent(sentence_id)
    if found is None:
        return statement
    pronoun, _ = found
    match = re.search(rf"\b{pronoun.pronoun}\b", statement, re.IGNORECASE)
    if match is None or re.search(r"(?<!^)\b[A-Z]\w", statement[: match.start()]):
        return statement
    return statement[: match.start()] + pronoun.name + statement[match.end() :]


def _without_connective(text: str) -> str:
    """Without a comma only "And" and "But" connect: "So many came", "Instead of a deal", "Still waters"."""
    for word in lexicon().connectives:
        comma = r",?" if word in {"And", "But"} else ","
        match = re.match(rf"{word}{comma}\s+(?=\S)(?!for\b|then\b)", text)
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
