"""The clauses of a sentence: who does what to whom, whether it happened, and who says so.

Comes in: a parsed sentence. Goes out: one `Clause` for each predicate. Promises: pure reading of the
parse; no word list but the lexicon; the same for an article's sentence and for a statement about it,
so that the two can be laid side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from service.facts.lexicon import Lexicon, lexicon

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Modality = Literal["future", "possible", "planned", "conditional", "duty", "alleged", "reported", "failed", "unconfirmed"]

_COMPLEMENTS = frozenset({"ccomp", "xcomp", "dobj", "prep", "pobj", "pcomp", "oprd", "acl", "conj", "advcl", "relcl"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
_PARTICLES = frozenset("up down out off away back over in on through apart together".split())
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})


@dataclass(frozen=True, slots=True)
class Attribution:
    """A claim's frame: the reporting verb and the character span of whoever speaks (None: not said)."""

    manner: Literal["say", "accuse", "deny", "according"]
    lemma: str
    head: int
    speaker: tuple[int, int] | None
    passive: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """`head` indexes the predicate token. `agent` and `patient` are lemmas of the noun phrases that
    act and are acted upon, whatever the voice; empty when the sentence does not say."""

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
        return not (token.dep_ == "prep" and token.lower_ in {"according", "following", "including", "regarding"})
    return token.pos_ == "AUX" or (token.pos_ == "ADJ" and any(c.dep_ in _SUBJECTS for c in token.children))


def _clause(token: Token, words: Lexicon) -> Clause:
    agents, patients, passive = _participants(token)
    auxiliaries = [child for child in token.children if child.dep_ in {"aux", "auxpass"}]
    finite = token.tag_ in {"VBD", "VBZ", "VBP"} or any(a.tag_ in {"VBD", "VBZ", "VBP", "MD"} for a in auxiliaries)
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
        negated=_negated(token, words),
        modality=frozenset(_modality(token, words)),
        attributions=tuple(_attributions(token, words)),
        agent_heads=_heads(agents),
        patient_heads=_heads(patients),
    )


def particle_lemma(token: Token) -> str:
    """`turn_down` for "turned the offer down"; the plain lemma where there is no particle."""
    lemma = str(token.lemma_.lower())
    if token.pos_ not in {"VERB", "AUX"}:
        return lemma
    for child in token.children:
        loose = child.dep_ == "prt" or (
            child.dep_ in {"advmod", "prep"} and child.i == token.i + 1 and not any(g.dep_ == "pobj" for g in child.children)
        )
        if loose and child.lower_ in _PARTICLES:
            return f"{lemma}_{child.lower_}"
    return lemma


# -- who does what to whom ------------------------------------------------------------------------


def _participants(token: Token) -> tuple[list[Token], list[Token], bool]:
    """Heads of the noun phrases that act and that are acted upon, and whether the voice is passive."""
    subject = _subject(token)
    passive = any(c.dep_ in {"nsubjpass", "auxpass"} for c in token.children) or (
        token.dep_ in {"acl", "advcl"} and token.tag_ == "VBN" and not any(c.dep_ == "dobj" for c in token.children)
    )
    objects = [c for c in token.children if c.dep_ in {"dobj", "dative", "attr", "oprd"} and c.pos_ in _NOMINAL]
    by = [
        grand
        for c in token.children
        if c.dep_ == "agent" or (passive and c.dep_ == "prep" and c.lower_ == "by")
        for grand in c.children
        if grand.dep_ == "pobj" and not (grand.tag_ == "NN" and not any(grand.children))  # "by boat"
    ]
    if token.dep_ == "conj" and not passive and not any(c.dep_ in _SUBJECTS for c in token.children):
        passive = token.tag_ == "VBN" and any(c.dep_ == "nsubjpass" for c in token.head.children)
    # the parser at times calls both words of "space probe Aurelia" subjects
    twins = [c for c in subject.head.children if c.dep_ == subject.dep_ and c.i != subject.i] if subject is not None else []
    subjects = [subject, *twins] if subject is not None else []
    if subject is not None and token.dep_ == "advcl" and not any(c.dep_ in _SUBJECTS for c in token.children):
        subjects += _further_up(token, subject)
    return (by, subjects, True) if passive else (subjects, objects, False)


def _further_up(token: Token, subject: Token) -> list[Token]:
    """A participle at the end of a long sentence may hang on any of the verbs above it."""
    found: list[Token] = []
    while token.head.i != token.i:
        token = token.head
        if token.lemma_.lower() not in lexicon().say:
            found += [c for c in token.children if c.dep_ == "nsubj" and c.i != subject.i]
    return found


def _heads(phrases: list[Token]) -> tuple[int, ...]:
    """The heads, with whatever is joined to them or stands beside them in apposition."""
    found: list[int] = []
    for head in phrases:
        found.append(head.i)
        found.extend(_heads([c for c in head.children if c.dep_ in {"conj", "appos"} and c.pos_ in _NOMINAL]))
    return tuple(found)


def subject_of(token: Token) -> Token | None:
    """The noun that a predicate is said of, inherited over conjunctions and control."""
    return _subject(token)


def _subject(token: Token, depth: int = 0) -> Token | None:
    for child in token.children:
        if child.dep_ in {"nsubj", "nsubjpass", "csubj"}:
            return _antecedent(child)
    if depth > 6:
        return None
    if token.dep_ == "xcomp" and token.head.lemma_ == "use":
        return None  # "a lorry was used to reach the window"
    if token.dep_ in {"conj", "xcomp"} and token.head.pos_ in {"VERB", "AUX", "ADJ"}:
        return _subject(token.head, depth + 1)
    if token.dep_ in {"relcl", "acl"} and token.tag_ in {"VBG", "VBN"}:
        return token.head
    if token.dep_ == "advcl" and token.tag_ in {"VB", "VBG", "VBN"} and token.head.pos_ in {"VERB", "AUX"}:
        return _subject(token.head, depth + 1)
    return None


def _antecedent(subject: Token) -> Token:
    """`which`, `who`, `that` stand for the noun their clause describes."""
    if subject.tag_ in {"WDT", "WP"} and subject.head.dep_ == "relcl":
        return subject.head.head
    return subject


def phrase_tokens(token: Token) -> list[Token]:
    """A noun phrase without the clauses that hang on it."""
    kept = [token]
    for child in token.children:
        if child.dep_ in {"relcl", "acl", "advcl", "punct", "case", "cc", "mark", "ccomp"}:
            if child.dep_ != "punct" or child.text != "-":
                continue
        if child.dep_ == "conj" and child.pos_ in {"VERB", "AUX"}:
            continue
        kept.extend(phrase_tokens(child))
    return sorted(kept, key=lambda t: t.i)


def phrase_lemmas(token: Token) -> frozenset[str]:
    """Lemmas of a noun phrase's content words, pronouns included."""
    return frozenset(
        t.lemma_.lower() for t in phrase_tokens(token) if t.pos_ in {"NOUN", "PROPN", "NUM", "PRON", "ADJ"}
    )


# -- whether it happened --------------------------------------------------------------------------


def _negated(token: Token, words: Lexicon) -> bool:
    for child in token.children:
        if child.dep_ == "neg" or (child.dep_ in {"advmod", "preconj"} and child.lower_ in words.negations):
            return True
        if child.dep_ in {"nsubj", "nsubjpass", "dobj", "attr", "expl"} and _negative_phrase(child, words):
            return True
        if child.dep_ in {"aux", "auxpass"} and any(g.dep_ == "neg" for g in child.children):
            return True
        if child.dep_ == "prep" and any(g.dep_ == "pobj" and _negative_phrase(g, words) for g in child.children):
            return True
    if token.dep_ == "pcomp" and token.head.lower_ == "without":
        return True
    if token.dep_ == "conj" and not any(c.dep_ in _SUBJECTS | {"aux"} for c in token.children):
        joined = {c.lower_ for c in token.head.children if c.dep_ == "cc"}
        if token.head.pos_ in {"VERB", "AUX"} and joined & {"or", "nor"}:
            return _negated(token.head, words)
    if any(c.dep_ in {"acomp", "attr", "oprd"} and any(g.dep_ == "neg" for g in c.children) for c in token.children):
        return True  # "pleaded not guilty"
    return token.dep_ == "xcomp" and token.head.pos_ == "ADJ" and token.head.lower_ in {"unlikely", "unable", "unwilling"}


def _negative_phrase(noun: Token, words: Lexicon) -> bool:
    return noun.lower_ in {"nobody", "nothing", "none", "neither"} or any(
        child.dep_ in {"det", "neg", "preconj", "advmod"} and child.lower_ in {"no", "neither", "not", "none"}
        for child in noun.children
    )


def _accuses(token: Token, preposition: str, words: Lexicon) -> bool:
    """`charged with`, `arrested for`, `on trial over`: what follows is not proven."""
    return preposition in {"with", "of", "for", "over", "about"} and token.lemma_.lower() in words.accusing


def _modality(token: Token, words: Lexicon, depth: int = 0) -> Iterator[Modality]:
    for child in token.children:
        lower = child.lower_
        if child.dep_ == "aux" and child.tag_ == "MD":
            if lower in words.future_modals:
                yield "future"
            elif lower in words.possible_modals:
                yield "possible"
            elif lower in words.duty_modals:
                yield "duty"
        elif child.dep_ == "mark" and lower in words.conditional_markers:
            yield "conditional"
        elif child.dep_ == "advcl" and any(g.dep_ == "mark" and g.lower_ in {"if", "unless"} for g in child.children):
            yield "conditional"
        elif child.dep_ == "advmod":
            yield from _adverb_modality(lower, words)
    if depth < 6:
        yield from _inherited_modality(token, words, depth)


def _implies(verb: Token, words: Lexicon) -> bool:
    """`began to`, `managed to`: what follows happened."""
    return verb.lemma_.lower() in words.implying or verb.pos_ not in {"VERB", "AUX"}


def _adverb_modality(lower: str, words: Lexicon) -> Iterator[Modality]:
    if lower in words.alleged_adverbs:
        yield "alleged"
    elif lower in words.reported_adverbs:
        yield "reported"
    elif lower in words.possible_adverbs:
        yield "possible"


def _inherited_modality(token: Token, words: Lexicon, depth: int) -> Iterator[Modality]:
    head = token.head
    if head.i == token.i:
        return
    if token.dep_ == "conj" and head.pos_ in {"VERB", "AUX", "ADJ"}:
        own_subject = any(c.dep_ in _SUBJECTS for c in token.children)
        own_auxiliary = any(c.dep_ in {"aux", "auxpass"} and c.tag_ != "TO" for c in token.children)
        if not own_subject and not own_auxiliary and token.tag_ in {"VB", "VBN", "VBG", head.tag_}:
            yield from _modality(head, words, depth + 1)
    if token.dep_ in {"xcomp", "ccomp", "advcl", "acl", "pcomp"}:
        verb = head.head if token.dep_ == "pcomp" else head
        infinitive = any(c.dep_ == "aux" and c.tag_ == "TO" for c in token.children)
        if token.dep_ in {"xcomp", "pcomp"} or infinitive:
            asked = token.dep_ == "acl" and head.dep_ in {"dobj", "nsubjpass"} and head.head.lemma_.lower() in words.fail
            if asked:  # "rejected a request to postpone"
                yield "possible" if _negated(head.head, words) else "failed"
            elif verb.lemma_.lower() in words.fail or particle_lemma(verb) in words.fail:
                yield "possible" if _negated(verb, words) else "failed"
            elif infinitive and verb.lemma_ == "be":
                yield "planned"
            elif infinitive and verb.lemma_ == "have":
                if verb.tag_ != "VBD":  # who had to leave, left
                    yield "duty"
            elif infinitive and (verb.lemma_.lower() in words.plan or verb.lower_ in words.plan_adjectives):
                yield "planned"
            elif token.dep_ == "acl" and verb.lemma_.lower() in words.possible_nouns:
                yield "planned"
            elif infinitive and (token.dep_ == "acl" or (token.dep_ == "xcomp" and not _implies(verb, words))):
                yield "planned"
        bare = token.dep_ == "ccomp" and token.tag_ == "VB" and not any(c.dep_ in {"aux", "mark"} for c in token.children)
        if token.dep_ in {"xcomp", "pcomp"} or bare:
            yield from _modality(verb, words, depth + 1)
    if token.dep_ == "ccomp" and head.lemma_.lower() in words.reporting - words.deny and _negated(head, words):
        yield "unconfirmed"  # "the police did not confirm that ..."
    if token.dep_ == "ccomp" and head.lemma_.lower() in words.doubtful:
        yield "possible" if head.lemma_.lower() == "doubt" else "reported"
    if token.dep_ in {"acl", "ccomp", "relcl"} and head.lemma_.lower() in words.report_nouns and token.dep_ != "relcl":
        yield "reported"
    if token.dep_ == "pcomp" and head.dep_ == "prep" and _accuses(head.head, head.lower_, words):
        yield "alleged"
    answers = token.lemma_.lower() in words.deny | words.reject  # "a charge denied by ..." is no charge
    if token.dep_ in {"acl", "ccomp"} and head.lemma_.lower() in words.charge_nouns and not answers:
        yield "alleged"
    if token.dep_ == "pcomp" and head.head.lemma_.lower() in words.charge_nouns | words.possible_nouns:
        yield "alleged" if head.head.lemma_.lower() in words.charge_nouns else "possible"


# -- who says so ----------------------------------------------------------------------------------


def _attributions(token: Token, words: Lexicon) -> Iterator[Attribution]:
    """Frames around a predicate, innermost first."""
    yield from _according_to(token)
    child = token
    while child.head.i != child.i:
        parent = child.head
        if child.dep_ in _COMPLEMENTS and parent.pos_ in {"VERB", "AUX"}:
            inside = child.dep_ not in {"advcl", "relcl", "conj"}
            if inside and (frame := _frame(parent, words)):
                yield frame
            if parent.i != token.i:
                yield from _according_to(parent)
        if child.dep_ == "relcl" and parent.dep_ in _SUBJECTS:
            return  # what is said of the speaker is not what the speaker says
        child = parent
    # `X, officials said, ...`: the frame hangs below what is said
    for below in _framing_parentheses(token, words):
        yield below


def _framing_parentheses(token: Token, words: Lexicon) -> Iterator[Attribution]:
    spot = token
    for _ in range(6):
        for child in spot.children:
            if child.dep_ == "parataxis" and (frame := _frame(child, words)):
                yield frame
        if spot.head.i == spot.i or spot.dep_ not in {"conj", "xcomp", "ccomp"}:
            return
        spot = spot.head


def can_speak(noun: Token) -> bool:
    """People, bodies and media speak; visits, banners and alliances do not."""
    words = lexicon()
    if any(c.dep_ == "appos" and c.ent_type_ == "PERSON" for c in noun.children):
        return True
    if noun.pos_ == "PROPN" or noun.ent_type_ in {"PERSON", "ORG", "GPE", "NORP"}:
        return True
    lemma = noun.lemma_.lower()
    if noun.pos_ == "PRON":
        return lemma not in {"it", "this", "that", "which", "these", "those", "there", "what"}
    if lemma in words.speaker_nouns or lemma in words.media_nouns:
        return True
    return lemma.endswith(words.speaker_endings) and lemma not in words.not_speakers


def _frame(verb: Token, words: Lexicon) -> Attribution | None:
    lemma = verb.lemma_.lower()
    manner: Literal["say", "accuse", "deny"] | None = None
    if lemma in words.accuse:
        manner = "accuse"
    elif lemma in words.deny:
        manner = "deny"
    elif lemma in words.say:
        manner = "say"
    if manner is None:
        return None
    if lemma in words.that_only and not any(c.dep_ == "ccomp" or c.text == '"' for c in verb.children):
        return None
    passive = any(c.dep_ in {"auxpass", "nsubjpass"} for c in verb.children)
    if passive:
        by = [g for c in verb.children if c.dep_ == "agent" for g in c.children if g.dep_ == "pobj"]
        speaker = by[0] if by else None
    else:
        speaker = _subject(verb)
    if speaker is not None and not can_speak(speaker):
        return None
    return Attribution(manner, lemma, verb.i, _phrase_span(speaker), passive)


def frame_of(verb: Token) -> Attribution | None:
    """The frame a reporting verb opens, if it is one."""
    return _frame(verb, lexicon())


def _according_to(token: Token) -> Iterator[Attribution]:
    for child in token.children:
        if child.lower_ == "according":
            for to in child.children:
                for noun in to.children:
                    if noun.dep_ == "pobj":
                        yield Attribution("according", "say", child.i, _phrase_span(noun))


def _phrase_span(noun: Token | None) -> tuple[int, int] | None:
    """Characters of a noun phrase, titles and all, without the clauses hanging on it."""
    if noun is None:
        return None
    if noun.pos_ != "PROPN":  # "the mayor, Anna Keller," is named in apposition
        noun = next((c for c in noun.children if c.dep_ == "appos" and c.pos_ == "PROPN"), noun)
    tokens = [t for t in phrase_tokens(noun) if t.dep_ != "appos" and not _below(t, noun, "appos")]
    contiguous = [noun]
    for token in sorted((t for t in tokens if t.i < noun.i), key=lambda t: -t.i):
        if token.i != contiguous[0].i - 1:
            break
        contiguous.insert(0, token)
    for token in (t for t in tokens if t.i > noun.i):
        if token.i != contiguous[-1].i + 1 and noun.doc[token.i - 1].lower_ not in {"and", "of", "'s", "for"}:
            break
        contiguous.append(token)
    return contiguous[0].idx, contiguous[-1].idx + len(contiguous[-1])


def _below(token: Token, top: Token, dep: str) -> bool:
    while token.i != top.i and token.head.i != token.i:
        if token.dep_ == dep:
            return True
        token = token.head
    return False
