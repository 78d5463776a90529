"""The benchmark of voices: its labels, its question, its shares."""

from __future__ import annotations

import json
from collections import Counter
from typing import get_args

import pytest

from benchmarks.shares import Share
from benchmarks.voices import Run, by_code, doubtful, row, shares, wrong
from benchmarks.voices_asking import REPORTER, answer, beginning, candidates, grammar, question
from benchmarks.voices_labels import LABELS, Answer, Label, analysed, content_words, load_labels
from service.backends.base import Usage
from service.facts.analysis import Analysis, analyse
from service.facts.models import Kind, Polarity
from service.text.parsing import Parser
from tests.grounding.cases import FOLDER

LABELLED = load_labels()


def sentence(parser: Parser, text: str) -> Analysis:
    return analyse(parser.parse_one(text), None)


# -- labels ----------------------------------------------------------------------------------------


def test_there_are_enough_labels_of_every_kind() -> None:
    kinds = Counter(label.kinds[0] for label in LABELLED)
    assert len(LABELLED) >= 160
    assert set(kinds) == set(get_args(Kind))
    assert min(kinds.values()) >= 10
    assert sum(label.apart for label in LABELLED) >= 80


def test_labels_use_the_words_of_the_contract() -> None:
    assert {kind for label in LABELLED for kind in label.kinds} <= set(get_args(Kind))
    assert {label.polarity for label in LABELLED} == set(get_args(Polarity))
    assert all(len(set(label.kinds)) == len(label.kinds) for label in LABELLED)


def test_quotes_stand_in_their_articles_and_speakers_in_their_quotes() -> None:
    for label in LABELLED:
        assert label.quote in (FOLDER / label.article).read_text(encoding="utf-8")
        assert label.speaker is None or label.speaker in label.quote


def test_every_sentence_is_labelled_once() -> None:
    keys = [(label.article, label.quote) for label in LABELLED]
    assert len(keys) == len(set(keys))
    assert len(LABELS.read_text(encoding="utf-8").splitlines()) == len(keys)


def test_labels_come_with_their_sentences(parser: Parser) -> None:
    some = LABELLED[:3]
    found = list(analysed(some, parser))
    assert [label for label, _ in found] == list(some)
    assert all(analysis.text.strip() == label.quote for label, analysis in found)


def test_a_quote_that_is_no_sentence_is_refused(parser: Parser) -> None:
    broken = Label(LABELLED[0].article, "Nothing of the kind.", ("event",), None, "affirmed")
    with pytest.raises(ValueError, match=r"no sentence of its body.*Nothing of the kind"):
        list(analysed((broken,), parser))


# -- what counts as right --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meant", "told", "right"),
    [
        ("Sofia Renn", "Alliance leader Sofia Renn", True),
        ("Sofia Renn", "Renn", True),
        ("Sofia Renn", "Alliance leader", False),
        ("Sofia Renn", None, False),
        (None, "Sofia Renn", False),
        (None, None, True),
        ("teachers' union", "The teachers' union", True),
        ("its operator, Northwater", "its operator", True),
        ("She", "she", True),
        ("its operator", "its", False),
        ("Pryle's campaign manager, Colin Vost", "Colin Vost", True),
        ("Pryle's campaign manager, Colin Vost", "Pryle's campaign manager", True),
        ("Pryle’s campaign manager, Colin Vost", "Pryle", False),
    ],
)
def test_a_speaker_is_right_in_any_form_of_the_name(meant: str | None, told: str | None, right: bool) -> None:
    label = Label("articles/a.txt", "A sentence.", ("statement",), meant, "affirmed")
    assert label.right_speaker(Answer("statement", told)) is right


def test_words_that_say_nothing_do_not_make_a_speaker_right() -> None:
    assert content_words("The head of the port") == {"head", "port"}
    assert content_words("it") == {"it"}


def test_other_kinds_count_where_a_careful_reader_could_choose_them() -> None:
    label = Label("articles/a.txt", "A sentence.", ("plan", "statement"), None, "affirmed")
    assert label.right_kind(Answer("statement", None))
    assert not label.right_kind(Answer("event", None))


# -- asking ----------------------------------------------------------------------------------------


def test_the_grammar_is_closed_over_the_sentence(parser: Parser) -> None:
    analysis = sentence(parser, "The mayor, Anna Keller, said the bridge was safe.")
    asked = question(analysis)
    offered = candidates(analysis)
    assert "Anna Keller" in offered
    assert asked.grammar == grammar(offered)
    assert asked.grammar is not None
    assert '"\\"Anna Keller\\""' in asked.grammar
    assert f'"\\"{REPORTER}\\""' in asked.grammar
    assert all(f'"\\"{kind}\\""' in asked.grammar for kind in get_args(Kind))


def test_quotation_marks_and_backslashes_cannot_leave_their_string() -> None:
    assert '"\\"the \\\\\\"gift\\\\\\"\\""' in grammar(['the "gift"'])


def test_only_the_last_message_changes(parser: Parser) -> None:
    one, other = (question(sentence(parser, text)) for text in ("A ship sank.", "Police said it sank."))
    assert one.messages[: one.prefix_messages] == other.messages[: other.prefix_messages] == beginning()
    assert [m.content for m in (one.messages[-1], other.messages[-1])] == [
        "A ship sank.",
        "Police said it sank.",
    ]
    assert one.temperature == 0


def test_the_worked_examples_are_not_among_the_labelled_sentences() -> None:
    shown = {message.content for message in beginning() if message.role == "user"}
    assert not shown & {label.quote for label in LABELLED}


def test_every_kind_has_an_example() -> None:
    told = [json.loads(message.content) for message in beginning() if message.role == "assistant"]
    assert {example["kind"] for example in told} == set(get_args(Kind))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ('{"speaker": "reporter", "kind": "event"}', Answer("event", None)),
        ('{"speaker": "the mayor", "kind": "plan"}', Answer("plan", "the mayor")),
    ],
)
def test_reading_a_reply(reply: str, expected: Answer) -> None:
    assert answer(reply) == expected


# -- code, doubt, shares ---------------------------------------------------------------------------


def test_the_answer_of_the_code(parser: Parser) -> None:
    told = by_code(sentence(parser, "Anna Keller said she did not sign the letter."))
    assert told == Answer("statement", "Anna Keller", "negated")


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("Two ferries collided on Monday.", False),
        ("Anna Keller said the bridge was safe.", False),
        ('"Fresh fish" stood above the door.', True),
        ("Keller said the bridge was safe, but Brandt said it was not.", True),
    ],
)
def test_the_code_doubts_where_somebody_else_may_speak(parser: Parser, text: str, doubt: bool) -> None:
    assert doubtful(sentence(parser, text)) is doubt


def test_shares_of_all_and_of_those_kept_apart(parser: Parser) -> None:
    text = sentence(parser, "Police said it sank.")
    labels = [
        Label("articles/a.txt", "x", ("statement",), "Police", "affirmed"),
        Label("paraphrases/articles/a.txt", "x", ("statement",), "Police", "affirmed"),
    ]
    sentences = [(label, text) for label in labels]
    answers = (Answer("statement", "Police"), Answer("statement", None))
    assert shares(sentences, answers, apart=False) == (Share(2, 2), Share(1, 2), Share(1, 2))
    assert shares(sentences, answers, apart=True) == (Share(1, 1), Share(0, 1), Share(0, 1))
    run = Run(
        "a model", answers, 2, Usage(calls=2, prompt_tokens=90, cached_prompt_tokens=60, completion_tokens=9)
    )
    assert row(sentences, run).startswith("| a model | 100.0% (34 to 100), 2/2 |")
    assert row(sentences, run).endswith("| 2 | 30 | 9 | 0.0 |")


def test_wrong_answers_are_listed_but_not_those_kept_apart(parser: Parser) -> None:
    text = sentence(parser, "Police said it sank.")
    labels = [
        Label(f"{folder}/a.txt", f"Sentence in {folder}.", ("statement",), "Police", "affirmed")
        for folder in ("articles", "paraphrases/articles")
    ]
    run = Run("code", (Answer("event", None), Answer("event", None)), 0, Usage())
    listed = list(wrong([(label, text) for label in labels], run))
    assert len(listed) == 1
    assert "Sentence in articles." in listed[0]
