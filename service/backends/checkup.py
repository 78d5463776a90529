"""What the doctor found.

Comes in: what was looked at. Goes out: a `Checkup`, one `Check` a thing the pipeline relies on.
Promises: frozen; what a model or a server said is in it in printable ASCII only.
"""

from __future__ import annotations

import json
from typing import Literal

from pydantic import BaseModel, ConfigDict

from service.errors import AttestError

State = Literal["ok", "missing", "not applicable"]
BACKEND = "backend"
CONSTRAINT = "constraint"
CONTEXT = "context"
PREFIX = "prefix reuse"
FINITE = "finite numbers"
CONTROL = "control tokens"
MOST_SHOWN_CHARS = 60


class Check(BaseModel):
    """`seen`: what was looked at and what it showed. `advice`: what to do, empty when there is nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    state: State
    seen: str
    advice: str = ""

    @classmethod
    def ok(cls, name: str, seen: str) -> Check:
        return cls(name=name, state="ok", seen=seen)

    @classmethod
    def missing(cls, name: str, seen: str, advice: str) -> Check:
        return cls(name=name, state="missing", seen=seen, advice=advice)

    @classmethod
    def not_applicable(cls, name: str, seen: str, advice: str = "") -> Check:
        return cls(name=name, state="not applicable", seen=seen, advice=advice)

    @classmethod
    def failed(cls, name: str, error: AttestError) -> Check:
        """The check could not be made at all; an error of attest says itself what to do."""
        return cls.missing(name, error.title, str(error))

    @classmethod
    def not_made(cls, name: str) -> Check:
        """It could prove nothing, because a check before it failed."""
        return cls.missing(name, "not looked at: a check before it failed", "Mend that one first.")


class Checkup(BaseModel):
    """Every check, in the order in which it was made, and the seconds it took."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    checks: tuple[Check, ...]
    seconds: float = 0.0

    @property
    def missing(self) -> tuple[Check, ...]:
        """What the pipeline relies on and was not proved."""
        return tuple(check for check in self.checks if check.state == "missing")

    @property
    def healthy(self) -> bool:
        return not self.missing


def shown(text: str) -> str:
    """What a model or a server said, short and in ASCII: it must not steer a terminal."""
    flat = " ".join(text.split())
    short = flat if len(flat) <= MOST_SHOWN_CHARS else flat[: MOST_SHOWN_CHARS - 3] + "..."
    return short if short.isascii() and short.isprintable() else json.dumps(short)
