"""One article, whatever the model answers: nothing is lost, nothing is made up, everything is counted."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.backends.base import ModelReply, ModelRequest, Profile
from service.errors import BackendRefused, BackendUnreachable, ContentFiltered, ContextOverflow
from service.extracting import STAGE, Extractor
from service.facts.ledger import Account
from service.prompting.templates import PromptLibrary
from service.resources import data_dir
from service.text.parsing import Parser
from service.usage import Meter
from tests.newsroom import (
    LOCAL,
    SILENT,
    TRAIN,
    asked,
    check_account,
    parsed,
    reasons,
    scripted,
    statements,
)

WHOLE = "A freight train left the rails near Orvela on Monday, killing 3 people and injuring 14."
LEFT = "A freight train left the rails near Orvela on Monday."
KILLED = "A freight train killed 3 people."
INJURED = "A freight train injured 14 people."
SAID = (
    "The brakes had failed on Monday, sending the train down the hill at 90 km/h, the railway company said."
)
VISIT = "Transport Minister Ivo Marek will visit Orvela on Wednesday, bringing 40 engineers from the capital."
Answer = Callable[[ModelRequest], "str | ModelReply"]


def split(*parts: str) -> str:
    return json.dumps({"facts": parts})


def extract(
    parser: Parser,
    answer: Answer | str,
    text: str = WHOLE,
    *,
    version: str = "v1",
    profile: Profile = LOCAL,
    window_tokens: int = 1200,
    repair: str | None = None,
    repair_refused: bool = True,
    meter: Meter | None = None,
    progress: Any = None,
) -> Account:
    """The account of `text`; holds whatever the answer is."""
    article = parsed(parser, text)
    prompts = PromptLibrary(data_dir("prompts"))
    extractor = Extractor(
        backend=scripted((lambda _request: answer) if isinstance(answer, str) else answer, profile=profile),
        prompt=prompts.get(STAGE, version),
        repair_prompt=prompts.get("repair_statement", repair) if repair else None,
        repair_refused=repair_refused,
        parser=parser,
        meter=meter or Meter(),
        window_tokens=window_tokens,
        **({"progress": progress} if progress else {}),
    )
    account = extractor.extract(article)
    check_account(account, article)
    return account


def cut_off(text: str) -> Answer:
    return lambda request: ModelReply(text=text, finish="length", model="script")


def failing(error: Exception) -> Answer:
    def answer(request: ModelRequest) -> str:
        raise error

    return answer


class TestOneSentenceAtATime:
    def test_a_good_split_becomes_the_facts(self, parser: Parser) -> None:
        account = extract(parser, split(LEFT, KILLED, INJURED))
        assert statements(account.facts) == [LEFT, KILLED, INJURED]
        assert account.rejected == ()
        assert {fact.origin for fact in account.facts} == {"model"}

    @pytest.mark.parametrize(
        "parts",
        [(LEFT, INJURED), (LEFT, KILLED), (KILLED, INJURED), (LEFT,), ()],
        ids=["a one-digit number", "a number", "date and place", "all but one part", "everything"],
    )
    def test_a_split_that_loses_something_gives_way_to_the_sentence(
        self, parser: Parser, parts: tuple[str, ...]
    ) -> None:
        account = extract(parser, split(*parts))
        assert statements(account.facts) == [WHOLE]
        assert account.facts[0].origin == "source"
        assert reasons(account.rejected) == ["duplicate"] * len(parts)
        assert [r.draft.statement for r in account.rejected] == list(parts)

    def test_a_part_of_another_number_is_not_that_number(self, parser: Parser) -> None:
        text = (
            "A freight train left the rails near Orvela on Monday, killing 14 people and injuring 140 others."
        )
        account = extract(parser, split(LEFT, "A freight train injured 140 others."), text)
        assert statements(account.facts) == [text]

    def test_an_invented_part_is_refused_and_the_sentence_stands(self, parser: Parser) -> None:
        account = extract(parser, split(LEFT, "The driver was asleep."))
        assert statements(account.facts) == [WHOLE]
        assert reasons(account.rejected) == ["duplicate", "word_not_in_evidence"]

    def test_a_changed_number_is_refused_and_the_sentence_stands(self, parser: Parser) -> None:
        account = extract(parser, split(LEFT, "A freight train killed 5 people.", INJURED))
        assert statements(account.facts) == [WHOLE]
        assert "number_not_in_evidence" in reasons(account.rejected)

    def test_an_invented_part_beside_a_full_split_costs_nothing_else(self, parser: Parser) -> None:
        account = extract(parser, split(LEFT, KILLED, INJURED, "The driver was asleep."))
        assert statements(account.facts) == [LEFT, KILLED, INJURED]
        assert reasons(account.rejected) == ["word_not_in_evidence"]

    def test_a_plan_told_as_done_is_refused(self, parser: Parser) -> None:
        done = "Transport Minister Ivo Marek visited Orvela on Wednesday."
        account = extract(parser, split(done, "Ivo Marek brought 40 engineers from the capital."), VISIT)
        assert statements(account.facts) == [VISIT]
        assert account.facts[0].kind == "plan"
        assert "kind_laundered" in reasons(account.rejected)

    def test_a_speaker_who_was_dropped_is_kept(self, parser: Parser) -> None:
        parts = ("The brakes had failed on Monday.", "The brakes sent the train down the hill at 90 km/h.")
        account = extract(parser, split(*parts), SAID)
        assert account.facts
        assert {fact.speaker for fact in account.facts} == {"railway company"}
        assert {fact.kind for fact in account.facts} == {"statement"}

    @pytest.mark.parametrize(
        "answer",
        [
            "",
            "  \n",
            "I cannot help with that.",
            '{"statements": ["A train"]}',
            '{"facts": "A train"}',
            '{"facts": [1, 2]}',
            "[]",
            "null",
            '{"facts": ["A frei',
        ],
    )
    def test_an_unusable_reply_is_told_and_the_sentence_stands(self, parser: Parser, answer: str) -> None:
        account = extract(parser, answer)
        assert statements(account.facts) == [WHOLE]
        assert set(reasons(account.rejected)) == {"unparsable"}
        assert all(refused.detail for refused in account.rejected)

    def test_a_reply_in_a_fence_is_read(self, parser: Parser) -> None:
        account = extract(parser, f"```json\n{split(LEFT, KILLED, INJURED)}\n```")
        assert statements(account.facts) == [LEFT, KILLED, INJURED]

    def test_a_reply_cut_in_its_first_item(self, parser: Parser) -> None:
        account = extract(parser, cut_off('{"facts": ["A freight tr'))
        assert statements(account.facts) == [WHOLE]
        assert reasons(account.rejected) == ["truncated"]

    def test_a_reply_cut_in_its_last_item_keeps_the_others(self, parser: Parser) -> None:
        account = extract(parser, cut_off(split(LEFT, KILLED, INJURED)[:-2] + ', "The dri'))
        assert statements(account.facts) == [LEFT, KILLED, INJURED]
        assert account.entry.salvaged == 3

    def test_a_reply_cut_too_early_gives_way_to_the_sentence(self, parser: Parser) -> None:
        account = extract(parser, cut_off(split(LEFT)[:-2] + ', "A freight'))
        assert statements(account.facts) == [WHOLE]
        assert account.entry.salvaged == 1

    def test_a_statement_said_twice_counts_once(self, parser: Parser) -> None:
        account = extract(parser, split(LEFT, KILLED, KILLED, INJURED, INJURED))
        assert statements(account.facts) == [LEFT, KILLED, INJURED]
        assert (account.entry.drafts, account.entry.duplicates) == (5, 2)

    def test_the_whole_sentence_said_twice_is_one_fact(self, parser: Parser) -> None:
        account = extract(parser, split(WHOLE, WHOLE))
        assert statements(account.facts) == [WHOLE]
        assert (account.entry.drafts, account.entry.duplicates) == (3, 2)

    @pytest.mark.parametrize("error", [ContextOverflow("too long"), ContentFiltered("not this text")])
    def test_a_sentence_that_cannot_be_asked_about_stands_for_itself(
        self, parser: Parser, error: Exception
    ) -> None:
        account = extract(parser, failing(error))
        assert statements(account.facts) == [WHOLE]
        assert str(error) in account.rejected[0].detail

    @pytest.mark.parametrize("error", [BackendUnreachable("nobody there"), BackendRefused("no key")])
    def test_a_backend_that_does_not_work_is_an_error(self, parser: Parser, error: Exception) -> None:
        with pytest.raises(type(error)):
            extract(parser, failing(error))

    def test_only_sentences_with_several_claims_are_asked_about(self, parser: Parser) -> None:
        questions: list[str] = []

        def answer(request: ModelRequest) -> str:
            questions.append(asked(request))
            return SILENT

        account = extract(parser, answer, TRAIN)
        assert questions == [WHOLE]
        assert "Transport Minister Ivo Marek will visit the site on Wednesday." in statements(account.facts)
        assert reasons(account.rejected).count("not_news") == 2

    def test_facts_stand_in_reading_order(self, parser: Parser) -> None:
        starts = [fact.evidence[0].start for fact in extract(parser, SILENT, TRAIN).facts]
        assert starts == sorted(starts)
        assert len(starts) >= 5

    def test_questions_share_their_beginning_and_are_bounded(self, parser: Parser) -> None:
        requests: list[ModelRequest] = []

        def answer(request: ModelRequest) -> str:
            requests.append(request)
            return SILENT

        extract(parser, answer, f"{WHOLE} {VISIT} {SAID}")
        assert len(requests) >= 2
        prefixes = {request.messages[: request.prefix_messages] for request in requests}
        assert len(prefixes) == 1
        assert {(r.stage, r.temperature, len(r.messages) - r.prefix_messages) for r in requests} == {
            (STAGE, 0.0, 1)
        }
        assert all(r.max_tokens > 0 and r.schema and r.grammar for r in requests)

    def test_no_straight_mark_of_the_article_reaches_the_model(self, parser: Parser) -> None:
        text = (
            'The minister said the crash was "a dark day" for Orvela on Monday, bringing 40 engineers with '
            'him, and he called the line "unsafe" and the brakes "a scandal".'
        )
        questions: list[str] = []

        def answer(request: ModelRequest) -> str:
            questions.append(asked(request))
            return SILENT

        extract(parser, answer, text)
        assert all('"' not in question for question in questions)

    def test_every_call_is_metered(self, parser: Parser) -> None:
        meter = Meter()
        extract(parser, split(LEFT), f"{WHOLE} {VISIT}", meter=meter)
        usage = meter.read()
        assert usage.calls == usage.stages[STAGE].calls == 2
        assert usage.completion_tokens > 0

    def test_progress_ends_with_all_of_them(self, parser: Parser) -> None:
        seen: list[tuple[str, int, int]] = []
        extract(
            parser, SILENT, f"{WHOLE} {VISIT}", progress=lambda s, d, t, detail="": seen.append((s, d, t))
        )
        assert seen == [(STAGE, 1, 2), (STAGE, 2, 2)]

    def test_questions_asked_side_by_side_are_answered_in_order(self, parser: Parser) -> None:
        both = threading.Barrier(2, timeout=20)

        def answer(request: ModelRequest) -> str:
            both.wait()
            return split("nonsense", "more nonsense")

        meter = Meter()
        account = extract(
            parser, answer, f"{WHOLE} {VISIT}", profile=Profile("v1", "v1", concurrency=2), meter=meter
        )
        assert statements(account.facts) == [WHOLE, VISIT]
        assert meter.read().calls == 2

    @settings(max_examples=25, deadline=None)
    @given(
        parts=st.lists(
            st.sampled_from(
                [LEFT, KILLED, INJURED, WHOLE, "It rained.", "", "3", "A freight train will leave.", "\x00"]
            ),
            max_size=7,
        ),
        end=st.integers(0, 12),
    )
    def test_whatever_is_answered_the_sentence_is_told(
        self, parser: Parser, parts: list[str], end: int
    ) -> None:
        text = split(*parts)
        finish = cut_off(text[: len(text) - end]) if end else text
        account = extract(parser, finish)
        told = " ".join(statements(account.facts))
        assert all(word in told for word in ("Orvela", "Monday", "3 people", "14"))
