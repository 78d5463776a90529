"""Lines that end because the page does."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.cleaning import fold
from service.text.wrapping import unwrapped
from tests.text.pages import LEAD, SECOND, THIRD, TITLE, roles_of

PARAGRAPHS = [f"{LEAD} {SECOND} {THIRD}", f"{SECOND} {LEAD}", f"{THIRD} {SECOND} {LEAD} {THIRD}"]


@pytest.mark.parametrize("width", [50, 65, 72, 80, 100])
def test_wrapped_paragraphs_are_made_whole(width: int) -> None:
    wrapped = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in PARAGRAPHS)
    assert unwrapped(fold(wrapped)).text == "\n\n".join(PARAGRAPHS)


def test_a_wrapped_article_reads_like_one_that_is_not() -> None:
    whole = [TITLE, "By Ann Lee", *PARAGRAPHS, "(AFN)"]
    wrapped = "\n\n".join(textwrap.fill(paragraph, 72) for paragraph in whole)
    assert roles_of(wrapped) == roles_of("\n\n".join(whole))


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(PARAGRAPHS),
        "\n".join(PARAGRAPHS),
        f"{TITLE}\nBy Ann Lee\n{LEAD}\n{SECOND}",
        "Arsenal 2 Chelsea 1\nLeeds 0 Everton 0\nFulham 3 Burnley 1",
        "roses are red\nviolets are blue\nsugar is sweet\nand so are you",
        "one line",
        "",
        "\n\n\n",
    ],
)
def test_other_texts_keep_their_lines(text: str) -> None:
    assert unwrapped(fold(text)).text == text


def test_a_line_with_room_left_for_the_next_word_ends_itself() -> None:
    wrapped = textwrap.fill(PARAGRAPHS[0], 72) + "\nShort line\n" + textwrap.fill(PARAGRAPHS[1], 72)
    assert "\nShort line\n" in unwrapped(fold(wrapped)).text


@given(st.text(st.sampled_from("aB. \n\r")))
def test_only_line_ends_change(text: str) -> None:
    reading = fold(text)
    after = unwrapped(reading)
    assert (after.starts, after.ends) == (reading.starts, reading.ends)
    assert after.text.replace("\n", " ") == reading.text.replace("\n", " ")
