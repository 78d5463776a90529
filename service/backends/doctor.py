"""Proof that a backend does what the pipeline relies on.

Comes in: a backend and how long the pipeline's questions are. Goes out: one `Check` a thing looked at.
Promises: nothing comes out of the reply cache; a constraint counts as real only when it changed an answer;
an error of attest becomes a row; a server is asked four to eight questions, two of them long ones.

    backend        it answers at all                       a scripted one is not asked anything
    constraint     it forbids the natural answer
    context        a question of real length is read whole
    prefix reuse   an equal beginning is read once         of a server: reported, not required
    finite         the model computes finite numbers       in process only: no server shows them
    control        no article text ends the conversation   in process only
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from service.backends.base import Backend, ModelReply
from service.backends.caching import CachingBackend
from service.backends.canaries import Canaries, ConstraintCanary, Needle, load_canaries
from service.backends.checkup import BACKEND, CONSTRAINT, CONTEXT, CONTROL, FINITE, PREFIX, Check, shown
from service.backends.engine_checks import BROKEN_ENGINE, Need, checks_of
from service.backends.examinable import Examinable
from service.errors import AttestError

Step = tuple[tuple[str, ...], Callable[[], tuple[Check, ...]]]  # names of its checks, and how to make them

LOCAL_ANSWER_TOKENS = 48
REMOTE_ANSWER_TOKENS = 512  # some models think before they answer, and a server stops at the end of the JSON

NOT_SHOWN: tuple[Check, ...] = (
    Check.not_applicable(FINITE, "a server shows no logits"),
    Check.not_applicable(CONTROL, "a server shows no tokens"),
)
ODD = "Take another model: this one answers every canary in an odd way."
NOT_CONSTRAINED = (
    "Replies are still validated, but more of them are lost. Turn constrained output on in the server, "
    "update it, or serve another model."
)
TOO_SHORT = (
    "Give the server a longer context (llama-server: -c, shared by its --parallel slots; Ollama: "
    "OLLAMA_CONTEXT_LENGTH; vLLM: --max-model-len) or lower ATTEST_WINDOW_TOKENS."
)


def examine(open_backend: Callable[[], Backend], need: Callable[[], Need]) -> tuple[Check, ...]:
    """Every check of a backend. Never raises an AttestError."""
    try:
        backend = _uncached(open_backend())
    except AttestError as error:
        return (
            Check.failed(BACKEND, error),
            *map(Check.not_made, (CONSTRAINT, CONTEXT, PREFIX, FINITE, CONTROL)),
        )
    if not backend.profile.answers:
        return _of_no_model()
    if backend.name == "scripted":
        return _of_a_script(backend)
    doctor = _Doctor(backend, need, load_canaries())
    checks: list[Check] = []
    is_gone = False
    for names, look in doctor.steps:
        if is_gone:
            checks += map(doctor.not_made, names)
            continue
        try:
            checks += look()
        except AttestError as error:
            checks += (Check.failed(names[0], error), *map(doctor.not_made, names[1:]))
            # Who does not answer now is not waited for again.
            is_gone = error.retryable or names[0] == BACKEND
    return (*checks, *doctor.never_made)


def _uncached(backend: Backend) -> Backend:
    while isinstance(backend, CachingBackend):
        backend = backend.backend
    return backend


def _of_a_script(backend: Backend) -> tuple[Check, ...]:
    others = (CONSTRAINT, CONTEXT, PREFIX, FINITE, CONTROL)
    return (
        Check.ok(BACKEND, f"answers come from the script {shown(backend.model)}"),
        *(Check.not_applicable(name, "a script is no model") for name in others),
    )


def _of_no_model() -> tuple[Check, ...]:
    others = (CONSTRAINT, CONTEXT, PREFIX, FINITE, CONTROL)
    return (
        Check.ok(BACKEND, "no model is configured; code reads alone"),
        *(Check.not_applicable(name, "there is no model") for name in others),
    )


class _Doctor:
    """One examination of one backend."""

    def __init__(self, backend: Backend, need: Callable[[], Need], canaries: Canaries) -> None:
        self._backend = backend
        self._need = need
        self._canaries = canaries
        self._most, self._mend = REMOTE_ANSWER_TOKENS, NOT_CONSTRAINED
        last: Step = (CONTEXT, PREFIX), self._at_a_server
        self.never_made = NOT_SHOWN
        if isinstance(backend, Examinable):
            self._most, self._mend = LOCAL_ANSWER_TOKENS, BROKEN_ENGINE
            last = (CONTEXT, PREFIX, FINITE, CONTROL), partial(self._in_process, backend)
            self.never_made = ()
        self._free: list[ModelReply] = []  # the first answer, which the constraint is compared with
        self.steps: tuple[Step, ...] = (
            ((BACKEND,), self._answers),
            ((CONSTRAINT,), self._constraint),
            last,
        )

    def not_made(self, name: str) -> Check:
        """The row of a check that was not reached; a server need not tell what it reuses."""
        if name == PREFIX and self.never_made:
            return Check.not_applicable(PREFIX, "not looked at: a check before it failed")
        return Check.not_made(name)

    # -- does it answer, and does the constraint bite? ---------------------------------------------

    def _answers(self) -> tuple[Check, ...]:
        reply = self._unbound(self._canaries.constraint[0])
        self._free.append(reply)
        return (Check.ok(BACKEND, f"{shown(reply.model)} answers in {reply.usage.seconds:.1f} s"),)

    def _unbound(self, canary: ConstraintCanary) -> ModelReply:
        return self._backend.complete(canary.request(self._most, bound=False))

    def _constraint(self) -> tuple[Check, ...]:
        for number, canary in enumerate(self._canaries.constraint):
            free = self._free[0] if number == 0 else self._unbound(canary)
            bound = self._backend.complete(canary.request(self._most, bound=True))
            if not canary.allows(bound.text):
                cut = ", cut at its limit," if bound.finish == "length" else ""
                allowed = " or ".join(canary.allowed)
                seen = f"only {allowed} was allowed; the answer{cut} is {shown(bound.text)}"
                return (Check.missing(CONSTRAINT, seen, self._mend),)
            if not canary.allows(free.text):
                return (Check.ok(CONSTRAINT, f"free: {shown(free.text)}; bound: {shown(bound.text)}"),)
        seen = "nothing proved: what the constraint allows is also answered without it"
        return (Check.missing(CONSTRAINT, seen, ODD),)

    # -- a model in this process -------------------------------------------------------------------

    def _in_process(self, backend: Examinable) -> tuple[Check, ...]:
        reading = self._canaries.reading
        text = reading.text(1, self._backend.count_tokens)
        beginning, middle = (reading.request(text, needle, self._most) for needle in reading.needle)
        self._backend.complete(beginning)
        return checks_of(backend.examine(middle), self._need())

    # -- a server ----------------------------------------------------------------------------------

    def _at_a_server(self) -> tuple[Check, ...]:
        reading = self._canaries.reading
        count, wanted = self._backend.count_tokens, self._need().prompt_tokens
        text = reading.text(wanted, count)
        replies = [self._ask(text, needle) for needle in reading.needle]
        lost = [
            needle
            for needle, reply in zip(reading.needle, replies, strict=True)
            if not reading.found(needle, reply.text)
        ]
        return (
            self._remote_context(count(text), replies[0].usage.prompt_tokens, lost),
            _remote_prefix(replies[1]),
        )

    def _ask(self, text: str, needle: Needle) -> ModelReply:
        return self._backend.complete(self._canaries.reading.request(text, needle, self._most))

    def _remote_context(self, sent: int, counted: int, lost: list[Needle]) -> Check:
        """`sent`: tokens of the text by our estimate; `counted`: by the server, 0 when it does not tell."""
        told = f"{counted:,} tokens by the server's count" if counted else f"about {sent:,} tokens"
        if not lost:
            return Check.ok(CONTEXT, f"a text of {told} is read from its beginning")
        reading = self._canaries.reading
        short = reading.text(0, self._backend.count_tokens)
        could = [needle for needle in lost if reading.found(needle, self._ask(short, needle).text)]
        is_counted = counted > sent / 2
        if not could and is_counted:
            seen = f"{told}; the model finds no word even in a short text, so nothing but the count proves it"
            return Check.ok(CONTEXT, seen)
        places = " and ".join(
            place
            for place, needle in zip(("beginning", "middle"), reading.needle, strict=True)
            if needle in lost
        )
        seen = f"of a text of about {sent:,} tokens ({told}) the model does not know the {places}"
        if not is_counted:
            return Check.missing(CONTEXT, seen, TOO_SHORT)
        weak = "The server may cut quietly, or the model be too weak for so long a text."
        return Check.missing(CONTEXT, seen, f"{weak} {TOO_SHORT}")


def _remote_prefix(reply: ModelReply) -> Check:
    cached, prompt = reply.usage.cached_prompt_tokens, reply.usage.prompt_tokens
    if cached:
        return Check.ok(PREFIX, f"{cached:,} of {prompt:,} prompt tokens came out of the server's cache")
    return Check.not_applicable(
        PREFIX,
        "the server reports no cached tokens",
        "Nothing needs to be done; a server with prefix caching answers sooner.",
    )
