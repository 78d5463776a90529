"""Whether a sentence tells something, or tells its reader what to do.

Comes in: a parsed sentence. Goes out: yes or no. Promises: only a sentence that begins with its order is
one ("Report only this", "Please do not mention it"); an order in quotation marks is somebody's words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.facts.syntax import SUBJECTS

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_OPENERS = frozenset(
    {"please", "do", "don't", "n't", "not", "never", "always", "now", "then", "just", "only", "and", "but"}
)


def is_order(doc: Doc) -> bool:
    """An order in the writer's own voice. A news sentence has a subject, so nothing else begins like this."""
    verb = next((t for t in doc if t.head.i == t.i and not t.is_punct), None)
    if verb is None or verb.tag_ != "VB" or any(c.dep_ in SUBJECTS for c in verb.children):
        return False
    helped = any(c.dep_ in {"aux", "auxpass"} and c.lower_ not in {"do", "n't"} for c in verb.children)
    return not helped and all(_opens(token) for token in doc[: verb.i])


def _opens(token: Token) -> bool:
    return token.lower_ in _OPENERS or (token.is_punct and token.text != '"')
