"""Where sentences begin and end."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.cleaning import fold
from service.text.sentences import MAX_SENTENCE_CHARS, sentence_spans
from tests.text.test_cleaning import ANY_TEXT


def split(text: str) -> list[str]:
    reading = fold(text)
    return [reading.text[start:end] for start, end in sentence_spans(reading)]


PROSE = st.text(st.sampled_from(" .,!?\"'()[]\n-—…ABab1éSt.Mr.U.S.(AP)DHAKA"), max_size=80)


@given(st.one_of(ANY_TEXT, PROSE))
def test_sentences_are_in_order_apart_and_trimmed(text: str) -> None:
    reading = fold(text)
    previous = 0
    for start, end in sentence_spans(reading):
        assert previous <= start < end <= len(reading.text)
        assert reading.text[start:end] == reading.text[start:end].strip()
        assert "\n" not in reading.text[start:end]
        previous = end


@given(st.one_of(ANY_TEXT, PROSE))
def test_sentences_cover_what_is_not_space(text: str) -> None:
    reading = fold(text)
    covered = {at for start, end in sentence_spans(reading) for at in range(start, end)}
    assert all(c.isspace() for at, c in enumerate(reading.text) if at not in covered)


@given(st.one_of(ANY_TEXT, PROSE))
def test_no_character_of_the_original_is_cut_in_two(text: str) -> None:
    reading = fold(text)
    extents = [reading.span(start, end) for start, end in sentence_spans(reading)]
    assert all(left[1] <= right[0] for left, right in pairwise(extents))


@pytest.mark.parametrize(
    "sentences",
    [
        ["He left.", "She stayed."],
        ["Mr. Smith of St. Ives met Gov. Lee at 3 p.m. on Jan. 5.", "They spoke."],
        ["The U.S. said no.", "Russia did not."],
        ["No. 5 and no. 6 won.", "Nobody cheered."],
        ["It began at 9 a.m. EDT.", "They left at 10 p.m.", "The hall was empty."],
        ["J. R. Tolkien sold 1.5 million copies.", "Nobody knew."],
        ['"We will go," he said.', '"Tomorrow."'],
        ["He asked: \"Why?\" and left.", "Nobody knew."],
        ["Prices rose 3.5 percent to $1.2 billion.", "Shares fell."],
        ["It ended.", "(AFP)"],
        ["DHAKA (Reuters) -", "It began."],
        ["It grew...", "It fell."],
    ],
)  # fmt: skip
def test_a_line_is_split_so(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


def test_a_line_end_always_ends_a_sentence() -> None:
    assert split("A headline\nIt began\n\n\nand ended") == ["A headline", "It began", "and ended"]


def test_the_number_of_a_list_item_belongs_to_it() -> None:
    assert split("1. The bridge is closed. 2. The hall burned.") == [
        "1. The bridge is closed.",
        "2. The hall burned.",
    ]


def test_an_acronym_explained_is_no_dateline() -> None:
    text = "WHO (World Health Organization) - the UN body - warned on Monday."
    assert split(text) == [text]


@pytest.mark.parametrize("unit", ["word ", "xx", "….", "wo\u0301rd ", "«» "])
def test_what_is_longer_than_any_sentence_is_cut(unit: str) -> None:
    reading = fold(unit * MAX_SENTENCE_CHARS)
    spans = sentence_spans(reading)
    assert len(spans) > 1
    assert max(end - start for start, end in spans) <= MAX_SENTENCE_CHARS + 3
    if " " in unit:  # never inside a word
        assert all(reading.text[end : end + 1].strip() == "" for _, end in spans)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u200b", "\t \x1f"])
def test_nothing_has_no_sentences(text: str) -> None:
    assert split(text) == []
