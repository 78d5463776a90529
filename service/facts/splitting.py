"""A compound sentence, taken apart along its grammar.

Comes in: the analysis of a sentence. Goes out: shorter statements made of its own words, or nothing
when the grammar shows no clean cut. Promises: words are left out or repeated (a subject, an auxiliary,
"X said"), never added or bent; what is cut stays in the order of the sentence; the gate judges the
result like anybody else's draft.

Cuts are made at coordinated verbs ("did A and did B"), at relative clauses behind a comma ("X, who did
A, did B") and at "while" and "although". Conditions, reasons and times stay with what they qualify.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from service.facts.analysis import Analysis
from service.facts.attribution import speaker_behind
from service.facts.lexicon import lexicon
from service.facts.syntax import phrase_tokens

if TYPE_CHECKING:
    from spacy.tokens import Token

_CONTRASTS = frozenset({"while", "although", "though", "whereas"})
_POINTING = frozenset({"those", "that", "these", "this"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj"})
MIN_WORDS = 3


def split(sentence: Analysis) -> tuple[str, ...]:
    """Two or more statements, or none."""
    root = next((t for t in sentence.doc if t.head.i == t.i and t.pos_ in {"VERB", "AUX"}), None)
    if root is None or _crosses_a_quotation(sentence):
        return ()
    frame, content = _frame(root)
    heads = _heads(content)
    if any(_unclear_subject(head) for head in heads[1:]):
        return ()
    statements = [_statement(head, heads, frame) for head in heads]
    statements += [s for head in heads for s in _asides(head, heads, frame)]
    if any(s.count('"') % 2 for s in statements):
        return ()  # a quotation would be torn
    if any(_leans_on_another(s) for s in statements[1:]):
        return ()
    kept = [s for s in statements if len(s.split()) >= MIN_WORDS]
    return tuple(dict.fromkeys(kept)) if len(kept) >= 2 and len(kept) == len(statements) else ()


def _frame(root: Token) -> tuple[list[Token], Token]:
    """For "X said that A and B": the tokens of "X said", and A's verb. Otherwise nothing and the root."""
    if root.lemma_.lower() not in lexicon().say:
        return [], root
    content = next(
        (c for c in root.children if c.dep_ == "ccomp" and c.pos_ in {"VERB", "AUX"} and c.i > root.i), None
    )
    if content is None:
        return [], root
    inside = {t.i for t in content.subtree}
    return [
        t for t in root.subtree if t.i not in inside and t.i < content.i and not _trailing(t, root)
    ], content


def _trailing(token: Token, root: Token) -> bool:
    return token.is_punct and token.i > root.i


def _heads(content: Token) -> list[Token]:
    """The verb and those coordinated with it."""
    heads = [content]
    for head in heads:
        heads += [
            c for c in head.children if c.dep_ == "conj" and c.pos_ in {"VERB", "AUX"} and not _depends(c)
        ]
    return sorted(heads, key=lambda t: t.i)


def _depends(verb: Token) -> bool:
    """A participle, or a verb with a conjunction of its own ("and as he ..."), cannot stand alone."""
    return verb.tag_ == "VBG" or any(c.dep_ == "mark" and c.lower_ != "that" for c in verb.children)


def _leans_on_another(statement: str) -> bool:
    """Whose war is "his war", once "Miller said" stands before it?"""
    return bool(re.search(r"\b(?:said|says|told) (?:that )?(?:his|her)\b", statement))


def _unclear_subject(head: Token) -> bool:
    """It speaks of what stands before it: "..., replied the mayor", "... while those of Kaltio lost"."""
    subject = next((c for c in head.children if c.dep_ in _SUBJECTS), None)
    pointing = subject is not None and subject.lower_ in _POINTING
    apart = subject is not None and any(t.text == "," for t in head.doc[subject.i : head.i])
    return pointing or apart or speaker_behind(head, lexicon()) is not None


def _statement(head: Token, heads: list[Token], frame: list[Token]) -> str:
    own = _own_tokens(head, heads)
    first = heads[0]
    if head.i != first.i and not any(c.dep_ in _SUBJECTS for c in head.children):
        shared = _shared(head, first)
        if frame and any(t.pos_ == "PRON" for t in shared):
            return ""  # "A said it was sorry and left": whether A says the second, too, is not certain
        own = [*shared, *own]
    return _spelled([*frame, *own] if frame else own)


def _own_tokens(head: Token, heads: list[Token]) -> list[Token]:
    """The words of one verb, without coordinated verbs and what becomes a statement of its own."""
    out = {t.i for other in heads if other.i != head.i and _is_below(other, head) for t in other.subtree}
    for aside in _cut_clauses(head, heads):
        start, end = aside.left_edge.i, aside.right_edge.i
        commas = {i for i in (start - 1, end + 1) if head.doc[i : i + 1].text == ","}
        if len(commas) == 2 and any(t.text == "," for t in head.doc[aside.head.i : start - 1]):
            commas.remove(end + 1)  # it closes "Vereth, the chief of staff," as well
        out |= set(range(start, end + 1)) | commas
    out |= {
        c.i for c in head.children if c.dep_ in {"cc", "preconj"} or (c.dep_ == "mark" and c.lower_ == "that")
    }
    return [t for t in head.subtree if t.i not in out]


def _shared(head: Token, first: Token) -> list[Token]:
    """Subject, and auxiliaries when the verb's form needs the first verb's."""
    subject = next((c for c in first.children if c.dep_ in _SUBJECTS), None)
    if subject is None:
        return []
    tokens = phrase_tokens(subject)
    needs = (head.tag_ in {"VB", "VBN"} or _shares_a_modal(head, first)) and not any(
        c.dep_ in {"aux", "auxpass"} for c in head.children
    )
    if needs:  # "will probably not listen and visit": future, hedge and negation hold for both
        carried = [
            c
            for c in first.children
            if c.dep_ in {"aux", "auxpass", "neg"} or (c.dep_ == "advmod" and c.i < first.i)
        ]
        tokens = [*tokens, *(c for c in carried if c.i > subject.i)]
    return tokens


def _shares_a_modal(head: Token, first: Token) -> bool:
    """As in "will employ 900 people and have sales of": the parser takes the bare form for a present."""
    return head.tag_ == "VBP" and any(c.tag_ == "MD" for c in first.children)


def _cut_clauses(head: Token, heads: list[Token]) -> list[Token]:
    """Relative and contrasting clauses below a verb that can stand alone."""
    stop = {other.i for other in heads if other.i != head.i}
    found: list[Token] = []
    for token in _walk(head, stop):
        contrast = token.dep_ == "advcl" and token.head.i == head.i and _is_contrast(token)
        if contrast or (token.dep_ == "relcl" and _is_aside(token)):
            found.append(token)
    return found


def _asides(head: Token, heads: list[Token], frame: list[Token]) -> Iterable[str]:
    for clause in _cut_clauses(head, heads):
        tokens = [t for t in clause.subtree if not (t.dep_ == "mark" and t.head.i == clause.i)]
        if clause.dep_ == "relcl":
            relative = next(c for c in clause.children if c.dep_ in _SUBJECTS)
            noun = _plain_noun(clause)
            tokens = [*noun, *(t for t in tokens if t.i != relative.i)]
        yield _spelled([*frame, *tokens] if frame else tokens)


def _plain_noun(clause: Token) -> list[Token]:
    """The noun that a relative clause describes, without what else stands behind a comma."""
    noun = [t for t in clause.head.subtree if t.i < clause.left_edge.i - 1]
    stop = next((t.i for t in noun if t.i > clause.head.i and t.text in {",", "("}), clause.left_edge.i)
    return [t for t in noun if t.i < stop]


def _is_aside(clause: Token) -> bool:
    """As "X, who ..." behind a comma, with the pronoun as subject; "the man who ..." picks out and stays."""
    subject = next((c for c in clause.children if c.dep_ in _SUBJECTS), None)
    start = min(t.i for t in clause.subtree)
    return (
        subject is not None
        and subject.lower_ in {"who", "which"}
        and subject.i == start
        and clause.doc[start - 1].text == ","
        and clause.head.pos_ in {"NOUN", "PROPN"}
        # "the crash in Corvane, which cost 15 lives": not what stands next to it, as often as not
        and not (subject.lower_ == "which" and clause.head.dep_ == "pobj")
    )


def _is_contrast(clause: Token) -> bool:
    mark = next((c for c in clause.children if c.dep_ == "mark"), None)
    subject = next((c for c in clause.children if c.dep_ in _SUBJECTS), None)
    return (
        mark is not None
        and mark.lower_ in _CONTRASTS
        and subject is not None
        and subject.lower_ not in _POINTING
        and clause.pos_ in {"VERB", "AUX"}
    )


def _walk(head: Token, stop: set[int]) -> Iterable[Token]:
    for child in head.children:
        if child.i not in stop:
            yield child
            yield from _walk(child, stop)


def _is_below(token: Token, top: Token) -> bool:
    return any(t.i == token.i for t in top.subtree)


def _crosses_a_quotation(sentence: Analysis) -> bool:
    """A quotation that opens and does not close would be torn."""
    return sentence.text.count('"') % 2 == 1


def _spelled(tokens: list[Token]) -> str:
    """Tokens as a sentence: spaces as they were, no stray commas, a capital and a full stop."""
    pieces = []
    for n, token in enumerate(tokens):
        follows = n + 1 < len(tokens) and tokens[n + 1].i == token.i + 1
        pieces.append(token.text + (token.whitespace_ if follows else " "))
    text = re.sub(r"\s+", " ", "".join(pieces)).strip()
    text = re.sub(r"\s+([,.;:!?])", r"\1", text)
    text = re.sub(r"^[\s,;:.-]+|[\s,;:-]+$|(?<=,)(?:\s*,)+", "", text)
    text = re.sub(r"[\s,;:]+([.!?])$", r"\1", text)
    text = re.sub(r",(\")\.?$", r"\1", re.sub(r"[\s,]+(?:and|but|or|so|yet)([.!?]?)$", r"\1", text))
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in '.!?"' else ".")
