"""The prompts that differ between runs, side by side.

Comes in: the manifests of runs, and the library of prompts as it is now. Goes out: a `PromptRow` for each
task of which the runs used different versions. Promises: a text is shown only when it is the one that was
asked with; a version that is gone or has changed since is named, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.models import Manifest
from service.errors import AttestError
from service.prompting.templates import PromptLibrary


@dataclass(frozen=True)
class PromptCell:
    """One version, and which runs (by place) asked with it. `note` stands for a text that cannot be shown."""

    version: str
    runs: tuple[int, ...]
    changes: str = ""
    text: str = ""
    examples: int = 0
    note: str = ""


@dataclass(frozen=True)
class PromptRow:
    task: str
    cells: tuple[PromptCell, ...]


def prompt_rows(runs: Sequence[Manifest], library: PromptLibrary | None) -> tuple[PromptRow, ...]:
    """Tasks by name; the versions of each in the order of the runs."""
    rows = []
    for task in sorted({task for manifest in runs for task in manifest.prompts}):
        asked: dict[tuple[str, str], list[int]] = {}
        for place, manifest in enumerate(runs):
            if (sha256 := manifest.prompts_sha256.get(task)) is not None:
                asked.setdefault((sha256, manifest.prompts[task]), []).append(place)
        if len(asked) > 1:
            cells = (_cell(task, *key, tuple(places), library) for key, places in asked.items())
            rows.append(PromptRow(task, tuple(cells)))
    return tuple(rows)


def _cell(
    task: str, sha256: str, version: str, runs: tuple[int, ...], library: PromptLibrary | None
) -> PromptCell:
    try:
        prompt = library.get(task, version) if library is not None else None
    except AttestError:
        prompt = None
    if prompt is None:
        return PromptCell(version, runs, note="Its text is not here any more.")
    if prompt.sha256 != sha256:
        return PromptCell(version, runs, note="Its text has changed since this run.")
    text = f"{prompt.system.strip()}\n\n{prompt.user.strip()}"
    return PromptCell(version, runs, prompt.changes, text, len(prompt.examples))
