"""The gate that finds the evidence itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.facts.support import check_statements
from service.text.parsing import Parser
from tests.grounding.cases import load_article

FLOOD = ("articles/flood.txt", "2024-05-06")


def test_evidence_is_located_in_the_article(parser: Parser) -> None:
    article = load_article(*FLOOD, parser)
    verdict = check_statements(article, ["Governor Helen Marsh declared a state of emergency."], parser)[0]
    assert verdict.verdict == "supported" and verdict.reason is None and verdict.detail is None
    for evidence in verdict.evidence:
        assert article.source.article.text[evidence.start : evidence.end] == evidence.quote
    assert "state of emergency" in verdict.evidence[0].quote


def test_a_refusal_names_reason_and_nearest_sentence(parser: Parser) -> None:
    verdict = check_statements(load_article(*FLOOD, parser), ["At least 16 people died."], parser)[0]
    assert (verdict.verdict, verdict.reason) == ("rejected", "number_not_in_evidence")
    assert verdict.detail and "six people died" in verdict.evidence[0].quote


def test_verdicts_stand_in_the_order_asked(parser: Parser) -> None:
    asked = [
        "At least 16 people died.",
        "At least six people died.",
        "",
        "Rescuers used boats.",
        "At least six people died.",
    ]
    verdicts = check_statements(load_article(*FLOOD, parser), asked, parser)
    assert [v.statement for v in verdicts] == asked
    assert [v.verdict for v in verdicts] == ["rejected", "supported", "rejected", "supported", "supported"]


def test_what_has_no_claim_in_it_is_refused(parser: Parser) -> None:
    article = load_article(*FLOOD, parser)
    assert {v.reason for v in check_statements(article, ["", "  ", "?!", "Floods"], parser)} == {"not_news"}
    assert check_statements(article, [], parser) == []


def test_every_sentence_of_an_article_is_supported(parser: Parser) -> None:
    article = load_article(*FLOOD, parser)
    verdicts = check_statements(article, [s.sentence.text for s in article.body], parser)
    assert {v.verdict for v in verdicts} == {"supported"}


def test_a_disputed_claim_is_not_told_as_a_fact(parser: Parser) -> None:
    article = load_article("articles/truce.txt", "2024-11-14", parser)
    asked = [
        "Rebels fired mortars at a checkpoint.",
        "Idris Vale said rebels had fired mortars at a checkpoint.",
    ]
    assert [v.verdict for v in check_statements(article, asked, parser)] == ["rejected", "supported"]


@given(st.text(max_size=80))
def test_any_text_gets_a_verdict(parser: Parser, statement: str) -> None:
    article = load_article(*FLOOD, parser)
    first, second = (check_statements(article, [statement], parser)[0] for _ in range(2))
    assert first == second
    assert (first.verdict == "supported") == (first.reason is None)
