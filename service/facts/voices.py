"""Whether it is told as surely as the evidence says it, and on the same word.

Comes in: an event told and one given. Goes out: what changed, in words, or nothing. Promises: a hedge,
an accusation or a denial is never dropped; nobody is made to say what another said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.facts.analysis import Analysis
from service.facts.attribution import Attribution
from service.facts.events import Event
from service.facts.lexicon import lexicon
from service.facts.partners import Partner
from service.facts.phrases import Reference, spoken_by

if TYPE_CHECKING:
    from spacy.tokens import Token

OPEN = frozenset({"future", "possible", "planned", "conditional", "duty"})


def frames(event: Event, manner: str) -> list[Attribution]:
    return [a for a in event.attributions if a.manner == manner]


# Who speaks for one side: what they say of somebody is a claim, not a finding.
_SIDES = frozenset(
    "prosecutor prosecution plaintiff lawyer attorney critic opponent rival activist campaigner accuser "
    "rebel defendant opposition challenger".split()
)


def _takes_sides(speaker: Token) -> bool:
    return speaker.lemma_.lower() in _SIDES


def _told_as_done(event: Event) -> bool:
    """Past or perfect, whatever stands around it: "has already called", "came"."""
    have = any(c.dep_ == "aux" and c.lemma_ == "have" for c in event.token.children)
    modal = any(c.dep_ == "aux" and c.tag_ == "MD" for c in event.token.children)
    return have and not modal and event.token.tag_ == "VBN"


def _is_due(given: Event) -> bool:
    words = {"expect", "due", "schedule", "plan", "set"}
    return given.token.lemma_ in words or any(
        c.dep_ == "acomp" and c.lemma_ in words for c in given.token.children
    )


def modality_kept(told: Event, given: Event) -> bool:
    """Whether a plan, a hedge or a condition of the evidence is still one in the statement."""
    hedged = bool(told.modality & {"alleged", "reported", "possible"}) or bool(told.attributions)
    if "alleged" in given.modality and not (told.modality & {"alleged", "reported"} or told.attributions):
        return False
    if "reported" in given.modality and not hedged:
        return False
    if _told_as_done(told) and given.modality & OPEN and not _told_as_done(given):
        return False
    if told.modality == given.modality or _same_in_other_tense(told, given):
        return True
    given_open, told_open = bool(given.modality & OPEN), bool(told.modality & OPEN)
    if given_open and not told_open:
        if "reported" in told.modality and given.modality <= {"possible", "reported"}:
            return True  # "she believes the number is higher" on "was probably higher"
        return told.progressive and not given.modality & {"possible", "conditional"}
    if told_open and not given_open:
        return given.nominal and told.light and told.modality == {"future"}  # "will take five months"
    if "possible" in given.modality and "reported" in told.modality:
        return True
    if "possible" in given.modality:
        return bool(told.modality & {"possible", "conditional", "planned"}) and "future" not in told.modality
    return "conditional" not in given.modality or bool(told.modality & {"conditional", "possible"})


def _same_in_other_tense(told: Event, given: Event) -> bool:
    """Wordings that mean the same although one has a "would" or a "will" and the other has none."""
    if (
        told.negated
        and given.negated
        and (
            (told.modality == {"future"} and not given.modality)  # "would not leave" on "refused to leave"
            or (told.refused and given.modality <= {"future"})  # "refuses to support" on "would not back"
        )
    ):
        return True
    if told.light and "planned" in told.modality and _is_due(given):
        return True
    present = told.token.tag_ in {"VBZ", "VBP"} and given.modality == {"future"}
    # "the museum stays shut until Friday"; "the closures save millions, the mayor says"
    said = bool(told.attributions and given.attributions)
    return present and (said or told.token.lemma_ in {"stay", "remain"})


def modality_detail(told: Event, given: Event) -> str:
    said = ", ".join(sorted(given.modality)) or "as a fact"
    how = ", ".join(sorted(told.modality)) or "as a fact"
    return f"{told.token.text!r} is told {how}, the evidence says it {said}"


def frame_dropped(told: Event, given: Event) -> str | None:
    """An accusation stays an accusation, a denial a denial."""
    word = told.token.text
    if frames(given, "accuse") and not (
        frames(told, "accuse") or told.modality & {"alleged"} or told.attributions
    ):
        return f"{word!r} is somebody's accusation in the evidence"
    if (
        not told.attributions
        and "alleged" not in told.modality
        and any(
            _takes_sides(speaker) and speaker.lemma_ not in {t.lemma_ for t in told.agents}
            for a in given.attributions
            if a.speaker
            for speaker in spoken_by(given.token.doc, a.speaker)
        )
    ):
        return f"{word!r} is what one side says in the evidence"
    if frames(given, "deny") and not told.attributions:
        return f"{word!r} is somebody's denial in the evidence"
    return None


def speaker_changed(told: Event, statement: Analysis, partner: Partner, reference: Reference) -> str | None:
    aside = told.token.dep_ == "advcl" and not partner.event.attributions
    for attribution in told.attributions:
        if attribution.speaker is None or aside:
            continue  # "nobody was hurt when fans lit fires, police said": judged with what was said
        speaker = spoken_by(statement.doc, attribution.speaker)
        given = [a.speaker for a in partner.event.attributions if a.speaker is not None]
        heads = [head for span in given for head in spoken_by(partner.analysis.doc, span)]
        if not heads and _it_adds(partner.analysis):  # "..., it added": the speaker of the other sentence
            others = [a for a in reference.evidence if a is not partner.analysis]
            spans = [(a, f.speaker) for a in others for e in a.events for f in e.attributions if f.speaker]
            heads = [head for a, span in spans for head in spoken_by(a.doc, span)]
        if speaker and not (
            _generic(speaker[0].lemma_.lower(), bool(heads), partner.analysis)
            or any(reference.same(speaker[0], h) for h in heads)
        ):
            return f"it is not {speaker[0].text!r} who says so in the evidence"
    return None


def _it_adds(given: Analysis) -> bool:
    return any(
        e.token.lemma_ in lexicon().say and any(t.lower_ in {"it", "they"} for t in e.agents)
        for e in given.events
    )


def _generic(lemma: str, somebody_speaks: bool, given: Analysis) -> bool:
    """As in "Officials say" wherever somebody says it; "reports say" where it is reported."""
    if lemma == "report" and "report" in given.stems:
        return True
    return somebody_speaks and lemma in {"official", "authority", "report", "source"}
