r"""Grammars for the local engine, written by hand: small, flat, and closed over the article.

Comes in: what a reply may contain. Goes out: GBNF text (llama.cpp's grammar notation). Promises: no
unbounded white space, no ASCII control character; lists are bounded by count and strings by `max_tokens`
only (a length limit makes small models stop in mid-word).

Of JSON's escapes only those for the quotation mark, the backslash and the slash are offered. A statement
is one line of plain words: `\n`, `\t` and `\b` would put control characters into it, and `\u` any
character at all, unseen by a rule that forbids it by name. A small model that is offered an escape also
starts one now and then where it meant a letter.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import get_args

from service.facts.models import Kind

# Any character but quote, backslash and ASCII controls; or one of the three escapes. Nothing beyond ASCII
# is shut out: llama.cpp then refuses every token that holds a part of a character whose rest could make it
# one of those, and with U+202E go the curly quotes and the emoji of models that spell them in bytes.
_STRING = r"""string ::= "\"" char+ "\""
char ::= [^"\\\x00-\x1F\x7F] | "\\" ["\\/]
"""


def statements_grammar(most: int = 6) -> str:
    """`{"facts": ["...", ...]}` with at most `most` strings (at least 1)."""
    return f'root ::= "{{\\"facts\\": [" ({_listed("string", most)})? "]}}"\n{_STRING}'


def sentence_grammar() -> str:
    """`{"sentence": "..."}`."""
    return f'root ::= "{{\\"sentence\\": " string "}}"\n{_STRING}'


def drafts_grammar(ids: Sequence[str], speakers: Sequence[str], most: int = 60) -> str:
    """The reply to a window: ids of its sentences only (there is one at least), kinds of the contract,
    speakers it names, each as a JSON string.
    """
    return "\n".join(
        (
            f'root ::= "{{\\"facts\\": [" ({_listed("fact", most)})? "]}}"',
            'fact ::= "{\\"ids\\": [" id (", " id){0,2} "], \\"statement\\": " string ", \\"kind\\": " kind '
            '", \\"speaker\\": " speaker "}"',
            f"id ::= {_choice(ids)}",
            f"kind ::= {_choice(get_args(Kind))}",
            f'speaker ::= "null"{"".join(f" | {_literal(s)}" for s in speakers)}',
            _STRING,
        )
    )


def _listed(rule: str, most: int) -> str:
    """One to `most` times `rule`, with commas between."""
    return f'{rule} (", " {rule}){{0,{most - 1}}}' if most > 1 else rule


def _choice(words: Sequence[str]) -> str:
    return " | ".join(_literal(word) for word in words)


def _literal(word: str) -> str:
    """A JSON string as a GBNF literal."""
    quoted = json.dumps(word, ensure_ascii=False)
    return '"' + quoted.replace("\\", "\\\\").replace('"', '\\"') + '"'
