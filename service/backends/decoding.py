"""One answer out of a loaded model.

Comes in: the tokens of a prompt, how many of them are its fixed beginning, and a sampler. Goes out: the
tokens of the answer. Promises: a fixed beginning is read once and kept aside, also when another one came
in between; the answer to a question does not depend on what was asked before; what fails leaves nothing
behind. Not thread-safe.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import llama_cpp

from service.backends.base import Finish
from service.backends.lookup import Lookup
from service.backends.sampling import Sampler
from service.errors import BackendError, BackendUnavailable, OutOfMemory

# On two AVX-512 cores and 1.5 billion weights, four tokens at once cost 1.8 times one, five 2.4 times.
GUESSED_TOKENS = 3
KEPT_PREFIXES = 4  # 20 to 40 MB each with a model of 1.5 billion weights
PIECE_BYTES = 1024
ALLOCATION_FAILED = -2  # return code of llama_decode


@dataclass(frozen=True)
class Decoded:
    """`reused`: prompt tokens that were not read again."""

    tokens: list[int]
    finish: Finish
    reused: int


class Decoder:
    """The memory (KV cache) of one model. `stopped` is asked before every step; when it says so, the
    question ends with BackendUnavailable.
    """

    def __init__(self, llama: llama_cpp.Llama, *, batch_tokens: int) -> None:
        self._llama: Any = llama
        self._ctx = llama.ctx
        self._memory = llama_cpp.llama_get_memory(self._ctx)
        self._batch = llama_cpp.llama_batch_init(batch_tokens, 0, 1)
        self._batch_tokens = batch_tokens
        self._held: list[int] = []
        self._kept: dict[tuple[int, ...], Any] = {}
        # Recurrent and hybrid models cannot forget the end of what they read, so a wrong guess is for ever.
        self._forgets = not (
            llama_cpp.llama_model_is_recurrent(llama.model) or llama_cpp.llama_model_is_hybrid(llama.model)
        )

    def close(self) -> None:
        llama_cpp.llama_batch_free(self._batch)

    def decode(
        self, prompt: Sequence[int], prefix: int, sampler: Sampler, *, most: int, stopped: Callable[[], bool]
    ) -> Decoded:
        """At most `most` tokens after `prompt`, whose first `prefix` tokens are its fixed beginning.

        Raises OutOfMemory or BackendUnavailable.
        """
        try:
            reused = self._read(prompt, prefix, stopped)
            tokens, finish = self._answer(prompt, sampler, most, stopped)
        except BackendError:
            self._forget()
            raise
        return Decoded(tokens, finish, reused)

    def text(self, tokens: Sequence[int]) -> str:
        """The text of an answer; a character that was cut in the middle is left out."""
        vocab = llama_cpp.llama_model_get_vocab(self._llama.model)
        buffer = ctypes.create_string_buffer(PIECE_BYTES)
        pieces = []
        for token in tokens:
            size = llama_cpp.llama_token_to_piece(vocab, token, buffer, PIECE_BYTES, 0, False)
            pieces.append(buffer.raw[: max(size, 0)])
        return b"".join(pieces).decode("utf-8", "ignore")

    def _answer(
        self, prompt: Sequence[int], sampler: Sampler, most: int, stopped: Callable[[], bool]
    ) -> tuple[list[int], Finish]:
        lookup = Lookup(prompt)
        tokens: list[int] = []
        guessed: list[int] = []
        row = -1
        while True:
            base = len(self._held) - len(guessed)
            right = 0
            for guess in (*guessed, None):
                token = sampler.pick(row)
                if token is None:
                    return tokens, "stop"
                tokens.append(token)
                lookup.add(token)
                if len(tokens) == most:
                    satisfied = sampler.grammar is not None and sampler.grammar.satisfied
                    return tokens, "stop" if satisfied else "length"
                if token != guess:
                    break
                right += 1
                row += 1
            self._shorten(base + right)
            room = min(GUESSED_TOKENS, most - len(tokens) - 1) if self._forgets else 0
            guessed = lookup.guess(room)
            self._evaluate([tokens[-1], *guessed], stopped, all_rows=True)
            row = 0

    # -- reading ----------------------------------------------------------------------------------

    def _read(self, prompt: Sequence[int], prefix: int, stopped: Callable[[], bool]) -> int:
        """Read a prompt; how many of its tokens were there already."""
        head = tuple(prompt[:prefix])
        reused = prefix if self._recalled(head) else 0
        if not reused:
            self._forget()
            self._evaluate(head, stopped)
            self._keep(head)
        self._evaluate(prompt[prefix:], stopped)
        return reused

    def _recalled(self, head: tuple[int, ...]) -> bool:
        """Whether the engine now holds `head` and nothing else."""
        if not head:
            return False
        if tuple(self._held[: len(head)]) == head and self._shorten(len(head)):
            return True
        state = self._kept.pop(head, None)
        if state is None:
            return False
        self._forget()
        self._kept[head] = state  # the last one in use is the last one to go
        if not llama_cpp.llama_state_seq_set_data(self._ctx, state, len(state), 0):
            return False
        self._held = list(head)
        return True

    def _keep(self, head: tuple[int, ...]) -> None:
        if not head:
            return
        size = llama_cpp.llama_state_seq_get_size(self._ctx, 0)
        state = (ctypes.c_uint8 * size)()
        if llama_cpp.llama_state_seq_get_data(self._ctx, state, size, 0) != size:
            return
        while len(self._kept) >= KEPT_PREFIXES:
            del self._kept[next(iter(self._kept))]
        self._kept[head] = state

    def _evaluate(
        self, tokens: Sequence[int], stopped: Callable[[], bool], *, all_rows: bool = False
    ) -> None:
        """Read on. Logits are worked out for the last token, or for every one."""
        for start in range(0, len(tokens), self._batch_tokens):
            if stopped():
                raise BackendUnavailable("the question was cancelled")
            part = tokens[start : start + self._batch_tokens]
            batch = self._batch
            batch.n_tokens = len(part)
            for row, token in enumerate(part):
                batch.token[row] = token
                batch.pos[row] = len(self._held) + row
                batch.n_seq_id[row] = 1
                batch.seq_id[row][0] = 0
                batch.logits[row] = all_rows or row == len(part) - 1
            code = llama_cpp.llama_decode(self._ctx, batch)
            if code == ALLOCATION_FAILED:
                raise OutOfMemory("the engine ran out of memory; take a smaller model or a shorter context")
            if code != 0:
                raise BackendUnavailable(f"llama.cpp could not go on: llama_decode returned {code}")
            self._held += part

    def _shorten(self, length: int) -> bool:
        """Hold the first `length` tokens only; whether that worked."""
        if length == len(self._held):
            return True
        if not llama_cpp.llama_memory_seq_rm(self._memory, 0, length, -1):
            return False
        del self._held[length:]
        return True

    def _forget(self) -> None:
        llama_cpp.llama_memory_clear(self._memory, False)
        self._held = []
