"""A summary sentence is carried by the articles' own sentences, or it is not printed."""

from __future__ import annotations

import pytest

from service.facts.checking import FactMaker
from service.facts.drafting import own_words
from service.facts.models import Fact
from service.facts.reading import ParsedArticle
from service.stories.checking import SummaryGate
from service.text.parsing import Parser
from tests.newsroom import PROMPT_REF, TRAIN, TRAIN_AGAIN, draft, parsed


@pytest.fixture(scope="module")
def articles(parser: Parser) -> dict[str, ParsedArticle]:
    found = (parsed(parser, TRAIN), parsed(parser, TRAIN_AGAIN, source="Valley Radio"))
    return {a.source.article_id: a for a in found}


@pytest.fixture(scope="module")
def gate(articles: dict[str, ParsedArticle], parser: Parser) -> SummaryGate:
    return SummaryGate(articles, parser)


@pytest.fixture(scope="module")
def facts(articles: dict[str, ParsedArticle], parser: Parser) -> list[Fact]:
    """Every body sentence as a fact."""
    found = []
    for article in articles.values():
        maker = FactMaker(article, parser, PROMPT_REF)
        outcomes = [maker.judge(own_words(article, located)) for located in article.body]
        found += [o for o in outcomes if isinstance(o, Fact)]
    return found


def about(facts: list[Fact], *words: str) -> list[Fact]:
    return [next(f for f in facts if word in f.evidence[0].quote) for word in words]


@pytest.mark.parametrize(
    "sentence",
    [
        "A freight train left the rails near Orvela on Monday, killing 3 people.",
        "A freight train left the rails near Orvela on Monday, and the railway company said the line was "
        "closed for six hours.",
    ],
)
def test_what_the_cited_sentences_say_passes(gate: SummaryGate, facts: list[Fact], sentence: str) -> None:
    assert gate.passed(sentence, about(facts, "freight", "The line")) == sentence


def test_two_articles_may_carry_one_sentence(gate: SummaryGate, facts: list[Fact]) -> None:
    sentence = "A freight train left the rails near Orvela, and police said 20 people were injured."
    assert gate.passed(sentence, about(facts, "A freight", "Police said")) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "A freight train left the rails near Orvela on Monday, killing 5 people.",
        "A freight train left the rails near Keldo on Monday.",
        "A freight train did not leave the rails near Orvela on Monday.",
        "A freight train left the rails near Orvela on Friday.",
        "A drunk driver left the rails near Orvela on Monday.",
        "Ivo Marek left the rails near Orvela on Monday.",
        "A freight train left the rails near Orvela and the line was closed, the railway company said.",
        "",
        "   ",
    ],
)
def test_what_they_do_not_say_is_refused(gate: SummaryGate, facts: list[Fact], sentence: str) -> None:
    assert gate.passed(sentence, about(facts, "freight", "The line")) is None


def test_what_another_sentence_says_is_refused(gate: SummaryGate, facts: list[Fact]) -> None:
    sentence = "Police said 20 people were injured."
    assert gate.passed(sentence, about(facts, "freight")) is None
    assert gate.passed(sentence, about(facts, "Police said")) == sentence


def test_a_plan_does_not_become_an_event(gate: SummaryGate, facts: list[Fact]) -> None:
    visit = about(facts, "will visit")
    assert gate.passed("Ivo Marek will visit the site on Wednesday.", visit)
    assert gate.passed("Ivo Marek visited the site on Wednesday.", visit) is None


def test_the_evidence_counts_and_not_the_wording_of_the_fact(
    gate: SummaryGate, articles: dict[str, ParsedArticle], parser: Parser
) -> None:
    article = next(iter(articles.values()))
    sentence_id = article.body[0].sentence.sentence_id
    fact = FactMaker(article, parser, PROMPT_REF).judge(
        draft("Three people were killed near Orvela.", sentence_id)
    )
    assert isinstance(fact, Fact)
    forged = fact.model_copy(update={"statement": "Nine dragons were killed near Orvela."})
    assert gate.passed("Nine dragons were killed near Orvela.", [forged]) is None


def test_it_is_tidied(gate: SummaryGate, facts: list[Fact]) -> None:
    told = gate.passed(" Police said\n20 people were injured", about(facts, "Police said"))
    assert told == "Police said 20 people were injured."


def test_no_fact_carries_nothing(gate: SummaryGate) -> None:
    assert gate.passed("Police said 20 people were injured.", []) is None


@pytest.mark.parametrize(
    "sentence, tells",
    [
        ("Police said 20 people were injured, and the line was closed for six hours.", True),
        ("Twenty people were injured, police said.", True),
        ("The line was closed for six hours, the railway company said.", False),
        ("People.", False),
        ("Arrested.", False),
    ],
)
def test_a_sentence_tells_what_it_cites(gate: SummaryGate, sentence: str, tells: bool) -> None:
    assert gate.tells(sentence, "Police said 20 people were injured.") is tells
