"""Undecided pairs of facts -> what a model says of them.

Comes in: questions. Goes out: an answer by pair, as far as there are any. Promises: the model chooses one of
three words and writes nothing that anybody reads; a question that is not answered leaves the two facts
apart; the same question is never paid for twice (the reply cache).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import get_args

from service.asking.asker import Asker
from service.backends.grammar import verdict_grammar
from service.errors import BackendError
from service.progress import Progress, silent
from service.prompting.replies import ReasonedReply, Sameness, VerdictReply
from service.prompting.templates import Prompt
from service.stories.undecided import Question

STAGE = "same_fact"


@dataclass(frozen=True)
class Decider:
    """Asks about pairs of one story."""

    asker: Asker
    prompt: Prompt
    progress: Progress = field(default=silent)

    def answers(self, questions: Sequence[Question]) -> dict[tuple[str, str], Sameness]:
        """By `Question.key`; pairs without a readable answer are missing."""
        done = count(1)  # several threads may ask

        def answer(question: Question) -> Sameness | None:
            verdict = self._answer(question)
            self.progress(STAGE, next(done), len(questions))
            return verdict

        found = self.asker.each(answer, questions)
        return {q.key: verdict for q, verdict in zip(questions, found, strict=True) if verdict is not None}

    def _answer(self, question: Question) -> Sameness | None:
        grammar = verdict_grammar(get_args(Sameness), reasoned=self.prompt.reply == "reasoned")
        try:
            answer = self.asker.ask(
                self.prompt,
                grammar=grammar,
                first=question.left.fact.statement,
                second=question.right.fact.statement,
            )
        except BackendError:
            return None  # the story is complete without it
        return answer.reply.verdict if isinstance(answer.reply, VerdictReply | ReasonedReply) else None
