"""Content hashes: the same content has the same id, on every machine, always.

Comes in: any JSON-like value. Goes out: a tagged hexadecimal SHA-256. Promises: independent of key
order, process and platform; nothing in attest is identified by a random number.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

ID_CHARS = 16  # 64 bits: a collision among a million facts has a chance of 3e-8


def canonical_json(value: Any) -> str:
    """One spelling of a JSON value: sorted keys, no spaces, UTF-8 characters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256_of(value: Any) -> str:
    """Full SHA-256 (64 hex digits) of a value's canonical JSON; of a string, of its UTF-8 bytes."""
    text = value if isinstance(value, str) else canonical_json(value)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def content_id(tag: str, value: Any) -> str:
    """A short tagged id, such as `fact_3f2a…`, made of nothing but the content."""
    return f"{tag}_{sha256_of(value)[:ID_CHARS]}"
