r"""Grammars for the local engine, written by hand: small, flat, and closed over the article.

Comes in: what a reply may contain. Goes out: GBNF text (llama.cpp's grammar notation). Promises: no
unbounded white space, no ASCII control character; lists are bounded by count and strings by `max_tokens`
only (a length limit makes small models stop in mid-word).

`check_grammar` has llama.cpp's own parser read a grammar before anything is decoded with it: what does not
parse would otherwise end the process or, on some servers, constrain nothing.

Of JSON's escapes only those for the quotation mark, the backslash and the slash are offered. A statement
is one line of plain words: `\n`, `\t` and `\b` would put control characters into it, and `\u` any
character at all, unseen by a rule that forbids it by name. A small model that is offered an escape also
starts one now and then where it meant a letter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import get_args

from service.errors import BackendError
from service.facts.models import Kind

KEPT_VERDICTS = 1024

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


def verdict_grammar(verdicts: Sequence[str], *, reasoned: bool) -> str:
    """`{"verdict": ...}` with one of `verdicts`; with `reasoned` a `reason` stands before it."""
    reason = '"\\"reason\\": " string ", " ' if reasoned else ""
    root = f'root ::= "{{" {reason}"\\"verdict\\": " verdict "}}"'
    return "\n".join((root, f"verdict ::= {_choice(verdicts)}", *((_STRING,) if reasoned else ("",))))


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


def wording_grammar(values: Iterable[str], words: Iterable[str]) -> str:
    """`{"sentence": "..."}` put together from `values` (numbers, dates, names, quotations, each whole) and
    single `words`: no other figure or name can be written. At least one of them is not blank.

    The first word of the sentence may take a capital; a value may take the 's of an owner.
    """
    given, plain = _distinct(values), _distinct(words)
    begin = _distinct([*given, *(word[0].upper() + word[1:] for word in (*given, *plain))])
    return "\n".join(
        (
            'root ::= "{\\"sentence\\": \\"" first owner? more* "."? "\\"}"',
            'more ::= ","? " " (value owner? | word)'
            if given and plain
            else f'more ::= ","? " " {_kind(given)}',
            f"first ::= {_pieces(begin)}",
            *((f"value ::= {_pieces(given)}",) if given else ()),
            *((f"word ::= {_pieces(plain)}",) if plain else ()),
            'owner ::= "\'s" | "’s"',
            "",
        )
    )


def words_grammar(words: Iterable[str], most: int = 80) -> str:
    """`{"words": [...]}` with at most `most` of `words` (there is one at least), each as a JSON string."""
    return "\n".join(
        (
            f'root ::= "{{\\"words\\": [" ({_listed("word", most)})? "]}}"',
            f"word ::= {_choice(_distinct(words))}",
            "",
        )
    )


def check_grammar(text: str, name: str) -> None:
    """Raises BackendError that names the grammar when llama.cpp cannot read it; each text is tried once."""
    if not _parses(text):
        raise BackendError(
            f"its grammar does not parse, so nothing would keep the answer in shape: {text[:200]!r}",
            where=name,
        )


@lru_cache(maxsize=KEPT_VERDICTS)
def _parses(text: str) -> bool:
    """Whether llama.cpp reads the grammar; no model and no vocabulary is needed for that."""
    import llama_cpp  # only who decodes here has it and needs it

    if not text.strip():
        return False  # llama.cpp takes an empty grammar for none at all
    sampler = llama_cpp.llama_sampler_init_grammar(None, text.encode("utf-8", "replace"), b"root")
    if not sampler:
        return False
    llama_cpp.llama_sampler_free(sampler)
    return True


def _kind(given: Sequence[str]) -> str:
    return "value owner?" if given else "word"


def _distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(stripped for word in words if (stripped := " ".join(word.split()))))


def _pieces(words: Sequence[str]) -> str:
    """Alternatives that stand inside a JSON string."""
    return " | ".join(_literal(word, inside=True) for word in words)


def _listed(rule: str, most: int) -> str:
    """One to `most` times `rule`, with commas between."""
    return f'{rule} (", " {rule}){{0,{most - 1}}}' if most > 1 else rule


def _choice(words: Sequence[str]) -> str:
    return " | ".join(_literal(word) for word in words)


def _literal(word: str, *, inside: bool = False) -> str:
    """A JSON string as a GBNF literal, or with `inside` what stands between its quotation marks."""
    quoted = json.dumps(word, ensure_ascii=False)
    quoted = quoted[1:-1] if inside else quoted
    return '"' + quoted.replace("\\", "\\\\").replace('"', '\\"') + '"'
