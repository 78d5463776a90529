"""The file that a run appends its samples to.

Comes in: samples in the order of `expected`. Goes out: samples.jsonl. Promises: a sample is on the disk when
`append` returns; what a killed writer left unfinished is cut off before the next one; two writers never share
a file.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

from evals.models import Manifest, Sample
from evals.runs import MANIFEST, SAMPLES, BadRun, Key, key_of, read_manifest, read_samples, whole_lines
from service.cli.common import write_text

# When a run began, and where its folders lie, is not what it is a run of.
NOT_COMPARED = frozenset({"started_at"})
SHOWN = 4


class Journal:
    """Opened with `with`. Raises BadRun when the folder holds a run of something else."""

    def __init__(self, folder: Path, manifest: Manifest, order: Sequence[Key]) -> None:
        self._folder = folder
        self._manifest = manifest
        self._order = order
        self._path = folder / SAMPLES
        self.is_new = False

    def __enter__(self) -> Journal:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("ab")
        try:
            self._claim()
            self._same_run()
            self._cut_unfinished()
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def done(self) -> Iterator[Sample]:
        """What is there already. Raises BadRun when it is not the beginning of this run."""
        for number, (sample, key) in enumerate(zip(read_samples(self._folder), self._order, strict=False)):
            if key_of(sample) != key:
                raise BadRun(
                    f"line {number + 1} is {key_of(sample)}, where this run has {key}; give another folder",
                    where=str(self._path),
                )
            yield sample

    def append(self, sample: Sample) -> None:
        self._file.write(sample.model_dump_json().encode("utf-8") + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def keep(self, samples: int) -> None:
        """Drop everything behind the first `samples`."""
        lines = list(whole_lines(self._path))[:samples]
        self._file.truncate(sum(len(line) for _, line in lines))

    def _claim(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # let go of by the system, also on kill -9
        except BlockingIOError:
            raise BadRun("another process is writing this run", where=str(self._folder)) from None

    def _same_run(self) -> None:
        path = self._folder / MANIFEST
        if not path.exists():
            if self._path.stat().st_size:
                raise BadRun(
                    f"there are samples but no {MANIFEST}; give another folder", where=str(self._folder)
                )
            write_text(path, self._manifest.model_dump_json(indent=2) + "\n")
            self.is_new = True
            return
        differing = differences(read_manifest(self._folder), self._manifest)
        if differing:
            more = f" and {len(differing) - SHOWN} more" if len(differing) > SHOWN else ""
            raise BadRun(
                f"this folder holds a run of something else: {'; '.join(differing[:SHOWN])}{more}. Give "
                "another folder with -o; with --replies of this one no answer is paid for again",
                where=str(path),
            )

    def _cut_unfinished(self) -> None:
        end = 0
        with self._path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    end += len(line)
        self._file.truncate(end)


def differences(before: Manifest, now: Manifest) -> list[str]:
    """What differs between two manifests, as "what: before, now after"; empty for the same questions."""
    told = []
    for name in Manifest.model_fields:
        one, other = getattr(before, name), getattr(now, name)
        if name in NOT_COMPARED or one == other:
            continue
        if name == "events":
            told += _event_differences(before, now)
        elif isinstance(one, dict):
            keys = sorted({*one, *other})
            told += [
                f"{name} {k}: {one.get(k)}, now {other.get(k)}" for k in keys if one.get(k) != other.get(k)
            ]
        else:
            told.append(f"{name}: {one}, now {other}")
    return told


def _event_differences(before: Manifest, now: Manifest) -> list[str]:
    one = {event.id: event for event in before.events}
    other = {event.id: event for event in now.events}
    told = [f"event {i}: not in this run any more" for i in one if i not in other]
    told += [f"event {i}: new in this run" for i in other if i not in one]
    told += [
        f"event {i}: its folder's content has changed"
        for i in one
        if i in other and one[i].sha256 != other[i].sha256
    ]
    if not told and list(one) != list(other):
        told.append("events: in another order")
    return told
