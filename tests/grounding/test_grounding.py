"""The gate on one sentence at a time: each reason, once or twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.facts.analysis import analyse
from service.facts.grounding import Claim, Refusal, is_verbatim, refuse
from service.facts.names import NameBook
from service.text.parsing import Parser

PROBES = json.loads((Path(__file__).parent / "probes.json").read_text(encoding="utf-8"))


def gate(parser: Parser, statement: str, *evidence: str) -> Refusal | None:
    given_ = tuple(analyse(doc) for doc in parser.parse(evidence))
    book = NameBook(name for analysis in given_ for name in analysis.names)
    return refuse(Claim(analyse(parser.parse_one(statement)), given_, book))


@pytest.mark.parametrize("probe", PROBES["cases"], ids=lambda p: str(p["text"]))
def test_the_ten_probes(parser: Parser, probe: dict[str, object]) -> None:
    verdicts = [gate(parser, str(probe["text"]), sentence) for sentence in PROBES["sentences"]]
    assert (None in verdicts) is probe["true"], verdicts


@pytest.mark.parametrize(
    ("statement", "evidence", "reason"),
    [
        ("The fire killed 15 people.", "The fire killed 12 people.", "number_not_in_evidence"),
        (
            "The fire killed 34 people and injured 12.",
            "The fire killed 12 people and injured 34.",
            "number_not_in_evidence",
        ),
        ("The fire killed more than 12 people.", "The fire killed 12 people.", "number_not_in_evidence"),
        ("He left on Friday.", "He left on Monday.", "date_not_in_evidence"),
        ("The mayor of Dhaka spoke.", "The mayor of Delhi spoke.", "name_not_in_evidence"),
        ('She called it "a bad day".', 'She called it "a good day".', "quote_not_in_evidence"),
        ("Officials denied the plan.", "Officials confirmed the plan.", "word_not_in_evidence"),
        ("Kerr voted for the plan.", "Kerr voted against the plan.", "word_not_in_evidence"),
        ("The rebels attacked the army.", "The army attacked the rebels.", "subject_changed"),
        ("Shares in Halden rose.", "Shares in Brightmill rose, while Halden fell.", "subject_changed"),
        ("The court stopped the strike.", "The court did not stop the strike.", "polarity_changed"),
        ("The court did not stop the strike.", "The court stopped the strike.", "polarity_changed"),
        ("The second man was charged.", "The second man was released without charge.", "polarity_changed"),
        ("The bridge opened in May.", "The bridge will open in May.", "kind_laundered"),
        ("The bridge will open in May.", "The bridge may open in May.", "kind_laundered"),
        ("Berg took bribes.", "Prosecutors accused Berg of taking bribes.", "kind_laundered"),
        ("Ballots went missing.", "Halas claimed that ballots went missing.", "kind_laundered"),
        ("Rain is making it worse.", "Rain is reportedly making it worse.", "kind_laundered"),
        ("The plant was sold.", "The mayor denied that the plant was sold.", "polarity_changed"),
        (
            "Kerr said the deal was dead.",
            "Holm said the deal was dead, a blow to Kerr.",
            "speaker_not_in_evidence",
        ),
        ("The Alliance won, сказал Халас.", "The Alliance won, Halas said.", "script_not_in_article"),
    ],
)
def test_what_is_refused_and_why(parser: Parser, statement: str, evidence: str, reason: str) -> None:
    refusal = gate(parser, statement, evidence)
    assert refusal is not None and refusal.reason == reason, refusal


@pytest.mark.parametrize(
    ("statement", "evidence"),
    [
        ("Twelve people were killed by the fire.", "The fire killed 12 people."),
        ("The ban was lifted.", "The council lifted the ban on Monday."),
        ("Prosecutors accused Berg of having taken bribes.", "Prosecutors accused Berg of taking bribes."),
        ("The council rejected the plan.", "The plan was turned down by the council."),
        ("The dam is undamaged.", "The dam was not damaged."),
        ("The company denies paying anyone.", "The company said that it did not pay anyone."),
        ("The trial was postponed.", "The trial was put off until June."),
        ("The launch of the probe took place on Monday.", "The probe lifted off on Monday."),
        ("No arrests have been made.", "Nobody has been arrested."),
        ("More than 200 residents were rescued.", "Rescuers saved 212 residents."),
    ],
)
def test_what_passes(parser: Parser, statement: str, evidence: str) -> None:
    assert gate(parser, statement, evidence) is None


def test_two_sentences_do_not_make_a_third(parser: Parser) -> None:
    evidence = ("The schools have lost many of their pupils.", "The union said that 70 jobs could be lost.")
    assert gate(parser, "70 jobs were lost.", *evidence) is not None


def test_verbatim_means_word_for_word(parser: Parser) -> None:
    sentence = analyse(parser.parse_one("The fire killed 12 people on Monday."))
    assert is_verbatim(analyse(parser.parse_one("killed 12 people")), [sentence])
    assert not is_verbatim(analyse(parser.parse_one("killed people")), [sentence])


_WORDS = st.lists(
    st.sampled_from(
        (
            'the fire killed 12 people, did not say may if Anna Keller denied that on Monday $3 5% "well" '
            "because of . ; ( x"
        ).split()
    ),
    min_size=1,
    max_size=14,
).map(" ".join)


@given(st.one_of(st.text(max_size=60), _WORDS), _WORDS)
def test_the_gate_never_raises_and_is_pure(parser: Parser, statement: str, evidence: str) -> None:
    assert gate(parser, statement, evidence) == gate(parser, statement, evidence)


@given(_WORDS)
def test_a_sentence_carries_itself(parser: Parser, sentence: str) -> None:
    if any(c.isalnum() for c in sentence):
        assert gate(parser, sentence, sentence) is None
