"""How often the gate accepts what is true and refuses what is false, and how fast.

    python -m benchmarks.grounding [--langextract [PYTHON]] [--classes] [--write docs/grounding.md]

Prints one table: a row for each set of statements, a column for each judge, in each cell the share judged
right with its 95 % Wilson interval. With --langextract the aligner of LangExtract judges the same statements
in the same run, in both settings. --classes adds the classes of the hand-written cases. --write puts the
tables into a page, between its two marks.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.gate_speed import Speed, speeds
from benchmarks.grounding_sets import Judged, judged_sets, mutants_of
from benchmarks.langextract_aligner import aligned_by_langextract
from benchmarks.shares import Share
from benchmarks.shares import wilson as wilson  # other benchmarks take it from here
from service.backends.weights import locate
from service.settings import PARSER, load_settings
from service.text.parsing import Parser
from tests.grounding.cases import FOLDER, load_cases

GATE = "attest"
SETTINGS = {"LangExtract, defaults": True, "LangExtract, accept_match_lesser=False": False}
BEGIN, END = "<!-- begin: written by make bench-grounding -->", "<!-- end -->"
Row = tuple[str, tuple[Share, ...]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument(
        "--langextract", nargs="?", const=Path(sys.executable), type=Path, metavar="PYTHON",
        help="also run LangExtract's aligner, in this Python",
    )  # fmt: skip
    arguments.add_argument("--classes", action="store_true", help="also by class of hand-written case")
    arguments.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into this page")
    options = arguments.parse_args()
    folder = locate(PARSER, load_settings().models_dir)
    parser = Parser(folder)
    judged = list(judged_sets(parser))
    answers = {GATE: [j.right for j in judged]}
    if options.langextract:
        answers |= langextract_answers(judged, options.langextract)
    parts = [table(answers, rows(judged, answers, lambda j: (j.name, group(j))))]
    if options.classes:
        parts.append(table(answers, rows(judged, answers, lambda j: (f"{j.name}: {j.kind}", side(j)))))
    cases = mutants_of(load_cases(FOLDER / "cases.jsonl"), parser)
    parts.append(speed_table(speeds(cases, lambda: Parser(folder))))
    text = "\n\n".join(parts)
    print(text)
    if options.write:
        options.write.write_text(rewritten(options.write.read_text(encoding="utf-8"), text), encoding="utf-8")


def langextract_answers(judged: Sequence[Judged], python: Path) -> dict[str, list[bool]]:
    """By setting, whether LangExtract is right about each statement."""
    pairs = [(j.text, j.statement) for j in judged]
    return {
        name: [
            placed == j.true
            for j, placed in zip(
                judged, aligned_by_langextract(pairs, accept_lesser=lesser, python=python), strict=True
            )
        ]
        for name, lesser in SETTINGS.items()
    }


def side(judged: Judged) -> str:
    return "true accepted" if judged.true else "false refused"


def group(judged: Judged) -> str:
    """Mutants are told by what was changed, other statements by whether they are true."""
    return f"{judged.kind} changed, refused" if judged.name.startswith("mutants") else side(judged)


def rows(
    judged: Sequence[Judged],
    answers: Mapping[str, Sequence[bool]],
    key: Callable[[Judged], tuple[str, str]],
) -> Iterator[Row]:
    """One row a key, in the order of the sets; one share a judge."""
    keys = dict.fromkeys(key(j) for j in judged)
    names = [*dict.fromkeys(name for name, _ in keys)]
    true_first = sorted(keys, key=lambda k: (names.index(k[0]), not k[1].startswith("true"), k[1]))
    for name, what in true_first:
        chosen = [n for n, j in enumerate(judged) if key(j) == (name, what)]
        yield f"{name}: {what}", tuple(Share.of(given[n] for n in chosen) for given in answers.values())


def table(judges: Mapping[str, object], found: Iterator[Row]) -> str:
    lines = [f"| statements | {' | '.join(judges)} |", f"|---|{'---|' * len(judges)}"]
    lines += [f"| {name} | {' | '.join(map(str, shares))} |" for name, shares in found]
    return "\n".join(lines)


def speed_table(measured: Sequence[Speed]) -> str:
    lines = [
        "| parsed and judged, one process | gated in seconds | seconds per 1,000 | statements a second |"
    ]
    lines += ["|---|---|---|---|"]
    lines += [
        f"| {s.statements:,} {s.what} | {s.seconds:.1f} | {s.per_thousand:.1f} | {s.rate:.0f} |"
        for s in measured
    ]
    return "\n".join(lines)


def rewritten(page: str, text: str) -> str:
    """`page` with `text` between its marks. Raises ValueError when a mark is missing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page needs the lines {BEGIN!r} and {END!r}; the tables go between them")
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


if __name__ == "__main__":
    main()
