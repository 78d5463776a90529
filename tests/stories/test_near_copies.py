"""Near-copies of a large pile."""

from __future__ import annotations

import random

from service.stories.near_copies import MIN_OVERLAP, near_copies, overlap, sketch

WORDS = [f"word{n}" for n in range(400)]


def text(seed: int, length: int = 120) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def changed(given: str, seed: int, times: int) -> str:
    words, chance = given.split(), random.Random(seed)
    for _ in range(times):
        words[chance.randrange(len(words))] = f"other{chance.randrange(1000)}"
    return " ".join(words)


def test_a_changed_word_leaves_a_near_copy() -> None:
    first = text(1)
    pile = [("a", sketch(first)), ("b", sketch(text(2))), ("c", sketch(changed(first, 1, 2)))]
    found = near_copies(pile)
    assert set(found) == {"c"}
    original, share = found["c"]
    assert original == "a"
    assert MIN_OVERLAP <= share < 1


def test_case_quotation_marks_and_line_breaks_are_no_difference() -> None:
    given = text(3)
    again = given.upper().replace(" ", "\n", 5)
    assert overlap(sketch(given), sketch(again)) == 1.0


def test_a_copy_of_a_copy_is_compared_with_the_first_text_only() -> None:
    versions = [text(4)]
    for step in range(12):
        versions.append(changed(versions[-1], step, 4))
    found = near_copies((str(n), sketch(version)) for n, version in enumerate(versions))
    assert found["1"][0] == "0"
    assert "12" not in found or found["12"][0] != "0"
    assert not {original for original, _ in found.values()} & set(found)


def test_short_texts_are_left_alone() -> None:
    assert (
        near_copies(
            [("a", sketch("one two three four five six")), ("b", sketch("one two three four five six"))]
        )
        == {}
    )
    assert overlap(sketch(""), sketch("")) == 0.0


def test_a_thousand_copies_have_one_original() -> None:
    copy = sketch(text(5))
    found = near_copies((f"{n:04}", copy) for n in range(1000))
    assert set(found.values()) == {("0000", 1.0)}
    assert len(found) == 999
