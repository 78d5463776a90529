"""A story's facts -> its summary: one sentence at a time, each checked before it is printed.

Comes in: planned groups of merged facts. Goes out: a `Summary`. Promises: the writer sees validated
facts only, never an article; a sentence that the cited text does not carry is replaced by a fact's own
wording and marked; works without any model.
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
from service.stories.plan import Group
from service.usage import Meter

STAGE = "write_summary"


@dataclass(frozen=True)
class Writer:
    """Words the groups of one story."""

    backend: Backend
    prompt: Prompt
    gate: SummaryGate
    facts: Mapping[str, Fact]
    meter: Meter
    progress: Progress = field(default=silent)

    def write(self, groups: Sequence[Group]) -> Summary:
        sentences: list[SummarySentence] = []
        for done, group in enumerate(groups, start=1):
            sentences.append(self._sentence(group))
            self.progress(STAGE, done, len(groups))
        return Summary(text=" ".join(s.text for s in sentences), sentences=tuple(sentences))

    def _sentence(self, group: Group) -> SummarySentence:
        if len(group.merged) > 1:
            worded = self._worded(group)
            if worded is not None:
                return self._cited(worded, group.merged, "model")
            if group.conflict:
                joined = _side_by_side(group.merged)
                worded_by_model = any(self._origin(m) == "model" for m in group.merged)
                return self._cited(joined, group.merged, "model" if worded_by_model else "source")
        first = group.merged[0]
        return self._cited(first.statement, (first,), self._origin(first))

    def _worded(self, group: Group) -> str | None:
        """The model's sentence, if it passes the gate."""
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
        if worded is None or not all(self.gate.tells(worded, m.statement) for m in group.merged):
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


def _side_by_side(merged: Sequence[MergedFact]) -> str:
    """Both sides in their own words: a claim with its denial by "while", differing values by a semicolon."""
    first, second = merged[0].statement, merged[1].statement
    if {m.kind for m in merged} & {"accusation", "denial"}:
        return f"{first.rstrip('. ')}, while {_lowered(second)}"
    return f"{first.rstrip('. ')}; {_lowered(second)}"


def _lowered(statement: str) -> str:
    """A statement in mid-sentence: articles and the like lose their capital, names keep it."""
    first, _, rest = statement.partition(" ")
    small = first.lower() in {
        "the",
        "a",
        "an",
        "both",
        "in",
        "on",
        "at",
        "after",
        "it",
        "he",
        "she",
        "they",
        "this",
        "these",
        "officials",
    }
    return f"{first.lower() if small else first} {rest}"
