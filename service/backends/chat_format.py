"""A conversation as the model's own chat template writes it, cut where contents begin and end.

Comes in: messages and a loaded model. Goes out: text pieces, each either template (may hold control
tokens) or the content of a message (must not). Promises: contents pass through untouched, whatever the
template does to them, so an article that spells `<|im_end|>` is read as those characters and ends
nothing; no content is lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from service.backends.base import Message
from service.errors import ModelFileError

CHATML = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


@dataclass(frozen=True)
class Piece:
    """`message`: which message's content it is, None for a piece of the template."""

    text: str
    message: int | None = None


@dataclass(frozen=True)
class ChatFormat:
    """`formatter` renders messages with the model's Jinja template; ChatML when it carries none.
    `first_token`: what the model wants to read before everything else, if anything.
    """

    formatter: Any
    first_token: int | None = None

    @classmethod
    def of(cls, llama: Any) -> ChatFormat:
        """Raises ModelFileError when the model's template is no Jinja template."""
        from jinja2 import TemplateError
        from llama_cpp.llama_chat_format import Jinja2ChatFormatter

        def token_text(token: int) -> str:
            return str(llama._model.token_get_text(token)) if token >= 0 else ""

        try:
            formatter = Jinja2ChatFormatter(
                template=llama.metadata.get("tokenizer.chat_template") or CHATML,
                eos_token=token_text(llama.token_eos()),
                bos_token=token_text(llama.token_bos()),
            )
        except TemplateError as error:
            raise ModelFileError(f"the model's chat template cannot be read: {error}") from None
        first = llama.token_bos()
        return cls(formatter, first if first >= 0 and llama._model.add_bos_token() else None)

    def pieces(self, messages: Sequence[Message]) -> list[Piece]:
        """The conversation in order, up to where the model answers.

        A template that knows no system message gets it as the beginning of the first question. Raises
        ModelFileError when the template refuses the conversation or leaves a part of it out.
        """
        turns = [{"role": m.role, "content": _mark(number)} for number, m in enumerate(messages)]
        rendered, problem = self._rendered(turns)
        if problem and len(turns) > 1 and turns[0]["role"] == "system":
            joined = {"role": turns[1]["role"], "content": f"{_mark(0)}\n\n{_mark(1)}"}
            rendered, problem = self._rendered([joined, *turns[2:]])
        if problem:
            raise ModelFileError(f"the model's chat template cannot hold this conversation: {problem}")
        contents = {_mark(number): Piece(m.content, number) for number, m in enumerate(messages)}
        return [contents.get(text) or Piece(text) for text in re.split("(\x02\\d+\x03)", rendered) if text]

    def _rendered(self, turns: Sequence[dict[str, str]]) -> tuple[str, str]:
        """The template's text, and what is wrong with it."""
        from jinja2 import TemplateError

        try:
            text = str(self.formatter(messages=turns).prompt)
        except (TemplateError, TypeError, ValueError) as error:
            return "", str(error)
        marks = [mark for turn in turns for mark in turn["content"].split("\n\n")]
        once = all(text.count(mark) == 1 for mark in marks)
        return text, "" if once else "it leaves out or repeats messages"


def _mark(number: int) -> str:
    """Stands for a content while the template is filled: no template trims or splits it."""
    return f"\x02{number}\x03"
