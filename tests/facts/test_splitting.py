"""Compound sentences taken apart along their grammar."""

from __future__ import annotations

import pytest

from service.facts.analysis import analyse
from service.facts.splitting import split
from service.text.parsing import Parser

CUT = {
    "The ferry left the harbour at noon and reached the island two hours later.": (
        "The ferry left the harbour at noon.",
        "The ferry reached the island two hours later.",
    ),
    "The mayor will open the bridge on Friday and meet the engineers.": (
        "The mayor will open the bridge on Friday.",
        "The mayor will meet the engineers.",
    ),
    "The council will probably not sell the market hall and close the library.": (
        "The council will probably not sell the market hall.",
        "The council will probably not close the library.",
    ),
    "The company closed two plants in March, but the union kept its offices open.": (
        "The company closed two plants in March.",
        "The union kept its offices open.",
    ),
    "Ines Roth, who led the bank for nine years, resigned on Tuesday.": (
        "Ines Roth resigned on Tuesday.",
        "Ines Roth led the bank for nine years.",
    ),
    "Norland seeks help with fuel and food, while Westmark faces a shortage of doctors.": (
        "Norland seeks help with fuel and food.",
        "Westmark faces a shortage of doctors.",
    ),
    "Police said the driver had stopped and the passengers had left the bus.": (
        "Police said the driver had stopped.",
        "Police said the passengers had left the bus.",
    ),
    "The new bank will employ 300 people and have branches in nine towns.": (
        "The new bank will employ 300 people.",
        "The new bank will have branches in nine towns.",
    ),
    "General Tomas Weir, the army's chief of staff, who is no relation of hers, denied the charge.": (
        "General Tomas Weir, the army's chief of staff, denied the charge.",
        "General Tomas Weir is no relation of hers.",
    ),
}
WHOLE = (
    "The ferry left the harbour at noon.",
    "The man who led the bank resigned on Tuesday.",
    "If the tests fail, the dam will be drained.",
    "The bridge was closed because the river rose.",
    "The minister said it was sorry and left.",
    "Not a tank has moved, replied general Tomas Weir.",
    "Shares fell after the collapse of a crane in Orle, which cost four lives.",
    "The fault is a switch behind the front panel, which gets hot.",
    "Anders shares rose 4 percent, while those of Brekke fell.",
    "Weir said Orr has no plan, while his war keeps bringing him losses.",
    "Storm.",
    "",
)


@pytest.mark.parametrize("sentence", CUT)
def test_a_clean_cut(sentence: str, parser: Parser) -> None:
    assert split(analyse(parser.parse_one(sentence))) == CUT[sentence]


@pytest.mark.parametrize("sentence", WHOLE)
def test_what_says_one_thing_or_hangs_together_stays_whole(sentence: str, parser: Parser) -> None:
    assert split(analyse(parser.parse_one(sentence))) == ()


def test_a_torn_quotation_is_not_cut(parser: Parser) -> None:
    assert split(analyse(parser.parse_one('She said "we left and they stayed at home.'))) == ()


@pytest.mark.parametrize("sentence", CUT)
def test_no_word_is_added(sentence: str, parser: Parser) -> None:
    words = set(sentence.lower().replace(",", "").rstrip(".").split())
    for statement in split(analyse(parser.parse_one(sentence))):
        assert set(statement.lower().replace(",", "").rstrip(".").split()) <= words
