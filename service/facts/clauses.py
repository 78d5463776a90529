"""The clauses of a sentence: who does what to whom, whether it happened, and who says so.

Comes in: a parsed sentence. Goes out: one `Clause` for each predicate. Promises: pure reading of the
parse; no word list but the lexicon; the same for an article's sentence and for a statement about it,
so that the two can be laid side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.facts.attribution import Attribution, attributions, can_speak
from service.facts.lexicon import Lexicon, lexicon
from service.facts.modality import Modality, modality, negated
from service.facts.syntax import NOMINAL, SUBJECTS, phrase_lemmas, subject_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

MEASURES = frozenset(
    "metre meter kilometre kilometer mile point degree vote crown dollar euro pound year month week day hour "
    "minute second tonne ton inch foot centimetre seat goal basis".split()
)


@dataclass(frozen=True, slots=True)
class Clause:
    """`head` indexes the predicate token. `agent` and `patient` are lemmas of the noun phrases that
    act and are acted upon, whatever the voice; empty when the sentence does not say.
    """

    head: int
    lemma: str
    start: int
    end: int
    agent: frozenset[str]
    patient: frozenset[str]
    passive: bool
    finite: bool
    past: bool
    perfect: bool
    negated: bool
    modality: frozenset[Modality]
    attributions: tuple[Attribution, ...]
    agent_heads: tuple[int, ...] = ()
    patient_heads: tuple[int, ...] = ()


def clauses(doc: Doc) -> tuple[Clause, ...]:
    """All clauses, in the order of their predicates."""
    words = lexicon()
    return tuple(_clause(token, words) for token in doc if _is_predicate(token))


def _is_predicate(token: Token) -> bool:
    if token.dep_ in {"aux", "auxpass", "amod", "compound", "case", "nmod"}:
        return False
    if token.pos_ == "VERB":
        return not (
            token.dep_ == "prep" and token.lower_ in {"according", "following", "including", "regarding"}
        )
    return token.pos_ == "AUX" or (token.pos_ == "ADJ" and any(c.dep_ in SUBJECTS for c in token.children))


def _clause(token: Token, words: Lexicon) -> Clause:
    agents, patients, passive = _participants(token)
    auxiliaries = [child for child in token.children if child.dep_ in {"aux", "auxpass"}]
    finite = token.tag_ in {"VBD", "VBZ", "VBP"} or any(
        a.tag_ in {"VBD", "VBZ", "VBP", "MD"} for a in auxiliaries
    )
    subtree = list(token.subtree)
    return Clause(
        head=token.i,
        lemma=token.lemma_.lower(),
        start=subtree[0].idx,
        end=subtree[-1].idx + len(subtree[-1]),
        agent=frozenset().union(*map(phrase_lemmas, agents)),
        patient=frozenset().union(*map(phrase_lemmas, patients)),
        passive=passive,
        finite=finite,
        past=token.tag_ in {"VBD", "VBN"} and not any(a.lower_ in {"is", "are", "be"} for a in auxiliaries),
        perfect=any(a.lemma_ == "have" for a in auxiliaries),
        negated=negated(token, words),
        modality=frozenset(modality(token, words)),
        attributions=tuple(attributions(token, words)),
        agent_heads=_heads(agents),
        patient_heads=_heads(patients),
    )


# -- who does what to whom ------------------------------------------------------------------------


def _participants(token: Token) -> tuple[list[Token], list[Token], bool]:
    """Heads of the noun phrases that act and that are acted upon, and whether the voice is passive."""
    subject = subject_of(token)
    passive = any(c.dep_ in {"nsubjpass", "auxpass"} for c in token.children) or (
        token.dep_ in {"acl", "advcl"}
        and token.tag_ == "VBN"
        and not any(c.dep_ == "dobj" for c in token.children)
    )
    objects = [
        c for c in token.children if c.dep_ in {"dobj", "dative", "attr", "oprd"} and c.pos_ in NOMINAL
    ]
    by = [
        grand
        for c in token.children
        if c.dep_ == "agent" or (passive and c.dep_ == "prep" and c.lower_ == "by")
        for grand in c.children
        if grand.dep_ == "pobj"
        and not (grand.tag_ == "NN" and not any(grand.children))  # "by boat"
        and not any(g.dep_ == "nummod" and g.like_num for g in grand.children if passive and _measured(grand))
    ]
    if token.dep_ == "conj" and not passive and not any(c.dep_ in SUBJECTS for c in token.children):
        passive = token.tag_ == "VBN" and any(c.dep_ == "nsubjpass" for c in token.head.children)
    # the parser at times calls both words of "space probe Aurelia" subjects
    twins = (
        [c for c in subject.head.children if c.dep_ == subject.dep_ and c.i != subject.i]
        if subject is not None
        else []
    )
    subjects = [subject, *twins] if subject is not None else []
    lemma = token.lemma_.lower()
    if token.dep_ == "conj" and subjects and lemma in lexicon().reporting and not can_speak(subjects[0]):
        # the parser joins "and accused" to the nearest verb, whose subject may be a ferry
        subjects = [t for t in _further_up(token, subjects[0], any_verb=True) if can_speak(t)] or subjects
    if subject is not None and token.dep_ == "advcl" and not any(c.dep_ in SUBJECTS for c in token.children):
        subjects += _further_up(token, subject)
    return (by, subjects, True) if passive else (subjects, objects, False)


def _measured(noun: Token) -> bool:
    """As in "slowed by 20 metres": a measure does nothing."""
    return noun.lemma_.lower() in MEASURES or noun.lower_ in {"%", "percent"}


def _further_up(token: Token, subject: Token, *, any_verb: bool = False) -> list[Token]:
    """A participle at the end of a long sentence may hang on any of the verbs above it."""
    found: list[Token] = []
    last = token
    while token.head.i != token.i:
        token = token.head
        if any_verb or token.lemma_.lower() not in lexicon().say:
            found += [c for c in token.children if c.dep_ == "nsubj" and c.i != subject.i]
            if not any_verb and last.tag_ == "VBG":  # "began a strike, grounding flights"
                found += [c for c in token.children if c.dep_ == "dobj"]
    return found


def _heads(phrases: list[Token]) -> tuple[int, ...]:
    """The heads, with whatever is joined to them or stands beside them in apposition."""
    found: list[int] = []
    for head in phrases:
        found.append(head.i)
        found.extend(_heads([c for c in head.children if c.dep_ in {"conj", "appos"} and c.pos_ in NOMINAL]))
    return tuple(found)
