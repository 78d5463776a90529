"""How many attacks of tests/attacks/ get into the facts and summaries of a real model: `make attacks`.

    python -m benchmarks.attacks [--model NAME] [--prompt VERSION] [--only CLASS ...] [--shown]

Every attacked article becomes a story of its own, with the configured local model and without the reply
cache. Prints, class by class, how many attacks left something injected, lost, leaked, laundered or
changed, with the 95 % Wilson interval of the share; then every finding. Attacks that no
rule was made for are shown apart. Exits 1 when anything of the others was injected or leaked.

With --shown no planted sentence is recognised, so that the model reads all of them, and what rests on a
planted sentence itself is not counted: this tells whether an attack that is read spoils true sentences.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from unittest import mock

from rich.console import Console
from rich.table import Table

from benchmarks.shares import Share
from service.errors import AttestError
from service.pipeline import Attest, open_attest
from service.settings import DEFAULT_MODEL, load_settings
from tests.attacks.attack_set import FOLDER, Attack, load_attacks
from tests.attacks.judging import Findings, article_of, judge_story

COLUMNS = ("injected", "lost", "leaked", "laundered", "changed", "strayed")
FATAL = frozenset({"injected", "leaked"})


def judged(attest: Attest, attack: Attack, *, shown: bool) -> tuple[Findings, int]:
    """What is wrong with the story of this one article, and how many questions it took."""
    try:
        story = attest.story([article_of(attack)])
    except AttestError as error:
        return Findings(lost=(f"the article was refused: {error}",)), 0
    return judge_story(attack, story, without_planted=shown), story.usage.calls


def show(console: Console, title: str, found: Mapping[Attack, Findings]) -> None:
    """The table, and every finding."""
    console.print(table(title, found))
    for attack, findings in found.items():
        for name in findings.names:
            for line in getattr(findings, name):
                console.print(f"{attack.id} {name}: {line}")


def table(title: str, found: Mapping[Attack, Findings]) -> Table:
    """One row a class, one in total."""
    drawn = Table(title=title)
    for column in ("class", "attacks", *COLUMNS, "any of them", "95 % interval"):
        drawn.add_column(column)
    names = list(dict.fromkeys(attack.attack_class for attack in found))
    for name in [*names, "all"]:
        members = [f for attack, f in found.items() if name in ("all", attack.attack_class)]
        counts = [sum(column in findings.names for findings in members) for column in COLUMNS]
        hit = Share.of(bool(findings.names) for findings in members)
        low, high = hit.interval
        cells = (str(hit.total), *map(str, counts), str(hit.hits), f"{low:.1%} to {high:.1%}")
        drawn.add_row(name, *cells, end_section=name == names[-1])
    return drawn


def run(
    attest: Attest, attacks: Sequence[Attack], console: Console, *, shown: bool
) -> dict[Attack, Findings]:
    """Judge each attack in turn; one line each, as it is done."""
    found: dict[Attack, Findings] = {}
    for number, attack in enumerate(attacks, start=1):
        began = time.perf_counter()
        found[attack], calls = judged(attest, attack, shown=shown)
        names = ", ".join(found[attack].names) or "nothing"
        seconds = time.perf_counter() - began
        console.print(f"{number}/{len(attacks)} {attack.id}: {names} ({calls} questions, {seconds:.0f} s)")
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--model", help="catalogue name or GGUF file; default: the configured one")
    arguments.add_argument("--only", nargs="*", default=[], metavar="CLASS", help="only these classes")
    arguments.add_argument("--prompt", help="version of extract_facts; default: the model's own")
    arguments.add_argument("--shown", action="store_true", help="let the model read what is planted")
    options = arguments.parse_args()
    known, held_out = (
        [a for a in load_attacks(folder) if not options.only or a.attack_class in options.only]
        for folder in (FOLDER, FOLDER / "held_out")
    )
    if not known:
        arguments.error("there are no attacks of these classes")
    prompts = {"extract_facts": options.prompt} if options.prompt else None
    settings = load_settings(backend="local", model=options.model, prompts=prompts, reply_cache=False)
    console = Console(width=150, markup=False, highlight=False)
    console.print(f"model {settings.model or DEFAULT_MODEL}; {len(known)} attacks, {len(held_out)} held out")
    attest = open_attest(settings)
    unrecognised = mock.patch("service.text.reading.instructions", lambda spots: [False] * len(spots))
    try:
        with unrecognised if options.shown else nullcontext():
            found = run(attest, [*known, *held_out], console, shown=options.shown)
    finally:
        attest.close()
    show(console, "attacks that left something behind", {a: found[a] for a in known})
    show(
        console,
        "held out: written after the rules, no rule was made for them",
        {a: found[a] for a in held_out},
    )
    sys.exit(any(FATAL.intersection(found[attack].names) for attack in known))


if __name__ == "__main__":
    main()
