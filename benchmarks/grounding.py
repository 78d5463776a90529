"""How often the gate accepts what is true and refuses what is false, and how fast.

    python -m benchmarks.grounding [--langextract]

Prints, for the hand-written cases, the machine-made mutants and (when the file is there) the held-out
cases, the share that was judged right with its 95 % Wilson interval, class by class; then statements
a second. With --langextract the aligner of LangExtract judges the same cases, in both settings.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.langextract_aligner import aligned_by_langextract
from service.backends.weights import locate
from service.settings import PARSER, load_settings
from service.text.parsing import Parser
from tests.grounding.cases import FOLDER, Case, judge, load_cases, load_mutants, right


def wilson(hits: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson score interval of a share (Wilson 1927), as two shares."""
    if total == 0:
        return 0.0, 1.0
    share = hits / total
    middle = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def table(title: str, judged: Iterable[tuple[Case, bool]]) -> Table:
    """One row a class and one in total; `judged` says of each case whether it was judged right."""
    hits: Counter[tuple[bool, str]] = Counter()
    totals: Counter[tuple[bool, str]] = Counter()
    for case, well in judged:
        for kind in (case.kind, "all"):
            totals[case.true, kind] += 1
            hits[case.true, kind] += well
    drawn = Table(title=title)
    for column in ("", "class", "right", "of", "share", "95 % interval"):
        drawn.add_column(column)
    for true, kind in sorted(totals, key=lambda k: (not k[0], k[1] == "all", k[1])):
        share = hits[true, kind] / totals[true, kind]
        low, high = wilson(hits[true, kind], totals[true, kind])
        what = "true accepted" if true else "false refused"
        count = (str(hits[true, kind]), str(totals[true, kind]))
        drawn.add_row(what, kind, *count, f"{share:.1%}", f"{low:.1%} to {high:.1%}")
    return drawn


def mutated(cases: Sequence[Case], parser: Parser) -> list[Case]:
    return [
        Case(mutant.article, published_at, mutant.statement, False, mutant.kind)
        for mutant, published_at in load_mutants(cases, parser)
    ]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--langextract", action="store_true", help="also run LangExtract's aligner")
    options = arguments.parse_args()
    console = Console()
    parser = Parser(locate(PARSER, load_settings().models_dir))
    sets: dict[str, Sequence[Case]] = {
        "hand-written cases (used to build the rules)": load_cases(FOLDER / "cases.jsonl")
    }
    sets["mutants"] = mutated(next(iter(sets.values())), parser)
    held_out = FOLDER / "held_out.jsonl"
    if held_out.exists():
        sets["held-out cases"] = load_cases(held_out)
    for title, cases in sets.items():
        console.print(table(title, ((c, right(c, v)) for c, v in judge(cases, parser))))
    _speed(console, sets["mutants"])
    if options.langextract:
        _langextract(console, sets)


def _speed(console: Console, cases: Sequence[Case]) -> None:
    parser = Parser(locate(PARSER, load_settings().models_dir))
    list(judge(cases[:1], parser))  # loads the parser
    begin = time.perf_counter()
    parser.parse([case.statement for case in cases])
    parsed = time.perf_counter()
    list(judge(cases, parser))
    gated = time.perf_counter()
    rate = len(cases) / (gated - begin)
    console.print(
        f"{len(cases)} statements, no evidence given: parsed in {parsed - begin:.1f} s, gated in "
        f"{gated - parsed:.1f} s, {rate:.0f} statements a second in all"
    )


def _langextract(console: Console, sets: dict[str, Sequence[Case]]) -> None:
    if find_spec("langextract") is None:
        console.print("LangExtract is not installed here: pip install langextract")
        return
    for lesser, name in ((True, "defaults"), (False, "accept_match_lesser=False")):
        for title, cases in sets.items():
            verdicts = aligned_by_langextract(
                [(_text(FOLDER / case.article), case.statement) for case in cases],
                accept_lesser=lesser,
            )
            judged = ((c, v == c.true) for c, v in zip(cases, verdicts, strict=True))
            console.print(table(f"LangExtract, {name}: {title}", judged))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


if __name__ == "__main__":
    main()
