"""One compound sentence at a time: cut along the grammar, else ask, else keep whole.

Comes in: an article and who judges. Goes out: its judged drafts. Promises: parts replace a sentence only
when together they say what it says; only sentences that the grammar does not cut are asked about; a refused
part is asked for once more only where the sentence can still come apart by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from service.asking.asker import Asker, typographic
from service.asking.judging import (
    Judged,
    Outcome,
    as_duplicate,
    dropped,
    kept,
    part_of,
    repairable,
    repaired,
)
from service.asking.repairing import Refused, Repairer
from service.backends.grammar import statements_grammar
from service.facts.analysis import Analysis, analyse
from service.facts.checking import FactMaker
from service.facts.coverage import says_it_all, speaks_of_it_all
from service.facts.drafting import is_compound, named, own_words
from service.facts.models import Draft, Fact, Rejected
from service.facts.reading import ParsedArticle
from service.facts.splitting import split
from service.facts.values import Located
from service.progress import Progress, silent
from service.prompting.answers import Answer
from service.prompting.replies import StatementsReply
from service.prompting.templates import Prompt
from service.text.parsing import Parser

MAX_STATEMENTS = 6  # no news sentence says more things than that
MAX_REPAIRS = 2  # where three parts of one sentence fail, the sentence itself is the better account


@dataclass(frozen=True)
class BySentence:
    asker: Asker
    prompt: Prompt
    repairer: Repairer | None
    parser: Parser
    progress: Progress = field(default=silent)

    def read(self, article: ParsedArticle, maker: FactMaker) -> Outcome:
        """Drafts of every body sentence. Raises BackendError."""
        plain = {located.sentence.sentence_id: own_words(article, located) for located in article.body}
        cut = {i: [(d, maker.judge(d)) for d in self._cuts(article, draft)] for i, draft in plain.items()}
        asked = [
            located
            for located in article.body
            if self.asker.backend.profile.answers
            and is_compound(located.analysis)
            and not self._stands(cut[located.sentence.sentence_id], located.analysis)
        ]
        answers = self._answers(asked, plain)
        worded = {
            i: [(d, maker.judge(d)) for d in _statement_drafts(plain[i], answer)]
            for i, answer in answers.items()
        }
        lost = {i: dropped(article.source.article_id, [i], answer) for i, answer in answers.items()}
        again = self._repairs(asked, plain, worded, lost, maker)
        judged: Judged = []
        for located in article.body:
            i = located.sentence.sentence_id
            told = [*worded.get(i, []), *again.get(i, Outcome()).judged]
            judged += lost.get(i, [])
            judged += self._settled(plain[i], cut[i], told, located, maker)
        return Outcome(
            judged,
            salvaged=sum(answer.salvaged for answer in answers.values()),
            retried=sum(more.retried for more in again.values()),
        )

    def _cuts(self, article: ParsedArticle, plain: Draft) -> list[Draft]:
        analysis = analyse(self.parser.parse_one(plain.statement), article.source.article.published_at)
        parts = (named(part, article, plain.sentence_ids[0]) for part in split(analysis))
        return [plain.model_copy(update={"statement": part}) for part in parts]

    def _answers(self, asked: Sequence[Located], plain: dict[str, Draft]) -> dict[str, Answer]:
        done = count(1)  # several threads may ask

        def ask(located: Located) -> Answer:
            sentence = typographic(plain[located.sentence.sentence_id].statement)
            answer = self.asker.ask_if_it_fits(
                self.prompt, grammar=statements_grammar(MAX_STATEMENTS), sentence=sentence
            )
            self.progress(self.prompt.task, next(done), len(asked), located.sentence.sentence_id)
            return answer

        ids = [located.sentence.sentence_id for located in asked]
        return dict(zip(ids, self.asker.each(ask, asked), strict=True))

    # -- what is asked again ------------------------------------------------------------------------

    def _repairs(
        self,
        asked: Sequence[Located],
        plain: dict[str, Draft],
        worded: dict[str, Judged],
        lost: dict[str, Judged],
        maker: FactMaker,
    ) -> dict[str, Outcome]:
        """What comes of asking again, by sentence. An item that broke off is asked for like a refused one:
        that is how a reply that was cut goes on.
        """
        repairer = self.repairer
        if repairer is None:
            return {}

        def ask_again(located: Located) -> Outcome:
            i = located.sentence.sentence_id
            sentence = analyse(self.parser.parse_one(plain[i].statement), located.analysis.published)
            more = Outcome()
            for rejected in self._worth_asking(repairer, worded[i], lost[i], located.analysis):
                if self._stands([*worded[i], *more.judged], located.analysis):
                    break
                found = repaired(Refused(rejected, plain[i], (sentence,)), repairer, maker)
                found = [(draft, self._part(outcome, located.analysis)) for draft, outcome in found]
                more = Outcome([*more.judged, *found], retried=more.retried + 1)
            return more

        ids = [located.sentence.sentence_id for located in asked]
        return dict(zip(ids, self.asker.each(ask_again, asked), strict=True))

    def _worth_asking(
        self, repairer: Repairer, worded: Judged, lost: Judged, sentence: Analysis
    ) -> list[Rejected]:
        """What, put right, would let the parts stand for the sentence."""
        if self._stands(worded, sentence):
            return []
        failed, good = repairable(worded, lost, repairer), kept(worded)
        if len(failed) > MAX_REPAIRS or len(failed) + len(good) < 2:
            return []
        if any(r.reason == "truncated" for r in failed):
            return failed  # what it would have said is not known
        statements = [fact.statement for fact in good] + [r.draft.statement for r in failed]
        return failed if speaks_of_it_all(statements, sentence, self.parser) else []

    def _part(self, outcome: Fact | Rejected, sentence: Analysis) -> Fact | Rejected:
        """Asked for a part, a model may give the sentence again: true, but nothing comes apart by it."""
        if isinstance(outcome, Rejected) or not says_it_all([outcome.statement], sentence, self.parser):
            return outcome
        return as_duplicate(outcome, "it is the whole sentence again and not a part of it")

    # -- parts or whole -----------------------------------------------------------------------------

    def _settled(
        self, plain: Draft, cut: Judged, worded: Judged, located: Located, maker: FactMaker
    ) -> Judged:
        """The parts when together they say what the sentence says, else the sentence itself."""
        if self._stands(cut, located.analysis):
            return cut
        if self._stands(worded, located.analysis):
            return [*((d, o) for d, o in cut if isinstance(o, Rejected)), *worded]
        whole = maker.judge(plain)
        parts: Judged = [*cut, *worded]
        if isinstance(whole, Fact):
            parts = [(d, part_of(o, whole) if isinstance(o, Fact) else o) for d, o in parts]
        return [*parts, (plain, whole)]

    def _stands(self, parts: Judged, sentence: Analysis) -> bool:
        """Several parts that passed the gate and together leave nothing of the sentence out."""
        statements = [fact.statement for fact in kept(parts)]
        return len(statements) >= 2 and says_it_all(statements, sentence, self.parser)


def _statement_drafts(plain: Draft, answer: Answer) -> Iterator[Draft]:
    if isinstance(answer.reply, StatementsReply):
        for statement in answer.reply.facts:
            yield Draft(sentence_ids=plain.sentence_ids, statement=statement)
