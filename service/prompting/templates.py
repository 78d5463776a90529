"""Prompts are files: `prompts/<task>/<version>/`, loaded strictly.

Comes in: a folder with `prompt.toml`, `system.md`, `user.md` and `examples.jsonl`. Goes out: a frozen
`Prompt`. Promises: what loads is consistent (every variable declared and used, every worked example
fits the inputs, the reply shape and its own text), and `sha256` changes when any file changes.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from service.errors import NotFound, PromptError
from service.facts.models import PromptRef
from service.hashing import sha256_of
from service.prompting.replies import REPLIES, DraftsReply, Reply, ReplyName

Scope = Literal["sentence", "window", "facts"]
FILES = ("examples.jsonl", "prompt.toml", "system.md", "user.md")

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SENTENCE_MARK = re.compile(r"\[s\d+\]")


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example. `reply` is JSON with its keys in the order of the reply shape; `quotes` are
    stretches of the inputs that the author vouches for.
    """

    inputs: Mapping[str, str]
    reply: JsonValue
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of one question. `system` is final text; `user` is a `string.Template`."""

    task: str
    version: str
    sha256: str
    purpose: str
    scope: Scope
    inputs: tuple[str, ...]
    reply: ReplyName
    max_tokens: int
    temperature: float
    changes: str
    system: str
    user: str
    examples: tuple[Example, ...]

    @property
    def ref(self) -> PromptRef:
        return PromptRef(name=self.task, version=self.version, sha256=self.sha256)


class PromptLibrary:
    """The prompts of one root folder. Each is read from disk once and kept by this instance."""

    def __init__(self, root: Path) -> None:
        """Raises PromptError when `root` is not a folder."""
        if not root.is_dir():
            raise PromptError("there is no such folder of prompts", where=str(root))
        self._root = root
        self._loaded: dict[tuple[str, str], Prompt] = {}

    def tasks(self) -> tuple[str, ...]:
        return tuple(sorted(_folders(self._root)))

    def versions(self, task: str) -> tuple[str, ...]:
        """Versions of `task`, oldest first (v1, v2, v10). Raises NotFound, naming the tasks there are."""
        if task not in self.tasks():
            raise NotFound(f"no prompt task {task!r}; there are: {_listed(self.tasks())}")
        return tuple(sorted(_folders(self._root / task), key=_natural))

    def get(self, task: str, version: str) -> Prompt:
        """Raises NotFound (naming what exists) or PromptError (naming folder and file)."""
        if (task, version) not in self._loaded:
            # looked up among the folders that exist, so that a version such as "../.." leads nowhere
            if version not in (versions := self.versions(task)):
                raise NotFound(f"no version {version!r} of prompt {task!r}; there are: {_listed(versions)}")
            self._loaded[task, version] = load_prompt(self._root / task / version)
        return self._loaded[task, version]

    def all(self) -> tuple[Prompt, ...]:
        """Every prompt, by task, then version. Raises PromptError for the first broken one."""
        return tuple(self.get(task, version) for task in self.tasks() for version in self.versions(task))


class _Manifest(BaseModel):
    """`prompt.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    task: str
    version: str
    purpose: str = Field(min_length=1)
    scope: Scope
    inputs: list[str] = Field(min_length=1)
    reply: ReplyName
    max_tokens: int = Field(ge=1)
    temperature: float = Field(0.0, ge=0, le=2)
    changes: str = Field(min_length=1)


class _ExampleLine(BaseModel):
    """One line of `examples.jsonl`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    inputs: dict[str, str]
    reply: JsonValue
    quotes: list[str] = []


def load_prompt(folder: Path) -> Prompt:
    """The prompt in `<root>/<task>/<version>`. Raises PromptError: one line, naming the file."""
    texts = _read(folder)
    manifest = _manifest(folder, texts["prompt.toml"])
    _check_variables(folder, "user.md", texts["user.md"], manifest.inputs)
    # instructions are part of the cached prefix: they must not vary from call to call
    _check_variables(folder, "system.md", texts["system.md"], [])
    return Prompt(
        task=manifest.task,
        version=manifest.version,
        sha256=sha256_of([[name, texts[name]] for name in sorted(texts)]),
        purpose=manifest.purpose,
        scope=manifest.scope,
        inputs=tuple(manifest.inputs),
        reply=manifest.reply,
        max_tokens=manifest.max_tokens,
        temperature=manifest.temperature,
        changes=manifest.changes,
        system=Template(texts["system.md"]).substitute().strip(),
        user=texts["user.md"].strip(),
        examples=_examples(folder, texts["examples.jsonl"], manifest),
    )


def _read(folder: Path) -> dict[str, str]:
    """Name and text of every file; line ends and byte order marks do not count as content."""
    if not folder.is_dir():
        raise PromptError("there is no such prompt folder", where="/".join(folder.parts[-3:]))
    found = {path.name for path in folder.iterdir()}
    if missing := sorted(set(FILES) - found):
        raise _problem(folder, missing[0], "the file is missing")
    if unknown := sorted(found - set(FILES)):
        raise _problem(folder, unknown[0], f"not a file of a prompt; only {_listed(FILES)} may be here")
    texts: dict[str, str] = {}
    for name in FILES:
        try:
            text = (folder / name).read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise _problem(folder, name, f"not UTF-8 (byte {error.start})") from None
        except OSError as error:
            raise _problem(folder, name, f"cannot be read: {error.strerror}") from None
        texts[name] = text.replace("\r\n", "\n").replace("\r", "\n")
    return texts


def _manifest(folder: Path, text: str) -> _Manifest:
    file = "prompt.toml"
    try:
        manifest = _Manifest.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _problem(folder, file, f"not TOML: {error}") from None
    except ValidationError as error:
        raise _problem(folder, file, _explained(error)) from None
    if manifest.task != folder.parent.name:
        raise _problem(folder, file, f"task is {manifest.task!r}, but its folder is {folder.parent.name!r}")
    if manifest.version != folder.name:
        raise _problem(folder, file, f"version is {manifest.version!r}, but its folder is {folder.name!r}")
    if len(set(manifest.inputs)) != len(manifest.inputs):
        raise _problem(folder, file, "inputs: the same name stands twice")
    return manifest


def _check_variables(folder: Path, file: str, text: str, declared: list[str]) -> None:
    template = Template(text)
    if not template.is_valid():
        raise _problem(folder, file, "a '$' that starts no variable; write '$$' for a dollar sign")
    used = template.get_identifiers()
    if undeclared := [name for name in used if name not in declared]:
        reason = "is not declared in inputs" if declared else "cannot be here; variables belong in user.md"
        raise _problem(folder, file, f"variable ${undeclared[0]} {reason}")
    if unused := [name for name in declared if name not in used]:
        raise _problem(folder, file, f"input {unused[0]!r} is declared but not used")


def _examples(folder: Path, text: str, manifest: _Manifest) -> tuple[Example, ...]:
    examples = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"examples.jsonl:{number}"
        try:
            examples.append(_example(line, manifest))
        except json.JSONDecodeError as error:
            raise _problem(folder, where, f"not JSON: {error.msg} (column {error.colno})") from None
        except ValidationError as error:
            raise _problem(folder, where, _explained(error)) from None
        except ValueError as error:
            raise _problem(folder, where, str(error)) from None
    return tuple(examples)


def _example(line: str, manifest: _Manifest) -> Example:
    """Raises ValueError with the first thing that is wrong."""
    example = _ExampleLine.model_validate(json.loads(line))
    if missing := [name for name in manifest.inputs if name not in example.inputs]:
        raise ValueError(f"input {missing[0]!r} is missing")
    if unknown := [name for name in example.inputs if name not in manifest.inputs]:
        raise ValueError(f"unknown input {unknown[0]!r}")
    for quote in example.quotes:
        if not quote or not any(quote in text for text in example.inputs.values()):
            raise ValueError(f"the quote {quote!r} does not stand in the inputs")
    try:
        reply = REPLIES[manifest.reply].model_validate(example.reply)
    except ValidationError as error:
        raise ValueError(f"the reply is not {manifest.reply!r}: {_explained(error)}") from None
    _check_reply(reply, "\n".join(example.inputs.values()))
    return Example(example.inputs, reply.model_dump(mode="json"), tuple(example.quotes))


def _check_reply(reply: Reply, source: str) -> None:
    """A worked example must keep the rules it teaches: cite sentences that are there, invent no figure.

    Numbers written as words are not compared; the marks of sentence ids do not count as numbers.
    """
    figures = set(_NUMBER.findall(_SENTENCE_MARK.sub(" ", source)))
    for text in reply.texts:
        if not text.strip():
            raise ValueError("a sentence of the reply is empty")
        if invented := [number for number in _NUMBER.findall(text) if number not in figures]:
            raise ValueError(f"the number {invented[0]} of {text!r} does not stand in the inputs")
    if isinstance(reply, DraftsReply):
        for fact in reply.facts:
            if not fact.ids:
                raise ValueError(f"no sentence id is given for {fact.statement!r}")
            if absent := [name for name in fact.ids if f"[{name}]" not in source]:
                raise ValueError(f"there is no sentence [{absent[0]}] in the inputs")


def _explained(error: ValidationError) -> str:
    """The first problem pydantic found, in one line without the value itself."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"unknown key {key!r}"
    if first["type"] == "missing":
        return f"key {key!r} is missing"
    return f"{key}: {first['msg']}" if key else first["msg"]


def _problem(folder: Path, file: str, message: str) -> PromptError:
    # the last three parts name the prompt; the rest of the path is the server's own business
    one_line = " ".join(message.split())
    return PromptError(one_line, where="/".join([*folder.parts[-3:], file]))


def _folders(path: Path) -> list[str]:
    return [child.name for child in path.iterdir() if child.is_dir() and not child.name.startswith(".")]


def _natural(name: str) -> list[tuple[int, str]]:
    """Sort key that counts: v2 before v10."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"([0-9]+)", name)]


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "none"
