"""Who `he` and `she` are, when the article leaves one answer only.

Comes in: a sentence's analysis, those before it, and the article's names. Goes out: the subject
pronoun of the main clause and its antecedent, or None. Promises: two candidates are no candidate; a
wrong name is worse than a pronoun.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.facts.analysis import Analysis
from service.facts.names import Name, NameBook, without_titles

LOOK_BACK = 2
_PERSONAL = frozenset({"he", "she"})
_UNRESOLVED = frozenset({"he", "she", "it", "they", "we", "i", "you", "this", "these", "those", "both"})


@dataclass(frozen=True, slots=True)
class Antecedent:
    """The pronoun stands at `[start, end)` of its sentence; `sentence` is how many sentences back the
    name stands (0: in the same one)."""

    pronoun: str
    start: int
    end: int
    name: str
    words: tuple[str, ...]
    sentence: int


def antecedent(sentence: Analysis, before: Sequence[Analysis], book: NameBook) -> Antecedent | None:
    """The one person whom the main clause's subject pronoun can mean.

    `before`: the preceding sentences of the article, nearest last.
    """
    pronoun = next(
        (t for t in sentence.doc if t.dep_ in {"nsubj", "nsubjpass"} and t.lower_ in _PERSONAL and _is_main(t.head)), None
    )
    if pronoun is None:
        return None
    inside = [n for n in sentence.names if n.label == "PERSON" and n.start < pronoun.idx]
    nearest = [(0, inside)] + [
        (back, [n for n in analysis.names if n.label == "PERSON"])
        for back, analysis in enumerate(reversed(before[-LOOK_BACK:]), start=1)
    ]
    for back, people in nearest:
        if people:
            known = {without_titles(_full(p, book)): p for p in people}
            if len(known) != 1:
                return None
            person = next(iter(known.values()))
            name = book.full_text(person.text)
            return Antecedent(
                pronoun.text, pronoun.idx, pronoun.idx + len(pronoun), name, without_titles(_full(person, book)), back
            )
    return None


def _is_main(verb: object) -> bool:
    return getattr(verb, "dep_", "") in {"ROOT", "conj", "ccomp"}


def _full(name: Name, book: NameBook) -> tuple[str, ...]:
    forms = [form for form in book.full_forms(name.words) if 1 < len(form) <= 4]
    return forms[0] if len(forms) == 1 else name.words


def unresolved(statement: Analysis) -> tuple[str, ...]:
    """Subject pronouns of a statement that a reader of it alone cannot place."""
    named = [n.start for n in statement.names]
    return tuple(
        t.text
        for t in statement.doc
        if t.dep_ in {"nsubj", "nsubjpass"} and t.lower_ in _UNRESOLVED and not any(start < t.idx for start in named)
        and not (t.lower_ == "it" and t.head.lemma_ == "be" and any(c.dep_ in {"ccomp", "xcomp", "acomp"} for c in t.head.children))
    )
