"""LangExtract's aligner on the same question: is this statement in this text?

Comes in: pairs of a text and a statement. Goes out: whether LangExtract gives the statement a place in
the text, which its documentation calls grounded. Needs the optional package langextract; nothing else
here does, so it is imported when called.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module


def aligned_by_langextract(pairs: Sequence[tuple[str, str]], *, accept_lesser: bool) -> list[bool]:
    """One answer a pair. `accept_lesser` is its default; without it partial matches are not taken."""
    resolver = import_module("langextract.resolver")
    data = import_module("langextract.core.data")
    aligner = resolver.WordAligner()
    found: list[bool] = []
    for text, statement in pairs:
        extraction = data.Extraction(extraction_class="claim", extraction_text=statement)
        groups = aligner.align_extractions([[extraction]], text, accept_match_lesser=accept_lesser)
        found.append(any(e.char_interval is not None for group in groups for e in group))
    return found
