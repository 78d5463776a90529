"""A GGUF model in this process, through llama-cpp-python.

Comes in: a `ModelRequest`; its `grammar` constrains the answer. Goes out: a `ModelReply`. Promises:
one thread owns the model, so any thread may ask; the fixed beginning of a request is read once; article
text can never become a chat-control token; a grammar that does not parse, and what does not fit the context
or the memory, is said so; at temperature 0 the same question has the same answer. Nothing is loaded before
the first question.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from service.backends.base import Message, ModelReply, ModelRequest, Profile, Usage
from service.backends.chat_format import ChatFormat
from service.backends.examinable import Engine
from service.backends.grammar import check_grammar
from service.backends.weights import sha256_of_file
from service.errors import BackendUnavailable, ContextOverflow, ModelFileError

if TYPE_CHECKING:
    from service.backends.decoding import Decoder

BATCH_TOKENS = 256  # an interrupt waits for one batch; larger ones are not faster
LEAST_ANSWER_TOKENS = 512  # a shorter answer to a long question is cut in any case
_T = TypeVar("_T")


class LlamaCppBackend:
    """`path`: a GGUF file. `model`: the name to show. `sha256`: its hash, worked out when not known.

    Loading happens with the first question: `complete` and `count_tokens` may also raise ModelFileError.
    """

    def __init__(
        self,
        path: Path,
        *,
        model: str,
        profile: Profile,
        context_tokens: int,
        threads: int,
        sha256: str | None = None,
    ) -> None:
        self._path = path
        self._model = model
        self._profile = profile
        self._context_tokens = context_tokens
        self._threads = threads
        self._known_sha256 = sha256
        self._owner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="attest-llama")
        self._closed = threading.Event()

    def __repr__(self) -> str:
        return f"LlamaCppBackend({self._path.name!r})"

    @property
    def name(self) -> str:
        return "local"

    @property
    def model(self) -> str:
        return self._model

    @property
    def profile(self) -> Profile:
        return self._profile

    @cached_property
    def model_sha256(self) -> str:
        """Raises ModelFileError when the file cannot be read."""
        try:
            return self._known_sha256 or sha256_of_file(self._path)
        except OSError as error:
            raise ModelFileError(f"{self._path} cannot be read: {error.strerror}") from None

    def complete(self, request: ModelRequest) -> ModelReply:
        """Answer one question; waits for its turn. An interrupt stops the engine at its next step."""
        return self._asked(lambda cancelled: self._complete(request, cancelled))

    def count_tokens(self, text: str) -> int:
        return self._asked(lambda _: len(self._tokens(text, control=False)))

    def count_prompt(self, request: ModelRequest) -> tuple[int, int]:
        """Tokens of the whole prompt as the model reads it, and of its fixed beginning."""

        def count(_: Callable[[], bool]) -> tuple[int, int]:
            tokens, prefix = self._prompt(request)
            return len(tokens), prefix

        return self._asked(count)

    def examine(self, request: ModelRequest) -> Engine:
        """What the engine tells of itself after it read a question."""
        return self._asked(lambda cancelled: self._examine(request, cancelled))

    def close(self) -> None:
        """Stops what is being answered, gives the memory back. What is asked later is refused."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._owner.shutdown(wait=True, cancel_futures=True)
        if "_decoder" in self.__dict__:
            self._decoder.close()
        if "_llama" in self.__dict__:
            self._llama.close()

    def _asked(self, work: Callable[[Callable[[], bool]], _T]) -> _T:
        """`work` done by the owner thread. It is told how to find out that nobody waits any more."""
        cancelled = threading.Event()
        try:
            answer: Future[_T] = self._owner.submit(work, lambda: cancelled.is_set() or self._closed.is_set())
            return answer.result()
        except CancelledError:
            raise BackendUnavailable(f"{self._model} was closed before it could answer") from None
        except RuntimeError:
            if not self._closed.is_set():
                raise
            raise BackendUnavailable(f"{self._model} has been closed") from None
        finally:
            cancelled.set()  # after an interrupt nobody waits; otherwise it is over anyway

    # -- everything below runs in the owner thread -------------------------------------------------

    @cached_property
    def _llama(self) -> Any:
        from service.backends.loading import load

        return load(
            self._path,
            context_tokens=self._context_tokens,
            batch_tokens=BATCH_TOKENS,
            threads=self._threads,
        )

    @cached_property
    def _decoder(self) -> Decoder:
        from service.backends.decoding import Decoder

        return Decoder(self._llama, batch_tokens=BATCH_TOKENS)

    @cached_property
    def _format(self) -> ChatFormat:
        return ChatFormat.of(self._llama)

    @cached_property
    def _room(self) -> int:
        """Tokens that fit: what was asked for, unless the model was made for less."""
        return min(self._context_tokens, int(self._llama._model.n_ctx_train()))

    def _tokens(self, text: str, *, control: bool) -> list[int]:
        return list(self._llama.tokenize(text.encode("utf-8", "replace"), add_bos=False, special=control))

    def _prompt(self, request: ModelRequest) -> tuple[list[int], int]:
        """Tokens of a request, and how many of them are its fixed beginning.

        Pieces of the chat template may be control tokens, contents of messages never are.
        """
        messages: tuple[Message, ...] = request.messages
        tokens: list[int] = []
        prefix = 0
        for piece in self._format.pieces(messages):
            if piece.message == request.prefix_messages:
                prefix = len(tokens)
            tokens += self._tokens(piece.text, control=piece.message is None)
        first = self._format.first_token
        if first is not None and tokens[:1] != [first]:
            return [first, *tokens], prefix + 1
        return tokens, prefix

    def _complete(self, request: ModelRequest, stopped: Callable[[], bool]) -> ModelReply:
        from service.backends.sampling import Sampler

        began = time.perf_counter()
        if request.grammar is not None:
            check_grammar(request.grammar, f"{request.stage}/{request.schema_name}")
        tokens, prefix = self._prompt(request)
        room = self._room - len(tokens)
        if room < min(request.max_tokens, LEAST_ANSWER_TOKENS):
            raise ContextOverflow(
                f"{len(tokens):,} prompt tokens leave no room for an answer in a context of "
                f"{self._room:,}; raise ATTEST_CONTEXT_TOKENS or lower ATTEST_WINDOW_TOKENS"
            )
        with Sampler(
            self._llama, grammar=request.grammar, temperature=request.temperature, seed=request.seed
        ) as sampler:
            decoded = self._decoder.decode(
                tokens, prefix, sampler, most=min(request.max_tokens, room), stopped=stopped
            )
        return ModelReply(
            text=self._decoder.text(decoded.tokens),
            finish=decoded.finish,
            model=self._model,
            usage=Usage(
                calls=1,
                prompt_tokens=len(tokens),
                cached_prompt_tokens=decoded.reused,
                completion_tokens=len(decoded.tokens),
                seconds=round(time.perf_counter() - began, 6),
            ),
        )

    def _examine(self, request: ModelRequest, stopped: Callable[[], bool]) -> Engine:
        from service.backends import peeking

        usage = self._complete(replace(request, max_tokens=1), stopped).usage  # its one token is not read
        logits = peeking.last_logits(self._llama)
        written = "".join(p.text for p in self._format.pieces(request.messages) if p.message is None)
        steering = peeking.control_tokens(self._llama, written)
        return Engine(
            configured_tokens=self._context_tokens,
            allocated_tokens=peeking.allocated_tokens(self._llama),
            trained_tokens=int(self._llama._model.n_ctx_train()),
            prompt_tokens=usage.prompt_tokens,
            reused_tokens=usage.cached_prompt_tokens,
            held_tokens=peeking.held_tokens(self._llama),
            logits=len(logits),
            unusable_logits=peeking.unusable(logits),
            control_tokens=len(steering),
            leaking_tokens=peeking.leaking(steering, lambda text: self._tokens(text, control=False)),
        )
