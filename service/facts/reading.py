"""One article, ready for fact work: its body sentences analysed, its names known.

Comes in: a `SourceText` and the parser. Goes out: a `ParsedArticle`. Promises: analyses stand in
reading order and are made once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from service.facts.analysis import analyse
from service.facts.names import NameBook
from service.facts.pronouns import Antecedent, antecedent
from service.facts.references import References
from service.facts.values import Located
from service.text.parsing import Parser
from service.text.reading import SourceSentence, SourceText


@dataclass(frozen=True)
class ParsedArticle:
    source: SourceText
    sentences: tuple[Located, ...]

    @cached_property
    def by_id(self) -> dict[str, Located]:
        return {located.sentence.sentence_id: located for located in self.sentences}

    @cached_property
    def book(self) -> NameBook:
        return NameBook(name for located in self.sentences for name in located.analysis.names)

    @cached_property
    def references(self) -> References:
        """Whom pronouns and definite nouns mean."""
        told = (s for s in self.sentences if s.sentence.sentence.role in {"body", "headline"})
        return References([located.analysis for located in told], self.book)

    @cached_property
    def body(self) -> tuple[Located, ...]:
        return tuple(s for s in self.sentences if s.sentence.sentence.role == "body")

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {located.sentence.sentence_id: index for index, located in enumerate(self.body)}

    def antecedent(self, sentence_id: str) -> tuple[Antecedent, Located] | None:
        """Who the subject pronoun of a body sentence means, and the sentence that names them."""
        position = self._positions.get(sentence_id)
        if position is None:
            return None
        before = [located.analysis for located in self.body[:position]]
        found = antecedent(self.body[position].analysis, before, self.book)
        return (found, self.body[position - found.sentence]) if found else None


def parse_article(source: SourceText, parser: Parser) -> ParsedArticle:
    """Parse every sentence of `source`. Raises ModelFileError when there is no parser."""
    docs = parser.parse([_parsable(sentence) for sentence in source.sentences])
    published = source.article.published_at
    return ParsedArticle(
        source,
        tuple(
            Located(source, sentence, analyse(doc, published))
            for sentence, doc in zip(source.sentences, docs, strict=True)
        ),
    )


def _parsable(sentence: SourceSentence) -> str:
    """A sentence in capitals only is parsed in sentence case, of the same length."""
    text = sentence.text
    letters = [c for c in text if c.isalpha()]
    if len(letters) > 20 and sum(c.isupper() for c in letters) > 0.8 * len(letters):
        lowered = text.capitalize()
        return lowered if len(lowered) == len(text) else text
    return text
