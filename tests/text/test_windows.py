"""Runs of whole sentences under a budget."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.text.article import Sentence
from service.text.reading import SourceSentence
from service.text.windows import windows
from tests.text.pages import LEAD, SECOND, THIRD, reading_of


def sentences(lengths: list[int]) -> list[SourceSentence]:
    return [
        SourceSentence(Sentence(sentence_id=f"s{n}", start=0, end=1, role="body"), "x" * length, 0)
        for n, length in enumerate(lengths, start=1)
    ]


def lengths_of(found: list[tuple[SourceSentence, ...]]) -> list[list[int]]:
    return [[len(sentence.text) for sentence in window] for window in found]


LENGTHS = st.lists(st.integers(0, 30), max_size=40)


@given(LENGTHS, st.integers(1, 50))
def test_every_sentence_stands_in_exactly_one_window_in_order(lengths: list[int], budget: int) -> None:
    given_ = sentences(lengths)
    assert [sentence for window in windows(given_, budget, len) for sentence in window] == given_


@given(LENGTHS, st.integers(1, 50))
def test_a_window_fits_unless_it_is_one_long_sentence(lengths: list[int], budget: int) -> None:
    for window in lengths_of(windows(sentences(lengths), budget, len)):
        assert sum(window) <= budget or len(window) == 1


@given(LENGTHS, st.integers(1, 50))
def test_no_window_could_have_taken_the_next_sentence(lengths: list[int], budget: int) -> None:
    found = lengths_of(windows(sentences(lengths), budget, len))
    assert all(sum(left) + right[0] > budget for left, right in pairwise(found))


@given(LENGTHS)
def test_a_sentence_is_counted_once(lengths: list[int]) -> None:
    counted: list[str] = []

    def count(text: str) -> int:
        counted.append(text)
        return len(text)

    windows(sentences(lengths), 20, count)
    assert counted == ["x" * length for length in lengths]


def test_windows_are_filled_one_after_the_other() -> None:
    assert lengths_of(windows(sentences([4, 4, 4, 25, 1, 9, 1]), 10, len)) == [[4, 4], [4], [25], [1, 9], [1]]


def test_no_sentences_make_no_windows() -> None:
    assert windows([], 10, len) == []


def test_sentences_of_an_article_go_in_whole() -> None:
    body = reading_of(f"{LEAD} {SECOND}\n\n{THIRD}").body
    found = windows(body, 30, lambda text: len(text.split()))
    assert [[s.sentence_id for s in window] for window in found] == [["s1", "s2"], ["s3"]]
