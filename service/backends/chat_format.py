"""A conversation as the model's own chat template writes it, cut where contents begin and end.

Comes in: messages and a loaded model. Goes out: text pieces, each either template (may hold control
tokens) or content (must not). Promises: content passes through untouched, so an article that spells
`<|im_end|>` is read as those characters and ends nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from service.backends.base import Message

CHATML = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


@dataclass(frozen=True)
class ChatFormat:
    """`formatter` renders messages with the model's Jinja template; ChatML when it carries none."""

    formatter: Any

    @classmethod
    def of(cls, llama: Any) -> ChatFormat:
        from llama_cpp.llama_chat_format import Jinja2ChatFormatter

        def token_text(token: int) -> str:
            return str(llama._model.token_get_text(token)) if token >= 0 else ""

        return cls(
            Jinja2ChatFormatter(
                template=llama.metadata.get("tokenizer.chat_template") or CHATML,
                eos_token=token_text(llama.token_eos()),
                bos_token=token_text(llama.token_bos()),
            )
        )

    def pieces(self, messages: Sequence[Message]) -> Iterator[tuple[str, bool]]:
        """`(text, is_template)` in order."""
        marks = [f"\x02{number}\x03" for number in range(len(messages))]
        rendered = self.formatter(
            messages=[{"role": m.role, "content": mark} for m, mark in zip(messages, marks, strict=True)]
        ).prompt
        contents = dict(zip(marks, (m.content for m in messages), strict=True))
        for piece in re.split("(\x02\\d+\x03)", rendered):
            if piece in contents:
                yield contents[piece], False
            elif piece:
                yield piece, True
