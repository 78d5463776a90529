"""How orders to a machine are worded, as patterns.

Comes in: orders.toml beside this file. Goes out: one frozen `OrderWords`. Promises: read once; a part that
is named but not defined above its use is an error, never an empty pattern.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

_PART = re.compile(r"%(\w+)%")
Patterns = tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class OrderWords:
    """`orders` and `signals` look at one sentence without quotations, `weak` at the one after an order."""

    orders: Patterns
    signals: Mapping[str, re.Pattern[str]]
    weak: Patterns
    announces: re.Pattern[str]
    persona: re.Pattern[str]
    label_groups: tuple[frozenset[str], ...]


@lru_cache(maxsize=1)
def order_words() -> OrderWords:
    raw = tomllib.loads(Path(__file__).with_name("orders.toml").read_text(encoding="utf-8"))
    parts: dict[str, str] = {}
    for name, part in raw["parts"].items():
        parts[name] = _filled(_either(part), parts)
    orders = [
        re.compile(_filled(pattern, parts), re.NOFLAG if group == "shouted" else re.IGNORECASE)
        for group, patterns in raw["orders"].items()
        for pattern in patterns
    ]
    following = raw["following"]
    signals = {
        name: re.compile(_filled(_either(signal), parts), re.NOFLAG if name == "label" else re.IGNORECASE)
        for name, signal in raw["signals"].items()
    }
    return OrderWords(
        orders=tuple(orders),
        signals=MappingProxyType(signals),
        weak=tuple(re.compile(_filled(pattern, parts), re.IGNORECASE) for pattern in following["weak"]),
        announces=re.compile(following["announces"], re.IGNORECASE),
        persona=re.compile(following["persona"]),
        label_groups=tuple(frozenset(group) for group in raw["labels"].values()),
    )


def _either(part: str | list[str]) -> str:
    return part if isinstance(part, str) else f"(?:{'|'.join(part)})"


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    """`pattern` with every %name% replaced. Raises KeyError for a part that is not (yet) defined."""
    return _PART.sub(lambda match: parts[match[1]], pattern)
