"""Weights on the disk: is the right file there, whole and unaltered?

Comes in: a catalogue name or a user's own path, and the models folder. Goes out: a path that can be
loaded. Promises: nothing is fetched; a file whose size or hash is wrong is never handed out; a
gigabyte is hashed once and not at every start, because `<file>.sha256` remembers what was hashed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from service.backends.catalog import Asset, Catalog, human_bytes, load_catalog
from service.errors import ModelFileError, NotFound

GGUF_MAGIC = b"GGUF"
CHUNK_BYTES = 1 << 20

OnBytes = Callable[[int], None]  # bytes of the whole that are there by now
Presence = Literal["present", "unverified", "damaged", "partial", "missing"]


class Opener(Protocol):
    """How a file of weights is opened for writing; a test hands in one whose disk is full."""

    def __call__(self, path: Path, mode: str) -> BinaryIO: ...


def open_file(path: Path, mode: str) -> BinaryIO:
    return path.open(mode)  # type: ignore[return-value]  # every mode used here is binary


def locate(
    name_or_path: str | Path, models_dir: Path, *, verify: bool = False, catalog: Catalog | None = None
) -> Path:
    """The file of a catalogue model, the folder of the catalogue parser, or a user's own GGUF file.

    What is no catalogue name and exists, ends in `.gguf` or has a path separator is taken for a path.
    `verify` hashes a catalogue file again even when its stamp says that it was done. Raises NotFound
    for an unknown name, ModelFileError for a file that is missing, truncated, altered or not GGUF.
    """
    catalog = catalog or load_catalog()
    text = str(name_or_path)
    if text in catalog.names:
        return located(catalog.find(text), models_dir, verify=verify)
    if isinstance(name_or_path, Path) or os.sep in text or text.endswith(".gguf") or Path(text).exists():
        return _own_file(Path(text).expanduser())
    raise NotFound(
        f"no model is called {text!r}; there are: {', '.join(catalog.names)}; "
        "a model of your own is given by the path of its GGUF file"
    )


def located(asset: Asset, models_dir: Path, *, verify: bool = False) -> Path:
    """Where `asset` stands, checked. Raises ModelFileError that says what to do."""
    path = models_dir / asset.filename
    command = f"attest models pull {asset.name}"
    if not path.exists():
        if presence(asset, models_dir) == "partial":
            done = partial_path(asset, models_dir).stat().st_size
            raise ModelFileError(
                f"only {human_bytes(done)} of {human_bytes(asset.bytes)} of {asset.name} have been pulled; "
                f"`{command}` continues"
            )
        raise ModelFileError(f"{asset.name} is not in {models_dir}; get it with `{command}`")
    found, _ = _measure(path)
    if found != asset.bytes:
        raise ModelFileError(
            f"{path} has {found:,} bytes instead of {asset.bytes:,}: it is damaged; "
            f"replace it with `{command}`"
        )
    if verify or not _stamp_holds(asset, path):
        digest = sha256_of_path(path)
        if digest != asset.sha256:
            raise ModelFileError(
                f"{path} has been altered: its SHA-256 is {digest}, expected {asset.sha256}; "
                f"replace it with `{command}`"
            )
        # A read-only models folder is fine: it is only hashed again next time.
        with contextlib.suppress(OSError):
            write_stamp(asset, path)
    return path


def presence(asset: Asset, models_dir: Path) -> Presence:
    """A quick look that hashes nothing: `unverified` has the right size and no valid stamp."""
    path = models_dir / asset.filename
    if path.exists():
        if _measure(path)[0] != asset.bytes:
            return "damaged"
        return "present" if _stamp_holds(asset, path) else "unverified"
    return "partial" if partial_path(asset, models_dir).exists() else "missing"


def size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def partial_path(asset: Asset, models_dir: Path) -> Path:
    """Where a file grows while it is pulled, and waits when the pull broke."""
    return models_dir / f"{asset.filename}.part"


def sha256_of_path(path: Path) -> str:
    """SHA-256 of a file's bytes, or of a folder's listing."""
    return sha256_of_folder(path) if path.is_dir() else sha256_of_file(path)


def sha256_of_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def sha256_of_folder(folder: Path) -> str:
    """SHA-256 of what `find . -type f | LC_ALL=C sort | xargs sha256sum` prints in the folder."""
    listing = "".join(
        f"{sha256_of_file(file)}  ./{file.relative_to(folder).as_posix()}\n" for file in _files(folder)
    )
    return hashlib.sha256(listing.encode()).hexdigest()


def write_stamp(asset: Asset, path: Path) -> None:
    """Remember that `path`, as it is now, has the right hash."""
    size, modified = _measure(path)
    stamp = stamp_path(path)
    fresh = stamp.with_name(f"{stamp.name}.new")
    fresh.write_text(json.dumps({"bytes": size, "mtime_ns": modified, "sha256": asset.sha256}), "utf-8")
    fresh.replace(stamp)


def stamp_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _stamp_holds(asset: Asset, path: Path) -> bool:
    try:
        stamp = json.loads(stamp_path(path).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    size, modified = _measure(path)
    return bool(stamp == {"bytes": size, "mtime_ns": modified, "sha256": asset.sha256})


def _measure(path: Path) -> tuple[int, int]:
    """Bytes and last change; of a folder, the sum and the latest over its files."""
    stats = [file.stat() for file in _files(path)]
    return sum(stat.st_size for stat in stats), max((stat.st_mtime_ns for stat in stats), default=0)


def _files(path: Path) -> Iterator[Path]:
    """The file itself, or the regular files under a folder in byte order of their relative paths."""
    if not path.is_dir():
        return iter([path])
    files = (file for file in path.rglob("*") if file.is_file())
    return iter(sorted(files, key=lambda file: file.relative_to(path).as_posix()))


def _own_file(path: Path) -> Path:
    if not path.exists():
        raise ModelFileError(f"there is no model file at {path}")
    if not path.is_file():
        raise ModelFileError(f"{path} is not a file; a model is a single GGUF file")
    try:
        with path.open("rb") as file:
            magic = file.read(len(GGUF_MAGIC))
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read: {error.strerror}") from None
    if magic != GGUF_MAGIC:
        raise ModelFileError(f"{path} is not a GGUF model: it does not begin with {GGUF_MAGIC.decode()}")
    return path
