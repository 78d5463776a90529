"""Grammars for the local engine, written by hand: small, flat, and closed over the article.

Comes in: what a reply may contain. Goes out: GBNF text (llama.cpp's grammar notation). Promises: no
raw control characters, no unbounded white space, lists bounded by count and strings by `max_tokens`
only (a length limit makes small models stop in mid-word).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

# Any character but quote, backslash and controls; or one of JSON's two-character escapes for them.
_STRING = r"""string ::= "\"" char+ "\""
char ::= [^"\\\x00-\x1F\x7F] | "\\" ["\\/]
"""


def statements_grammar(most: int = 6) -> str:
    """`{"facts": ["...", ...]}` with at most `most` strings."""
    return f'root ::= "{{\\"facts\\": [" (string (", " string){{0,{most - 1}}})? "]}}"\n{_STRING}'


def sentence_grammar() -> str:
    """`{"sentence": "..."}`."""
    return f'root ::= "{{\\"sentence\\": " string "}}"\n{_STRING}'


def drafts_grammar(ids: Sequence[str], speakers: Sequence[str], most: int = 60) -> str:
    """The reply to a window: ids of its sentences only, kinds of the contract, speakers it names."""
    kinds = ("event", "plan", "statement", "accusation", "denial", "background")
    return "\n".join(
        (
            f'root ::= "{{\\"facts\\": [" (fact (", " fact){{0,{most - 1}}})? "]}}"',
            'fact ::= "{\\"ids\\": [" id (", " id){0,2} "], \\"statement\\": " string ", \\"kind\\": " kind '
            '", \\"speaker\\": " speaker "}"',
            f"id ::= {_choice(ids)}",
            f"kind ::= {_choice(kinds)}",
            f'speaker ::= "null"{"".join(f" | {_literal(s)}" for s in speakers)}',
            _STRING,
        )
    )


def _choice(words: Sequence[str]) -> str:
    return " | ".join(_literal(word) for word in words)


def _literal(word: str) -> str:
    """A JSON string as a GBNF literal."""
    quoted = json.dumps(word, ensure_ascii=False)
    return '"' + quoted.replace("\\", "\\\\").replace('"', '\\"') + '"'
