"""What a model answered, as a value, whatever state the text is in.

Comes in: the reply's text and whether it was cut. Goes out: an `Answer`. Promises: never raises; a
cut or broken list keeps its complete items, and counts them as salvaged; every item that cannot be
used, and every reply that cannot be read at all, is in `dropped` with its text and the reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from pydantic import ValidationError

from service.prompting.replies import REPLIES, DraftsReply, Reply, ReplyName, StatementsReply

_R = TypeVar("_R", bound=Reply)
_LISTS: tuple[type[Reply], ...] = (DraftsReply, StatementsReply)


@dataclass(frozen=True)
class Dropped:
    """A part of a reply that came to nothing: its text as the model wrote it, and what is wrong with it.

    `reason` is one of the contract's reasons: `truncated` for what broke off where the reply was cut.
    """

    text: str
    reason: Literal["unparsable", "truncated"]
    problem: str


@dataclass(frozen=True)
class Answer:
    """`reply` is None when nothing could be read, and then `dropped` says why; `salvaged` counts items
    saved from a broken reply.
    """

    reply: Reply | None
    text: str
    cut: bool
    salvaged: int
    problem: str = ""
    dropped: tuple[Dropped, ...] = ()

    @classmethod
    def unreadable(cls, text: str, problem: str, *, cut: bool = False) -> Answer:
        """No answer, and why. Also for a question that was never answered: `text` is empty then."""
        lost = _unfinished(text, cut=cut, problem=problem)
        return cls(None, text, cut, 0, lost.problem, (lost,))

    def joined(self, other: Answer) -> Answer:
        """The answers to two halves of a question, as one; what could not be read stays in `dropped`."""
        problem = "; ".join(p for p in (self.problem, other.problem) if p)
        both = [a.reply for a in (self, other) if a.reply is not None]
        drafts = [reply for reply in both if isinstance(reply, DraftsReply)]
        statements = [reply for reply in both if isinstance(reply, StatementsReply)]
        reply: Reply | None = both[0] if both else None
        if len(drafts) == 2:
            reply = DraftsReply(facts=drafts[0].facts + drafts[1].facts)
        elif len(statements) == 2:
            reply = StatementsReply(facts=statements[0].facts + statements[1].facts)
        return Answer(
            reply,
            self.text + other.text,
            self.cut or other.cut,
            self.salvaged + other.salvaged,
            problem,
            self.dropped + other.dropped,
        )

    def continued(self, rest: Answer) -> Answer:
        """An answer that was cut, and the answer to what it had not come to: cut only if that was, too."""
        both = self.joined(rest)
        return Answer(both.reply, both.text, rest.cut, both.salvaged, rest.problem, both.dropped)


def read_answer(shape: ReplyName, text: str, *, cut: bool) -> Answer:
    """Read `text` as the reply shape."""
    model = REPLIES[shape]
    plain = text.strip()
    if not plain:
        return Answer.unreadable(text, "the reply is empty", cut=cut)
    reply, problem = _read(model, plain)
    if reply is None:
        reply, _ = _read(model, _braced(plain))
    if reply is not None:
        return Answer(reply, text, cut, 0)
    if model not in _LISTS:  # a part of a sentence is none
        return Answer.unreadable(text, problem, cut=cut)
    items, dropped = _items(model, plain, cut=cut, problem=problem)
    if not items and not dropped:
        return Answer.unreadable(text, problem, cut=cut)
    reply, _ = _read(model, _list_of(items))
    return Answer(reply, text, cut, len(items), problem, tuple(dropped))


def _list_of(items: Sequence[str]) -> str:
    return f'{{"facts": [{", ".join(items)}]}}'


def _unfinished(text: str, *, cut: bool, problem: str) -> Dropped:
    if cut:
        return Dropped(text, "truncated", "the reply was cut off at its token limit")
    return Dropped(text, "unparsable", problem)


def _read(model: type[_R], text: str) -> tuple[_R | None, str]:
    """The text as `model`, and what is wrong with it."""
    try:
        return model.model_validate_json(text.encode("utf-8", "replace")), ""
    except ValidationError as error:
        item = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in item["loc"])
        return None, f"{place}: {item['msg']}" if place else str(item["msg"])


def _braced(text: str) -> str:
    """From the first brace to the last: models without a constraint like to talk around their JSON,
    or to put it into a Markdown fence.
    """
    return text[max(text.find("{"), 0) : text.rfind("}") + 1]


def _items(model: type[Reply], text: str, *, cut: bool, problem: str) -> tuple[list[str], list[Dropped]]:
    """Items of the `facts` list that fit, as they stand there, and the others."""
    items: list[str] = []
    dropped: list[Dropped] = []
    start = re.search(r'"facts"\s*:\s*\[', text)
    if start is None:
        return items, dropped
    decoder = json.JSONDecoder()
    position = start.end()
    while True:
        position += len(text[position:]) - len(text[position:].lstrip(" \t\r\n,"))
        if position == len(text) or text[position] == "]":
            return items, dropped
        try:
            _, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return items, [*dropped, _unfinished(text[position:], cut=cut, problem=problem)]
        item, position = text[position:end], end
        fitting, misfit = _read(model, _list_of([item]))
        if fitting is None:
            dropped.append(Dropped(item, "unparsable", misfit))
        else:
            items.append(item)
