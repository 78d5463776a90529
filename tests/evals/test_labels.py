"""Labels that do not fit their articles or one another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evals.events import inspect_event
from tests.evals.small import BANG, CONFLICT, COPY, FORBIDDEN, GOLD, INJURED_14, KILLED, TEXTS, write_event

NO_LABELS: dict[str, Any] = {"conflicts": (), "forbidden": (), "copies": ()}


def told(tmp_path: Path, **labels: Any) -> list[str]:
    folder = write_event(tmp_path / "e", **labels)
    return [str(trouble).removeprefix(f"{folder}/") for trouble in inspect_event(folder).troubles]


def of_fact(tmp_path: Path, **fields: Any) -> list[str]:
    """What is wrong with one fact on line 2."""
    return told(tmp_path, gold=[INJURED_14, KILLED | fields], **NO_LABELS)


def mention(quote: str, article: str = "post") -> list[dict[str, str]]:
    return [{"article": article, "quote": quote}]


def test_the_small_event_is_right(tmp_path: Path) -> None:
    assert told(tmp_path) == []


class TestQuotes:
    def test_a_quote_that_is_not_there(self, tmp_path: Path) -> None:
        assert of_fact(tmp_path, mentions=mention("killing 5 people")) == [
            "gold.jsonl:2: article 'post' does not say 'killing 5 people'; copy it from the article's file"
        ]

    def test_a_quote_of_another_article(self, tmp_path: Path) -> None:
        (trouble,) = of_fact(tmp_path, mentions=mention("killing 3 people", "radio"))
        assert trouble.startswith("gold.jsonl:2: article 'radio' does not say 'killing 3 people'")

    @pytest.mark.parametrize("quote", ["Killing 3 people", "killing  3\npeople"])
    def test_another_spelling_is_shown_as_the_article_has_it(self, tmp_path: Path, quote: str) -> None:
        (trouble,) = of_fact(tmp_path, mentions=mention(quote))
        assert trouble.endswith("; it has 'killing 3 people': copy that")

    def test_other_quotation_marks_too(self, tmp_path: Path) -> None:
        (trouble,) = of_fact(tmp_path, mentions=mention("“We heard a loud bang,” said"))
        assert "; it has 'We heard a loud bang,\" said': copy that" in trouble

    def test_a_long_quote_is_cut_in_the_message(self, tmp_path: Path) -> None:
        (trouble,) = of_fact(tmp_path, mentions=mention("x" * 500))
        assert len(trouble) < 200

    def test_an_article_that_is_not_there(self, tmp_path: Path) -> None:
        assert of_fact(tmp_path, mentions=mention("killing 3 people", "gazette")) == [
            "gold.jsonl:2: there is no article 'gazette'; there are: lantern, post, radio"
        ]

    def test_the_same_mention_twice(self, tmp_path: Path) -> None:
        assert of_fact(tmp_path, mentions=mention("killing 3 people") * 2) == [
            "gold.jsonl:2: the same mention is given twice"
        ]

    def test_no_mention(self, tmp_path: Path) -> None:
        (trouble,) = of_fact(tmp_path, mentions=[])
        assert trouble.startswith("gold.jsonl:2: mentions: Tuple should have at least 1 item")


class TestFields:
    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"id": "g2"}, "id 'g2' is that of line 1, too"),
            ({"statement": " "}, "statement is empty"),
            ({"speaker": " "}, "speaker is empty; write null for the reporter"),
            ({"kind_alt": ["event"]}, "kind_alt lists kinds other than kind, each once"),
            ({"kind_alt": ["plan", "plan"]}, "kind_alt lists kinds other than kind, each once"),
            ({"kind": "rumour"}, "kind: Input should be 'event', 'plan'"),
            ({"importance": "high"}, "importance: Input should be 'key' or 'minor'"),
            ({"polarity": None}, "polarity: Input should be 'affirmed' or 'negated'"),
            ({"kinds": []}, "kinds: unknown key"),
        ],
    )
    def test_told_with_the_line(self, tmp_path: Path, fields: dict[str, Any], expected: str) -> None:
        (trouble,) = of_fact(tmp_path, **fields)
        assert trouble.startswith(f"gold.jsonl:2: {expected}")

    def test_a_speaker_must_be_said_even_if_it_is_nobody(self, tmp_path: Path) -> None:
        fact = {key: value for key, value in KILLED.items() if key != "speaker"}
        assert told(tmp_path, gold=[fact], **NO_LABELS) == ["gold.jsonl:1: speaker: missing"]


class TestValues:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ({"type": "number", "value": "three"}, "a number is written as a JSON number"),
            ({"type": "number", "value": "3"}, "a number is written as a JSON number"),
            ({"type": "date", "value": "18 June"}, "a date is written 2031-03-04, 2031-03 or 2031"),
            ({"type": "date", "value": "2024-02-30"}, "a date is written 2031-03-04, 2031-03 or 2031"),
            ({"type": "date", "value": "2024-13"}, "a date is written 2031-03-04, 2031-03 or 2031"),
            ({"type": "date", "value": 2024}, "a date is written as a string"),
            ({"type": "name", "value": ""}, "a name is written as a string"),
            ({"type": "quote", "value": "We heard two"}, "no article that is mentioned has these words"),
        ],
    )
    def test_misspelled(self, tmp_path: Path, value: dict[str, Any], expected: str) -> None:
        (trouble,) = of_fact(tmp_path, values=[value])
        assert trouble == f"gold.jsonl:2: value {value['value']!r}: {expected}"

    @pytest.mark.parametrize(
        "value",
        [
            {"type": "number", "value": 3.5, "unit": "percent"},
            {"type": "date", "value": "2024"},
            {"type": "date", "value": "2024-06"},
            {"type": "date", "value": "2024-06-18"},
            {"type": "quote", "value": "We heard a loud bang,"},
        ],
    )
    def test_well_spelled(self, tmp_path: Path, value: dict[str, Any]) -> None:
        assert of_fact(tmp_path, values=[value]) == []

    def test_quotation_marks_may_be_of_another_kind(self, tmp_path: Path) -> None:
        texts = TEXTS | {"post": TEXTS["post"].replace("loud bang", "“loud” bang")}
        fact = BANG | {
            "mentions": mention("We heard a “loud” bang"),
            "values": [{"type": "quote", "value": 'a "loud" bang'}],
        }
        assert told(tmp_path, texts=texts, gold=[fact], **NO_LABELS) == []


class TestConflicts:
    def conflict(self, tmp_path: Path, **fields: Any) -> list[str]:
        return told(tmp_path, conflicts=[CONFLICT | {"id": "c0"}, CONFLICT | fields])

    def side(self, facts: list[str], articles: list[str]) -> dict[str, Any]:
        return {"facts": facts, "value": "some", "articles": articles}

    def test_one_side(self, tmp_path: Path) -> None:
        (trouble,) = self.conflict(tmp_path, positions=CONFLICT["positions"][:1])
        assert trouble.startswith("conflicts.jsonl:2: positions: Tuple should have at least 2 items")

    def test_the_same_id(self, tmp_path: Path) -> None:
        assert self.conflict(tmp_path, id="c0") == ["conflicts.jsonl:2: id 'c0' is that of line 1, too"]

    def test_a_fact_that_is_not_there(self, tmp_path: Path) -> None:
        sides = [self.side(["g9"], ["post"]), self.side(["g3"], ["radio"])]
        assert self.conflict(tmp_path, positions=sides) == ["conflicts.jsonl:2: there is no gold fact 'g9'"]

    def test_an_article_that_is_not_there(self, tmp_path: Path) -> None:
        sides = [self.side(["g2"], ["gazette"]), self.side(["g3"], ["radio"])]
        (trouble,) = self.conflict(tmp_path, positions=sides)
        assert trouble.startswith("conflicts.jsonl:2: there is no article 'gazette'")

    def test_an_article_that_does_not_say_so(self, tmp_path: Path) -> None:
        sides = [self.side(["g2"], ["post", "lantern"]), self.side(["g3"], ["radio"])]
        assert self.conflict(tmp_path, positions=sides) == [
            "conflicts.jsonl:2: article 'lantern' mentions none of g2"
        ]

    def test_a_fact_on_both_sides(self, tmp_path: Path) -> None:
        sides = [self.side(["g2"], ["post"]), self.side(["g2"], ["post"])]
        assert self.conflict(tmp_path, positions=sides) == [
            "conflicts.jsonl:2: gold fact 'g2' stands on more than one side"
        ]

    def test_an_internal_one_has_one_article_on_all_sides(self, tmp_path: Path) -> None:
        assert self.conflict(tmp_path, type="internal") == [
            "conflicts.jsonl:2: an internal conflict has one article on all of its sides"
        ]
        sides = [self.side(["g2"], ["post"]), self.side(["g4"], ["post"])]
        assert self.conflict(tmp_path, type="internal", positions=sides) == []


class TestForbidden:
    def test_a_quote_that_is_not_there(self, tmp_path: Path) -> None:
        (trouble,) = told(tmp_path, forbidden=[FORBIDDEN | {"quote": "Sign up"}])
        assert trouble.startswith("forbidden.jsonl:1: article 'post' does not say 'Sign up'")

    def test_an_article_that_is_not_there(self, tmp_path: Path) -> None:
        (trouble,) = told(tmp_path, forbidden=[FORBIDDEN | {"article": "x"}])
        assert trouble.startswith("forbidden.jsonl:1: there is no article 'x'")

    def test_a_fact_may_not_rest_on_it(self, tmp_path: Path) -> None:
        forbidden = [
            FORBIDDEN,
            FORBIDDEN | {"quote": "on Monday, killing 3 people and injuring 14.", "why": "caption"},
        ]
        assert told(tmp_path, forbidden=forbidden) == [
            "gold.jsonl:1: it rests on text that forbidden.jsonl:2 forbids",
            "gold.jsonl:2: it rests on text that forbidden.jsonl:2 forbids",
        ]

    def test_unless_the_words_stand_elsewhere_too(self, tmp_path: Path) -> None:
        texts = TEXTS | {"post": TEXTS["post"] + "\nPhoto: killing 3 people\n"}
        forbidden = [FORBIDDEN | {"quote": "Photo: killing 3 people", "why": "caption"}]
        assert told(tmp_path, texts=texts, forbidden=forbidden) == []

    def test_the_first_telling_of_a_duplicate_may_be_used(self, tmp_path: Path) -> None:
        sentence = "Police said 20 people were injured."
        texts = TEXTS | {"radio": TEXTS["radio"] + f"\n{sentence}\n"}
        forbidden = [{"article": "radio", "quote": sentence, "why": "duplicate"}]
        assert told(tmp_path, texts=texts, forbidden=forbidden) == []


class TestCopies:
    def test_a_quote_that_one_of_them_has_not(self, tmp_path: Path) -> None:
        (trouble,) = told(tmp_path, copies=[COPY | {"shared_quotes": ["killing 3 people"]}])
        assert trouble.startswith("copies.jsonl:1: article 'lantern' does not say 'killing 3 people'")

    def test_an_article_that_is_not_there(self, tmp_path: Path) -> None:
        (trouble,) = told(tmp_path, copies=[COPY | {"articles": ["post", "x"]}])
        assert trouble.startswith("copies.jsonl:1: there is no article 'x'")

    def test_an_article_is_no_copy_of_itself(self, tmp_path: Path) -> None:
        assert told(tmp_path, copies=[COPY | {"articles": ["post", "post"]}]) == [
            "copies.jsonl:1: an article is named twice"
        ]


def test_every_trouble_is_told_not_only_the_first(tmp_path: Path) -> None:
    gold = ["nonsense", *GOLD[1:], KILLED | {"mentions": mention("killing 5 people"), "statement": ""}]
    found = told(
        tmp_path, gold=gold, forbidden=[FORBIDDEN | {"why": "x"}], copies=[COPY | {"articles": ["post"]}]
    )
    assert [trouble.split(": ")[0] for trouble in found] == [
        "gold.jsonl:1", "forbidden.jsonl:1", "copies.jsonl:1", "gold.jsonl:5", "gold.jsonl:5",
    ]  # fmt: skip
