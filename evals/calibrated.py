"""What `python -m evals calibrate` prints: how far the matcher can be believed, and whether that is enough.

Comes in: labelled pairs, and REALSumm where somebody has it. Goes out: a table or JSON, and whether every bar
is reached. Promises: no figure without its 95 % interval; a set that was not given counts neither way and is
told to be missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.calibrating import (
    PAIRS,
    Agreement,
    OwnPairs,
    Realsumm,
    calibrate_pairs,
    calibrate_realsumm,
    read_pairs,
)
from evals.figures import between, written
from evals.models import Measure
from service.facts.models import Frozen

LEAST_KAPPA = 0.80  # on the pairs written for this purpose
LEAST_REALSUMM_KAPPA = 0.49  # the lexical floor: token recall with its threshold tuned on the same data
MOST_VALUE_DIFFERS = 0.02
WIDTH = 120
SHARE = "kappa"  # any share is written the same way


class Calibration(Frozen):
    pairs: OwnPairs
    realsumm: Realsumm | None


@dataclass(frozen=True, slots=True)
class Bar:
    says: str
    reached: bool


def calibrate_and_show(pairs: Path | None, realsumm: Path | None, *, as_json: bool) -> bool:
    """Whether every bar is reached. Raises NotFound or InputError, with the line."""
    found = Calibration(
        pairs=calibrate_pairs(read_pairs(pairs or PAIRS)),
        realsumm=calibrate_realsumm(realsumm) if realsumm else None,
    )
    if as_json:
        typer.echo(found.model_dump_json())
    else:
        show_calibration(found, Console())
    return all(bar.reached for bar in bars(found))


def bars(found: Calibration) -> Iterator[Bar]:
    own = found.pairs.whole.kappa.value
    yield Bar(f"kappa on own pairs at least {LEAST_KAPPA:.2f}", own is not None and own >= LEAST_KAPPA)
    differs = found.pairs.value_differs.value
    yield Bar(
        f"pairs that differ in a value matched at most {MOST_VALUE_DIFFERS:.0%}",
        differs is not None and differs <= MOST_VALUE_DIFFERS,
    )
    if found.realsumm is not None:
        kappa = found.realsumm.whole.kappa.value
        yield Bar(
            f"kappa on REALSumm above {LEAST_REALSUMM_KAPPA:.2f}",
            kappa is not None and kappa > LEAST_REALSUMM_KAPPA,
        )


def show_calibration(found: Calibration, console: Console) -> None:
    console.width = max(console.width, WIDTH)  # what is cut off a number makes it another number
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("pairs", ">n", "kappa", "precision", "same ones matched", "others matched"):
        side = heading.startswith(">")
        table.add_column(heading.removeprefix(">"), justify="right" if side else "left", no_wrap=True)
    table.add_row(*_row("own pairs", found.pairs.whole))
    for style, agreement in found.pairs.styles.items():
        table.add_row(*_row(f"  {style}", agreement))
    if found.realsumm is not None:
        table.add_section()
        table.add_row(*_row("REALSumm", found.realsumm.whole))
        table.add_row(*_row("  tuned on", found.realsumm.tuned_on))
    console.print(table)
    console.print(
        Text(
            f"own pairs that differ in a value: {_measure(found.pairs.value_differs)} matched; "
            f"{found.pairs.close:.0%} of all pairs are near the threshold or decided by one value"
        )
    )
    if found.realsumm is None:
        console.print(Text("REALSumm: not measured; give its folder with --realsumm"))
    else:
        console.print(
            Text(f"REALSumm systems in the order of people: Kendall's tau {found.realsumm.tau:.2f}")
        )
    for bar in bars(found):
        state = Text("reached", "green") if bar.reached else Text("missed", "red")
        console.print(Text.assemble(state, f"  {bar.says}"))


def _row(name: str, of: Agreement) -> tuple[Text, str, str, str, str, str]:
    return (
        Text(name),
        f"{of.n:,}",
        _measure(of.kappa),
        _measure(of.precision),
        _measure(of.hit),
        _measure(of.false),
    )


def _measure(of: Measure) -> str:
    interval = between(SHARE, of.low, of.high)
    return f"{written(SHARE, of.value)} ({interval})" if interval else written(SHARE, of.value)
