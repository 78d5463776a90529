"""Figures that only llama.cpp itself knows.

Comes in: a loaded model that has just read something. Goes out: numbers and token ids. Promises: nothing
is changed. Not thread-safe, as the model is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import llama_cpp
import numpy as np

Tokenizer = Callable[[str], Sequence[int]]


def allocated_tokens(llama: Any) -> int:
    return int(llama_cpp.llama_n_ctx(llama.ctx))


def held_tokens(llama: Any) -> int:
    """Positions in use in the engine's memory (KV cache)."""
    memory = llama_cpp.llama_get_memory(llama.ctx)
    return int(llama_cpp.llama_memory_seq_pos_max(memory, 0)) + 1


def last_logits(llama: Any) -> Any:
    """One number a token of the vocabulary, for what may follow the last token read."""
    logits = llama_cpp.llama_get_logits_ith(llama.ctx, -1)
    return np.ctypeslib.as_array(logits, (llama.n_vocab(),))


def unusable(logits: Any) -> int:
    """How many of `logits` are NaN or infinite."""
    return int(np.count_nonzero(~np.isfinite(logits)))


def control_tokens(llama: Any, rendered: str) -> dict[int, str]:
    """What steers a conversation, as text by id: tokens of the control type, and those with which the chat
    template wrote `rendered` although a converter gave them another type.
    """
    vocab = llama_cpp.llama_model_get_vocab(llama.model)
    found: dict[int, str] = {}
    for token in range(llama.n_vocab()):
        kind = llama_cpp.llama_vocab_get_attr(vocab, token)
        if kind & (llama_cpp.LLAMA_TOKEN_ATTR_CONTROL | llama_cpp.LLAMA_TOKEN_ATTR_USER_DEFINED):
            text = llama_cpp.llama_vocab_get_text(vocab, token).decode("utf-8", "replace")
            if kind & llama_cpp.LLAMA_TOKEN_ATTR_CONTROL or (text.strip() and text in rendered):
                found[token] = text
    return found


def leaking(tokens: dict[int, str], tokenize: Tokenizer) -> tuple[str, ...]:
    """Texts of `tokens` that, spelled in an article, become one of `tokens` again."""
    return tuple(text for text in tokens.values() if not tokens.keys().isdisjoint(tokenize(text)))
