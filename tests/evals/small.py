"""A small labelled event about nothing real, written to a folder the way datasets are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.events import load_event
from evals.models import Event
from tests.newsroom import TRAIN, TRAIN_AGAIN, TRAIN_LATER

TEXTS = {"post": TRAIN, "radio": TRAIN_AGAIN, "lantern": TRAIN_LATER}
SOURCES = {"post": "Harbour Post", "radio": "Valley Radio", "lantern": "Evening Lantern"}

KILLED: dict[str, Any] = {
    "id": "g1",
    "statement": "Three people were killed when a freight train left the rails near Orvela on Monday.",
    "kind": "event",
    "speaker": None,
    "polarity": "affirmed",
    "importance": "key",
    "values": [{"type": "number", "value": 3}, {"type": "name", "value": "Orvela"}],
    "mentions": [
        {"article": "post", "quote": "killing 3 people"},
        {"article": "radio", "quote": "Three people were killed on Monday"},
    ],
}
INJURED_14 = KILLED | {
    "id": "g2",
    "statement": "The accident injured 14 people.",
    "values": [{"type": "number", "value": 14}],
    "mentions": [{"article": "post", "quote": "injuring 14"}],
}
INJURED_20 = KILLED | {
    "id": "g3",
    "statement": "Police said 20 people were injured.",
    "kind": "statement",
    "speaker": "Police",
    "values": [{"type": "number", "value": 20}],
    "mentions": [{"article": "radio", "quote": "Police said 20 people were injured."}],
}
BANG = KILLED | {
    "id": "g4",
    "statement": "Mira Dahl heard a loud bang.",
    "kind": "statement",
    "speaker": "Mira Dahl",
    "importance": "minor",
    "values": [{"type": "name", "value": "Mira Dahl"}, {"type": "quote", "value": "We heard a loud bang,"}],
    "mentions": [{"article": "post", "quote": '"We heard a loud bang," said Mira Dahl'}],
}
GOLD: tuple[dict[str, Any], ...] = (KILLED, INJURED_14, INJURED_20, BANG)
CONFLICT: dict[str, Any] = {
    "id": "c1",
    "about": "how many were injured",
    "type": "disputed",
    "positions": [
        {"facts": ["g2"], "value": "14", "articles": ["post"]},
        {"facts": ["g3"], "value": "20 people", "articles": ["radio"]},
    ],
}
FORBIDDEN: dict[str, Any] = {"article": "post", "quote": "Leave a Reply", "why": "boilerplate"}
COPY: dict[str, Any] = {
    "articles": ["post", "lantern"],
    "why": "one agency",
    "shared_quotes": ["near Orvela"],
}


def write_event(
    folder: Path,
    *,
    texts: Mapping[str, str] = TEXTS,
    gold: Sequence[Any] = GOLD,
    conflicts: Sequence[Any] = (CONFLICT,),
    forbidden: Sequence[Any] = (FORBIDDEN,),
    copies: Sequence[Any] = (COPY,),
    **head: str,
) -> Path:
    """One event; `head` replaces keys of event.toml. Items of the labels may be raw lines, too."""
    (folder / "articles").mkdir(parents=True, exist_ok=True)
    fields = {"id": folder.name, "title": "A train leaves the rails", "split": "dev", "language": "en"} | head
    toml = [f'{key} = "{value}"' for key, value in fields.items()]
    for name, text in texts.items():
        (folder / "articles" / f"{name}.txt").write_bytes(text.encode())
        toml += ["", "[[articles]]", f'id = "{name}"', f'file = "articles/{name}.txt"']
        toml += [f'source = "{SOURCES.get(name, name)}"', "published_at = 2024-06-18"]
        toml += [f'sha256 = "{hashlib.sha256(text.encode()).hexdigest()}"']
    (folder / "event.toml").write_text("\n".join(toml) + "\n", encoding="utf-8")
    for file, items in {
        "gold.jsonl": gold,
        "conflicts.jsonl": conflicts,
        "forbidden.jsonl": forbidden,
        "copies.jsonl": copies,
    }.items():
        (folder / file).write_text("".join(f"{line(item)}\n" for item in items), encoding="utf-8")
    return folder


def line(item: Any) -> str:
    return item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)


def edit(path: Path, old: str, new: str) -> None:
    """Replace what must stand there once."""
    text = path.read_bytes().decode()
    assert text.count(old) == 1, (path, old)
    path.write_bytes(text.replace(old, new).encode())


def small_event(folder: Path, **changes: Any) -> Event:
    return load_event(write_event(folder, **changes))
