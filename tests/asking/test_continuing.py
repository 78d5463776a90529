"""A reply that was cut is kept item by item and goes on with the rest, and never for ever."""

from __future__ import annotations

import pytest

from service.asking.windows import MAX_CONTINUED
from service.backends.base import ModelReply, ModelRequest
from service.errors import ContentFiltered
from service.text.parsing import Parser
from tests.newsroom import SILENT, asked, reasons, statements
from tests.test_extracting import INJURED, KILLED, LEFT, WHOLE, extract, split
from tests.test_extracting_windows import (
    BANG,
    BODY,
    CLOSED,
    MAREK,
    ORVELA,
    about,
    in_windows,
    told_of,
    window,
)

IDS = {sentence: f"s{n}" for n, sentence in enumerate(BODY, start=2)}


def cut(text: str) -> ModelReply:
    return ModelReply(text=text, finish="length", model="script")


def telling(*sentences: str) -> str:
    return window(*[([IDS[s]], s, None, None) for s in sentences])


class TestWindows:
    def test_the_rest_is_asked_for_and_nothing_twice(self, parser: Parser) -> None:
        questions: list[list[str]] = []

        def answer(request: ModelRequest) -> str | ModelReply:
            shown = told_of(asked(request))
            questions.append(shown)
            return cut(telling(*shown[:2])[:-2] + ', {"ids": ["s') if len(shown) > 2 else telling(*shown)

        account = in_windows(parser, answer)
        assert questions == [BODY, BODY[2:], BODY[4:]]
        assert statements(account.facts) == BODY
        assert {fact.origin for fact in account.facts} == {"model"}
        assert account.entry.salvaged == 4
        assert [r for r in reasons(account.rejected) if r != "not_news"] == ["truncated"] * 2

    def test_a_reply_cut_before_its_first_item_goes_on_in_halves(self, parser: Parser) -> None:
        questions: list[list[str]] = []

        def answer(request: ModelRequest) -> str | ModelReply:
            shown = told_of(asked(request))
            questions.append(shown)
            return cut('{"facts": [{"ids"') if len(shown) > 3 else telling(*shown)

        account = in_windows(parser, answer)
        assert statements(account.facts) == BODY
        assert {fact.origin for fact in account.facts} == {"model"}
        assert questions == [BODY, BODY[:2], BODY[2:]]

    @pytest.mark.parametrize("text", ["", '{"facts": [', telling(WHOLE)[:-2], telling(ORVELA)[:-2]])
    def test_a_model_that_never_finishes_is_not_asked_for_ever(self, parser: Parser, text: str) -> None:
        calls = 0

        def answer(request: ModelRequest) -> ModelReply:
            nonlocal calls
            calls += 1
            return cut(text)

        assert statements(in_windows(parser, answer).facts) == BODY
        assert calls < 2 ** (MAX_CONTINUED + 1)

    def test_a_claim_lost_in_the_cut_is_told_by_its_sentence(self, parser: Parser) -> None:
        """The second claim of the last sentence broke off: what was told of that sentence is not all."""

        def answer(request: ModelRequest) -> str | ModelReply:
            shown = told_of(asked(request))
            if WHOLE in shown:
                return cut(
                    window((["s2"], LEFT, "event", None))[:-2] + ', {"ids": ["s2"], "statement": "A fr'
                )
            return telling(*shown)

        account = in_windows(parser, answer)
        assert statements(account.facts) == BODY
        assert account.facts[0].origin == "source"
        assert LEFT in [r.draft.statement for r in account.rejected if r.reason == "duplicate"]

    def test_the_rest_that_is_not_answered_stands_for_itself(self, parser: Parser) -> None:
        def answer(request: ModelRequest) -> str | ModelReply:
            shown = told_of(asked(request))
            if WHOLE in shown:
                return cut(telling(WHOLE)[:-2])
            raise ContentFiltered("not this text")

        account = in_windows(parser, answer)
        assert statements(account.facts) == [WHOLE, CLOSED, BANG, MAREK, ORVELA]

    @pytest.mark.parametrize("repair", [None, "v2"])
    def test_a_sentence_skipped_in_a_whole_reply_is_not_asked_for(
        self, parser: Parser, repair: str | None
    ) -> None:
        calls: list[str] = []

        def answer(request: ModelRequest) -> str:
            calls.append(asked(request))
            return telling(CLOSED)

        account = in_windows(parser, answer, repair=repair)
        assert [(f.statement, f.origin) for f in about(account, "s3")] == [(CLOSED, "model")]
        assert len(calls) == 1
        assert account.entry.retried == 0


class TestSentences:
    def test_the_item_that_broke_off_is_asked_for_once(self, parser: Parser) -> None:
        again: list[str] = []

        def answer(request: ModelRequest) -> str | ModelReply:
            if request.stage == "extract_facts":
                return cut(split(LEFT, KILLED)[:-2] + ', "A freight train inj')
            again.append(asked(request))
            return f'{{"sentence": "{INJURED}"}}'

        account = extract(parser, answer, repair="v1", repair_refused=False)
        assert statements(account.facts) == [LEFT, KILLED, INJURED]
        assert reasons(account.rejected) == ["truncated"]
        assert (account.entry.salvaged, account.entry.retried) == (2, 1)
        (question,) = again
        assert WHOLE in question and "A freight train inj" in question

    @pytest.mark.parametrize("more", ["", SILENT, '{"sentence": "A frei', f'{{"sentence": "{LEFT}"}}'])
    def test_what_does_not_complete_the_parts_leaves_the_sentence(self, parser: Parser, more: str) -> None:
        def answer(request: ModelRequest) -> ModelReply:
            return cut(split(LEFT, KILLED)[:-2] + ', "A' if request.stage == "extract_facts" else more)

        account = extract(parser, answer, repair="v1")
        assert statements(account.facts) == [WHOLE]
        assert account.entry.retried == 1

    def test_parts_that_say_it_all_need_no_more(self, parser: Parser) -> None:
        def answer(request: ModelRequest) -> ModelReply:
            assert request.stage == "extract_facts"
            return cut(split(LEFT, KILLED, INJURED)[:-2] + ', "The dri')

        account = extract(parser, answer, repair="v1")
        assert statements(account.facts) == [LEFT, KILLED, INJURED]
        assert (account.entry.salvaged, account.entry.retried) == (3, 0)
