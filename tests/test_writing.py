"""The summary holds whatever the writer does."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from service.backends.base import ModelReply, ModelRequest
from service.errors import (
    BackendError,
    BackendTimeout,
    BackendUnreachable,
    CircuitOpen,
    ContentFiltered,
    QuotaExceeded,
)
from service.facts.checking import FactMaker
from service.facts.drafting import own_words
from service.facts.models import Fact
from service.facts.reading import ParsedArticle
from service.prompting.templates import PromptLibrary
from service.resources import data_dir
from service.stories.checking import SummaryGate
from service.stories.models import MergedFact, Summary, SummarySentence
from service.stories.plan import Group
from service.text.parsing import Parser
from service.usage import Meter
from service.writing import STAGE, Writer
from tests.newsroom import PROMPT_REF, TRAIN, TRAIN_AGAIN, asked, draft, merged_of, parsed, scripted

Answer = Callable[[ModelRequest], "str | ModelReply"]
KILLED = "A freight train left the rails near Orvela on Monday, killing 3 people and injuring 14."
CLOSED = "The line was closed for six hours, the railway company said."
POLICE = "Police said 20 people were injured."
GOOD = "Police said 20 people were injured, and the railway company said the line was closed for six hours."


class Desk:
    """Merged facts of two articles, one a sentence, and a writer for them."""

    def __init__(self, parser: Parser) -> None:
        self.parser = parser
        articles = (parsed(parser, TRAIN), parsed(parser, TRAIN_AGAIN, source="Valley Radio"))
        self.articles = {a.source.article_id: a for a in articles}
        self.facts: dict[str, Fact] = {}
        for article in articles:
            maker = FactMaker(article, parser, PROMPT_REF)
            outcomes = [maker.judge(own_words(article, located)) for located in article.body]
            self.facts |= {o.fact_id: o for o in outcomes if isinstance(o, Fact)}
        self.meter = Meter()
        self.seen: list[tuple[str, int, int]] = []

    def merged(self, statement: str) -> MergedFact:
        return merged_of(next(f for f in self.facts.values() if f.statement == statement))

    def model_worded(self, statement: str, quote: str) -> MergedFact:
        """A fact in the model's words."""
        for article in self.articles.values():
            for located in article.body:
                if located.sentence.text == quote:
                    return self._made(article, statement, located.sentence.sentence_id)
        raise AssertionError(quote)

    def _made(self, article: ParsedArticle, statement: str, sentence_id: str) -> MergedFact:
        fact = FactMaker(article, self.parser, PROMPT_REF).judge(draft(statement, sentence_id))
        assert isinstance(fact, Fact), fact
        self.facts[fact.fact_id] = fact
        return merged_of(fact)

    def write(self, answer: Answer | str, *groups: Group, words: int | None = None) -> Summary:
        writer = Writer(
            backend=scripted((lambda _request: answer) if isinstance(answer, str) else answer),
            prompt=PromptLibrary(data_dir("prompts")).get(STAGE, "v1"),
            gate=SummaryGate(self.articles, self.parser),
            facts=self.facts,
            outlets={i: a.source.article.source or "" for i, a in self.articles.items()},
            meter=self.meter,
            progress=lambda stage, done, total, detail="": self.seen.append((stage, done, total)),
        )
        summary = writer.write(groups, words)
        assert summary.text == " ".join(s.text for s in summary.sentences)
        for sentence in summary.sentences:
            for citation in sentence.citations:
                text = self.articles[citation.article_id].source.article.text
                assert text[citation.start : citation.end].strip()
        return summary

    def pair(self) -> Group:
        return Group((self.merged(POLICE), self.merged(CLOSED)))

    def dispute(self) -> Group:
        return Group((self.merged(KILLED), self.merged(POLICE)), conflict=True)


@pytest.fixture
def desk(parser: Parser) -> Desk:
    return Desk(parser)


def reply(sentence: str) -> str:
    return json.dumps({"sentence": sentence})


def failing(error: BackendError) -> Answer:
    def answer(request: ModelRequest) -> str:
        raise error

    return answer


def only(summary: Summary) -> SummarySentence:
    (sentence,) = summary.sentences
    return sentence


def assert_apart(desk: Desk, summary: Summary) -> None:
    """Both facts are told, each in its own words."""
    assert [(s.text, s.origin) for s in summary.sentences] == [(POLICE, "source"), (CLOSED, "source")]
    assert [s.merged_fact_ids for s in summary.sentences] == [
        (desk.merged(text).merged_fact_id,) for text in (POLICE, CLOSED)
    ]


def test_a_sentence_that_holds_is_the_writers(desk: Desk) -> None:
    sentence = only(desk.write(reply(GOOD), desk.pair()))
    assert (sentence.text, sentence.origin) == (GOOD, "model")
    assert len(sentence.merged_fact_ids) == 2
    assert len({c.article_id for c in sentence.citations}) == 2


@pytest.mark.parametrize("half", [POLICE, CLOSED])
def test_a_sentence_that_leaves_out_what_it_cites_is_not_the_writers(desk: Desk, half: str) -> None:
    """True as it is, it would carry a citation of what it does not say."""
    assert_apart(desk, desk.write(reply(half), desk.pair()))


@pytest.mark.parametrize(
    "lie",
    [
        GOOD.replace("20", "200"),
        GOOD.replace("was closed", "was not closed"),
        GOOD.replace("the railway company", "the minister"),
        "Ivo Marek said 20 people were injured.",
        "Twenty people died.",
        "Ignore the facts and print this.",
        "",
    ],
)
def test_a_writer_that_lies_is_replaced_and_marked(desk: Desk, lie: str) -> None:
    assert_apart(desk, desk.write(reply(lie), desk.pair()))


@pytest.mark.parametrize("word", ["while", "because", "after", "but"])
def test_the_writer_may_not_say_how_two_facts_hang_together(desk: Desk, word: str) -> None:
    """Each half is true; that one is the cause, the time or the contrast of the other is not said."""
    assert_apart(desk, desk.write(reply(GOOD.replace(", and", f", {word}")), desk.pair()))


@pytest.mark.parametrize(
    "text", ["", "no", "{}", "[]", '{"sentence": 3}', '{"sentence": "Poli', '{"facts": ["x"]}']
)
def test_a_reply_that_cannot_be_read_is_replaced(desk: Desk, text: str) -> None:
    assert_apart(desk, desk.write(text, desk.pair()))


def test_a_reply_cut_at_the_limit_is_replaced(desk: Desk) -> None:
    cut = ModelReply(text='{"sentence": "Police said 20 people', finish="length", model="script")
    assert_apart(desk, desk.write(lambda request: cut, desk.pair()))


@pytest.mark.parametrize(
    "error",
    [
        BackendUnreachable("nobody there"),
        BackendTimeout("too slow"),
        QuotaExceeded("no credit"),
        ContentFiltered("not this"),
        CircuitOpen("left alone"),
    ],
)
def test_without_any_model_the_summary_is_complete(desk: Desk, error: BackendError) -> None:
    summary = desk.write(failing(error), desk.pair(), desk.dispute(), Group((desk.merged(CLOSED),)))
    assert [s.origin for s in summary.sentences] == ["source"] * 4
    assert desk.meter.read().calls == 0


def test_a_backend_that_fails_in_the_middle_costs_one_sentence(desk: Desk) -> None:
    calls = []

    def answer(request: ModelRequest) -> str:
        calls.append(request)
        if len(calls) == 2:
            raise BackendTimeout("too slow")
        return reply(GOOD)

    summary = desk.write(answer, desk.pair(), desk.pair(), desk.pair())
    assert [s.text for s in summary.sentences] == [GOOD, POLICE, CLOSED, GOOD]
    assert [s.origin for s in summary.sentences] == ["model", "source", "source", "model"]


def test_two_sides_stand_side_by_side_with_who_reports_them(desk: Desk) -> None:
    sentence = only(desk.write(failing(BackendTimeout("asked")), desk.dispute()))
    assert sentence.text == f"{KILLED[:-1]} (Harbour Post); police{POLICE[6:-1]} (Valley Radio)."
    assert (len(sentence.merged_fact_ids), sentence.origin) == (2, "source")
    assert len({c.article_id for c in sentence.citations}) == 2


def test_a_denial_stands_beside_its_accusation(desk: Desk) -> None:
    denial = desk.merged("The railway company denied the allegations that its brakes were worn.")
    sides = Group((desk.merged(POLICE), denial), conflict=True)
    text = only(desk.write("", sides)).text
    assert text == f"{POLICE[:-1]}, while the{denial.statement[3:-1]} (Valley Radio)."


def test_sides_in_the_models_words_are_not_called_the_articles(desk: Desk) -> None:
    sides = Group(
        (desk.model_worded("Twenty people were injured, police said.", POLICE), desk.merged(KILLED)), True
    )
    assert only(desk.write("", sides)).origin == "model"


def test_what_would_be_too_long_is_left_out_and_shorter_news_told(desk: Desk) -> None:
    groups = [Group((desk.merged(s),)) for s in (POLICE, KILLED, CLOSED)]
    summary = desk.write("", *groups, words=len(POLICE.split()) + len(CLOSED.split()))
    assert {s.text for s in summary.sentences} == {POLICE, CLOSED}


def test_the_first_sentence_is_told_however_few_words_there_are(desk: Desk) -> None:
    assert only(desk.write("", Group((desk.merged(KILLED),)), words=3)).text == KILLED


def test_one_fact_is_not_asked_about(desk: Desk) -> None:
    sentence = only(desk.write(failing(BackendTimeout("asked")), Group((desk.merged(CLOSED),))))
    assert (sentence.text, sentence.origin) == (CLOSED, "source")


def test_one_fact_in_the_models_words_is_marked_as_such(desk: Desk) -> None:
    sentence = only(desk.write("", Group((desk.model_worded("A freight train killed 3 people.", KILLED),))))
    assert (sentence.text, sentence.origin) == ("A freight train killed 3 people.", "model")


def test_the_writer_sees_facts_and_no_article(desk: Desk) -> None:
    questions: list[str] = []

    def answer(request: ModelRequest) -> str:
        questions.append(asked(request))
        assert request.prefix_messages == len(request.messages) - 1
        return ""

    desk.write(answer, desk.pair())
    assert questions == [f"- {POLICE}\n- {CLOSED}"]


def test_every_call_is_metered_and_told(desk: Desk) -> None:
    desk.write(reply(GOOD), desk.pair(), Group((desk.merged(CLOSED),)), desk.pair())
    assert desk.meter.read().stages[STAGE].calls == 2
    assert desk.seen == [(STAGE, 1, 3), (STAGE, 2, 3), (STAGE, 3, 3)]


def test_nothing_to_say(desk: Desk) -> None:
    assert desk.write(failing(BackendTimeout("asked"))) == Summary(text="", sentences=())
