"""What a model may be asked about, and what its answers can and cannot do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from service.facts.models import Fact
from service.stories.claims import commonness
from service.stories.merging import Group, groups
from service.stories.undecided import MOST, Question, joined, undecided
from service.text.article import ReadArticle
from tests.stories.builders import Facts, article

POST = article(
    "Six helicopters took the injured to hospitals.\n\nThe mine at Oss closed in 2019.\n",
    "Post",
    "2031-03-04",
)
STAR = article(
    "Six helicopters of the army were bought last year.\n\nMonday was a holiday in Oss.\n",
    "Star",
    "2031-03-04",
)
ARTICLES = (POST, STAR)


def asked(
    facts: Facts, made: Sequence[Fact], articles: Sequence[ReadArticle] = ARTICLES
) -> tuple[tuple[Group, ...], tuple[Question, ...]]:
    common = commonness(articles)
    alike = groups(facts.claims(made, articles), common)
    return alike, undecided(alike, common)


def statements(group: Group) -> list[str]:
    return [claim.fact.statement for claim in group]


def made(facts: Facts) -> list[Fact]:
    return [fact for given in ARTICLES for fact in facts.all_of(given)]


def test_what_is_alike_but_not_enough_is_asked_about(facts: Facts) -> None:
    _, questions = asked(facts, made(facts))
    pair = {
        "Six helicopters took the injured to hospitals.",
        "Six helicopters of the army were bought last year.",
    }
    assert pair in [{q.left.fact.statement, q.right.fact.statement} for q in questions]


def test_facts_of_one_article_are_not_asked_about(facts: Facts) -> None:
    _, questions = asked(facts, made(facts))
    assert all(q.left.article_id != q.right.article_id for q in questions)


def test_what_a_number_keeps_apart_is_not_asked_about(facts: Facts) -> None:
    other = article("Nine helicopters took the injured to hospitals.\n", "Coast", "2031-03-04")
    _, questions = asked(facts, [*facts.all_of(POST), *facts.all_of(other)], (POST, other))
    assert not any("helicopters" in q.left.fact.statement for q in questions)


def test_only_the_answer_same_joins(facts: Facts) -> None:
    alike, questions = asked(facts, made(facts))
    key = questions[0].key
    assert joined(alike, questions, {}) == alike
    assert joined(alike, questions, {key: "different"}) == alike
    assert joined(alike, questions, {key: "conflict"}) == alike
    merged = joined(alike, questions, {key: "same"})
    assert len(merged) == len(alike) - 1
    assert sorted(c.key for g in merged for c in g) == sorted(c.key for g in alike for c in g)


def test_an_answer_cannot_join_what_excludes_each_other(facts: Facts) -> None:
    """Whatever a model says of 12 and 15 dead: a lie costs a line in a table, not the truth."""
    other = article("Nine helicopters took the injured to hospitals.\n", "Coast", "2031-03-04")
    alike, _ = asked(facts, [*facts.all_of(POST), *facts.all_of(other)], (POST, other))
    claims = [claim for group in alike for claim in group if "helicopters" in claim.fact.statement]
    question = Question(*sorted(claims, key=lambda c: c.key), similarity=0.4)  # type: ignore[misc]
    assert joined(alike, [question], {question.key: "same"}) == alike


def test_no_fact_is_asked_about_more_than_a_few_times(facts: Facts) -> None:
    many = [
        article(f"Helicopters flew the wounded to hospital in hour {n}.\n", f"Outlet {n}")
        for n in range(3, 9)
    ]
    _, questions = asked(facts, [f for a in (POST, *many) for f in facts.all_of(a)], (POST, *many))
    counted = [key for q in questions for key in q.key]
    assert all(counted.count(key) <= MOST for key in counted)


def test_the_order_of_facts_changes_nothing(facts: Facts) -> None:
    given = made(facts)
    first = [(q.key, q.similarity) for q in asked(facts, given)[1]]
    for order in permutations(given):
        assert [(q.key, q.similarity) for q in asked(facts, order)[1]] == first
