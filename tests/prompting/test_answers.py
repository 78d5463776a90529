"""Replies in every state: whole, talked around, cut anywhere, bent, and plain rubbish."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.prompting.answers import Answer, Dropped, read_answer
from service.prompting.rendering import compact_json
from service.prompting.replies import DraftFact, DraftsReply, ReplyName, SentenceReply, StatementsReply

DRAFT: dict[str, Any] = {"ids": ["s3"], "statement": "Rain fell.", "kind": "event", "speaker": None}
WHOLE = {
    "statements": '{"facts": ["Rain fell.", "Snow fell."]}',
    "drafts": compact_json({"facts": [DRAFT]}),
    "sentence": '{"sentence": "Rain fell."}',
    "words": '{"words": ["Rain", "fell", "."]}',
    "verdict": '{"verdict": "same"}',
    "reasoned": '{"reason": "both tell of rain", "verdict": "same"}',
}
CUT = "the reply was cut off at its token limit"


def statements(answer: Answer) -> tuple[str, ...]:
    assert isinstance(answer.reply, StatementsReply)
    return answer.reply.facts


@pytest.mark.parametrize("name", get_args(ReplyName))
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "  {}\n",
        "```json\n{}\n```",
        "```\n{}```",
        "Here it is:\n\n```json\n{}\n```\nAnything else?",
        "Sure! {}",
        "{}\n```",
    ],
)
def test_a_whole_reply_is_read_whatever_stands_around_it(name: ReplyName, around: str) -> None:
    text = around.replace("{}", WHOLE[name])
    answer = read_answer(name, text, cut=False)
    assert answer.reply is not None
    assert answer.reply.model_dump(mode="json") == json.loads(WHOLE[name])
    assert (answer.text, answer.cut, answer.salvaged, answer.problem, answer.dropped) == (
        text,
        False,
        0,
        "",
        (),
    )


@pytest.mark.parametrize("name", ["statements", "drafts"])
def test_nothing_is_an_answer(name: ReplyName) -> None:
    answer = read_answer(name, '{"facts": []}', cut=False)
    assert answer.reply is not None
    assert (answer.reply.texts, answer.dropped) == ((), ())


@pytest.mark.parametrize(
    ("text", "kept", "lost"),
    [
        ('{"facts": ["Rain fell.", "Snow fe', ("Rain fell.",), '"Snow fe'),
        ('{"facts": ["Rain fell.", "', ("Rain fell.",), '"'),
        ('{"facts": ["Rain fell.", "He said \\', ("Rain fell.",), '"He said \\'),
        ('{"facts": ["Rain fell.", "He said \\u20', ("Rain fell.",), '"He said \\u20'),
        ('{"facts": ["Rain fell.", ', ("Rain fell.",), None),
        ('{"facts": ["Rain fell."', ("Rain fell.",), None),
        ('{"facts": ["Rain fell."]', ("Rain fell.",), None),
        ('```json\n{"facts": ["Rain fell.", "Sn', ("Rain fell.",), '"Sn'),
        ('{"facts": ["Rain', (), '"Rain'),
    ],
)
def test_a_list_cut_short_keeps_its_whole_items(text: str, kept: tuple[str, ...], lost: str | None) -> None:
    answer = read_answer("statements", text, cut=True)
    assert statements(answer) == kept
    assert (answer.cut, answer.salvaged) == (True, len(kept))
    assert answer.problem
    assert answer.dropped == (() if lost is None else (Dropped(lost, "truncated", CUT),))


def test_a_draft_cut_short() -> None:
    whole = compact_json({"facts": [DRAFT, {**DRAFT, "ids": ["s4"]}]})
    answer = read_answer("drafts", whole[:-20], cut=True)
    assert answer.reply == DraftsReply(facts=(DraftFact.model_validate(DRAFT),))
    assert [d.reason for d in answer.dropped] == ["truncated"]
    assert answer.dropped[0].text.startswith('{"ids": ["s4"]')


@pytest.mark.parametrize("text", ["", " \n\t"])
@pytest.mark.parametrize("name", get_args(ReplyName))
def test_an_empty_reply(name: ReplyName, text: str) -> None:
    answer = read_answer(name, text, cut=False)
    assert answer.reply is None
    assert answer.dropped == (Dropped(text, "unparsable", "the reply is empty"),)


@pytest.mark.parametrize("name", get_args(ReplyName))
@pytest.mark.parametrize(
    "text", ["No facts here.", "null", "[]", "{}", "{", "}", "{{}}", '{"note": 1}', '{"facts": "Rain fell."}']
)
def test_what_is_no_reply_at_all_is_kept_as_one_lost_piece(name: ReplyName, text: str) -> None:
    answer = read_answer(name, text, cut=False)
    assert answer.reply is None
    assert answer.problem
    assert answer.dropped == (Dropped(text, "unparsable", answer.problem),)


def test_one_shape_is_not_taken_for_another() -> None:
    drafts = read_answer("drafts", WHOLE["statements"], cut=False)
    assert drafts.reply == DraftsReply(facts=())
    assert [(d.text, d.reason) for d in drafts.dropped] == [
        ('"Rain fell."', "unparsable"),
        ('"Snow fell."', "unparsable"),
    ]
    assert read_answer("sentence", WHOLE["statements"], cut=False).reply is None


def test_a_key_too_many_costs_no_item() -> None:
    answer = read_answer("statements", '{"facts": ["Rain fell."], "note": "one"}', cut=False)
    assert (statements(answer), answer.salvaged, answer.dropped) == (("Rain fell.",), 1, ())
    assert answer.problem.startswith("note: ")


def test_one_bad_item_among_good_ones_is_lost_alone_and_counted() -> None:
    items: list[Any] = [DRAFT, {**DRAFT, "kind": "rumour"}, "Rain fell.", {**DRAFT, "ids": ["s4"]}]
    answer = read_answer("drafts", compact_json({"facts": items}), cut=False)
    assert isinstance(answer.reply, DraftsReply)
    assert [fact.ids for fact in answer.reply.facts] == [("s3",), ("s4",)]
    assert answer.salvaged == 2
    assert [d.text for d in answer.dropped] == [compact_json(items[1]), '"Rain fell."']
    assert {d.reason for d in answer.dropped} == {"unparsable"}
    assert "kind" in answer.dropped[0].problem


def test_a_missing_comma_and_a_missing_quote() -> None:
    answer = read_answer("statements", '{"facts": ["Rain fell." "Snow fell.", Hail fell."]}', cut=False)
    assert statements(answer) == ("Rain fell.", "Snow fell.")
    assert [(d.text, d.reason) for d in answer.dropped] == [('Hail fell."]}', "unparsable")]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"facts": ' + "[" * 100_000,
        '{"facts": [' + '{"a":' * 100_000,
        '{"facts": [' + "1" * 10_000 + "]}",
        '{"facts": ["\ud800"]}',
        '{"facts": ["\\ud800", "Rain fell.", "\\ud83d\\ude00"]}',
        '{"facts": [NaN, Infinity, 1e999]}',
        "\x00",
        '{"facts": ["\x00"]}',
    ],
)
@pytest.mark.parametrize("name", get_args(ReplyName))
@pytest.mark.parametrize("cut", [False, True])
def test_hostile_texts_raise_nothing(name: ReplyName, text: str, cut: bool) -> None:
    answer = read_answer(name, text, cut=cut)
    json.dumps([answer.reply and answer.reply.model_dump(mode="json")], ensure_ascii=False).encode()
    assert answer.dropped or answer.reply is not None


pieces = st.sampled_from(
    ['{"facts": [', '"a"', '"', ",", "]", "}", "{", "\\", "\\u12", " ", "```", "null", ":", "[", '"sentence"']
)


@given(st.one_of(st.text(), st.lists(pieces).map("".join)), st.booleans())
def test_never_raises_and_loses_nothing_in_silence(text: str, cut: bool) -> None:
    for name in get_args(ReplyName):
        answer = read_answer(name, text, cut=cut)
        assert (answer.text, answer.cut) == (text, cut)
        assert answer.reply is not None or answer.dropped
        assert all(d.reason == "unparsable" for d in answer.dropped) or cut


@given(st.lists(st.text()), st.data())
def test_what_is_saved_from_a_cut_reply_is_how_it_began(facts: list[str], data: st.DataObject) -> None:
    whole = compact_json({"facts": [*facts]})
    length = data.draw(st.integers(0, len(whole)))
    answer = read_answer("statements", whole[:length], cut=True)
    saved = statements(answer) if answer.reply else ()
    assert list(saved) == facts[: len(saved)]
    assert len(answer.dropped) <= 1
    if length == len(whole):
        assert (len(saved), answer.salvaged, answer.dropped) == (len(facts), 0, ())
    elif answer.dropped and answer.reply is not None:
        assert whole[:length].rstrip().endswith(answer.dropped[0].text)


@given(st.lists(st.one_of(st.text(), st.integers(), st.none(), st.lists(st.text(), max_size=2)), min_size=1))
def test_items_are_read_or_lost_and_never_both(items: list[Any]) -> None:
    answer = read_answer("statements", compact_json({"facts": items}), cut=False)
    assert list(statements(answer)) == [item for item in items if isinstance(item, str)]
    assert [json.loads(d.text) for d in answer.dropped] == [
        item for item in items if not isinstance(item, str)
    ]


def test_two_halves_are_one_answer() -> None:
    left = read_answer("drafts", compact_json({"facts": [DRAFT]}), cut=False)
    right = read_answer("drafts", compact_json({"facts": [{**DRAFT, "ids": ["s9"]}, 7]})[:-1], cut=True)
    both = left.joined(right)
    assert isinstance(both.reply, DraftsReply)
    assert [fact.ids for fact in both.reply.facts] == [("s3",), ("s9",)]
    assert (both.text, both.cut, both.salvaged) == (left.text + right.text, True, 1)
    assert [d.text for d in both.dropped] == ["7"]
    assert both.problem == right.problem


@pytest.mark.parametrize("swapped", [False, True])
def test_a_half_that_cannot_be_read_is_not_forgotten(swapped: bool) -> None:
    halves = [
        read_answer("statements", WHOLE["statements"], cut=False),
        Answer.unreadable("", "it did not fit"),
    ]
    first, second = reversed(halves) if swapped else halves
    both = first.joined(second)
    assert statements(both) == ("Rain fell.", "Snow fell.")
    assert both.dropped == (Dropped("", "unparsable", "it did not fit"),)
    assert both.problem == "it did not fit"


def test_two_halves_of_statements() -> None:
    answer = read_answer("statements", WHOLE["statements"], cut=False)
    assert statements(answer.joined(answer)) == ("Rain fell.", "Snow fell.") * 2


def test_two_unreadable_halves_stay_unreadable() -> None:
    both = Answer.unreadable("a", "one").joined(Answer.unreadable("b", "two", cut=True))
    assert both.reply is None
    assert [(d.text, d.reason) for d in both.dropped] == [("a", "unparsable"), ("b", "truncated")]
    assert both.problem == f"one; {CUT}"


def test_words_are_joined_to_one_sentence() -> None:
    answer = read_answer(
        "words", '{"words": ["About 40", "people", ",", "Ana Ruiz", "said", "."]}', cut=False
    )
    assert answer.reply is not None
    assert answer.reply.texts == ("About 40 people, Ana Ruiz said.",)


def test_words_cut_short_are_no_sentence() -> None:
    answer = read_answer("words", '{"words": ["Rain", "fe', cut=True)
    assert answer.reply is None
    assert [d.reason for d in answer.dropped] == ["truncated"]


@pytest.mark.parametrize("cut", [False, True])
def test_a_reply_that_went_on_is_cut_only_if_its_end_is(cut: bool) -> None:
    first = read_answer("statements", '{"facts": ["Rain fell.", "Sn', cut=True)
    both = first.continued(read_answer("statements", '{"facts": ["Snow fell.", "Ha', cut=cut))
    assert statements(both) == ("Rain fell.", "Snow fell.")
    assert (both.cut, both.salvaged) == (cut, 2)
    assert [d.text for d in both.dropped] == ['"Sn', '"Ha']
    whole = first.continued(read_answer("statements", WHOLE["statements"], cut=False))
    assert (whole.cut, whole.problem, whole.salvaged) == (False, "", 1)


def test_a_sentence_cut_short_is_no_sentence() -> None:
    answer = read_answer("sentence", '{"sentence": "Rain fell on', cut=True)
    assert answer.reply is None
    assert answer.dropped == (Dropped('{"sentence": "Rain fell on', "truncated", CUT),)
    assert read_answer("sentence", '{"sentence": "Rain."}', cut=True).reply == SentenceReply(sentence="Rain.")
