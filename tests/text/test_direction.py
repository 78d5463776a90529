"""Sentences turned round by direction marks, and embedded words that are not."""

from __future__ import annotations

import pytest

from service.text.article import Article
from service.text.direction import turned_round
from service.text.reading import read

RLO, RLE, RLI, LRI, FSI, PDF, PDI = "\u202e", "\u202b", "\u2067", "\u2066", "\u2068", "\u202c", "\u2069"
SENTENCE = "The mayor has fled."


def turned(text: str) -> bool:
    """Whether SENTENCE, beside two others, is found turned round in `text`."""
    start = text.index(SENTENCE)
    return turned_round(text, [(0, 1), (start, start + len(SENTENCE)), (0, 1)])[1]


@pytest.mark.parametrize("opened, closed", [(RLO, PDF), (RLE, PDF), (RLI, PDI), (RLI + LRI, PDI + PDI)])
def test_a_sentence_inside_an_override_or_a_right_to_left_embedding(opened: str, closed: str) -> None:
    assert turned(f"Rain fell. {opened}{SENTENCE}{closed} Roads were shut.")
    assert not turned(f"Rain fell. {opened}{closed}{SENTENCE} Roads were shut.")


def test_an_embedding_that_changes_nothing_is_harmless() -> None:
    assert not turned(f"Rain fell. {LRI}{SENTENCE}{PDI}")
    assert not turned(f"Rain fell. {FSI}{SENTENCE}{PDI}")


def test_a_paragraph_ends_what_it_left_open() -> None:
    assert not turned(f"{RLO}Rain fell.\n{SENTENCE}")
    assert turned(f"Rain fell. {RLO}{SENTENCE}")


def test_a_number_that_is_turned_leaves_its_sentence_alone() -> None:
    text = f"The institute reported {RLO}57{PDF} new cases on Thursday. Nobody died of the disease."
    source = read(Article(text=text), max_chars=1000)
    assert [s.sentence.role for s in source.sentences] == ["body", "body"]
    assert source.sentences[0].text.startswith("The institute reported 57 new cases")


def test_a_page_that_embeds_most_of_its_text_is_read() -> None:
    text = f"{RLE}{SENTENCE} Nobody was hurt.{PDF}"
    assert [s.sentence.role for s in read(Article(text=text), max_chars=1000).sentences] == ["body", "body"]


def test_a_turned_sentence_is_no_news() -> None:
    text = f"Rain fell on the coast. {RLO}{SENTENCE}{PDF} Two roads were shut."
    assert [s.text for s in read(Article(text=text), max_chars=1000).body] == [
        "Rain fell on the coast.",
        "Two roads were shut.",
    ]
