"""One article -> facts: ask, read the answers, judge every draft.

Comes in: a parsed article, a prompt and a backend. Goes out: an `Account` (facts, rejected drafts,
ledger). Promises: the prompt's scope decides how much is asked at once; every draft is accounted
for; a sentence whose drafts fail, or lose part of what it says, stands for itself word for word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from service.backends.base import Backend, ModelReply, ModelRequest
from service.backends.grammar import drafts_grammar, statements_grammar
from service.errors import ContentFiltered, ContextOverflow
from service.facts.analysis import Analysis, analyse
from service.facts.checking import FactMaker
from service.facts.drafting import furniture, is_compound, named, own_words
from service.facts.ledger import Account, settle
from service.facts.models import Draft, Fact, Rejected
from service.facts.names import fold_word
from service.facts.reading import ParsedArticle
from service.facts.splitting import split
from service.facts.stems import stem
from service.facts.values import Located
from service.progress import Progress, silent
from service.prompting.answers import Answer, read_answer
from service.prompting.rendering import render
from service.prompting.replies import DraftsReply, StatementsReply, reply_schema
from service.prompting.templates import Prompt
from service.text.parsing import Parser
from service.text.windows import windows
from service.usage import Meter

STAGE = "extract_facts"
MAX_SHOWN_CHARS = 500  # of a reply that came to nothing
MAX_STATEMENTS = 6  # no news sentence says more things than that
_Item = TypeVar("_Item")
Judged = list[tuple[Draft, Fact | Rejected]]


@dataclass(frozen=True)
class Extractor:
    """Everything that stays the same from article to article."""

    backend: Backend
    prompt: Prompt
    parser: Parser
    meter: Meter
    window_tokens: int
    progress: Progress = field(default=silent)

    def extract(self, article: ParsedArticle) -> Account:
        """Facts of one article. Raises BackendError when the backend cannot answer at all."""
        maker = FactMaker(article, self.parser, self.prompt.ref)
        if self.prompt.scope == "sentence":
            judged, salvaged = self._sentence_by_sentence(article, maker)
        else:
            judged, salvaged = self._window_by_window(article, maker)
        judged += [(draft, maker.judge(draft)) for draft in furniture(article)]
        return settle(article.source.article_id, _in_reading_order(article, judged), salvaged=salvaged)

    # -- one compound sentence at a time ----------------------------------------------------------

    def _sentence_by_sentence(self, article: ParsedArticle, maker: FactMaker) -> tuple[Judged, int]:
        """Cut along the grammar where it shows a clean cut; ask about what it does not; else keep whole."""
        plain = {located.sentence.sentence_id: own_words(article, located) for located in article.body}
        cut = {i: [(d, maker.judge(d)) for d in self._cuts(article, draft)] for i, draft in plain.items()}
        asked = [
            located
            for located in article.body
            if is_compound(located.analysis)
            and not self._stands(cut[located.sentence.sentence_id], located.analysis)
        ]
        answers = self._ask_all(
            asked, lambda located: self._sentence_request(plain[located.sentence.sentence_id])
        )
        judged: Judged = []
        for located in article.body:
            sentence_id = located.sentence.sentence_id
            answer = answers.get(sentence_id)
            worded: Judged = (
                [(d, maker.judge(d)) for d in _statement_drafts(plain[sentence_id], answer)] if answer else []
            )
            if answer is not None:
                judged += _dropped(article, [sentence_id], answer)
            judged += self._settled(plain[sentence_id], cut[sentence_id], worded, located, maker)
        return judged, sum(answer.salvaged for answer in answers.values())

    def _cuts(self, article: ParsedArticle, plain: Draft) -> list[Draft]:
        analysis = analyse(self.parser.parse_one(plain.statement), article.source.article.published_at)
        parts = (named(part, article, plain.sentence_ids[0]) for part in split(analysis))
        return [plain.model_copy(update={"statement": part}) for part in parts]

    def _sentence_request(self, plain: Draft) -> ModelRequest:
        return self._request(
            render(self.prompt, sentence=_typographic(plain.statement)), statements_grammar(MAX_STATEMENTS)
        )

    def _settled(
        self, plain: Draft, cut: Judged, worded: Judged, located: Located, maker: FactMaker
    ) -> Judged:
        """The parts when together they say what the sentence says, else the sentence itself."""
        if self._stands(cut, located.analysis):
            return cut
        if self._stands(worded, located.analysis):
            return [*((d, o) for d, o in cut if isinstance(o, Rejected)), *worded]
        whole = maker.judge(plain)
        parts = [*cut, *worded]
        if isinstance(whole, Fact):
            # what was split off stands in the whole sentence, so it is no fact of its own
            parts = [(d, _duplicate(o, whole) if isinstance(o, Fact) else o) for d, o in parts]
        return [*parts, (plain, whole)]

    def _stands(self, parts: Judged, sentence: Analysis) -> bool:
        """Several parts that passed the gate and leave nothing of the sentence out."""
        kept = {outcome.fact_id: outcome for _, outcome in parts if isinstance(outcome, Fact)}
        return len(kept) >= 2 and self._says_it_all(list(kept.values()), sentence)

    def _says_it_all(self, kept: Sequence[Fact], sentence: Analysis) -> bool:
        """No number, date or name and no more than a few words of the sentence are lost."""
        told = [analyse(self.parser.parse_one(fact.statement), sentence.published) for fact in kept]
        stems = frozenset().union(*(t.stems for t in told))
        values = [v.text for part in (sentence.numbers, sentence.dates, sentence.names) for v in part]
        for spelled in map(_words, values):
            if not any(spelled <= t.words for t in told):
                return False
        content = {token.lemma_.lower() for token in sentence.content}
        missing = [lemma for lemma in content if stem(lemma) not in stems]
        return len(missing) <= max(1, len(content) // 8)

    # -- a window of numbered sentences at a time -------------------------------------------------

    def _window_by_window(self, article: ParsedArticle, maker: FactMaker) -> tuple[Judged, int]:
        body = [located.sentence for located in article.body]
        groups = [
            [article.by_id[s.sentence_id] for s in window]
            for window in windows(body, self.window_tokens, self.backend.count_tokens)
        ]
        judged: Judged = []
        salvaged = 0
        for group, answer in zip(
            groups, self._map(lambda g: self._ask_window(article, g), groups), strict=True
        ):
            salvaged += answer.salvaged
            judged += self._judged_window(article, group, answer, maker)
        return judged, salvaged

    def _judged_window(
        self, article: ParsedArticle, group: Sequence[Located], answer: Answer, maker: FactMaker
    ) -> Judged:
        drafts = (
            [
                Draft(sentence_ids=f.ids, statement=f.statement, kind=f.kind, speaker=f.speaker)
                for f in answer.reply.facts
            ]
            if isinstance(answer.reply, DraftsReply)
            else []
        )
        judged: Judged = [(draft, maker.judge(draft)) for draft in drafts]
        ids = [located.sentence.sentence_id for located in group]
        kept = {i for d, o in judged if isinstance(o, Fact) for i in d.sentence_ids}
        failed = {i for d, o in judged if isinstance(o, Rejected) for i in d.sentence_ids} - kept
        if answer.cut or answer.problem:  # (partly) unusable: every sentence not yet told stands for itself
            failed = set(ids) - kept
        judged += _dropped(article, ids, answer)
        for located in group:
            if located.sentence.sentence_id in failed:
                plain = own_words(article, located)
                judged.append((plain, maker.judge(plain)))
        return judged

    def _ask_window(self, article: ParsedArticle, group: Sequence[Located]) -> Answer:
        """Ask about a window; one that does not fit is halved until it does."""
        try:
            return self._ask(self._window_request(article, group))
        except (ContextOverflow, ContentFiltered) as error:
            if len(group) == 1:
                return Answer.unreadable("", str(error))
        middle = len(group) // 2
        return self._ask_window(article, group[:middle]).joined(self._ask_window(article, group[middle:]))

    def _window_request(self, article: ParsedArticle, group: Sequence[Located]) -> ModelRequest:
        numbered = "\n".join(f"[{s.sentence.sentence_id}] {s.sentence.text}" for s in group)
        speakers = sorted({n.text for s in group for n in s.analysis.names})
        grammar = drafts_grammar([s.sentence.sentence_id for s in group], speakers)
        return self._request(render(self.prompt, article=numbered), grammar)

    # -- asking -----------------------------------------------------------------------------------

    def _request(self, messages: tuple[object, ...], grammar: str) -> ModelRequest:
        return ModelRequest(
            stage=STAGE,
            messages=messages,  # type: ignore[arg-type]
            max_tokens=self.prompt.max_tokens,
            schema=reply_schema(self.prompt.reply),
            grammar=grammar,
            schema_name=self.prompt.reply,
            temperature=self.prompt.temperature,
            prefix_messages=len(messages) - 1,
        )

    def _ask(self, request: ModelRequest) -> Answer:
        reply: ModelReply = self.backend.complete(request)
        self.meter.add(STAGE, reply.usage)
        return read_answer(self.prompt.reply, reply.text, cut=reply.finish == "length")

    def _ask_all(
        self, sentences: Sequence[Located], request: Callable[[Located], ModelRequest]
    ) -> dict[str, Answer]:
        done = 0

        def ask(located: Located) -> Answer:
            nonlocal done
            try:
                answer = self._ask(request(located))
            except (ContextOverflow, ContentFiltered) as error:
                answer = Answer.unreadable("", str(error))
            done += 1
            self.progress(STAGE, done, len(sentences), located.sentence.sentence_id)
            return answer

        return dict(zip((s.sentence.sentence_id for s in sentences), self._map(ask, sentences), strict=True))

    def _map(self, work: Callable[[_Item], Answer], items: Sequence[_Item]) -> list[Answer]:
        """In order; side by side when the backend takes several questions at once."""
        workers = min(self.backend.profile.concurrency, len(items))
        if workers <= 1:
            return [work(item) for item in items]
        pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="attest-ask")
        try:
            return list(pool.map(work, items))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # an interrupt does not wait for the others


def _statement_drafts(plain: Draft, answer: Answer) -> Iterator[Draft]:
    if isinstance(answer.reply, StatementsReply):
        for statement in answer.reply.facts:
            yield Draft(sentence_ids=plain.sentence_ids, statement=statement)


def _duplicate(outcome: Fact, whole: Fact) -> Rejected:
    draft = Draft(
        sentence_ids=tuple(e.sentence_id for e in outcome.evidence),
        statement=outcome.statement,
        origin=outcome.origin,
    )
    detail = f"part of {whole.fact_id}, which says the whole sentence"
    return Rejected(article_id=outcome.article_id, draft=draft, reason="duplicate", detail=detail)


def _dropped(article: ParsedArticle, ids: Sequence[str], answer: Answer) -> Judged:
    """What of an answer could not be used, as drafts rejected for it."""
    lost: Judged = []
    for part in answer.dropped:
        draft = Draft(sentence_ids=tuple(ids), statement=part.text[:MAX_SHOWN_CHARS])
        rejected = Rejected(
            article_id=article.source.article_id, draft=draft, reason=part.reason, detail=part.problem
        )
        lost.append((draft, rejected))
    return lost


def _in_reading_order(article: ParsedArticle, judged: Judged) -> Judged:
    order = {s.sentence.sentence_id: n for n, s in enumerate(article.sentences)}
    return sorted(
        judged,
        key=lambda pair: order.get(pair[0].sentence_ids[0], len(order)) if pair[0].sentence_ids else -1,
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(folded for word in re.findall(r"[\w.'&]+", text) if (folded := fold_word(word)))


def _typographic(text: str) -> str:
    """Curly quotation marks: a straight one needs an escape in the reply, which small models forget."""
    parts = text.split('"')
    return "".join(
        part + ("" if n == len(parts) - 1 else "“" if n % 2 == 0 else "”") for n, part in enumerate(parts)
    )
