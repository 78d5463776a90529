"""The cue words, as sets.

Comes in: cues.toml beside this file. Goes out: one frozen `Lexicon`. Promises: read once, nothing
else in attest lists reporting, accusing, denying or planning words.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Sets of lemmas; `connectives` are sentence openers as written."""

    say: frozenset[str]
    that_only: frozenset[str]
    accuse: frozenset[str]
    deny: frozenset[str]
    reject: frozenset[str]
    doubtful: frozenset[str]
    accusing: frozenset[str]
    light: frozenset[str]
    implying: frozenset[str]
    plan: frozenset[str]
    fail: frozenset[str]
    charge_nouns: frozenset[str]
    report_nouns: frozenset[str]
    possible_nouns: frozenset[str]
    media_nouns: frozenset[str]
    speaker_nouns: frozenset[str]
    not_speakers: frozenset[str]
    speaker_endings: tuple[str, ...]
    plan_adjectives: frozenset[str]
    alleged_adverbs: frozenset[str]
    reported_adverbs: frozenset[str]
    possible_adverbs: frozenset[str]
    negations: frozenset[str]
    connectives: tuple[str, ...]
    future_modals: frozenset[str]
    possible_modals: frozenset[str]
    duty_modals: frozenset[str]
    conditional_markers: frozenset[str]
    generic: frozenset[str]

    @property
    def reporting(self) -> frozenset[str]:
        """Verbs whose complement is somebody's claim."""
        return self.say | self.accuse | self.deny


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    with (Path(__file__).parent / "cues.toml").open("rb") as file:
        raw = tomllib.load(file)
    verbs, nouns, adverbs, modals = raw["verbs"], raw["nouns"], raw["adverbs"], raw["modals"]
    return Lexicon(
        **{name: frozenset(words) for name, words in verbs.items()},
        charge_nouns=frozenset(nouns["charge"]),
        report_nouns=frozenset(nouns["report"]),
        possible_nouns=frozenset(nouns["possible"]),
        media_nouns=frozenset(nouns["media"]),
        speaker_nouns=frozenset(nouns["speaker"]),
        not_speakers=frozenset(nouns["not_speaker"]),
        speaker_endings=tuple(nouns["speaker_endings"]),
        plan_adjectives=frozenset(raw["adjectives"]["plan"]),
        alleged_adverbs=frozenset(adverbs["alleged"]),
        reported_adverbs=frozenset(adverbs["reported"]),
        possible_adverbs=frozenset(adverbs["possible"]),
        negations=frozenset(adverbs["negation"]),
        connectives=tuple(adverbs["connectives"]),
        future_modals=frozenset(modals["future"]),
        possible_modals=frozenset(modals["possible"]),
        duty_modals=frozenset(modals["duty"]),
        conditional_markers=frozenset(raw["markers"]["conditional"]),
        generic=frozenset(raw["generic"]["words"]),
    )
