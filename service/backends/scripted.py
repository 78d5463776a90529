r"""A backend that answers from a script, for tests and demos.

Comes in: JSON Lines, one reply a line. Goes out: the reply of the first line that matches. Promises:
the same question has the same answer, always; it calls itself `scripted` wherever provenance is kept.

    {"stage": "extract_facts", "contains": "ferry", "reply": {"facts": []}}
    {"stage": "extract_facts", "contains": "storm", "reply": "{\"fac", "finish": "length"}
    {"stage": "write_summary", "error": "backend-timeout"}
    {"stage": "extract_facts", "reply": "", "default": true}

`contains` must stand in the last user message (left out: every question of the stage matches);
`reply` is a string, or a JSON value that is written out as JSON; `error` is the slug of a
BackendError to raise. Lines can be used any number of times. When no line matches, the stage's
`default` line answers, and without one an empty string.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError, field_validator, model_validator

from service.backends.base import Finish, ModelReply, ModelRequest, Profile, Usage
from service.errors import BackendError, SettingsError
from service.hashing import sha256_of

Answerer = Callable[[ModelRequest], "str | ModelReply"]


class ScriptLine(BaseModel):
    """One line of a script; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: str
    contains: str | None = None
    reply: JsonValue = None
    finish: Finish = "stop"
    error: str | None = None
    default: bool = False

    @field_validator("error")
    @classmethod
    def _is_known(cls, slug: str | None) -> str | None:
        if slug is not None and slug not in backend_errors():
            raise ValueError(f"is none of {', '.join(sorted(backend_errors()))}")
        return slug

    @model_validator(mode="after")
    def _says_one_thing(self) -> ScriptLine:
        if ("reply" in self.model_fields_set) == (self.error is not None):
            raise ValueError("needs exactly one of reply and error")
        if self.default and self.contains is not None:
            raise ValueError("a default line answers what no other line does; it cannot have contains")
        return self

    @property
    def text(self) -> str:
        return self.reply if isinstance(self.reply, str) else json.dumps(self.reply, ensure_ascii=False)


def backend_errors() -> dict[str, type[BackendError]]:
    """Every BackendError by its slug."""
    classes: list[type[BackendError]] = [BackendError, *BackendError.__subclasses__()]
    return {cls.slug: cls for cls in classes}


class ScriptedBackend:
    """Answers from `script`: lines, or a function from a request to a text or a whole reply.

    The function may raise a BackendError; what it answers is its own affair, so `model_sha256` is then
    None unless given. Without a file the model is called `script`.
    """

    name = "scripted"

    def __init__(
        self,
        script: Sequence[ScriptLine | Mapping[str, Any]] | Answerer,
        *,
        profile: Profile,
        model: str = "script",
        model_sha256: str | None = None,
    ) -> None:
        self._answerer = script if callable(script) else None
        self._lines: tuple[ScriptLine, ...] = () if callable(script) else tuple(
            ScriptLine.model_validate(line) for line in script
        )  # fmt: skip
        self.model = model
        self.model_sha256 = model_sha256
        if model_sha256 is None and not callable(script):
            self.model_sha256 = sha256_of([line.model_dump() for line in self._lines])
        self.profile = profile

    @classmethod
    def from_file(cls, path: Path, *, profile: Profile) -> ScriptedBackend:
        """A script from a JSON Lines file (UTF-8); the model is named after the file.

        Raises SettingsError that names the file, and the line when it is one line's fault.
        """
        try:
            content = path.read_bytes()
            text = content.decode("utf-8-sig")
        except OSError as error:
            raise SettingsError(f"the script cannot be read: {error.strerror}", where=str(path)) from None
        except UnicodeDecodeError:
            raise SettingsError("the script is not UTF-8", where=str(path)) from None
        digest = hashlib.sha256(content).hexdigest()
        return cls(list(_read_lines(path, text)), profile=profile, model=path.stem, model_sha256=digest)

    def __repr__(self) -> str:
        return f"ScriptedBackend(model={self.model!r})"

    def complete(self, request: ModelRequest) -> ModelReply:
        if self._answerer is not None:
            answer = self._answerer(request)
            if isinstance(answer, ModelReply):
                return answer
            return self._reply(request, answer, "stop")
        line = self._line_for(request)
        if line is None:
            return self._reply(request, "", "stop")
        if line.error is not None:
            raise backend_errors()[line.error](
                f"the script says so for stage {request.stage}", where=self.model
            )
        return self._reply(request, line.text, line.finish)

    def count_tokens(self, text: str) -> int:
        """Words between white space."""
        return len(text.split())

    def close(self) -> None:
        """Nothing is held."""

    def _line_for(self, request: ModelRequest) -> ScriptLine | None:
        asked = next((m.content for m in reversed(request.messages) if m.role == "user"), "")
        of_stage = [line for line in self._lines if line.stage == request.stage]
        matching = (line for line in of_stage if not line.default and (line.contains or "") in asked)
        return next(matching, None) or next((line for line in of_stage if line.default), None)

    def _reply(self, request: ModelRequest, text: str, finish: Finish) -> ModelReply:
        usage = Usage(
            calls=1,
            prompt_tokens=sum(self.count_tokens(message.content) for message in request.messages),
            completion_tokens=self.count_tokens(text),
        )
        return ModelReply(text=text, finish=finish, model=self.model, usage=usage)


def _read_lines(path: Path, text: str) -> Iterator[ScriptLine]:
    defaults: dict[str, int] = {}
    # Not splitlines(): a reply may hold U+2028 and the like, which JSON does not escape.
    for number, raw in enumerate(text.split("\n"), start=1):
        if not raw.strip():
            continue
        where = f"{path}:{number}"
        try:
            line = ScriptLine.model_validate(json.loads(raw))
        except ValidationError as error:
            problems = "; ".join(
                ": ".join(filter(None, [".".join(map(str, item["loc"])), item["msg"]]))
                for item in error.errors()
            )
            raise SettingsError(f"unusable script line: {problems}", where=where) from None
        except (ValueError, RecursionError) as error:
            raise SettingsError(f"not JSON: {error}", where=where) from None
        if line.default and defaults.setdefault(line.stage, number) != number:
            first = defaults[line.stage]
            raise SettingsError(f"stage {line.stage} has a default on line {first} already", where=where)
        yield line
