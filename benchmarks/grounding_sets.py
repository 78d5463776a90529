"""The sets of statements that the grounding benchmark judges.

Comes in: the folder of cases, the parser. Goes out: `Judged` sets in a fixed order: the probes, the two sets
the rules were built with, mutants by what was changed, and every set kept apart (`held_out*.jsonl`) with its
own mutants. Promises: found by file name, so that a new set is judged as soon as it is there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.facts.reading import parse_article
from service.facts.support import check_statements
from service.text.article import Article
from service.text.parsing import Parser
from service.text.reading import read
from tests.grounding.cases import FOLDER, Case, judge, load_cases, load_mutants, right

MOST_MUTANTS = 2000  # of one set: the aligners that are compared need minutes for more
BUILT_WITH = {"cases.jsonl": "first cases", "paraphrases.jsonl": "far paraphrases"}


@dataclass(frozen=True)
class Judged:
    """A text, a statement, whether it is true of the text, and whether the gate judged it right."""

    name: str
    kind: str
    text: str
    statement: str
    true: bool
    right: bool


def judged_sets(parser: Parser, folder: Path = FOLDER) -> Iterator[Judged]:
    """Every statement of every set, judged by the gate."""
    yield from _probes(folder / "probes.json", parser)
    for file in case_files(folder):
        cases = load_cases(file)
        name = BUILT_WITH.get(file.name, f"kept apart ({file.stem})")
        yield from _judged(name, cases, parser)
        yield from _judged(f"mutants, {name}", mutants_of(cases, parser), parser)


def case_files(folder: Path = FOLDER) -> list[Path]:
    """The two sets the rules were built with, then those kept apart."""
    return [*(folder / name for name in BUILT_WITH), *sorted(folder.glob("held_out*.jsonl"))]


def mutants_of(cases: Sequence[Case], parser: Parser) -> list[Case]:
    """Machine-made false statements, evenly spread over the articles; `kind` says what was changed."""
    found = load_mutants(cases, parser)
    step = -(-len(found) // MOST_MUTANTS)
    return [
        Case(mutant.article, published_at, mutant.statement, False, mutant.kind)
        for mutant, published_at in found[::step]
    ]


def _judged(name: str, cases: Sequence[Case], parser: Parser) -> Iterator[Judged]:
    for case, verdict in judge(cases, parser):
        text = (FOLDER / case.article).read_text(encoding="utf-8")
        yield Judged(name, case.kind, text, case.statement, case.true, right(case, verdict))


def _probes(file: Path, parser: Parser) -> Iterator[Judged]:
    probes = json.loads(file.read_text(encoding="utf-8"))
    text = " ".join(probes["sentences"])
    article = parse_article(read(Article(text=text), max_chars=100_000), parser)
    told = [(probe["text"], probe["true"], probe["kind"]) for probe in probes["cases"]]
    verdicts = check_statements(article, [statement for statement, _, _ in told], parser)
    for (statement, true, kind), verdict in zip(told, verdicts, strict=True):
        well = (verdict.verdict == "supported") == true
        yield Judged("probes", kind, text, statement, true, well)
