"""How code words a sentence of the summary: facts as they are, sides with their sources.

Comes in: merged facts and the names of the outlets. Goes out: text. Promises: a fact's statement is never
bent beyond its first letter and its last stop; each side of a disagreement names who reports it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from service.stories.models import MergedFact
from service.text.article import ReadArticle

NAMED_SOURCES = 3
# Lose their capital in mid-sentence; a name keeps it.
_OPENERS = frozenset(
    "the a an both in on at after before it he she they this these that those officials there its his her "
    "their some many most all no one two three four five six seven eight nine ten about eleven twelve police "
    "thirteen fourteen fifteen twenty thirty forty fifty officials residents prosecutors".split()
)
# Words that claim how two facts hang together. Two facts that stand beside each other claim nothing of it.
_RELATING = re.compile(
    r"\b(?:while|whereas|but|although|though|however|despite|because|since|so|therefore|thus|hence|as|after|before|"
    r"following|when|until|unless|if|then|instead|leading|causing|resulting|prompting|due)\b",
    re.IGNORECASE,
)


def outlet_names(articles: Sequence[ReadArticle]) -> dict[str, str]:
    """A name for every article: its outlet, numbered where one has several, or its place in the input."""
    named = [a.source or f"article {n}" for n, a in enumerate(articles, start=1)]
    return {
        a.article_id: f"{name} (article {n})" if named.count(name) > 1 else name
        for n, (a, name) in enumerate(zip(articles, named, strict=True), start=1)
    }


def sides(merged: Sequence[MergedFact], outlets: Mapping[str, str]) -> str:
    """Two or more statements that cannot all be right, each with who reports it."""
    labels = [source_label(m, outlets) for m in merged]
    kinds = {m.kind for m in merged}
    joint = ", while " if len(merged) == 2 and kinds & {"accusation", "denial"} else "; "
    bare = [m.statement.rstrip(". ") for m in merged]
    told = [bare[0], *map(lowered, bare[1:])]
    if len(set(labels)) == 1:
        return f"{joint.join(told)}{labels[0]}."
    return joint.join(f"{statement}{label}" for statement, label in zip(told, labels, strict=True)) + "."


def source_label(merged: MergedFact, outlets: Mapping[str, str]) -> str:
    """As in ` (Harbour Post, Valley Radio and 2 more)`."""
    names = sorted(outlets[i] for i in merged.article_ids)
    if len(names) > NAMED_SOURCES:
        return f" ({', '.join(names[:NAMED_SOURCES])} and {len(names) - NAMED_SOURCES} more)"
    return f" ({' and '.join(filter(None, [', '.join(names[:-1]), names[-1]]))})"


def lowered(statement: str) -> str:
    """A statement in mid-sentence."""
    first, _, rest = statement.partition(" ")
    return f"{first.lower() if first.lower() in _OPENERS else first} {rest}".strip()


def relates(sentence: str, statements: Sequence[str]) -> bool:
    """Whether a sentence says how facts hang together (cause, time, contrast) though no statement does."""
    known = {m.lower() for s in statements for m in _RELATING.findall(s)}
    return any(m.lower() not in known for m in _RELATING.findall(sentence))
