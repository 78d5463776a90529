"""The gate once more, for sentences that rest on several facts of several articles.

Comes in: a sentence and the facts it is made of. Goes out: the sentence, tidied, or None. Promises: the
same rules as for facts; the evidence is the articles' own sentences, never the facts' wording.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.facts.analysis import analyse
from service.facts.grounding import Claim, refuse
from service.facts.models import Fact
from service.facts.names import NameBook
from service.facts.reading import ParsedArticle
from service.facts.references import JointReferences
from service.text.cleaning import tidy
from service.text.parsing import Parser

MIN_TOLD = 0.5  # a join leaves out what the facts share, and a short answer to another question nearly all


@dataclass(frozen=True)
class SummaryGate:
    """`articles` by article id."""

    articles: Mapping[str, ParsedArticle]
    parser: Parser

    def passed(self, sentence: str, facts: Sequence[Fact]) -> str | None:
        """The sentence when every cited sentence together carries it."""
        text = tidy(sentence)
        if not text:
            return None
        located = {}
        named: set[str] = set()
        for fact in facts:
            article = self.articles[fact.article_id]
            for evidence in fact.evidence:
                located[(fact.article_id, evidence.sentence_id)] = article.by_id[
                    evidence.sentence_id
                ].analysis
                if found := article.antecedent(evidence.sentence_id):
                    named.update(found[0].words)
        book = NameBook(
            n
            for i in {f.article_id for f in facts}
            for s in self.articles[i].sentences
            for n in s.analysis.names
        )
        known = JointReferences(
            [self.articles[i].references for i in dict.fromkeys(f.article_id for f in facts)]
        )
        statement = analyse(self.parser.parse_one(text))
        claim = Claim(statement, tuple(located.values()), book, frozenset(named), known)
        return text if refuse(claim) is None else None

    def tells(self, sentence: str, statement: str) -> bool:
        """Whether a sentence says what it cites, or at least speaks of it: half of its content words."""
        told = analyse(self.parser.parse_one(sentence)).stems
        content = analyse(self.parser.parse_one(statement)).content_stems
        return sum(not keys.isdisjoint(told) for keys in content) >= MIN_TOLD * len(content)
