"""A GGUF model in this process, through llama-cpp-python.

Comes in: a `ModelRequest`; its `grammar` constrains the answer. Goes out: a `ModelReply`. Promises:
one thread owns the model, so any thread may ask; the engine's state is never reset between calls, so
requests that begin alike are read once; article text can never become a chat-control token; what does
not fit the context or the memory is said so. Nothing is loaded before the first question.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from service.backends.base import Message, ModelReply, ModelRequest, Profile, Usage
from service.backends.chat_format import ChatFormat
from service.backends.weights import sha256_of_file
from service.errors import BackendUnavailable, ContextOverflow, ModelFileError, OutOfMemory

BATCH_TOKENS = 512
LEAST_ANSWER_TOKENS = 512  # a shorter answer to a long question is cut in any case
_T = TypeVar("_T")


class LlamaCppBackend:
    """`path`: a GGUF file. `model`: the name to show. `sha256`: its hash, worked out when not known."""

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
        self._cancelled = threading.Event()
        self._grammars: dict[str, Any] = {}

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
        return self._known_sha256 or sha256_of_file(self._path)

    def complete(self, request: ModelRequest) -> ModelReply:
        """Answer one question; waits for its turn. An interrupt stops the engine at its next token."""
        return self._wait(self._owner.submit(self._complete, request))

    def count_tokens(self, text: str) -> int:
        return len(self._wait(self._owner.submit(self._plain_tokens, text)))

    def close(self) -> None:
        self._cancelled.set()
        self._owner.shutdown(wait=True, cancel_futures=True)
        if "_llama" in self.__dict__:
            self._llama.close()

    def _wait(self, answer: Future[_T]) -> _T:
        try:
            return answer.result()
        except KeyboardInterrupt:
            self._cancelled.set()
            raise

    # -- everything below runs in the owner thread -------------------------------------------------

    @cached_property
    def _llama(self) -> Any:
        import llama_cpp

        try:
            return llama_cpp.Llama(
                str(self._path),
                n_ctx=self._context_tokens,
                n_batch=BATCH_TOKENS,
                n_threads=self._threads,
                n_threads_batch=self._threads,
                seed=0,
                verbose=False,
            )
        except MemoryError as error:
            raise OutOfMemory(f"{self._path.name} does not fit into memory: {error}") from None
        except ValueError as error:
            if "context" in str(error).lower():
                raise OutOfMemory(
                    f"there is no memory for a context of {self._context_tokens:,} tokens; "
                    "lower ATTEST_CONTEXT_TOKENS or take a smaller model"
                ) from None
            raise ModelFileError(
                f"{self._path} is not a usable GGUF model ({error}); "
                "get it again: attest models pull --force, or give another path"
            ) from None

    @cached_property
    def _format(self) -> ChatFormat:
        return ChatFormat.of(self._llama)

    def _plain_tokens(self, text: str) -> list[int]:
        return list(self._llama.tokenize(text.encode(), add_bos=False, special=False))

    def _prompt_tokens(self, messages: Sequence[Message]) -> list[int]:
        """Tokens of a conversation: template pieces may be control tokens, contents never are."""
        tokens: list[int] = []
        for text, is_template in self._format.pieces(messages):
            tokens += self._llama.tokenize(text.encode(), add_bos=False, special=is_template)
        return tokens

    def _complete(self, request: ModelRequest) -> ModelReply:
        began = time.perf_counter()
        tokens = self._prompt_tokens(request.messages)
        room = self._context_tokens - len(tokens)
        if room < min(request.max_tokens, LEAST_ANSWER_TOKENS):
            raise ContextOverflow(
                f"{len(tokens):,} prompt tokens leave no room for an answer in a context of "
                f"{self._context_tokens:,}; raise ATTEST_CONTEXT_TOKENS or lower ATTEST_WINDOW_TOKENS"
            )
        reused = self._reusable(tokens)
        try:
            reply = self._llama.create_completion(
                tokens,
                max_tokens=min(request.max_tokens, room),
                temperature=request.temperature,
                seed=request.seed,
                repeat_penalty=1.0,
                top_k=1 if request.temperature == 0 else 40,
                grammar=self._grammar(request.grammar),
                stopping_criteria=self._stops(),
            )
        except MemoryError as error:
            raise OutOfMemory(f"the engine ran out of memory: {error}") from None
        except (RuntimeError, ValueError) as error:
            self._llama.reset()
            raise BackendUnavailable(f"llama.cpp could not go on: {error}") from None
        if self._cancelled.is_set():
            raise BackendUnavailable("the question was cancelled")
        choice, counted = reply["choices"][0], reply["usage"]
        return ModelReply(
            text=choice["text"],
            finish="length" if choice["finish_reason"] == "length" else "stop",
            model=self._model,
            usage=Usage(
                calls=1,
                prompt_tokens=counted["prompt_tokens"],
                cached_prompt_tokens=reused,
                completion_tokens=counted["completion_tokens"],
                seconds=round(time.perf_counter() - began, 6),
            ),
        )

    def _reusable(self, tokens: list[int]) -> int:
        """How many leading tokens the engine already holds (at least the last one is always read)."""
        held = self._llama.input_ids[: self._llama.n_tokens]
        same = 0
        for a, b in zip(held, tokens[:-1], strict=False):
            if a != b:
                break
            same += 1
        return same

    def _grammar(self, text: str | None) -> Any:
        if text is None:
            return None
        if text not in self._grammars:
            import llama_cpp

            if len(self._grammars) > 256:
                self._grammars.clear()
            try:
                self._grammars[text] = llama_cpp.LlamaGrammar.from_string(text, verbose=False)
            except ValueError as error:
                raise BackendUnavailable(f"the grammar of this question does not parse: {error}") from None
        return self._grammars[text]

    def _stops(self) -> Any:
        import llama_cpp

        return llama_cpp.StoppingCriteriaList([lambda _tokens, _logits: self._cancelled.is_set()])
