"""Questions to a model, and their answers, one way for all who ask.

Comes in: a prompt, its inputs and what the answer may contain. Goes out: an `Answer`. Promises: every call
is metered under the prompt's task; answers stand in the order of the questions; a text that the model
cannot take or will not answer is an unreadable answer, and any other failure of a backend an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from service.backends.base import Backend, ModelRequest
from service.errors import ContentFiltered, ContextOverflow
from service.prompting.answers import Answer, read_answer
from service.prompting.rendering import render
from service.prompting.replies import reply_schema
from service.prompting.templates import Prompt
from service.usage import Meter

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Asker:
    backend: Backend
    meter: Meter

    def ask(
        self, prompt: Prompt, *, grammar: str, schema: Mapping[str, Any] | None = None, **inputs: str
    ) -> Answer:
        """`schema` is that of the prompt's reply unless given. Raises BackendError."""
        messages = render(prompt, **inputs)
        request = ModelRequest(
            stage=prompt.task,
            messages=messages,
            max_tokens=prompt.max_tokens,
            schema=schema or reply_schema(prompt.reply),
            grammar=grammar,
            schema_name=prompt.reply,
            temperature=prompt.temperature,
            prefix_messages=len(messages) - 1,
        )
        reply = self.backend.complete(request)
        self.meter.add(prompt.task, reply.usage)
        return read_answer(prompt.reply, reply.text, cut=reply.finish == "length")

    def ask_if_it_fits(
        self, prompt: Prompt, *, grammar: str, schema: Mapping[str, Any] | None = None, **inputs: str
    ) -> Answer:
        """The same, for a text that cannot be made shorter: unreadable when it is not answered."""
        try:
            return self.ask(prompt, grammar=grammar, schema=schema, **inputs)
        except (ContextOverflow, ContentFiltered) as error:
            return Answer.unreadable("", str(error))

    def each(self, work: Callable[[_Item], _Result], items: Sequence[_Item]) -> list[_Result]:
        """In order; side by side when the backend takes several questions at once."""
        workers = min(self.backend.profile.concurrency, len(items))
        if workers <= 1:
            return [work(item) for item in items]
        pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="attest-ask")
        try:
            return list(pool.map(work, items))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # an interrupt does not wait for the others


def typographic(text: str) -> str:
    """Curly quotation marks: a straight one needs an escape in the reply, which small models forget."""
    parts = text.split('"')
    return "".join(
        part + ("" if n == len(parts) - 1 else "“" if n % 2 == 0 else "”") for n, part in enumerate(parts)
    )
