"""The words of a sentence: enough to say what it says, and no figure or name beside."""

from __future__ import annotations

import re

import pytest

from service.facts.analysis import analyse
from service.facts.wording import Wording, wording
from service.text.parsing import Parser

TRAIN = "A freight train left the rails near Orvela on Monday, killing more than 3 people and injuring 14."


def of(parser: Parser, *sentences: str) -> Wording:
    return wording([analyse(parser.parse_one(text)) for text in sentences])


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        (TRAIN, ["Orvela", "Monday", "more than 3", "14"]),
        ("The bank lost $40 million in May 2019.", ["$40 million", "May 2019"]),
        ("At least two dozen people of Wick protested.", ["At least two dozen", "Wick"]),
        ("Ana Ruiz spoke at 3 p.m. on Tuesday.", ["Ana Ruiz", "Tuesday"]),
        ('The mayor called it "a dark day," and left.', ['"a dark day"']),
        ("Dana Cole's plant is 5.2% smaller.", ["Dana Cole", "Cole", "5.2%"]),
        ("It rained.", []),
    ],
)
def test_values_are_whole(parser: Parser, sentence: str, values: list[str]) -> None:
    found = of(parser, sentence).values
    assert [value for value in values if value not in found] == []


@pytest.mark.parametrize(
    "sentence", [TRAIN, "About 1,200 of the 3,400 voters in Wick chose Ana Ruiz on 14 May 2024."]
)
def test_no_word_counts_names_or_dates(parser: Parser, sentence: str) -> None:
    found = of(parser, sentence)
    for word in found.words:
        assert not re.search(r"\d", word)
        assert word not in {"more", "than", "two", "Orvela", "Monday", "Wick", "Ana", "May", "million"}


@pytest.mark.parametrize(
    "absent", ["not", "may", "will", "said", "never", "if", "reportedly", "one", "denied"]
)
def test_what_changes_a_claim_comes_from_the_sentence_alone(parser: Parser, absent: str) -> None:
    assert absent not in of(parser, TRAIN).words
    assert absent in of(parser, f"He {absent} left the train.").words or absent == "one"


@pytest.mark.parametrize(
    ("sentence", "forms"),
    [
        (TRAIN, ["killing", "killed", "injured", "left", "rails"]),
        ("He will visit Wick, bringing engineers.", ["visit", "visits", "visited", "brought", "will"]),
        ("They are carrying flags and stopping cars.", ["carried", "carries", "stopped", "stops"]),
        ("He keeps fixing it while she plays music.", ["fixes", "fixed", "played", "kept"]),
        ("A two-day cease-fire began.", ["cease-fire"]),
        ("Snow closed roads.", ["Snow", "snow"]),
    ],
)
def test_verbs_come_in_the_forms_a_sentence_needs(parser: Parser, sentence: str, forms: list[str]) -> None:
    assert set(forms) <= set(of(parser, sentence).words)


def test_small_words_are_there(parser: Parser) -> None:
    assert {"a", "the", "and", "of", "is", "was", "were", "has"} <= set(of(parser, "It rained.").words)


def test_several_sentences_put_their_words_together(parser: Parser) -> None:
    both = of(parser, TRAIN, "Ivo Marek will visit the site on Wednesday.")
    assert {"Orvela", "Ivo Marek", "Wednesday"} <= set(both.values)
    assert {"rails", "site", "will"} <= set(both.words)


@pytest.mark.parametrize("sentence", ["", '"', '""', "...", "李明。", "\u202e", "a" * 500, "''s"])
def test_odd_texts(parser: Parser, sentence: str) -> None:
    found = of(parser, sentence)
    assert all(word.strip() for word in (*found.values, *found.words))
    assert len(set(found.words)) == len(found.words)
    assert set(found.words).isdisjoint(found.values)
