"""How much, when and of whom: a statement says no more than the sentences it rests on."""

from __future__ import annotations

import pytest

from service.facts.analysis import analyse
from service.facts.claims import Claim
from service.facts.grounding import refuse
from service.facts.names import NameBook
from service.facts.references import References
from service.text.parsing import Parser


def reason(parser: Parser, statement: str, *evidence: str) -> str | None:
    given = tuple(analyse(parser.parse_one(text)) for text in evidence)
    book = NameBook(name for analysis in given for name in analysis.names)
    claim = Claim(analyse(parser.parse_one(statement)), given, book, frozenset(), References(given, book))
    refusal = refuse(claim)
    return refusal.reason if refusal else None


LAYOFFS = "About 900 of the 1,250 workers in Horsk will lose their jobs, Altera said."
STRIKE = "Security staff at Kestrel Airport began a two-day strike on Friday."


@pytest.mark.parametrize(
    ("statement", "evidence"),
    [
        ("All residents of Orle left their homes.", "Residents of Orle left their homes."),
        ("Several residents of Orle left their homes.", "Residents of Orle left their homes."),
        ("Most residents of Orle left their homes.", "Some residents of Orle left their homes."),
        ("About 1,250 workers in Horsk will lose their jobs.", LAYOFFS),
    ],
)
def test_a_part_is_not_told_as_a_whole(parser: Parser, statement: str, evidence: str) -> None:
    assert reason(parser, statement, evidence) == "number_not_in_evidence"


@pytest.mark.parametrize(
    ("statement", "evidence"),
    [
        ("All residents of Orle left their homes.", "Every resident of Orle left home."),
        ("Ines Berg faces at most 18 months in prison.", "Ines Berg faces no more than 18 months in prison."),
        ("About 900 workers will lose their jobs.", LAYOFFS),
        ("The Alliance has 74 of 150 seats.", "The Alliance has 74 of the 150 seats."),
        ("Brightmill made a loss of $140 million.", "Brightmill lost $140 million."),
    ],
)
def test_a_quantity_said_in_other_words_stands(parser: Parser, statement: str, evidence: str) -> None:
    assert reason(parser, statement, evidence) is None


@pytest.mark.parametrize(
    ("statement", "evidence"),
    [
        ("The last train left Lind on Monday.", "The first train left Lind on Monday."),
        ("The women left the hall in Lind.", "The men left the hall in Lind."),
    ],
)
def test_a_small_word_is_not_turned_into_its_opposite(parser: Parser, statement: str, evidence: str) -> None:
    assert reason(parser, statement, evidence) == "word_not_in_evidence"


def test_whoever_is_named_after_a_pronoun_is_somebody_else(parser: Parser) -> None:
    evidence = "On Wednesday she sat down with her host, Petrus Halvard, Orvald's foreign minister."
    assert reason(parser, "Orvald's foreign minister sat down with his host.", evidence) == "subject_changed"


@pytest.mark.parametrize(
    ("statement", "evidence"),
    [
        ("The bridge opens on 4 May.", "The bridge opens after 4 May."),
        ("Two men protested outside the court.", "Two men protested inside the court."),
        ("Two men were arrested in Pelle.", "Two men were arrested near Pelle."),
    ],
)
def test_a_preposition_is_not_turned(parser: Parser, statement: str, evidence: str) -> None:
    assert reason(parser, statement, evidence) is not None


def test_a_definite_noun_of_another_sentence_takes_no_part(parser: Parser) -> None:
    closing = "Altera will close its factory in Horsk in December."
    loss = "The company blamed weak demand in Asia for the loss."
    assert reason(parser, "The company blamed weak demand for the closure.", closing, loss) is not None


def test_a_thing_may_fill_what_the_sentence_leaves_open(parser: Parser) -> None:
    affected = "Some 45,000 passengers were affected."
    assert reason(parser, "The strike affected some 45,000 passengers.", STRIKE, affected) is None
    named = "Some 45,000 passengers were affected by the fog."
    assert reason(parser, "The strike affected some 45,000 passengers.", STRIKE, named) is not None


def test_the_day_of_the_report_is_not_the_day_of_the_event(parser: Parser) -> None:
    evidence = "Cholera has claimed 129 lives since the middle of April, the agency said on Monday."
    assert reason(parser, "Cholera has claimed 129 lives since mid-April.", evidence) is None
    assert reason(parser, "Cholera claimed 129 lives on Monday.", evidence) is not None


def test_what_went_on_despite_a_plan_is_a_fact(parser: Parser) -> None:
    evidence = (
        "The council voted to close five schools, despite protests by hundreds of parents in Fairhaven."
    )
    assert reason(parser, "Hundreds of parents protested in Fairhaven.", evidence) is None
    assert reason(parser, "The council closed five schools.", evidence) is not None
