"""Whether parts of a sentence together say what it says.

Comes in: statements that passed the gate, and the sentence they were taken from. Goes out: yes or no.
Promises: no number, date or name and no more than a few words of the sentence are lost on a yes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from service.facts.analysis import Analysis, analyse
from service.facts.names import fold_word
from service.facts.stems import stem
from service.text.parsing import Parser

SPARE_WORDS = 8  # one content word in so many may be lost in rewording


def says_it_all(statements: Iterable[str], sentence: Analysis, parser: Parser) -> bool:
    """Whether `statements` leave nothing of the sentence out."""
    told = [analyse(parser.parse_one(text), sentence.published) for text in statements]
    values = [v.text for part in (sentence.numbers, sentence.dates, sentence.names) for v in part]
    for spelled in map(words_of, values):
        if not any(spelled <= t.words for t in told):
            return False
    return _covers_words(told, sentence)


def speaks_of_it_all(statements: Iterable[str], sentence: Analysis, parser: Parser) -> bool:
    """The same without numbers, dates and names: what statements could say once they are put right."""
    return _covers_words(
        [analyse(parser.parse_one(text), sentence.published) for text in statements], sentence
    )


def words_of(text: str) -> frozenset[str]:
    """Its words, folded."""
    return frozenset(folded for word in re.findall(r"[\w.'&]+", text) if (folded := fold_word(word)))


def _covers_words(told: Sequence[Analysis], sentence: Analysis) -> bool:
    stems = frozenset[str]().union(*(t.stems for t in told))
    content = {token.lemma_.lower() for token in sentence.content}
    missing = [lemma for lemma in content if stem(lemma) not in stems]
    return len(missing) <= max(1, len(content) // SPARE_WORDS)
