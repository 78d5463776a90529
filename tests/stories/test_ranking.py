"""Importance: between 0 and 1, and each part of it counts."""

from __future__ import annotations

import pytest

from service.facts.models import Fact
from service.stories.models import MergedFact
from service.stories.ranking import CENTRALITY, KIND, POSITION, SOURCES, ranked
from service.text.article import ReadArticle
from tests.stories.builders import Facts, article
from tests.stories.events import ARTICLES, ferry_facts

TEXT = (
    "The museum of Lindholm reopened after two years. Visitors queued in the rain for an hour. "
    "The cafe sells cake on Sundays. Opening hours were not changed."
)


def _importance(make: Facts, merged: tuple[MergedFact, ...], sources: int) -> dict[str, float]:
    claims = {c.fact.fact_id: c for c in make.claims(ferry_facts(make), ARTICLES)}
    return {m.statement: m.importance for m in ranked(merged, claims, sources)}


def test_the_parts_add_up_to_one() -> None:
    assert pytest.approx(1.0) == SOURCES + POSITION + CENTRALITY + KIND


def test_importance_lies_between_0_and_1_and_sorts(facts: Facts) -> None:
    made = ferry_facts(facts)
    claims = {c.fact.fact_id: c for c in facts.claims(made, ARTICLES)}
    order = ranked(facts.merged(made, ARTICLES), claims, 3)
    assert all(0 <= m.importance <= 1 for m in order)
    assert list(order) == sorted(order, key=lambda m: (-m.importance, m.merged_fact_id))


def test_more_independent_sources_weigh_more(facts: Facts) -> None:
    merged = facts.merged(ferry_facts(facts), ARTICLES)
    more = tuple(m.model_copy(update={"independent_sources": 3}) for m in merged)
    few, many = _importance(facts, merged, 3), _importance(facts, more, 3)
    assert all(many[s] >= few[s] for s in few)
    assert any(many[s] > few[s] for s in few)


def _of(make: Facts, read: ReadArticle, made: list[Fact]) -> list[MergedFact]:
    claims = {c.fact.fact_id: c for c in make.claims(made, [read])}
    return list(ranked(make.merged(made, [read]), claims, 1))


def test_earlier_is_more(facts: Facts) -> None:
    read = article(TEXT, "Outlet")
    made = facts.all_of(read)
    assert [m.statement for m in _of(facts, read, made[1:])] == [f.statement for f in made[1:]]


def test_background_is_less(facts: Facts) -> None:
    read = article(TEXT, "Outlet")
    quote = "The cafe sells cake on Sundays."
    (event,) = _of(facts, read, [facts.of(read, quote)])
    (background,) = _of(facts, read, [facts.of(read, quote, kind="background")])
    assert background.importance < event.importance


def test_one_source_alone_is_no_agreement(facts: Facts) -> None:
    merged = facts.merged(ferry_facts(facts), ARTICLES)
    assert max(_importance(facts, merged, 1).values()) <= POSITION + CENTRALITY + KIND + 1e-9


def test_nothing_to_rank() -> None:
    assert ranked((), {}, 0) == ()
