"""Every draft becomes a fact or a reason."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.facts.checking import FactMaker
from service.facts.models import Draft, Fact, Kind, Rejected
from service.text.cleaning import tidy
from service.text.parsing import Parser
from tests.newsroom import PROMPT_REF, check_fact, draft, parsed

TEXT = """Ferry sinks off Keldo

A ferry sank off Keldo on Monday, killing 3 people and injuring 14.

The captain was not drunk, the coast guard said.

Keldo will bury the dead on Friday.

Mayor Anna Keller said: "Nobody slept that night." She thanked the divers for their courage.

Prosecutors accused the owner Ole Brandt of selling too many tickets. Brandt denied the allegations.

Leave a Reply
"""


@pytest.fixture(scope="module")
def maker(parser: Parser) -> FactMaker:
    return FactMaker(parsed(parser, TEXT), parser, PROMPT_REF)


def sentence_with(maker: FactMaker, words: str) -> str:
    return next(s.sentence.sentence_id for s in maker.article.sentences if words in s.sentence.text)


def fact(maker: FactMaker, statement: str, words: str, kind: Kind | None = None) -> Fact:
    outcome = maker.judge(draft(statement, sentence_with(maker, words), kind=kind))
    assert isinstance(outcome, Fact), outcome
    check_fact(outcome, TEXT)
    return outcome


def refused(maker: FactMaker, statement: str, words: str, kind: Kind | None = None) -> Rejected:
    given = draft(statement, sentence_with(maker, words), kind=kind)
    outcome = maker.judge(given)
    assert isinstance(outcome, Rejected), outcome
    assert (outcome.draft, outcome.article_id) == (given, maker.article.source.article_id)
    assert outcome.detail
    return outcome


class TestFacts:
    def test_a_part_of_a_sentence(self, maker: FactMaker) -> None:
        found = fact(maker, "A ferry sank off Keldo on Monday.", "A ferry sank")
        assert (found.kind, found.speaker, found.polarity, found.origin) == (
            "event",
            None,
            "affirmed",
            "model",
        )
        assert (
            found.evidence[0].quote == "A ferry sank off Keldo on Monday, killing 3 people and injuring 14."
        )
        assert found.prompt == PROMPT_REF

    def test_verbatim_and_supported(self, maker: FactMaker) -> None:
        assert fact(maker, "A ferry sank off Keldo on Monday", "A ferry sank").support == "verbatim"
        assert fact(maker, "Three people were killed.", "A ferry sank").support == "supported"

    def test_a_full_stop_is_added_and_white_space_folded(self, maker: FactMaker) -> None:
        assert fact(maker, "A  ferry sank\noff Keldo", "A ferry sank").statement == "A ferry sank off Keldo."

    def test_the_same_draft_has_the_same_id(self, maker: FactMaker) -> None:
        one, two = (fact(maker, "A ferry sank off Keldo.", "A ferry sank") for _ in range(2))
        assert one == two
        assert one.fact_id != fact(maker, "A ferry sank on Monday.", "A ferry sank").fact_id

    def test_a_sentence_named_twice_is_cited_once(self, maker: FactMaker) -> None:
        i = sentence_with(maker, "A ferry sank")
        outcome = maker.judge(draft("A ferry sank off Keldo.", i, i))
        assert isinstance(outcome, Fact)
        assert [e.sentence_id for e in outcome.evidence] == [i]

    def test_several_sentences_are_all_cited(self, maker: FactMaker) -> None:
        ids = [sentence_with(maker, "Mayor Anna"), sentence_with(maker, "She thanked")]
        outcome = maker.judge(draft("Anna Keller thanked the divers for their courage.", *ids))
        assert isinstance(outcome, Fact)
        assert [e.sentence_id for e in outcome.evidence] == ids
        assert outcome.speaker == "Anna Keller"

    def test_a_sentence_cited_without_being_told_is_no_evidence(self, maker: FactMaker) -> None:
        cited = tuple(
            sentence_with(maker, w) for w in ("A ferry sank", "Keldo will bury", "Anna Keller said")
        )
        outcome = maker.judge(Draft(sentence_ids=cited, statement="A ferry sank off Keldo on Monday."))
        assert isinstance(outcome, Fact)
        assert [e.sentence_id for e in outcome.evidence] == [sentence_with(maker, "A ferry sank")]

    def test_an_attribution_that_was_dropped_is_given_back(self, maker: FactMaker) -> None:
        found = fact(maker, "The captain was not drunk.", "The captain")
        assert found.statement == "The captain was not drunk, the coast guard said."
        assert (found.kind, found.speaker, found.polarity) == ("statement", "coast guard", "negated")

    def test_a_plan_is_a_plan(self, maker: FactMaker) -> None:
        assert fact(maker, "Keldo will bury the dead on Friday.", "bury").kind == "plan"

    def test_accusation_and_denial_have_their_voices(self, maker: FactMaker) -> None:
        accused = fact(maker, "Prosecutors accused Ole Brandt of selling too many tickets.", "Prosecutors")
        denied = fact(maker, "Brandt denied the allegations.", "denied")
        assert (accused.kind, accused.speaker) == ("accusation", "Prosecutors")
        assert (denied.kind, denied.speaker) == ("denial", "Ole Brandt")

    def test_a_pronoun_that_nobody_can_place_is_told(self, maker: FactMaker) -> None:
        assert fact(maker, "She thanked the divers for their courage.", "She thanked").unresolved == ("She",)

    def test_a_more_careful_kind_is_no_laundering(self, maker: FactMaker) -> None:
        assert fact(maker, "A ferry sank off Keldo.", "A ferry sank", kind="statement").kind == "event"

    def test_background_may_be_said_for_event(self, maker: FactMaker) -> None:
        assert fact(maker, "A ferry sank off Keldo.", "A ferry sank", kind="background").kind == "background"


class TestReasons:
    @pytest.mark.parametrize(
        ("statement", "words", "reason"),
        [
            ("A ferry sank off Keldo, killing 5 people.", "A ferry sank", "number_not_in_evidence"),
            ("A ferry sank off Keldo on Friday.", "A ferry sank", "date_not_in_evidence"),
            ("A ferry sank off Orvela.", "A ferry sank", "name_not_in_evidence"),
            ('Anna Keller said: "Everybody slept."', "Mayor Anna", "quote_not_in_evidence"),
            ("A burning ferry sank off Keldo.", "A ferry sank", "word_not_in_evidence"),
            ("The captain was drunk, the coast guard said.", "The captain", "polarity_changed"),
            ("Keldo buried the dead on Friday.", "bury", "kind_laundered"),
            ("A фerry sank off Keldo.", "A ferry sank", "script_not_in_article"),
            ("Ferry sinks off Keldo.", "Ferry sinks", "not_news"),
            ("Leave a Reply", "Leave a Reply", "not_news"),
            ("Keldo", "A ferry sank", "not_news"),
            ("14", "A ferry sank", "not_news"),
            ("Who sank the ferry off Keldo?", "A ferry sank", "not_news"),
            ("", "A ferry sank", "not_news"),
        ],
    )
    def test_table(self, maker: FactMaker, statement: str, words: str, reason: str) -> None:
        assert refused(maker, statement, words).reason == reason

    @pytest.mark.parametrize("kind", ["event", "background"])
    def test_a_plan_called_an_event(self, maker: FactMaker, kind: Kind) -> None:
        refusal = refused(maker, "Keldo will bury the dead on Friday.", "bury", kind=kind)
        assert refusal.reason == "kind_laundered"
        assert "plan" in refusal.detail

    @pytest.mark.parametrize("ids", [(), ("s99",), ("s1", "s99"), ("",), ("S2",), ("s2 ",)])
    def test_a_sentence_that_is_not_there(self, maker: FactMaker, ids: tuple[str, ...]) -> None:
        outcome = maker.judge(Draft(sentence_ids=ids, statement="A ferry sank off Keldo."))
        assert isinstance(outcome, Rejected)
        assert outcome.reason == "no_such_sentence"

    def test_the_right_claim_of_the_wrong_sentence(self, maker: FactMaker) -> None:
        assert refused(maker, "A ferry sank off Keldo.", "bury").reason == "word_not_in_evidence"


WORDS = st.sampled_from(
    [
        "A",
        "ferry",
        "sank",
        "off",
        "Keldo",
        "Orvela",
        "3",
        "5",
        "people",
        "not",
        "said",
        "Brandt",
        "will",
        '"',
        "\u202e",
        "{}",
    ]
)


@settings(max_examples=40, deadline=None)
@given(
    words=st.lists(WORDS, max_size=9),
    ids=st.lists(st.sampled_from(["s1", "s2", "s3", "s6", "s99"]), max_size=3),
)
def test_every_draft_gets_one_of_the_two(maker: FactMaker, words: list[str], ids: list[str]) -> None:
    outcome = maker.judge(Draft(sentence_ids=tuple(ids), statement=" ".join(words)))
    if isinstance(outcome, Fact):
        check_fact(outcome, TEXT)
        assert "5" not in words
        assert "Orvela" not in words
    else:
        assert outcome.detail


@pytest.mark.parametrize(
    ("given_", "told"),
    [
        ("It rained", "It rained."),
        ("It rained.", "It rained."),
        (" It\n\trained ", "It rained."),
        ("“It rained”", '"It rained"'),
        ("Did it rain?", "Did it rain?"),
        ("It\u200b rained", "It rained."),
        ("", ""),
        ("  ", ""),
    ],
)
def test_tidy(given_: str, told: str) -> None:
    assert tidy(given_) == told


@given(st.text(max_size=60))
@example("'´")
def test_tidy_twice_is_tidy_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
