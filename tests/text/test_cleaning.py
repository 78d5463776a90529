"""Any text reads, and every stretch of the reading leads back to where it came from."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.cleaning import MAX_MARKS, fold, folded

# Any code point JSON can carry, halves of surrogate pairs included, and many of the awkward ones.
AWKWARD = "\x00\t\n\r\x1f\x85\u00a0\u00ad\u0301\u0323\u200b\u200d\u202e\u2028\u3164\ufeff\ufe0f“”‘’…´¨½²ﬁ１"
ANY_TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from(AWKWARD + "ab .!?'`\"("), st.characters(), st.characters(categories=["Cs"])
    )
)


@given(ANY_TEXT)
def test_every_character_of_the_reading_maps_back(original: str) -> None:
    reading = fold(original)
    assert len(reading.text) == len(reading.starts) == len(reading.ends)
    for index, character in enumerate(reading.text):
        start, end = reading.span(index, index + 1)
        assert 0 <= start < end <= len(original)
        assert character in folded(original[start:end])


@given(ANY_TEXT)
def test_spans_keep_the_order_of_the_original(original: str) -> None:
    reading = fold(original)
    assert list(reading.starts) == sorted(reading.starts)
    assert list(reading.ends) == sorted(reading.ends)


@given(ANY_TEXT)
def test_what_is_not_read_cannot_be_seen(original: str) -> None:
    reading = fold(original)
    covered = {
        at for start, end in zip(reading.starts, reading.ends, strict=True) for at in range(start, end)
    }
    missed = {original[at] for at in range(len(original)) if at not in covered}
    assert not any(character.isspace() for character in missed)
    assert not any(unicodedata.category(c) in {"Lu", "Ll", "Nd", "Po", "Ps", "Sc"} for c in missed)


@given(ANY_TEXT)
def test_the_reading_knows_two_kinds_of_white_space(original: str) -> None:
    """The sentence splitter fails on white space of more than one byte, so none may be left."""
    assert {character for character in folded(original) if character.isspace()} <= {" ", "\n"}


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"], exclude_characters="'`")))
def test_plain_text_reads_as_it_stands(original: str) -> None:
    assert folded(original) == original


@pytest.mark.parametrize(
    ("original", "reading"),
    [
        ("“a” „b‟ «c» 〝d〞 ＂e＂", '"a" "b" "c" "d" "e"'),
        ("‘a’ ‚b‛ ‹c› d´s e`s ＇f＇ gʼs", "'a' 'b' 'c' d's e's 'f' g's"),
        ("``quoted'' by wire", '"quoted" by wire'),
        ("don't 'do' it", "don't 'do' it"),
        ("two‐day 1950‑53 1950‒53 −5", "two-day 1950-53 1950-53 -5"),
        ("a — b – c", "a — b – c"),
        ("and so…", "and so..."),
        ("a\u00a0b\u2009c\u3000d\te\x1ff", "a b c d e f"),
        ("a\r\nb\rc\u2028d\x85e\x0bf", "a\nb\nc\nd\ne\nf"),
        ("e\u0301te\u0301", "été"),
        ("A\u030angstro\u0308m", "Ångström"),
        ("ﬁre of ２０２４", "fire of 2024"),
        ("5² and 1½ and ①", "5² and 1½ and ①"),
        ("20˚C ¨ ¯", "20˚C ¨ ¯"),
        ("\ufeffBOM NUL\x00 soft\u00adhyphen zero\u200bwidth", "BOM NUL softhyphen zerowidth"),
        ("\u202eevil\u202c \u2066bidi\u2069 \u200eltr", "evil bidi ltr"),
        ("half \ud800 pair", "half  pair"),
        ("\u3164\uffa0\u2800\u115f\ufe0f\u034f", ""),
        ("❤\ufe0f", "❤"),
        ("\u0301 alone", "\u0301 alone"),
        ("", ""),
    ],
)
def test_characters_read_so(original: str, reading: str) -> None:
    assert folded(original) == reading


def test_one_character_may_read_as_several_and_several_as_one() -> None:
    reading = fold("…e\u0301\r\nx")
    assert reading.text == "...é\nx"
    assert reading.span(0, 1) == reading.span(0, 3) == (0, 1)
    assert reading.span(3, 4) == (1, 3)
    assert reading.span(4, 6) == (3, 6)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (2, 1), (-1, 2), (0, 4), (3, 4)])
def test_a_span_outside_the_reading_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no such span"):
        fold("abc").span(start, end)


def test_a_heap_of_marks_is_read_in_portions() -> None:
    """Composing is quadratic in the number of marks on one letter, so the number is bounded."""
    original = "a" + "\u0323\u0301" * 5000
    reading = fold(original)
    assert reading.ends[0] == MAX_MARKS + 1
    assert reading.span(0, len(reading.text)) == (0, len(original))
