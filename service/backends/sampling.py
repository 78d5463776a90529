"""Which token comes next, and whether the grammar lets it.

Comes in: the logits of a loaded model. Goes out: one token after the other. Promises: no token that the
grammar forbids; at temperature 0 the likeliest one that it allows. The grammar is asked about the
likeliest token alone, and about the whole vocabulary only when that one does not fit, as llama.cpp's own
programs do: 150,000 questions a token would cost more than a small model's thinking.
"""

from __future__ import annotations

import ctypes
import math
from types import TracebackType
from typing import Any

import llama_cpp
import numpy as np

from service.errors import BackendUnavailable

ROOT = b"root"
TOP_K = 40  # llama.cpp's default; used above temperature 0 only


class Grammar:
    """GBNF text at work on one answer. Raises BackendUnavailable when it does not parse.

    llama-cpp-python's own `LlamaGrammar` keeps the text unread, and hands llama.cpp a null pointer when it
    is broken, which ends the process.
    """

    def __init__(self, vocab: Any, end: int, text: str) -> None:
        raw = text.encode("utf-8", "replace")
        # An empty grammar would allow everything.
        self.sampler: Any = llama_cpp.llama_sampler_init_grammar(vocab, raw, ROOT) if text.strip() else None
        if not self.sampler:
            raise BackendUnavailable(f"the grammar of this question does not parse: {text[:200]!r}")
        self._end = end
        self._one: Any = (llama_cpp.llama_token_data * 1)()
        self._asked = llama_cpp.llama_token_data_array(data=self._one, size=1, selected=-1, sorted=False)

    def allows(self, token: int) -> bool:
        self._one[0].id, self._one[0].logit = token, 0.0
        llama_cpp.llama_sampler_apply(self.sampler, ctypes.byref(self._asked))
        return not math.isinf(self._one[0].logit)

    def accept(self, token: int) -> None:
        """Go on behind `token`, which must be allowed (llama.cpp ends the process otherwise)."""
        llama_cpp.llama_sampler_accept(self.sampler, token)

    @property
    def satisfied(self) -> bool:
        """Whether the answer may end here."""
        return self.allows(self._end)


class Sampler:
    """Picks the tokens of one answer. Use it with `with`: it holds native memory."""

    def __init__(self, llama: llama_cpp.Llama, *, grammar: str | None, temperature: float, seed: int) -> None:
        self._llama: Any = llama
        self._vocab = llama_cpp.llama_model_get_vocab(llama.model)
        self._size = llama.n_vocab()
        self._greedy = temperature == 0
        self.grammar = Grammar(self._vocab, llama.token_eos(), grammar) if grammar is not None else None
        self._chain = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())
        steps = [self.grammar.sampler] if self.grammar else []
        if self._greedy:
            steps.append(llama_cpp.llama_sampler_init_greedy())
        else:
            steps.append(llama_cpp.llama_sampler_init_top_k(TOP_K))
            steps.append(llama_cpp.llama_sampler_init_temp(temperature))
            steps.append(llama_cpp.llama_sampler_init_dist(seed))
        for step in steps:  # the chain owns them from here on
            llama_cpp.llama_sampler_chain_add(self._chain, step)

    def __enter__(self) -> Sampler:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        llama_cpp.llama_sampler_free(self._chain)

    def pick(self, row: int) -> int | None:
        """The token after `row` of the last batch (-1: its last row); None when the answer ends."""
        if self.grammar is not None and self.grammar.satisfied:
            return None
        token = self._likeliest(row) if self._greedy else None
        if token is not None and self.grammar is not None:
            if self.grammar.allows(token):
                self.grammar.accept(token)
            else:
                token = None
        if token is None:
            token = llama_cpp.llama_sampler_sample(self._chain, self._llama.ctx, row)  # accepts it, too
        return None if llama_cpp.llama_vocab_is_eog(self._vocab, token) else token

    def _likeliest(self, row: int) -> int:
        logits = llama_cpp.llama_get_logits_ith(self._llama.ctx, row)
        return int(np.ctypeslib.as_array(logits, (self._size,)).argmax())
