"""Shared text: found to the character, quotations and furniture left out."""

from __future__ import annotations

from pathlib import Path

from service.stories.copies import copy_groups
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
