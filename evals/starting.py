"""From what somebody asks for to a run: which events, and what the manifest says.

Comes in: dataset folders and choices. Goes out: events with their folders, a `Manifest`. Promises: an event
that does not exist is named with those that do; whoever runs on test events leaves a line beside them.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from evals.events import load_with_folders, run_event
from evals.models import Event, Manifest
from evals.systems import Identity
from service import __version__
from service.errors import EmptyArticle, NotFound

LOOKS = "looks-at-test.jsonl"
ROOT = Path(__file__).resolve().parent.parent
WhichSplit = Literal["dev", "test", "all"]


def chosen_events(
    paths: Sequence[Path],
    *,
    split: WhichSplit = "all",
    names: Sequence[str] = (),
    limit: int | None = None,
) -> list[tuple[Event, Path]]:
    """Events of `split`, or those named whatever their split; at most `limit`.

    Raises BadDataset, NotFound for a name, EmptyArticle when nothing is left.
    """
    found = load_with_folders(paths)
    there = {event.id: (event, folder) for event, folder in found}
    unknown = [name for name in names if name not in there]
    if unknown:
        raise NotFound(f"there is no event {unknown[0]!r}; there are: {', '.join(there)}", where="--events")
    chosen = (
        [there[name] for name in dict.fromkeys(names)]
        if names
        else [(event, folder) for event, folder in found if split in ("all", event.split)]
    )
    if not chosen:
        raise EmptyArticle(
            f"none of the {len(found)} events is of split {split!r}; give --split all", where="--split"
        )
    return chosen[:limit]


def manifest_of(
    identity: Identity, events: Sequence[tuple[Event, Path]], repeats: int, now: datetime
) -> Manifest:
    return Manifest(
        system=identity.system,
        backend=identity.backend,
        model=identity.model,
        model_sha256=identity.model_sha256,
        prompts=identity.prompts,
        prompts_sha256=identity.prompts_sha256,
        sampling=identity.sampling,
        repeats=repeats,
        events=tuple(run_event(event, folder) for event, folder in events),
        attest_version=__version__,
        git_commit=git_commit(ROOT),
        started_at=now,
    )


def git_commit(root: Path) -> str | None:
    """The commit that is checked out, marked `-dirty` when files differ from it; None outside a checkout."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return described.stdout.strip() or None


def record_look(manifest: Manifest, run: Path) -> list[Path]:
    """A line in the dataset's log for a run on test events: what was looked at often is no test any more."""
    tested: dict[Path, list[str]] = {}
    for event in manifest.events:
        if event.split == "test":
            tested.setdefault(Path(event.folder).parent / LOOKS, []).append(event.id)
    for path, events in tested.items():
        look = {
            "at": manifest.started_at.isoformat(timespec="seconds"),
            "run": run.name,
            "system": manifest.system,
            "model": manifest.model,
            "prompts": manifest.prompts,
            "git_commit": manifest.git_commit,
            "events": events,
        }
        with path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(look, ensure_ascii=False) + "\n")
    return list(tested)
