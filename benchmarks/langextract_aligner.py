"""LangExtract's aligner on the same question: is this statement in this text?

Comes in: pairs of a text and a statement. Goes out: whether LangExtract gives the statement a place in
the text, which its documentation calls grounded. It runs in a Python of its own, because its pinned
requirements are not attest's (see constraints-bench.txt): this file is also the script that is run there.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

Pair = tuple[str, str]


def aligned_by_langextract(pairs: Sequence[Pair], *, accept_lesser: bool, python: Path) -> list[bool]:
    """One answer a pair. `accept_lesser` is its default; without it partial matches are not taken.

    Raises RuntimeError when `python` has no LangExtract.
    """
    asked = json.dumps({"pairs": list(pairs), "accept_lesser": accept_lesser})
    done = subprocess.run([str(python), __file__], input=asked, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(
            f"LangExtract did not run in {python}: {done.stderr.strip().splitlines()[-1:]}; "
            "`make bench-grounding` sets it up"
        )
    answers: list[bool] = json.loads(done.stdout)
    return answers


def _align(pairs: Sequence[Pair], accept_lesser: bool) -> list[bool]:
    resolver = import_module("langextract.resolver")
    data = import_module("langextract.core.data")
    aligner = resolver.WordAligner()
    found: list[bool] = []
    for text, statement in pairs:
        extraction = data.Extraction(extraction_class="claim", extraction_text=statement)
        groups = aligner.align_extractions([[extraction]], text, accept_match_lesser=accept_lesser)
        found.append(any(e.char_interval is not None for group in groups for e in group))
    return found


if __name__ == "__main__":
    question = json.load(sys.stdin)
    json.dump(_align(question["pairs"], question["accept_lesser"]), sys.stdout)
