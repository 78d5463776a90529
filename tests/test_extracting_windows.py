"""One article in windows of numbered sentences, whatever the model answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.backends.base import ModelRequest, Profile
from service.errors import ContentFiltered, ContextOverflow
from service.facts.ledger import Account
from service.facts.models import Fact
from service.text.parsing import Parser
from tests.newsroom import SILENT, TRAIN, WINDOW, asked, reasons, statements
from tests.test_extracting import LEFT, WHOLE, Answer, cut_off, extract, failing


def window(*facts: tuple[list[str], str, str | None, str | None]) -> str:
    return json.dumps(
        {"facts": [{"ids": i, "statement": s, "kind": k, "speaker": who} for i, s, k, who in facts]}
    )


BANG = '"We heard a loud bang," said Mira Dahl, who lives beside the track.'
CLOSED = "The line was closed for six hours, the railway company said."
ORVELA = "Orvela has about 9,000 inhabitants."
MAREK = "Transport Minister Ivo Marek will visit the site on Wednesday."
BODY = [WHOLE, CLOSED, BANG, MAREK, ORVELA]


def in_windows(parser: Parser, answer: Answer | str, **more: Any) -> Account:
    return extract(parser, answer, TRAIN, version="v2", profile=more.pop("profile", WINDOW), **more)


def told_of(question: str) -> list[str]:
    """Which body sentences a question shows."""
    return [sentence for sentence in BODY if sentence in question]


def about(account: Account, *ids: str) -> list[Fact]:
    """The facts that rest on any of these sentences."""
    return [fact for fact in account.facts if any(e.sentence_id in ids for e in fact.evidence)]


class TestAWindowAtATime:
    def test_drafts_with_ids_become_facts(self, parser: Parser) -> None:
        answer = window((["s2"], LEFT, "event", None), (["s3"], CLOSED, "statement", "the railway company"))
        account = in_windows(parser, answer)
        told = [fact for fact in account.facts if fact.origin == "model"]
        assert statements(told) == statements(about(account, "s2", "s3")) == [LEFT, CLOSED]
        assert [[e.sentence_id for e in fact.evidence] for fact in told] == [["s2"], ["s3"]]

    @pytest.mark.parametrize("told", [[], [CLOSED], [MAREK, WHOLE], BODY])
    def test_untold_sentences_stand_for_themselves(self, parser: Parser, told: list[str]) -> None:
        """Whatever a model leaves out of a whole reply, the article's own words say it."""
        account = in_windows(parser, window(*[([f"s{BODY.index(s) + 2}"], s, None, None) for s in told]))
        assert statements(account.facts) == BODY
        assert {f.statement: f.origin for f in account.facts} == {
            s: "model" if s in told else "source" for s in BODY
        }
        assert [[e.quote for e in fact.evidence] for fact in account.facts] == [[s] for s in BODY]
        assert set(reasons(account.rejected)) == {"not_news"}

    def test_the_window_shows_numbered_sentences_of_the_news_alone(self, parser: Parser) -> None:
        questions: list[str] = []

        def answer(request: ModelRequest) -> str:
            questions.append(asked(request))
            return SILENT

        in_windows(parser, answer)
        (question,) = questions
        assert f"[s2] {WHOLE}" in question
        assert "Leave a Reply" not in question

    @pytest.mark.parametrize("ids", [["s99"], [], ["s2", "s99"], ["S2"], ["2"]])
    def test_invented_ids_are_refused(self, parser: Parser, ids: list[str]) -> None:
        account = in_windows(parser, window((ids, LEFT, "event", None)))
        assert "no_such_sentence" in reasons(account.rejected)
        assert LEFT not in statements(account.facts)

    def test_a_draft_on_page_furniture_is_no_news(self, parser: Parser) -> None:
        account = in_windows(parser, window((["s1"], "A freight train derails near Orvela.", "event", None)))
        assert about(account, "s1") == []
        assert {fact.origin for fact in account.facts} == {"source"}
        assert set(reasons(account.rejected)) == {"not_news"}

    def test_a_sentence_whose_drafts_fail_stands_for_itself(self, parser: Parser) -> None:
        answer = window(
            (["s2"], "A freight train killed 5 people.", "event", None), (["s3"], CLOSED, "statement", None)
        )
        account = in_windows(parser, answer)
        assert [(f.statement, f.origin) for f in about(account, "s2", "s3")] == [
            (WHOLE, "source"),
            (CLOSED, "model"),
        ]
        assert "number_not_in_evidence" in reasons(account.rejected)

    def test_a_plan_called_an_event_is_refused_and_stands_for_itself(self, parser: Parser) -> None:
        account = in_windows(parser, window((["s5"], MAREK, "event", None)))
        assert [(fact.statement, fact.kind) for fact in about(account, "s5")] == [(MAREK, "plan")]
        assert "kind_laundered" in reasons(account.rejected)

    @pytest.mark.parametrize(
        "answer", ["", "no", "[]", '{"facts": [{"ids": ["s2"]}]}', '{"facts": [{"ids": ["s2"], "st']
    )
    def test_after_an_unusable_reply_every_sentence_stands_for_itself(
        self, parser: Parser, answer: str
    ) -> None:
        account = in_windows(parser, answer)
        assert statements(account.facts) == BODY
        assert "unparsable" in reasons(account.rejected)

    def test_after_a_cut_reply_what_was_not_told_stands_for_itself(self, parser: Parser) -> None:
        whole = window((["s3"], CLOSED, "statement", None), (["s4"], BANG, "statement", None))
        account = in_windows(parser, cut_off(whole[: whole.index('"s4"')]))
        assert statements(account.facts) == BODY
        assert "truncated" in reasons(account.rejected)

    def test_the_same_claim_twice_is_a_duplicate(self, parser: Parser) -> None:
        account = in_windows(parser, window(*[(["s2"], LEFT, "event", None)] * 3))
        assert statements(about(account, "s2")) == [LEFT]
        assert account.entry.duplicates == 2

    def test_windows_hold_whole_sentences_under_the_budget(self, parser: Parser) -> None:
        questions: list[str] = []

        def answer(request: ModelRequest) -> str:
            questions.append(asked(request))
            return ""

        account = in_windows(parser, answer, window_tokens=20)
        assert len(questions) > 2
        assert [sentence for question in questions for sentence in told_of(question)] == BODY
        assert statements(account.facts) == BODY

    def test_a_window_that_does_not_fit_is_halved(self, parser: Parser) -> None:
        fitted: list[list[str]] = []

        def answer(request: ModelRequest) -> str:
            shown = told_of(asked(request))
            if len(shown) > 2:
                raise ContextOverflow("too long")
            fitted.append(shown)
            return window(*[([f"s{BODY.index(s) + 2}"], s, None, None) for s in shown])

        account = in_windows(parser, answer)
        assert [sentence for shown in fitted for sentence in shown] == BODY
        assert statements(account.facts) == BODY
        assert {fact.origin for fact in account.facts} == {"model"}

    @pytest.mark.parametrize("error", [ContextOverflow("too long"), ContentFiltered("not this text")])
    def test_one_sentence_that_cannot_be_asked_about_is_not_lost(
        self, parser: Parser, error: Exception
    ) -> None:
        def answer(request: ModelRequest) -> str:
            shown = told_of(asked(request))
            if WHOLE in shown:
                raise error
            return window(*[([f"s{BODY.index(s) + 2}"], s, None, None) for s in shown])

        assert WHOLE in statements(in_windows(parser, answer).facts)

    @pytest.mark.parametrize("error", [ContextOverflow("too long"), ContentFiltered("not this text")])
    def test_nothing_fits(self, parser: Parser, error: Exception) -> None:
        assert statements(in_windows(parser, failing(error)).facts) == BODY

    def test_windows_asked_side_by_side_give_the_same_account(self, parser: Parser) -> None:
        def answer(request: ModelRequest) -> str:
            shown = told_of(asked(request))
            return window(*[([f"s{BODY.index(s) + 2}"], s, None, None) for s in shown])

        alone = in_windows(parser, answer, window_tokens=20)
        together = in_windows(parser, answer, window_tokens=20, profile=Profile("v2", "v1", concurrency=4))
        assert together == alone

    def test_an_article_without_news_is_not_asked_about(self, parser: Parser) -> None:
        account = extract(
            parser, failing(AssertionError("asked")), "Leave a Reply\n", version="v2", profile=WINDOW
        )
        assert account.facts == ()
        assert account.entry.drafts == len(account.rejected)
