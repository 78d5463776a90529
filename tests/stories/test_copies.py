"""Shared text: found to the character, quotations and furniture left out."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.stories.copies import MIN_OVERLAP, SHINGLE_WORDS, copy_groups
from service.text.article import Article
from service.text.reading import read
from tests.stories.builders import article

SEEDS = Path(__file__).parents[2] / "seeds"
AGENCY = (
    "The bridge across the Lind was closed on Tuesday after inspectors found cracks in two of its piers. "
    "Repairs are expected to take at least four months, the transport office of the district said."
)
OWN = "Shopkeepers on the east bank fear for the summer season and ask for a second ferry to be put on."
OTHER = "Commuters now have to make a detour of thirty kilometres, which many of them call a daily ordeal."


def test_articles_with_the_same_agency_text_form_a_group() -> None:
    left, right = article(f"{AGENCY} {OWN}", "A"), article(f"{OTHER} {AGENCY}", "B")
    (group,) = copy_groups([left, right, article(f"{OWN} {OTHER}".replace(" ", " very "), "C")])
    assert set(group.article_ids) == {left.article_id, right.article_id}
    assert 0.5 < group.overlap <= 1


def test_passages_are_the_same_words_on_both_sides_and_maximal() -> None:
    left, right = article(f"{AGENCY} {OWN}", "A"), article(f"{OTHER} {AGENCY}", "B")
    texts = {a.article_id: a.text for a in (left, right)}
    (group,) = copy_groups([left, right])
    (pair,) = group.passages
    assert texts[pair.left.article_id][pair.left.start : pair.left.end] == AGENCY.rstrip(".")
    assert texts[pair.right.article_id][pair.right.start : pair.right.end] == AGENCY.rstrip(".")


def test_quotation_marks_case_and_invisible_characters_do_not_hide_a_copy() -> None:
    changed = AGENCY.replace("Lind", "L\u200bind").replace("Tuesday", "TUESDAY")
    left, right = article(f"{AGENCY} {OWN}", "A"), article(f"{changed} {OTHER}", "B")
    (group,) = copy_groups([left, right])
    for passage in (group.passages[0].left, group.passages[0].right):
        text = {left.article_id: left.text, right.article_id: right.text}[passage.article_id]
        assert text[passage.start : passage.end].endswith("district said")


def test_the_same_quotation_in_two_articles_is_no_copy() -> None:
    quote = '"We were told that nobody may cross the bridge before the end of the year," said Mayor Ada Holm.'
    assert copy_groups([article(f"{OWN} {quote}", "A"), article(f"{OTHER} {quote}", "B")]) == ()


def test_one_short_shared_passage_in_a_long_article_is_no_copy() -> None:
    shared = "the transport office of the district of Lind said on"
    filler = " ".join(
        f"Paragraph {n} of the {a} tells of quite another matter in its own words."
        for n, a in enumerate("abcdefghijklmnop")
    )
    other = " ".join(
        f"Nothing that page {n} says about topic {a} can be read in another place."
        for n, a in enumerate("abcdefghijklmnop")
    )
    assert (
        copy_groups(
            [article(f"{filler} So {shared} Monday.", "A"), article(f"{other} Thus {shared} Sunday.", "B")]
        )
        == ()
    )


def test_captions_and_comment_forms_are_not_read() -> None:
    tail = "\n\nLeave a Reply\n\nYour email address will not be published. Required fields are marked *"
    assert copy_groups([article(OWN + tail, "A"), article(OTHER + tail, "B")]) == ()


def test_the_order_of_articles_changes_nothing() -> None:
    three = [
        article(f"{AGENCY} {OWN}", "A"),
        article(f"{OTHER} {AGENCY}", "B"),
        article(f"{OWN} {OTHER}", "C"),
    ]
    assert len({copy_groups(order) for order in permutations(three)}) == 1


def test_the_two_seeds_that_share_agency_text_and_no_other() -> None:
    paths = sorted(SEEDS.glob("*.json"))
    read_seeds = [
        read(Article(**json.loads(p.read_text("utf-8"))), max_chars=100_000).as_read() for p in paths
    ]
    (group,) = copy_groups(read_seeds)
    assert set(group.article_ids) == {read_seeds[1].article_id, read_seeds[4].article_id}
    assert group.overlap == pytest.approx(0.11, abs=0.02)
    assert group.overlap >= MIN_OVERLAP


@given(
    st.lists(
        st.sampled_from(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]),
        min_size=12,
        max_size=60,
    )
)
def test_every_passage_reads_the_same_on_both_sides(words: list[str]) -> None:
    left = article("Before that came this. " + " ".join(words) + ".", "A")
    right = article(" ".join(words) + ". And after it came that.", "B")
    texts = {a.article_id: a.text.lower() for a in (left, right)}
    for group in copy_groups([left, right]):
        for pair in group.passages:
            spans = [
                texts[p.article_id][p.start : p.end].replace(".", "").split() for p in (pair.left, pair.right)
            ]
            assert spans[0] == spans[1]
            assert len(spans[0]) >= SHINGLE_WORDS
