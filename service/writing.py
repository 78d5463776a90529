"""A story's facts -> its summary: one sentence at a time, each checked before it is printed.

Comes in: planned groups of merged facts. Goes out: a `Summary`. Promises: the writer sees validated
facts only, never an article; a sentence that the cited text does not carry is replaced by the facts' own
wording and marked; sides of a disagreement are worded by code, each with who reports it; works without any
model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from service.backends.base import Backend, ModelRequest
from service.backends.grammar import sentence_grammar
from service.errors import BackendError
from service.facts.models import Fact
from service.progress import Progress, silent
from service.prompting.answers import read_answer
from service.prompting.rendering import render
from service.prompting.replies import SentenceReply, reply_schema
from service.prompting.templates import Prompt
from service.stories.checking import SummaryGate
from service.stories.models import Citation, MergedFact, Summary, SummarySentence
from service.stories.plan import Group, shortest
from service.stories.wording import relates, sides
from service.usage import Meter

STAGE = "write_summary"


@dataclass(frozen=True)
class Writer:
    """Words the groups of one story. `outlets`: the name of each article's outlet."""

    backend: Backend
    prompt: Prompt
    gate: SummaryGate
    facts: Mapping[str, Fact]
    outlets: Mapping[str, str]
    meter: Meter
    progress: Progress = field(default=silent)

    def write(self, groups: Sequence[Group], words: int | None = None) -> Summary:
        """`groups`: what matters most first. With `words`, what would make it longer is left out; the first
        group is always told.
        """
        told: list[tuple[Group, list[SummarySentence]]] = []
        left = words
        for done, group in enumerate(groups, start=1):
            if left is None or not told or shortest(group) <= left:
                sentences = self._sentences(group)
                length = sum(len(sentence.text.split()) for sentence in sentences)
                if left is None or not told or length <= left:
                    told.append((group, sentences))
                    left = None if left is None else left - length
            self.progress(STAGE, done, len(groups))
        ordered = [s for _, told_of in sorted(told, key=lambda t: t[0].place) for s in told_of]
        return Summary(text=" ".join(s.text for s in ordered), sentences=tuple(ordered))

    def _sentences(self, group: Group) -> list[SummarySentence]:
        if group.conflict:
            text = sides(group.merged, self.outlets)
            worded_by_model = any(self._origin(m) == "model" for m in group.merged)
            return [self._cited(text, group.merged, "model" if worded_by_model else "source")]
        if len(group.merged) > 1 and (worded := self._worded(group)) is not None:
            return [self._cited(worded, group.merged, "model")]
        return [self._cited(m.statement, (m,), self._origin(m)) for m in group.merged]

    def _worded(self, group: Group) -> str | None:
        """The model's sentence, if there is a model and it passes the gate."""
        if not self.backend.profile.answers:
            return None
        listed = "\n".join(f"- {m.statement}" for m in group.merged)
        messages = render(self.prompt, facts=listed)
        request = ModelRequest(
            stage=STAGE,
            messages=messages,
            max_tokens=self.prompt.max_tokens,
            schema=reply_schema(self.prompt.reply),
            grammar=sentence_grammar(),
            schema_name=self.prompt.reply,
            temperature=self.prompt.temperature,
            prefix_messages=len(messages) - 1,
        )
        try:
            reply = self.backend.complete(request)
        except BackendError:
            return None  # the summary is complete without the writer
        self.meter.add(STAGE, reply.usage)
        answer = read_answer(self.prompt.reply, reply.text, cut=reply.finish == "length")
        if not isinstance(answer.reply, SentenceReply):
            return None
        worded = self.gate.passed(answer.reply.sentence, self._members(group.merged))
        if worded is None or relates(worded, [m.statement for m in group.merged]):
            return None
        if not all(self.gate.tells(worded, m.statement) for m in group.merged):
            return None  # what a sentence cites, it tells
        return worded

    def _members(self, merged: Sequence[MergedFact]) -> list[Fact]:
        return [self.facts[i] for m in merged for i in m.fact_ids]

    def _origin(self, merged: MergedFact) -> str:
        spelled = [f for f in self._members([merged]) if f.statement == merged.statement]
        return spelled[0].origin if spelled else "source"

    def _cited(self, text: str, merged: Sequence[MergedFact], origin: str) -> SummarySentence:
        spans = {(f.article_id, e.start, e.end): None for f in self._members(merged) for e in f.evidence}
        return SummarySentence(
            text=text,
            merged_fact_ids=tuple(m.merged_fact_id for m in merged),
            citations=tuple(Citation(article_id=a, start=s, end=e) for a, s, e in spans),
            origin="model" if origin == "model" else "source",
        )
