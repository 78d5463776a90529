"""The table of results that stands in the documentation.

Comes in: scored runs. Goes out: Markdown. Promises: beside every score its interval, over it how many samples
came to something; a page keeps all that stands outside the two marks of a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from evals.figures import between, with_arrow, written
from evals.models import Scores
from evals.scored import read_scores
from evals.tables import described
from service.errors import InputError

SHOWN = (
    "f_record", "f_w", "facts_f1", "kind_accuracy", "speaker_accuracy", "merge_pairs_recall",
    "merge_pairs_precision", "cross_article_recall", "conflict_recall", "false_conflict_rate", "copies_f1",
    "value_error_rate", "forbidden_rate", "summary_coverage", "sentence_support", "calls", "prompt_tokens",
    "completion_tokens", "seconds_per_article",
)  # fmt: skip


def results(folders: Sequence[Path]) -> str:
    """Markdown with a column for each run. Raises AttestError for a run that is not scored."""
    runs = [(folder.name, read_scores(folder)) for folder in folders]
    lines = [f"- **{name}**: {described(scores)}" for name, scores in runs]
    head = f"| metric | {' | '.join(name for name, _ in runs)} |"
    rule = f"|---|{'---|' * len(runs)}"
    rows = [f"| {with_arrow(name)} | {' | '.join(_cell(name, s) for _, s in runs)} |" for name in SHOWN]
    return "\n".join([*lines, "", head, rule, *rows])


def _cell(name: str, scores: Scores) -> str:
    measured = scores.totals.get(name)
    if measured is None:
        return "–"
    interval = between(name, measured.low, measured.high)
    return f"{written(name, measured.value)} ({interval})" if interval else written(name, measured.value)


def rewritten(page: str, table: str, of: str = "results") -> str:
    """The page with `table` between the marks of that name. Raises InputError when they are not there."""
    begin, end = f"<!-- {of} -->", f"<!-- end of {of} -->"
    if not re.search(f"{begin}.*{end}", page, re.DOTALL):
        raise InputError(f"the page has no place for {of}: {begin} … {end}")
    return re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n{table}\n{end}", page, flags=re.DOTALL)
