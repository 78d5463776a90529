"""A refused draft is asked for once more, in the words of its sentence, where that can still help."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from service.backends.base import ModelRequest
from service.errors import ContentFiltered, ContextOverflow
from service.facts.ledger import Account
from service.text.parsing import Parser
from service.usage import Meter
from tests.newsroom import asked, reasons, statements
from tests.test_extracting import INJURED, KILLED, LEFT, VISIT, WHOLE, extract, split
from tests.test_extracting_windows import CLOSED, MAREK, about, in_windows, window

WRONG = "A freight train killed 5 people."
ASLEEP = "The driver was asleep."
RETRY = "repair_statement"


class Model:
    """Answers the first question with `first`, every repair with `repair`; keeps the repair questions."""

    def __init__(self, first: str, repair: str | Callable[[ModelRequest], str]) -> None:
        self.first, self.repair = first, repair
        self.repairs: list[ModelRequest] = []

    def __call__(self, request: ModelRequest) -> str:
        if request.stage != RETRY:
            return self.first
        self.repairs.append(request)
        return self.repair if isinstance(self.repair, str) else self.repair(request)


def sentence(text: str) -> str:
    return json.dumps({"sentence": text})


def words(text: str) -> str:
    return json.dumps({"words": text.split()})


def raising(error: Exception) -> Callable[[ModelRequest], str]:
    def answer(request: ModelRequest) -> str:
        raise error

    return answer


class TestOneSentence:
    def retried(self, parser: Parser, model: Model, text: str = WHOLE, **more: Any) -> Account:
        return extract(parser, model, text, **({"repair": "v1"} | more))

    def test_a_statement_put_right_completes_the_parts(self, parser: Parser) -> None:
        model = Model(split(LEFT, WRONG, INJURED), sentence(KILLED))
        account = self.retried(parser, model)
        assert statements(account.facts) == [LEFT, INJURED, KILLED]
        assert reasons(account.rejected) == ["number_not_in_evidence"]
        assert (account.entry.drafts, account.entry.retried) == (4, 1)
        assert [f.prompt.name for f in account.facts] == ["extract_facts", "extract_facts", RETRY]

    def test_the_question_holds_sentence_statement_and_reason(self, parser: Parser) -> None:
        model = Model(split(LEFT, WRONG, INJURED), sentence(KILLED))
        (refused,) = self.retried(parser, model).rejected
        (request,) = model.repairs
        for part in (WHOLE, WRONG, refused.detail):
            assert part in asked(request)
        assert request.prefix_messages == len(request.messages) - 1
        assert 0 < request.max_tokens <= 100

    def test_only_the_words_of_the_sentence_are_offered(self, parser: Parser) -> None:
        model = Model(split(LEFT, WRONG, INJURED), sentence(KILLED))
        self.retried(parser, model)
        grammar = model.repairs[0].grammar or ""
        assert '"Orvela"' in grammar and '"14"' in grammar and '"killed"' in grammar
        assert '"5"' not in grammar and "[^" not in grammar and "a-z" not in grammar

    @pytest.mark.parametrize("repair", [sentence(WRONG), sentence(ASLEEP), sentence(""), "", "no", "[]"])
    def test_a_second_failure_leaves_the_sentence_itself(self, parser: Parser, repair: str) -> None:
        model = Model(split(LEFT, WRONG, INJURED), repair)
        account = self.retried(parser, model)
        assert statements(account.facts) == [WHOLE]
        assert account.facts[0].origin == "source"
        assert len(model.repairs) == account.entry.retried == 1
        assert reasons(account.rejected).count("duplicate") == 2

    def test_the_whole_sentence_is_no_part_of_itself(self, parser: Parser) -> None:
        account = self.retried(parser, Model(split(LEFT, WRONG, INJURED), sentence(WHOLE)))
        assert statements(account.facts) == [WHOLE]
        assert [f.origin for f in account.facts] == ["source"]

    @pytest.mark.parametrize(
        ("parts", "why"),
        [
            ((LEFT, KILLED, INJURED, ASLEEP), "the parts stand without it"),
            ((LEFT, INJURED), "nothing was refused"),
            ((LEFT, ASLEEP), "put right, it would still not tell who was killed"),
            ((WRONG,), "one part is no split"),
            ((WRONG, "A freight train killed 6 people.", "It killed 7.", LEFT), "too many are wrong"),
            ((), "there are none"),
        ],
    )
    def test_it_is_not_asked_for_nothing(self, parser: Parser, parts: tuple[str, ...], why: str) -> None:
        model = Model(split(*parts), sentence(KILLED))
        account = self.retried(parser, model)
        assert model.repairs == [], why
        assert account.entry.retried == 0

    @pytest.mark.parametrize("more", [{"repair": None}, {"repair_refused": False}])
    def test_it_can_be_switched_off(self, parser: Parser, more: dict[str, Any]) -> None:
        model = Model(split(LEFT, WRONG, INJURED), sentence(KILLED))
        assert statements(self.retried(parser, model, **more).facts) == [WHOLE]
        assert model.repairs == []

    @pytest.mark.parametrize("error", [ContextOverflow("too long"), ContentFiltered("not this text")])
    def test_a_repair_that_is_not_answered_is_told(self, parser: Parser, error: Exception) -> None:
        account = self.retried(parser, Model(split(LEFT, WRONG, INJURED), raising(error)))
        assert statements(account.facts) == [WHOLE]
        assert str(error) in [r.detail for r in account.rejected]

    def test_a_plan_told_as_done(self, parser: Parser) -> None:
        will = "Transport Minister Ivo Marek will visit Orvela on Wednesday."
        bring = "Ivo Marek will bring 40 engineers from the capital."
        model = Model(split(will.replace("will visit", "visited"), bring), sentence(will))
        account = self.retried(parser, model, VISIT)
        assert "kind_laundered" in reasons(account.rejected)
        assert all(fact.kind == "plan" for fact in account.facts)

    def test_repairs_are_metered_apart(self, parser: Parser) -> None:
        meter = Meter()
        self.retried(parser, Model(split(LEFT, WRONG, INJURED), sentence(KILLED)), meter=meter)
        assert {name: stage.calls for name, stage in meter.read().stages.items()} == {
            "extract_facts": 1,
            RETRY: 1,
        }


class TestAWindow:
    def retried(self, parser: Parser, model: Model, **more: Any) -> Account:
        return in_windows(parser, model, **({"repair": "v2"} | more))

    def test_a_statement_put_right_becomes_a_fact(self, parser: Parser) -> None:
        first = window(*[(["s2"], text, "event", None) for text in (LEFT, WRONG, INJURED)])
        model = Model(first, words("A freight train killed 3 people ."))
        account = self.retried(parser, model)
        assert statements(about(account, "s2")) == [LEFT, INJURED, KILLED]
        assert account.entry.retried == 1

    def test_a_server_is_offered_the_words_of_the_sentence(self, parser: Parser) -> None:
        model = Model(window((["s2"], WRONG, "event", None)), words(KILLED))
        self.retried(parser, model)
        (request,) = model.repairs
        assert request.schema is not None
        offered = request.schema["properties"]["words"]["items"]["enum"]
        assert {"3", "14", "Orvela", "Monday", "killed", "."} <= set(offered)
        assert not {"5", "Marek", "not"} & set(offered)

    def test_a_second_failure_leaves_the_sentence_itself(self, parser: Parser) -> None:
        first = window(*[(["s2"], text, "event", None) for text in (LEFT, WRONG, INJURED)])
        account = self.retried(parser, Model(first, words(WRONG)))
        assert statements(about(account, "s2")) == [WHOLE]
        assert reasons(account.rejected).count("duplicate") == 2
        assert reasons(account.rejected).count("number_not_in_evidence") == 2

    def test_what_the_others_tell_is_not_asked_for(self, parser: Parser) -> None:
        first = window(*[(["s2"], text, "event", None) for text in (LEFT, KILLED, INJURED, ASLEEP)])
        model = Model(first, words(KILLED))
        assert statements(about(self.retried(parser, model), "s2")) == [LEFT, KILLED, INJURED]
        assert model.repairs == []

    def test_once_the_sentence_is_told_no_more_is_asked(self, parser: Parser) -> None:
        """Three refused drafts of one sentence; the first repair tells all of it."""
        wrong = [f"A freight train killed {n} people." for n in (5, 6, 7)]
        model = Model(window(*[(["s2"], text, "event", None) for text in wrong]), words(WHOLE))
        account = self.retried(parser, model)
        assert statements(about(account, "s2")) == [WHOLE]
        assert len(model.repairs) == account.entry.retried == 1

    def test_a_draft_that_is_the_sentence_is_not_asked_about(self, parser: Parser) -> None:
        """Refused for what it adds to the sentence: without that it is the sentence."""
        more = WHOLE.replace("14", "14 in Berlin")
        model = Model(window((["s2"], more, "event", None)), words(KILLED))
        account = self.retried(parser, model)
        assert statements(about(account, "s2")) == [WHOLE]
        assert "name_not_in_evidence" in reasons(account.rejected)
        assert model.repairs == []

    def test_a_statement_begins_with_a_capital(self, parser: Parser) -> None:
        first = window(*[(["s2"], text, "event", None) for text in (LEFT, WRONG, INJURED)])
        account = self.retried(parser, Model(first, words("the freight train killed 3 people .")))
        assert "The freight train killed 3 people." in statements(account.facts)

    def test_a_wrong_label_costs_no_question(self, parser: Parser) -> None:
        model = Model(window((["s5"], MAREK, "event", None)), "")
        (fact,) = about(self.retried(parser, model), "s5")
        assert (fact.statement, fact.kind, fact.origin) == (MAREK, "plan", "model")
        assert model.repairs == []

    def test_an_id_that_is_wrong_by_one_costs_no_question(self, parser: Parser) -> None:
        model = Model(window((["s4"], CLOSED, "statement", None), (["s4"], MAREK, "plan", None)), "")
        account = self.retried(parser, model)
        told = [fact for fact in account.facts if fact.origin == "model"]
        assert statements(told) == statements(about(account, "s3", "s5")) == [CLOSED, MAREK]
        assert [[e.sentence_id for e in fact.evidence] for fact in told] == [["s3"], ["s5"]]
        assert len([r for r in account.rejected if r.reason != "not_news"]) == 2
        assert model.repairs == []

    def test_an_id_that_is_not_there_is_replaced_by_the_likest_sentence(self, parser: Parser) -> None:
        model = Model(window((["s99"], LEFT, "event", None)), words(LEFT))
        account = self.retried(parser, model)
        assert WHOLE in asked(model.repairs[0])
        assert WHOLE in statements(account.facts)

    @pytest.mark.parametrize("repair", ['{"words": []}', "", "no"])
    def test_nothing_is_an_answer(self, parser: Parser, repair: str) -> None:
        account = self.retried(parser, Model(window((["s2"], WRONG, "event", None)), repair))
        assert statements(about(account, "s2")) == [WHOLE]

    def test_the_first_question_is_closed_over_ids_and_speakers(self, parser: Parser) -> None:
        requests: list[ModelRequest] = []

        def answer(request: ModelRequest) -> str:
            requests.append(request)
            return window((["s3"], CLOSED, "statement", "the railway company"))

        in_windows(parser, answer)
        schema: Any = requests[0].schema
        fact = schema["properties"]["facts"]["items"]["properties"]
        assert fact["ids"]["items"]["enum"] == ["s2", "s3", "s4", "s5", "s6"]
        named, nobody = fact["speaker"]["anyOf"]
        assert {"Mira Dahl", "the railway company"} <= set(named["enum"])
        assert nobody == {"type": "null"}
