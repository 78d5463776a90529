"""A refused statement, asked for once more with less freedom.

Comes in: the statement, the gate's reason, and what its sentences say. Goes out: the statement that the
model gives instead, not yet judged. Promises: one question a statement; a reply is made of the words of
those sentences, with their numbers, dates, names and quotations in one piece (a grammar for the local
engine, an `enum` of words for a server), so that no other figure or name can be written.

The sentences are given, not chosen: there is no id to get wrong. Kind and speaker are read off the wording.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from service.asking.asker import Asker, typographic
from service.backends.grammar import wording_grammar, words_grammar
from service.facts.analysis import Analysis
from service.facts.models import Draft, Reason, Rejected
from service.facts.wording import wording
from service.prompting.answers import Answer
from service.prompting.replies import words_schema
from service.prompting.templates import Prompt

# A duplicate is told already, and what claims nothing cannot be put right.
REPAIRABLE: frozenset[Reason] = frozenset(get_args(Reason)) - {"duplicate", "not_news"}
_MARKS = (",", ".")


@dataclass(frozen=True)
class Refused:
    """`plain`: what its sentences say in their own words, pronouns resolved; `sentences`: those, parsed."""

    rejected: Rejected
    plain: Draft
    sentences: tuple[Analysis, ...]


@dataclass(frozen=True)
class Repairer:
    """`refused_too`: whether drafts that the gate refused are asked for again, or only what broke off."""

    asker: Asker
    prompt: Prompt
    refused_too: bool = True

    def ask_again(self, refused: Refused) -> tuple[Draft | None, Answer]:
        """What the model says now; None when it says nothing that can be read. Raises BackendError."""
        given = wording(refused.sentences)
        values = [typographic(value) for value in given.values]
        words = [*values, *given.words, *_MARKS]
        by_word = self.prompt.reply == "words"
        answer = self.asker.ask_if_it_fits(
            self.prompt,
            grammar=words_grammar(words) if by_word else wording_grammar(values, given.words),
            schema=words_schema(words) if by_word else None,
            sentence=typographic(refused.plain.statement),
            statement=_plain_text(refused.rejected.draft.statement),
            reason=typographic(refused.rejected.detail),
        )
        text = "".join(answer.reply.texts).strip() if answer.reply else ""
        text = text[:1].upper() + text[1:]  # word by word, a sentence may begin with any of them
        draft = Draft(sentence_ids=refused.plain.sentence_ids, statement=text) if text else None
        return draft, answer


def joined(plain: Sequence[Draft]) -> Draft:
    """Several sentences as one text to rest on."""
    ids = dict.fromkeys(i for draft in plain for i in draft.sentence_ids)
    text = " ".join(draft.statement for draft in plain)
    return Draft(sentence_ids=tuple(ids), statement=text, origin="source")


def _plain_text(statement: str) -> str:
    """One line without straight quotation marks, also of an item that broke off in its JSON string."""
    return " ".join(typographic(statement.strip().removeprefix('"')).split())
