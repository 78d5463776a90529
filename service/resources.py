"""Where attest's own data files are.

Comes in: the name of a data folder (`prompts`, `schemas`). Goes out: its path. Promises: an installed
wheel finds the copy packed into it, a checkout finds the folder at its root.
"""

from __future__ import annotations

from pathlib import Path


def data_dir(name: str) -> Path:
    """The packed `service/_data/<name>` when it exists, else `<repository>/<name>` (not checked)."""
    package = Path(__file__).resolve().parent
    packed = package / "_data" / name
    return packed if packed.is_dir() else package.parent / name
