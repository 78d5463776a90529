"""What a model answered, as a value, whatever state the text is in.

Comes in: the reply's text and whether it was cut. Goes out: an `Answer`. Promises: never raises; a
cut or broken list keeps its complete items, and counts them as salvaged; what cannot be read at all
says why.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from service.prompting.replies import REPLIES, DraftsReply, Reply, ReplyName, SentenceReply, StatementsReply


@dataclass(frozen=True)
class Answer:
    """`reply` is None when nothing could be read; `salvaged` counts items saved from a broken reply."""

    reply: Reply | None
    text: str
    cut: bool
    salvaged: int
    problem: str = ""

    def joined(self, other: Answer) -> Answer:
        """The answers to two halves of a question, as one."""
        problem = "; ".join(p for p in (self.problem, other.problem) if p)
        if isinstance(self.reply, DraftsReply) and isinstance(other.reply, DraftsReply):
            reply: Reply | None = DraftsReply(facts=self.reply.facts + other.reply.facts)
        else:
            reply = self.reply or other.reply
        return Answer(reply, self.text + other.text, self.cut or other.cut, self.salvaged + other.salvaged, problem)


def read_answer(shape: ReplyName, text: str, *, cut: bool) -> Answer:
    """Read `text` as the reply shape."""
    model = REPLIES[shape]
    plain = _unfenced(text)
    if not plain:
        return Answer(None, text, cut, 0, "the reply is empty")
    try:
        return Answer(model.model_validate_json(plain), text, cut, 0)  # type: ignore[arg-type]
    except ValidationError as error:
        problem = _first_problem(error)
    items = list(_complete_items(model, plain))
    if items:
        return Answer(_from_items(model, items), text, cut, len(items), problem)
    return Answer(None, text, cut, 0, "the reply was cut off" if cut else problem)


def _unfenced(text: str) -> str:
    """Models without a constraint like to put their JSON into a Markdown fence."""
    text = text.strip()
    fenced = re.fullmatch(r"```(?:json)?\s*(.*?)\s*```", text, re.DOTALL)
    return fenced[1] if fenced else text


def _first_problem(error: ValidationError) -> str:
    item = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in item["loc"])
    return f"{place}: {item['msg']}" if place else str(item["msg"])


def _complete_items(model: type[Reply], text: str) -> Iterator[Any]:
    """Items of the `facts` list that are whole and fit, up to where the text breaks off."""
    start = re.search(r'"facts"\s*:\s*\[', text)
    if model is SentenceReply or start is None:
        return
    decoder = json.JSONDecoder()
    position = start.end()
    while True:
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
        try:
            item, position = decoder.raw_decode(text, position)
        except ValueError:
            return
        try:
            _from_items(model, [item])
        except ValidationError:
            continue
        yield item


def _from_items(model: type[Reply], items: list[Any]) -> Reply:
    return (StatementsReply if model is StatementsReply else DraftsReply).model_validate({"facts": items}, strict=False)
