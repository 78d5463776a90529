"""What a sentence says happened: who, to whom, whether, and on whose word."""

from __future__ import annotations

import pytest

from service.facts.analysis import Analysis, analyse
from service.facts.events import Event
from service.text.parsing import Parser


def event(parser: Parser, text: str, word: str) -> Event:
    analysis: Analysis = analyse(parser.parse_one(text))
    return next(e for e in analysis.events if e.token.text == word)


@pytest.mark.parametrize(
    ("text", "word", "negated"),
    [
        ("The court did not stop the walkout.", "stop", True),
        ("The court stopped the walkout.", "stopped", False),
        ("No factory will close.", "close", True),
        ("Nobody was arrested.", "arrested", True),
        ("One antenna failed to unfold.", "unfold", True),
        ("The dam was undamaged.", "was", True),
        ("The judge rejected a request to postpone the hearing.", "postpone", True),
    ],
)
def test_whether_it_is_negated(parser: Parser, text: str, word: str, negated: bool) -> None:
    assert event(parser, text, word).negated is negated


@pytest.mark.parametrize(
    ("text", "word", "modality"),
    [
        ("The bridge will open in May.", "open", "future"),
        ("The truce might be extended.", "extended", "possible"),
        ("The minister is expected to testify.", "testify", "planned"),
        ("Regulators still have to approve the takeover.", "approve", "duty"),
        ("If he is convicted, Berg could face prison.", "face", "conditional"),
        ("Heavy rain is reportedly making it worse.", "making", "reported"),
        ("He was charged with taking bribes.", "taking", "alleged"),
        ("Police arrested a man on suspicion of murdering her.", "murdering", "alleged"),
        ("The police did not confirm that arson was the cause.", "was", "unconfirmed"),
    ],
)
def test_what_is_not_told_as_a_fact(parser: Parser, text: str, word: str, modality: str) -> None:
    assert modality in event(parser, text, word).modality


@pytest.mark.parametrize(
    ("text", "word"),
    [("The court stopped the walkout.", "stopped"), ("Residents had to leave their homes.", "leave")],
)
def test_what_is_told_as_a_fact(parser: Parser, text: str, word: str) -> None:
    assert not event(parser, text, word).modality


def test_voice_does_not_change_who_acts(parser: Parser) -> None:
    active = event(parser, "The rebels released 64 prisoners.", "released")
    passive = event(parser, "64 prisoners were released by the rebels.", "released")
    assert {t.lemma_ for t in active.agents} == {t.lemma_ for t in passive.agents} == {"rebel"}
    assert {t.lemma_ for t in active.patients} == {t.lemma_ for t in passive.patients} == {"prisoner"}


def test_a_light_verb_is_known_by_its_noun(parser: Parser) -> None:
    assert "decis" in event(parser, "A decision was taken.", "taken").noun_keys
    assert "launch" in event(parser, "The launch took place in May.", "took").noun_keys


def test_a_verb_with_its_particle_is_its_own_word(parser: Parser) -> None:
    assert "turn_down" in event(parser, "The council turned down the plan.", "turned").keys
