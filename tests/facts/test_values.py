"""Values of a fact stand in the article, where their offsets say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.facts.analysis import analyse
from service.facts.models import Value
from service.facts.values import values
from service.text.parsing import Parser
from tests.newsroom import parsed

TEXT = (
    "A fire destroyed 24 houses in Port Alden on June 3, 2024, the mayor Anna Keller said. "
    'Keller told reporters: "Nobody slept that night." '
    "About $1.5 million was spent on tents in the first two days."
)


def found(parser: Parser, text: str, statement: str, *ids: str) -> list[Value]:
    article = parsed(parser, text)
    evidence = [article.by_id[i] for i in ids or ("s1",)]
    told = values(
        analyse(parser.parse_one(statement), article.source.article.published_at), evidence, article.book
    )
    for value in told:
        assert value.text == text[value.start : value.end]
        assert any(
            e.sentence.sentence.start <= value.start < value.end <= e.sentence.sentence.end for e in evidence
        )
    return list(told)


def normal(told: list[Value], kind: str) -> list[object]:
    return [value.value for value in told if value.type == kind]


def test_a_number_as_the_article_spells_it(parser: Parser) -> None:
    told = found(parser, TEXT, "Twenty-four houses were destroyed.")
    assert [(v.text, v.value, v.unit) for v in told if v.type == "number"] == [("24", 24, None)]


def test_a_number_that_the_statement_leaves_out_is_no_value(parser: Parser) -> None:
    assert normal(found(parser, TEXT, "A fire destroyed houses in Port Alden."), "number") == []


def test_money_has_its_unit(parser: Parser) -> None:
    told = found(parser, TEXT, "About $1.5 million was spent on tents.", "s3")
    assert [(v.value, v.unit) for v in told if v.type == "number"] == [(1_500_000, "USD")]


def test_a_date_is_iso_and_as_fine_as_the_article_says(parser: Parser) -> None:
    assert normal(found(parser, TEXT, "Houses burned on June 3, 2024."), "date") == ["2024-06-03"]


def test_a_short_name_has_its_full_form(parser: Parser) -> None:
    told = found(parser, TEXT, 'Keller said: "Nobody slept that night."', "s2")
    assert [(v.text, v.value) for v in told if v.type == "name"] == [("Keller", "Anna Keller")]


def test_a_name_that_the_statement_does_not_say_is_no_value(parser: Parser) -> None:
    assert normal(found(parser, TEXT, "A fire destroyed 24 houses."), "name") == []


def test_a_quotation_is_exact(parser: Parser) -> None:
    told = found(parser, TEXT, 'Keller said: "Nobody slept that night."', "s2")
    assert normal(told, "quote") == ["Nobody slept that night"]


def test_typographic_marks_are_kept_in_text(parser: Parser) -> None:
    told = found(parser, "Mira Dahl said: “We heard a loud bang.”", 'Dahl said: "We heard a loud bang."')
    assert [v.text for v in told if v.type == "quote"] == ["We heard a loud bang"]


def test_offsets_count_characters_behind_invisible_and_wide_ones(parser: Parser) -> None:
    text = "\ufeffCafé 🚒 owners\u200b in Port Alden lost 24 ovens on Monday."
    told = found(parser, text, "Owners lost 24 ovens in Port Alden.")
    assert {"24", "Port Alden"} <= {value.text for value in told}


def test_they_come_in_reading_order_and_each_once(parser: Parser) -> None:
    told = found(parser, TEXT, "Keller said 24 houses burned in Port Alden on June 3, 2024.", "s1", "s1")
    places = [(v.start, v.end, v.type) for v in told]
    assert places == sorted(set(places))
    assert len(told) >= 4


def test_values_of_several_sentences(parser: Parser) -> None:
    told = found(parser, TEXT, "A fire destroyed 24 houses and $1.5 million was spent.", "s1", "s3")
    assert normal(told, "number") == [24, 1_500_000]


def test_a_sentence_in_capitals(parser: Parser) -> None:
    told = found(parser, "FIRE DESTROYED 24 HOUSES IN PORT ALDEN ON MONDAY.", "Fire destroyed 24 houses.")
    assert [(v.text, v.value) for v in told if v.type == "number"] == [("24", 24)]


@pytest.mark.parametrize("statement", ["", "Officials spoke.", "The president left."])
def test_a_statement_without_values(parser: Parser, statement: str) -> None:
    assert found(parser, "The president of Norland met 3 guests in Keldo.", statement) == []


WORDS = st.sampled_from(
    [
        "24",
        "twelve",
        "$3 million",
        "Port Alden",
        "Anna Keller",
        "June 3, 2024",
        "Monday",
        "40%",
        "burned",
        "said",
        '"We ran away"',
    ]
)


@settings(max_examples=25, deadline=None)
@given(said=st.lists(WORDS, min_size=1, max_size=6), told=st.lists(WORDS, min_size=1, max_size=6))
def test_whatever_is_said_every_value_stands_in_the_evidence(
    parser: Parser, said: list[str], told: list[str]
) -> None:
    text = f"The report spoke of {' and '.join(said)} in the end."
    found(parser, text, f"The report said {' and '.join(told)}.")
