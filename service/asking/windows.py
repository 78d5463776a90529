"""A window of numbered sentences at a time, for models that can do with the whole question.

Comes in: an article and who judges. Goes out: its judged drafts. Promises: a reply that was cut goes on with
the sentences it had not come to, a bounded number of times; a refused draft is asked for once more; a
sentence of which nothing is told, or of which a lost draft is not told by the others, stands for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.asking.asker import Asker
from service.asking.judging import Judged, Outcome, dropped, kept, part_of, repairable, repaired
from service.asking.repairing import Refused, Repairer, joined
from service.backends.grammar import drafts_grammar
from service.errors import ContentFiltered, ContextOverflow
from service.facts.analysis import analyse
from service.facts.checking import FactMaker
from service.facts.coverage import says_it_all, words_of
from service.facts.drafting import own_words
from service.facts.models import Draft, Fact, Rejected
from service.facts.reading import ParsedArticle
from service.facts.values import Located
from service.prompting.answers import Answer
from service.prompting.replies import DraftsReply, drafts_schema
from service.prompting.templates import Prompt
from service.text.parsing import Parser
from service.text.windows import windows

CLEARLY_MORE = 2  # words of a statement that its neighbour carries and the sentence it cites does not
MAX_CONTINUED = 3  # times that the reply to one window may be cut


@dataclass(frozen=True)
class ByWindow:
    asker: Asker
    prompt: Prompt
    repairer: Repairer | None
    parser: Parser
    window_tokens: int

    def read(self, article: ParsedArticle, maker: FactMaker) -> Outcome:
        """Drafts of all windows. Raises BackendError."""
        body = [located.sentence for located in article.body]
        groups = [
            [article.by_id[s.sentence_id] for s in window]
            for window in windows(body, self.window_tokens, self.asker.backend.count_tokens)
        ]
        answers = self.asker.each(lambda group: self._answer(group, MAX_CONTINUED), groups)
        told = [self._judged(group, answer, maker) for group, answer in zip(groups, answers, strict=True)]
        return Outcome(
            [pair for outcome in told for pair in outcome.judged],
            salvaged=sum(answer.salvaged for answer in answers),
            retried=sum(outcome.retried for outcome in told),
        )

    # -- asking -------------------------------------------------------------------------------------

    def _answer(self, group: Sequence[Located], left: int) -> Answer:
        """The answer to a window. One that does not fit is halved until it does; one whose reply is cut goes
        on with what is not covered, or in halves when nothing is, `left` times at most.
        """
        try:
            answer = self._ask(group)
        except (ContextOverflow, ContentFiltered) as error:
            if len(group) == 1:
                return Answer.unreadable("", str(error))
            return self._halves(group, left)
        if not answer.cut or left == 0:
            return answer
        covered = {i for fact in _drafts(answer) for i in fact.sentence_ids}
        rest = [located for located in group if located.sentence.sentence_id not in covered]
        if not rest:
            return answer
        if len(rest) < len(group):
            return answer.continued(self._answer(rest, left - 1))
        return answer if len(group) == 1 else answer.continued(self._halves(group, left - 1))

    def _halves(self, group: Sequence[Located], left: int) -> Answer:
        middle = len(group) // 2
        return self._answer(group[:middle], left).joined(self._answer(group[middle:], left))

    def _ask(self, group: Sequence[Located]) -> Answer:
        ids = [s.sentence.sentence_id for s in group]
        speakers = sorted({speaker for s in group for speaker in _speakers(s)})
        return self.asker.ask(
            self.prompt,
            grammar=drafts_grammar(ids, speakers),
            schema=drafts_schema(ids, speakers),
            article="\n".join(f"[{s.sentence.sentence_id}] {s.sentence.text}" for s in group),
        )

    # -- judging ------------------------------------------------------------------------------------

    def _judged(self, group: Sequence[Located], answer: Answer, maker: FactMaker) -> Outcome:
        judged = [pair for draft in _drafts(answer) for pair in _judgements(draft, group, maker)]
        again = self._repairs(group, judged, maker)
        judged += again.judged
        ids = [located.sentence.sentence_id for located in group]
        for located in self._doubtful(group, judged, answer):
            judged = self._settled(located, judged, maker)
        return Outcome(judged + dropped(maker.article.source.article_id, ids, answer), retried=again.retried)

    def _doubtful(self, group: Sequence[Located], judged: Judged, answer: Answer) -> list[Located]:
        """Sentences of which something was refused or may have been cut off, and all that are untold: what a
        model leaves out, by itself or because the article told it to, is not lost.
        """
        told = {e.sentence_id for _, o in judged if isinstance(o, Fact) for e in o.evidence}
        refused = [outcome for _, outcome in judged if isinstance(outcome, Rejected)]
        doubtful = {
            located.sentence.sentence_id for r in refused for located in _meant(r, group, self.parser)
        }
        if any(part.reason == "truncated" for part in answer.dropped):
            doubtful |= told
        ids = ((located, located.sentence.sentence_id) for located in group)
        return [located for located, i in ids if i in doubtful or i not in told]

    def _settled(self, located: Located, judged: Judged, maker: FactMaker) -> Judged:
        """The sentence for itself, unless what is told of it says all of it; its parts stand in it then."""
        i = located.sentence.sentence_id
        about = [fact for fact in kept(judged) if any(e.sentence_id == i for e in fact.evidence)]
        if about and says_it_all([fact.statement for fact in about], located.analysis, self.parser):
            return judged
        plain = own_words(maker.article, located)
        whole = maker.judge(plain)
        carried = set(plain.sentence_ids)
        if isinstance(whole, Fact):
            judged = [
                (
                    d,
                    part_of(o, whole)
                    if isinstance(o, Fact) and i in d.sentence_ids and carried.issuperset(d.sentence_ids)
                    else o,
                )
                for d, o in judged
            ]
        return [*judged, (plain, whole)]

    def _repairs(self, group: Sequence[Located], judged: Judged, maker: FactMaker) -> Outcome:
        """What comes of asking again about refused drafts, sentence by sentence."""
        repairer = self.repairer
        if repairer is None:
            return Outcome()
        about: dict[tuple[str, ...], list[Rejected]] = {}
        for rejected in repairable(judged, [], repairer):
            if ids := tuple(located.sentence.sentence_id for located in _meant(rejected, group, self.parser)):
                about.setdefault(ids, []).append(rejected)
        passed = [fact.statement for fact in kept(judged)]

        def ask_again(ids: tuple[str, ...]) -> Outcome:
            meant = [maker.article.by_id[i] for i in ids]
            return self._repaired(meant, about[ids], passed, repairer, maker)

        found = self.asker.each(ask_again, list(about))
        return Outcome(
            [pair for more in found for pair in more.judged], retried=sum(more.retried for more in found)
        )

    def _repaired(
        self,
        meant: Sequence[Located],
        refused: Sequence[Rejected],
        passed: Sequence[str],
        repairer: Repairer,
        maker: FactMaker,
    ) -> Outcome:
        """One question a draft, as long as what passed does not tell the sentences. A draft that already is
        the sentence is not asked about: no other words would say it better.
        """
        plain = [own_words(maker.article, located) for located in meant]
        published = maker.article.source.article.published_at
        parsed = tuple(analyse(self.parser.parse_one(p.statement), published) for p in plain)
        more = Outcome()
        for rejected in refused:
            told = [*passed, *(fact.statement for fact in kept(more.judged))]
            if all(says_it_all(told, located.analysis, self.parser) for located in meant):
                break
            if words_of(rejected.draft.statement) >= words_of(joined(plain).statement):
                continue
            found = repaired(Refused(rejected, joined(plain), parsed), repairer, maker)
            more = Outcome([*more.judged, *found], retried=more.retried + 1)
        return more


def _drafts(answer: Answer) -> list[Draft]:
    if not isinstance(answer.reply, DraftsReply):
        return []
    return [
        Draft(sentence_ids=f.ids, statement=f.statement, kind=f.kind, speaker=f.speaker)
        for f in answer.reply.facts
    ]


def _judgements(draft: Draft, group: Sequence[Located], maker: FactMaker) -> Judged:
    """A draft, judged; where only its label or its ids may be wrong, once more with the kind read off its
    wording and with the sentence that it speaks of.
    """
    outcome = maker.judge(draft)
    if not isinstance(outcome, Rejected) or outcome.reason == "no_such_sentence":
        return [(draft, outcome)]
    ids = tuple(located.sentence.sentence_id for located in _meant(outcome, group, maker.parser))
    kind = None if outcome.reason == "kind_laundered" else draft.kind
    mended = draft.model_copy(update={"kind": kind, "sentence_ids": ids or draft.sentence_ids})
    again = maker.judge(mended) if mended != draft else outcome
    return [(draft, outcome), *([(mended, again)] if isinstance(again, Fact) else [])]


def _meant(rejected: Rejected, group: Sequence[Located], parser: Parser) -> list[Located]:
    """The sentences of the window that a refused draft cites, or the one that carries clearly more of what it
    says: models are often wrong by one in their ids. None when it speaks of none of them.
    """
    cited = [located for located in group if located.sentence.sentence_id in rejected.draft.sentence_ids]
    if not cited and rejected.reason != "no_such_sentence":
        return []
    told = analyse(parser.parse_one(rejected.draft.statement)).content_stems

    def carried(sentences: Sequence[Located]) -> int:
        return sum(any(not keys.isdisjoint(s.analysis.stems) for s in sentences) for keys in told)

    likest = max(group, key=lambda located: carried([located]))
    return [likest] if carried([likest]) >= carried(cited) + CLEARLY_MORE else cited


def _speakers(located: Located) -> Iterable[str]:
    """Names, and whoever the parse shows to speak ("the railway company")."""
    text = located.analysis.text
    yield from (name.text for name in located.analysis.names)
    for clause in located.analysis.clauses:
        yield from (text[slice(*frame.speaker)] for frame in clause.attributions if frame.speaker)
