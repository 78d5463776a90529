"""The one place where article text meets instructions.

Comes in: a prompt and its inputs, untrusted text among them. Goes out: chat messages. Promises: inputs
are put in once and never read as templates; text of a whole window is fenced; all messages but the last
depend on the prompt alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from string import Template

from pydantic import JsonValue

from service.backends.base import Message
from service.errors import PromptError
from service.hashing import sha256_of
from service.prompting.templates import Prompt

MARKER_CHARS = 16  # 64 bits: finding a text that holds its own marker takes about 2**64 hashes


def render(prompt: Prompt, /, **inputs: str) -> tuple[Message, ...]:
    """System message, each worked example as a user and an assistant turn, then the question.

    All messages but the last are byte-identical for all calls with one prompt: a local engine reads
    them once and keeps them in its cache, and remote servers discount a prefix they have seen. Pass
    `len(messages) - 1` as `ModelRequest.prefix_messages`.

    With a prompt of scope "window" every input is fenced here (see `fence`): do not fence it before.
    An input that is empty leaves no blank line at either end of its turn.

    Raises PromptError for a missing or unknown input.
    """
    messages = [Message("system", prompt.system)]
    for example in prompt.examples:
        messages.append(Message("user", _user_turn(prompt, example.inputs)))
        messages.append(Message("assistant", compact_json(example.reply)))
    messages.append(Message("user", _user_turn(prompt, inputs)))
    return tuple(messages)


def fence(text: str, salt: str) -> str:
    """`text` between two lines that carry a marker derived from `text` and `salt`.

    Nobody can close the fence from inside: the marker is known only when the text is complete, and
    writing it into the text would change it. No randomness, so that the same question is the same bytes
    and its reply can be cached.
    """
    marker = sha256_of([salt, text])[:MARKER_CHARS]
    return f"--- begin {marker} ---\n{text}\n--- end {marker} ---"


def compact_json(value: JsonValue) -> str:
    """One line of JSON, with the spaces after `:` and `,` that small models write of their own accord."""
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def _user_turn(prompt: Prompt, inputs: Mapping[str, str]) -> str:
    name = f"{prompt.task}/{prompt.version}"
    if missing := [key for key in prompt.inputs if key not in inputs]:
        raise PromptError(f"input {missing[0]!r} was not given", where=name)
    if unknown := [key for key in inputs if key not in prompt.inputs]:
        raise PromptError(f"it has no input {unknown[0]!r}; it takes: {', '.join(prompt.inputs)}", where=name)
    if prompt.scope == "window":
        inputs = {key: fence(text, salt=prompt.sha256) for key, text in inputs.items()}
    return Template(prompt.user).substitute(inputs).strip()
