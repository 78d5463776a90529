"""Who `he` and `she` are, when the article leaves one answer only.

Comes in: a sentence's analysis, those before it, and the article's names. Goes out: the subject
pronoun of the main clause and its antecedent, or None. Promises: two candidates are no candidate; a
wrong name is worse than a pronoun.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.facts.analysis import Analysis
from service.facts.lexicon import Lexicon, lexicon
from service.facts.names import Name, NameBook, without_titles

if TYPE_CHECKING:
    from spacy.tokens import Token

LOOK_BACK = 1
# bodies can speak, but nobody calls them "he"
_BODIES = frozenset(
    "police authority government court ministry union company firm group team party family side country "
    "nation state city "
    "council committee commission department office bureau board bank club school university hospital "
    "army military force "
    "staff crew jury prosecution defence defense opposition coalition body study organisation "
    "organization association "
    "charity watchdog airline kremlin people".split()
)
_PERSONAL = frozenset({"he", "she"})
_UNRESOLVED = frozenset({"he", "she", "it", "they", "we", "i", "you", "this", "these", "those", "both"})


@dataclass(frozen=True, slots=True)
class Antecedent:
    """The pronoun stands at `[start, end)` of its sentence; `sentence` is how many sentences back the
    name stands (0: in the same one).
    """

    pronoun: str
    start: int
    end: int
    name: str
    words: tuple[str, ...]
    sentence: int


def antecedent(sentence: Analysis, before: Sequence[Analysis], book: NameBook) -> Antecedent | None:
    """The one person whom the main clause's subject pronoun can mean.

    `before`: the preceding sentences of the article, nearest last. Only the sentence itself (before the
    pronoun) and the one before it are searched; anybody else in there who could be meant, named or not
    ("the president", another "he"), leaves the pronoun as it is.
    """
    pronoun = next(
        (
            t
            for t in sentence.doc
            if t.dep_ in {"nsubj", "nsubjpass"} and t.lower_ in _PERSONAL and _is_main(t.head)
        ),
        None,
    )
    if pronoun is None:
        return None
    for back, analysis in enumerate((sentence, *reversed(before[-LOOK_BACK:]))):
        limit = pronoun.idx if back == 0 else len(analysis.text)
        people = [n for n in analysis.names if n.start < limit and _is_somebody(n, analysis)]
        if not people:
            if _others(analysis, limit, []):
                return None
            continue
        known = {without_titles(_full(p, book)): p for p in people}
        if len(known) != 1 or _others(analysis, limit, people):
            return None
        person = next(iter(known.values()))
        return Antecedent(
            pronoun.text, pronoun.idx, pronoun.idx + len(pronoun), book.full_text(person.text),
            without_titles(_full(person, book)), back,
        )  # fmt: skip
    return None


def _is_somebody(name: Name, analysis: Analysis) -> bool:
    """A person by label, or by what the sentence makes of the name: "Riikka Salmela, who heads ..."."""
    if name.label in {"GPE", "NORP"}:
        return False
    token = analysis.token_at(name.end - 1)
    who = token is not None and any(
        c.dep_ == "relcl" and any(g.lower_ in {"who", "whose", "whom"} for g in c.children)
        for c in token.children
    )
    return who or name.label == "PERSON"


def _others(analysis: Analysis, limit: int, people: Sequence[Name]) -> bool:
    """Whether somebody unnamed stands there who could be the one: a singular person noun that is no part
    of a name's own phrase, or a pronoun before the first name.
    """
    words = lexicon()
    first = min((p.start for p in people), default=limit)
    for token in analysis.doc:
        if token.idx >= limit:
            break
        if token.lower_ in _PERSONAL and token.idx < first and (people or limit == len(analysis.text)):
            return True
        if token.tag_ != "NN" or not _is_person_noun(token.lemma_.lower(), words):
            continue
        phrase = (
            {t.idx for t in token.subtree}
            | {token.head.idx}
            | {c.idx for c in token.head.children if c.dep_ == "appos"}
        )
        if not any(p.start <= idx < p.end for p in people for idx in phrase):
            return True
    return False


def _is_person_noun(lemma: str, words: Lexicon) -> bool:
    if lemma in _BODIES:
        return False
    return lemma in words.speaker_nouns or (
        lemma.endswith(words.speaker_endings) and lemma not in words.not_speakers
    )


def _is_main(verb: Token) -> bool:
    """Not in "Miller said he had turned ...": there he may be Miller or whoever was spoken of before."""
    return verb.dep_ == "ROOT" or (verb.dep_ == "conj" and verb.head.dep_ == "ROOT")


def _full(name: Name, book: NameBook) -> tuple[str, ...]:
    forms = [form for form in book.full_forms(name.words) if 1 < len(form) <= 4]
    return forms[0] if len(forms) == 1 else name.words


def unresolved(statement: Analysis) -> tuple[str, ...]:
    """Subject pronouns of a statement that a reader of it alone cannot place."""
    named = [n.start for n in statement.names]
    return tuple(
        t.text
        for t in statement.doc
        if t.dep_ in {"nsubj", "nsubjpass"}
        and t.lower_ in _UNRESOLVED
        and not any(start < t.idx for start in named)
        and not (
            t.lower_ == "it"
            and t.head.lemma_ == "be"
            and any(c.dep_ in {"ccomp", "xcomp", "acomp"} for c in t.head.children)
        )
    )


def referents(sentence: Analysis, before: Sequence[Analysis], book: NameBook) -> frozenset[str]:
    """Folded name words of the one person whom `him`, `her` or `his` can mean; empty when in doubt.

    Whoever acts is not the object of the same act, so the subject of the sentence does not count.
    """
    pronouns = [
        t
        for t in sentence.doc
        if t.lower_ in {"him", "her", "his"} and t.dep_ in {"dobj", "dative", "pobj", "poss"}
    ]
    if not pronouns:
        return frozenset()
    objects = all(t.dep_ != "poss" for t in pronouns)
    for name in sentence.names:
        token = sentence.token_at(name.end - 1)
        subject = token is not None and token.dep_ in {"nsubj", "nsubjpass"}
        if name.label == "PERSON" and not (objects and subject):
            return frozenset()
    for analysis in reversed(before[-LOOK_BACK:]):
        people = {without_titles(_full(n, book)) for n in analysis.names if n.label == "PERSON"}
        if people:
            return frozenset(next(iter(people))) if len(people) == 1 else frozenset()
    return frozenset()
