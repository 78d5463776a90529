"""Whether it is told as surely as the evidence says it, and on the same word.

Comes in: an event told and one given. Goes out: what changed, in words, or nothing. Promises: a hedge,
an accusation or a denial is never dropped; nobody is made to say what another said.
"""

from __future__ import annotations

from service.facts.analysis import Analysis
from service.facts.clauses import Attribution
from service.facts.events import Event
from service.facts.lexicon import lexicon
from service.facts.partners import Partner
from service.facts.phrases import Reference, spoken_by

OPEN = frozenset({"future", "possible", "planned", "conditional", "duty"})


def frames(event: Event, manner: str) -> list[Attribution]:
    return [a for a in event.attributions if a.manner == manner]


def modality_kept(told: Event, given: Event) -> bool:
    hedged = bool(told.modality & {"alleged", "reported", "possible"}) or bool(told.attributions)
    if "alleged" in given.modality and not (told.modality & {"alleged", "reported"} or told.attributions):
        return False
    if "reported" in given.modality and not hedged:
        return False
    given_open, told_open = bool(given.modality & OPEN), bool(told.modality & OPEN)
    if (
        given.modality == {"future"}
        and told.token.lemma_ in {"stay", "remain"}
        and told.token.tag_ in {"VBZ", "VBP"}
    ):
        return True  # "the museum stays shut until Friday"
    if (
        given.modality == {"future"}
        and told.token.tag_ in {"VBZ", "VBP"}
        and told.attributions
        and given.attributions
    ):
        return True  # "the closures save millions, the mayor says"
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
    if frames(given, "deny") and not told.attributions:
        return f"{word!r} is somebody's denial in the evidence"
    return None


def speaker_changed(told: Event, statement: Analysis, partner: Partner, reference: Reference) -> str | None:
    for attribution in told.attributions:
        if attribution.speaker is None:
            continue
        speaker = spoken_by(statement, attribution.speaker)
        given = [a.speaker for a in partner.event.attributions if a.speaker is not None]
        heads = [head for span in given for head in spoken_by(partner.analysis, span)]
        if not heads and _it_adds(partner.analysis):  # "..., it added": the speaker of the other sentence
            others = [a for a in reference.evidence if a is not partner.analysis]
            spans = [(a, f.speaker) for a in others for e in a.events for f in e.attributions if f.speaker]
            heads = [head for a, span in spans for head in spoken_by(a, span)]
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
