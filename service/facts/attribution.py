"""Who says so: the frames that reporting verbs put around a claim.

Comes in: the token of a predicate. Goes out: its `Attribution`s, innermost first. Promises: only
people, bodies and media speak; what is said of a speaker is not what the speaker says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from service.facts.lexicon import Lexicon, lexicon
from service.facts.syntax import SUBJECTS, phrase_tokens, subject_of

if TYPE_CHECKING:
    from spacy.tokens import Token

_COMPLEMENTS = frozenset(
    {"ccomp", "xcomp", "dobj", "prep", "pobj", "pcomp", "oprd", "acl", "conj", "advcl", "relcl"}
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """A claim's frame: the reporting verb and the character span of whoever speaks (None: not said)."""

    manner: Literal["say", "accuse", "deny", "according"]
    lemma: str
    head: int
    speaker: tuple[int, int] | None
    passive: bool = False


_REASONS = frozenset({"because", "since", "as", "so", "although", "though", "if", "unless"})
_PLAIN = frozenset({"say", "tell", "add", "announce", "state", "warn"})


def attributions(token: Token, words: Lexicon) -> Iterator[Attribution]:
    """Frames around a predicate, innermost first; a semicolon ends what somebody says."""
    for frame in _frames(token, words):
        first, last = sorted((token.i, frame.head))
        if not any(t.text == ";" for t in token.doc[first:last]):
            yield frame


def _frames(token: Token, words: Lexicon) -> Iterator[Attribution]:
    yield from _according_to(token)
    child = token
    while child.head.i != child.i:
        parent = child.head
        if child.dep_ in _COMPLEMENTS and parent.pos_ in {"VERB", "AUX"}:
            inside = child.dep_ not in {"advcl", "relcl", "conj"} or _reason_given(child)
            if inside and (frame := _frame(parent, words)):
                yield frame
            if parent.i != token.i:
                yield from _according_to(parent)
        if child.dep_ == "conj" and _turns(child):
            return  # "he said ..., but a source claimed ...": the parser hangs it on what he said
        if child.dep_ == "relcl" and child.lemma_.lower() in words.deny | words.reject:
            return  # "accused him of hiding it, which he denied"
        if child.dep_ == "relcl" and parent.dep_ in SUBJECTS:
            return  # what is said of the speaker is not what the speaker says
        child = parent
    # `X, officials said, ...`: the frame hangs below what is said
    yield from _framing_parentheses(token, words)


def _reason_given(clause: Token) -> bool:
    """A reason behind what somebody says may be the speaker's own: "said none was needed, because ..."."""
    return (
        clause.dep_ == "advcl"
        and any(c.dep_ == "mark" and c.lower_ in _REASONS for c in clause.children)
        and any(c.dep_ == "ccomp" and c.i < clause.i for c in clause.head.children)
    )


def _turns(verb: Token) -> bool:
    """Whether a coordinated clause has a subject of its own behind "but"."""
    own = any(c.dep_ in {"nsubj", "nsubjpass"} for c in verb.children)
    if any(c.dep_ == "aux" and c.lower_ in {"would", "'d"} for c in verb.children):
        return False  # "..., she said, but it would not": still her word
    turn = next((c for c in verb.head.children if c.dep_ == "cc" and c.lower_ == "but"), None)
    if turn is None or turn.nbor(1).lower_ == "that":
        return False  # "said that it worked but that it was slow": one speech
    return own and not any(c.dep_ == "mark" for c in verb.children)


def _framing_parentheses(token: Token, words: Lexicon) -> Iterator[Attribution]:
    spot = token
    for _ in range(6):
        for child in spot.children:
            own = any(c.dep_ == "dobj" for c in child.children)  # "...; Ardovia denied it" speaks of its own
            if child.dep_ == "parataxis" and not own and (frame := _frame(child, words)):
                yield frame
            elif (speaker := speaker_behind(child, words)) is not None:
                yield Attribution("say", child.lemma_.lower(), child.i, _phrase_span(speaker))
        if spot.head.i == spot.i or spot.dep_ not in {"conj", "xcomp", "ccomp"}:
            return
        spot = spot.head


def speaker_behind(verb: Token, words: Lexicon) -> Token | None:
    """Who speaks in "Not one was hurt, replied mayor Orr": for the parser one more thing that happened."""
    own = [c for c in verb.children if c.dep_ in {"nsubj", "dobj"}]
    if verb.dep_ != "conj" or verb.lemma_.lower() not in words.say or len(own) != 1 or own[0].i < verb.i:
        return None
    behind = verb.i > 0 and verb.nbor(-1).text in {",", '"'} and verb.i > verb.head.i
    return own[0] if behind and can_speak(own[0]) else None


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
    elif lemma in words.deny or (lemma in words.reject and _objects_to_a_charge(verb, words)):
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
        speaker = subject_of(verb)
    if (
        speaker is not None
        and manner != "accuse"
        and not can_speak(speaker)
        and not _plainly_says(verb, lemma, speaker)
    ):
        return None
    return Attribution(manner, lemma, verb.i, _phrase_span(speaker), passive)


def _objects_to_a_charge(verb: Token, words: Lexicon) -> bool:
    """As in "rejected the claim that ..." denies it."""
    return any(
        c.dep_ in {"dobj", "nsubjpass"} and c.lemma_.lower() in words.charge_nouns for c in verb.children
    )


def _plainly_says(verb: Token, lemma: str, speaker: Token) -> bool:
    """Whatever says, adds or alleges *that* something is so, speaks: a port, a lawsuit, a letter."""
    words = lexicon()
    speaks = lemma in _PLAIN | words.accuse | words.deny | {"claim", "insist", "argue", "maintain"}
    return speaks and speaker.pos_ == "NOUN" and any(c.dep_ == "ccomp" for c in verb.children)


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
        between = noun.doc[token.i + 1 : contiguous[0].i]
        if any(t.dep_ != "case" for t in between):  # "the mayor's office" is one phrase
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
