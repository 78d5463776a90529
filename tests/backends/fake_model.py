"""An OpenAI-compatible server with a model that reads well, and what real servers do wrong."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.backends.mock_server import completion, said

PLAIN = {"banana": "yellow", "France": "Paris"}
NEEDLES = {"opens the gate": r"opened with the word (\w+)", "lights the lamp": r"lit with the word (\w+)"}


@dataclass
class FakeModel:
    """`handle` is for httpx.MockTransport.

    `enforces`: `json_schema` is obeyed. `context_words`: what came before them is dropped without a word.
    `reads`: it can find something in a text. `caches`: an equal beginning is reported as cached.
    `counts`: usage is reported. `own_answer`: what it says of its own accord to the constraint canaries.
    """

    enforces: bool = True
    context_words: int = 100_000
    reads: bool = True
    caches: bool = True
    counts: bool = True
    own_answer: str | None = None
    bodies: list[dict[str, Any]] = field(default_factory=list)

    def handle(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.bodies.append(body)
        words = " ".join(message["content"] for message in body["messages"]).split()
        seen = " ".join(words[-self.context_words :])
        answer = self._answer(body["messages"][-1]["content"], seen)
        schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
        if schema and self.enforces:
            allowed = schema["properties"]["answer"]["enum"]
            answer = answer if answer in allowed else allowed[0]
        return httpx.Response(200, json=completion(json.dumps({"answer": answer})) | self._usage(words))

    def _answer(self, question: str, seen: str) -> str:
        for topic, answer in PLAIN.items():
            if topic in question:
                return self.own_answer or answer
        for topic, pattern in NEEDLES.items():
            found = re.search(pattern, seen)
            if topic in question and found and self.reads:
                return found.group(1)
        return "unknown"

    def _usage(self, words: list[str]) -> dict[str, Any]:
        if not self.counts:
            return {"usage": None}
        count = min(len(words), self.context_words)
        cached = count - 20 if self.caches and len(self.bodies) > 1 else 0
        details = {"prompt_tokens_details": {"cached_tokens": max(cached, 0)}}
        return {"usage": {"prompt_tokens": count, "completion_tokens": 5} | details}


def overflowing(request: httpx.Request) -> httpx.Response:
    """Obeys, but refuses whatever is long."""
    if len(request.content) > 4_000:
        return httpx.Response(400, json=said("the request exceeds the available context size"))
    return FakeModel().handle(request)
