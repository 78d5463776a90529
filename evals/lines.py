"""Files of JSON values, one a line, read so that every complaint names file and line.

Comes in: a path and the model a line must fit. Goes out: values with their line numbers, and `Trouble`s.
Promises: a bad line hides no other; the text of a problem is one line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from service.errors import InputError

Model = TypeVar("Model", bound=BaseModel)
SHOWN_TROUBLES = 3


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, and where. `line` None: with the file (or the folder) as a whole."""

    path: Path
    line: int | None
    what: str

    @property
    def where(self) -> str:
        return str(self.path) if self.line is None else f"{self.path}:{self.line}"

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class BadDataset(InputError):
    """Holds every trouble that was found; its message shows the first ones."""

    slug, title = "bad-dataset", "The dataset cannot be used"

    def __init__(self, troubles: Sequence[Trouble]) -> None:
        self.troubles = tuple(troubles)
        more = len(self.troubles) - SHOWN_TROUBLES
        shown = "; ".join(str(trouble) for trouble in self.troubles[:SHOWN_TROUBLES])
        super().__init__(
            f"{shown} (and {more} more: `python -m evals check` lists them)" if more > 0 else shown
        )


@dataclass(frozen=True, slots=True)
class Line(Generic[Model]):
    """A value and the number of the line it was read from."""

    number: int
    value: Model


def text_of(path: Path) -> str | Trouble:
    """The file's text, character for character; a trouble when there is none to read."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        before = path.read_bytes()[: error.start]
        return Trouble(path, before.count(b"\n") + 1, f"it is not UTF-8 (byte {error.start})")
    except FileNotFoundError:
        return Trouble(path, None, "there is no such file")
    except OSError as error:
        return Trouble(path, None, f"it cannot be read: {error.strerror}")


def read_lines(path: Path, model: type[Model]) -> tuple[list[Line[Model]], list[Trouble]]:
    """Every line that fits, and what is wrong with the others. Blank lines are passed over."""
    text = text_of(path)
    if isinstance(text, Trouble):
        return [], [text]
    found: list[Line[Model]] = []
    troubles: list[Trouble] = []
    # Not splitlines(): JSON may hold U+2028 and the like as they are.
    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if not raw.strip():
            continue
        try:
            found.append(Line(number, model.model_validate(parsed(raw))))
        except ValidationError as error:
            troubles.append(Trouble(path, number, problems_of(error)))
        except (ValueError, RecursionError) as error:
            troubles.append(Trouble(path, number, f"it is not a JSON object: {error}"))
    return found, troubles


def parsed(raw: str) -> dict[str, Any]:
    """The object on one line. A key given twice is refused: one of the two would be lost unseen."""
    value = json.loads(raw, object_pairs_hook=_each_once)
    if not isinstance(value, dict):
        raise ValueError(f"it is {_named(value)}")
    return value


def problems_of(error: ValidationError) -> str:
    """All that pydantic found wrong, on one line, with the place inside the value."""
    return "; ".join(dict.fromkeys(what for _, what in each_problem(error)))


def each_problem(error: ValidationError) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Place inside the value, and the complaint, which names the place too."""
    for item in error.errors(include_url=False, include_input=False):
        place = ".".join(str(part) for part in item["loc"])
        what = {"extra_forbidden": "unknown key", "missing": "missing"}.get(item["type"], item["msg"])
        yield item["loc"], f"{place}: {what}" if place else what


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"key {twice!r} is given twice")
    return value


def _named(value: Any) -> str:
    return {list: "a list", str: "a string", type(None): "null"}.get(type(value), type(value).__name__)
