"""Whether a produced fact has the kind, the speaker and the polarity that the labels say.

Comes in: a gold fact and what was produced. Goes out: the fields that differ. Promises: a speaker in a
shorter form is the same speaker; where the labels allow the claim to be the reporter's own, nobody need be
named.
"""

from __future__ import annotations

from evals.models import GoldFact
from service.facts.models import Kind, Polarity
from service.facts.names import name_words, without_titles
from service.stories.places import same_name

OWN_WORD: frozenset[Kind] = frozenset({"event", "background", "plan"})


def differing(
    gold: GoldFact, kind: Kind, speaker: str | None, polarity: Polarity | None = None
) -> tuple[str, ...]:
    """Of "kind", "speaker" and "polarity" those that are wrong."""
    wrong = []
    if kind not in {gold.kind, *gold.kind_alt}:
        wrong.append("kind")
    if not speaker_fits(gold, kind, speaker):
        wrong.append("speaker")
    if polarity is not None and polarity != gold.polarity:
        wrong.append("polarity")
    return tuple(wrong)


def speaker_fits(gold: GoldFact, kind: Kind, speaker: str | None) -> bool:
    if speaker is None or gold.speaker is None:
        allowed = gold.kind not in OWN_WORD and kind in OWN_WORD and kind in gold.kind_alt
        return speaker is gold.speaker or (speaker is None and allowed)
    return same_speaker(gold.speaker, speaker)


def same_speaker(left: str, right: str) -> bool:
    """One voice: "police" and "the police", "Vereth" and "General Tomas Vereth", "VTG" and "transport union
    VTG".
    """
    a, b = (tuple(w for w in name_words(s) if w not in {"one", "his", "her", "their"}) for s in (left, right))
    if not a or not b:
        return a == b
    bare_a, bare_b = without_titles(a), without_titles(b)
    return same_name(a, b) or set(bare_a) <= set(b) or set(bare_b) <= set(a)
