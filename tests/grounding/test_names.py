"""Names: short forms resolve inside the article, near misses do not."""

from __future__ import annotations

import pytest

from service.facts.names import NameBook, fold_word, name_words, names
from service.text.parsing import Parser

TEXT = "Matthew Miller spoke for the State Department. Miller met Russian officials in Hanoi, Vietnam."


@pytest.fixture(scope="module")
def book(parser: Parser) -> NameBook:
    return NameBook(name for doc in parser.parse(TEXT.split(". ")) for name in names(doc))


def test_words_of_a_name_are_folded() -> None:
    assert name_words("Recep Tayyip Erdoğan's") == ("recep", "tayyip", "erdogan")
    assert fold_word("U.S.") == fold_word("US") == "us"


def test_a_short_form_has_one_full_form(book: NameBook) -> None:
    assert book.full_text("Miller") == "Matthew Miller"


@pytest.mark.parametrize(("word", "given"), [("russia", "russian"), ("vietnamese", "vietnam")])
def test_a_people_is_called_after_its_place(book: NameBook, word: str, given: str) -> None:
    assert book.same(word, frozenset({given}))


@pytest.mark.parametrize(
    ("word", "given"),
    [
        ("anne", "anna"),
        ("delhi", "dhaka"),
        ("millar", "miller"),
        ("millern", "miller"),
        ("hanoin", "hanoi"),
        ("mille", "miller"),
    ],
)
def test_one_letter_makes_another_name(book: NameBook, word: str, given: str) -> None:
    assert not book.same(word, frozenset({given}))


def test_initials_stand_for_the_full_name() -> None:
    book = NameBook(())
    assert book.same("us", frozenset({"american"}))
    assert not book.same("uk", frozenset({"american"}))
