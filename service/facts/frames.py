"""Frames of speech and intention: "said", "plans to", "admitted".

Comes in: an event told and the analyses of its evidence. Goes out: whether the event only frames what
stands below it, and what is wrong with the frame. Promises: a plain frame is judged with what it frames;
to admit, confirm or promise a thing is more than to say it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from service.facts.analysis import Analysis
from service.facts.claims import Refusal
from service.facts.events import Event
from service.facts.lexicon import lexicon
from service.facts.modality import RAISING
from service.facts.partners import partners
from service.facts.phrases import Reference, spoken_by
from service.facts.stems import stem
from service.facts.voices import OPEN

if TYPE_CHECKING:
    from spacy.tokens import Token

_ACTS = frozenset(
    "admit confirm acknowledge concede confess promise pledge vow threaten order demand predict apologise "
    "apologize guarantee".split()
)


def is_frame(event: Event, statement: Analysis) -> bool:
    """Plain reporting verbs and "plans to": judged with what stands below them."""
    if event.negated:
        return event.token.lemma_.lower() in RAISING and any(c.dep_ == "xcomp" for c in event.token.children)
    if any(
        a.head == event.token.i and a.manner in {"say", "according", "deny"}
        for e in statement.events
        for a in e.attributions
    ):
        return True
    below = [e for e in statement.events if e.token.head.i == event.token.i and e.token.dep_ == "xcomp"]
    lemma = event.token.lemma_.lower()
    return bool(below) and (lemma in lexicon().plan | lexicon().fail | {"be"}) and not event.negated


def frame_refusal(frame: Event, reference: Reference) -> Refusal | None:
    """What is wrong with a frame, if anything."""
    if not frame.negated and (turned := _turned(frame, reference.evidence)):
        return turned
    if not _act_of_speech_kept(frame, reference):
        return Refusal("kind_laundered", f"nobody {frame.token.text!r} that in the evidence")
    if frame.token.lemma_.lower() in lexicon().say and not _said_by(frame, reference):
        return Refusal("speaker_not_in_evidence", f"it is not {_named(frame)[0].text!r} who says so")
    return None


def _named(frame: Event) -> list[Token]:
    return [t for t in frame.agents if t.pos_ == "PROPN"]


def _said_by(frame: Event, reference: Reference) -> bool:
    """Whether a named speaker speaks in the evidence, or nobody there does."""
    named = _named(frame)
    if not named:
        return True
    speaking = lexicon().reporting
    speakers = [
        t
        for a in reference.evidence
        for e in a.events
        if e.token.lemma_.lower() in speaking
        for t in e.agents
    ]
    for analysis in reference.evidence:
        spans = [f.speaker for e in analysis.events for f in e.attributions if f.speaker]
        speakers += [head for span in spans for head in spoken_by(analysis.doc, span)]
    return not speakers or reference.fits(named[:1], speakers)


def _act_of_speech_kept(frame: Event, reference: Reference) -> bool:
    lemma = frame.token.lemma_.lower()
    denies = lemma in lexicon().deny | lexicon().reject
    if lemma not in _ACTS and not denies:
        return True
    found = partners(frame, reference.evidence)
    if denies and any(e.negated and e.attributions for a in reference.evidence for e in a.events):
        return True  # "has said that it did not pay" denies that it paid
    return any(
        p.event.nominal
        or not p.event.agents
        or not frame.agents
        or reference.fits(frame.agents, p.event.agents)
        for p in found
    )


def _turned(frame: Event, evidence: Sequence[Analysis]) -> Refusal | None:
    """As in "has agreed to" on "has not agreed to": the frame's own verb, where the evidence has it."""
    same = [e for a in evidence for e in a.events if stem(e.token.lemma_) == stem(frame.token.lemma_)]
    if same and all(e.negated != frame.negated for e in same):
        return Refusal(
            "polarity_changed",
            f"{frame.token.text!r} is {'' if same[0].negated else 'not '}negated in the evidence",
        )
    if same and not frame.modality & OPEN and all(e.modality & OPEN for e in same):
        return Refusal("kind_laundered", f"{frame.token.text!r} has not happened yet in the evidence")
    return None
