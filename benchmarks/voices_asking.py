"""One sentence, one question to a model: who says it, and what kind of claim is it?

Comes in: a sentence's analysis. Goes out: a `ModelRequest` whose beginning is the same for all sentences
(voices_prompt.md, voices_examples.jsonl), and the `Answer` read from the reply. Promises: the grammar is
closed: six kinds, and as speaker the reporter or a noun phrase of the sentence, as it is written there.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import get_args

from benchmarks.voices_labels import Answer
from service.backends.base import Message, ModelRequest
from service.facts.analysis import Analysis
from service.facts.models import Kind

HERE = Path(__file__).parent
REPORTER = "reporter"
TOLD: tuple[Kind, ...] = ("event", "background")
MOST_TOKENS = 60


def question(sentence: Analysis) -> ModelRequest:
    fixed = beginning()
    return ModelRequest(
        stage="voices",
        messages=(*fixed, Message("user", sentence.text)),
        max_tokens=MOST_TOKENS,
        grammar=grammar(candidates(sentence)),
        prefix_messages=len(fixed),
    )


def answer(reply: str) -> Answer:
    told = json.loads(reply)
    return Answer(told["kind"], None if told["speaker"] == REPORTER else told["speaker"])


@lru_cache(maxsize=1)
def beginning() -> tuple[Message, ...]:
    """Instructions and worked examples: read once, kept by the engine."""
    instructions = (HERE / "voices_prompt.md").read_text(encoding="utf-8").strip()
    messages = [Message("system", instructions)]
    for line in (HERE / "voices_examples.jsonl").read_text(encoding="utf-8").splitlines():
        example = json.loads(line)
        told = {"kind": example["kind"], "speaker": example["speaker"] or REPORTER}
        messages += [Message("user", example["sentence"]), Message("assistant", json.dumps(told))]
    return tuple(messages)


def candidates(sentence: Analysis) -> list[str]:
    """Noun phrases and names of the sentence, each once: nobody else can be speaking in it."""
    phrases = [chunk.text for chunk in sentence.doc.noun_chunks] + [name.text for name in sentence.names]
    return list(dict.fromkeys(p for p in phrases if p.isprintable()))


def grammar(speakers: list[str]) -> str:
    """What the reporter tells has no speaker: that much of the answer is decided by the kind."""
    voiced = [kind for kind in get_args(Kind) if kind not in TOLD]
    choice = " | ".join(_literal(speaker) for speaker in (REPORTER, *speakers))
    return "\n".join(
        (
            'root ::= "{\\"kind\\": " (told | voiced) "}"',
            f'told ::= ({" | ".join(map(_literal, TOLD))}) ", \\"speaker\\": \\"{REPORTER}\\""',
            f'voiced ::= ({" | ".join(map(_literal, voiced))}) ", \\"speaker\\": " speaker',
            f"speaker ::= {choice}",
        )
    )


def _literal(word: str) -> str:
    """A JSON string as a GBNF literal."""
    return '"' + json.dumps(word, ensure_ascii=False).replace("\\", "\\\\").replace('"', '\\"') + '"'
