"""The whole account: complete, and the same whatever the order."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.stories.account import Account, account
from service.text.parsing import Parser
from tests.stories.builders import Facts, article
from tests.stories.events import ARTICLES, LEDGER, POST, ferry_facts


@pytest.fixture(scope="module")
def ferry(facts: Facts, parser: Parser) -> Account:
    return account(ferry_facts(facts), ARTICLES, parser)


def test_every_fact_stands_in_exactly_one_merged_fact(facts: Facts, ferry: Account) -> None:
    assert sorted(i for m in ferry.merged_facts for i in m.fact_ids) == sorted(
        f.fact_id for f in ferry_facts(facts)
    )


def test_any_order_of_articles_and_facts_gives_the_same_bytes(
    facts: Facts, parser: Parser, ferry: Account
) -> None:
    made = ferry_facts(facts)
    for seed, order in enumerate(permutations(ARTICLES)):
        shuffled = random.Random(seed).sample(made, len(made))
        assert account(shuffled, order, parser).model_dump_json() == ferry.model_dump_json()


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 13))
def test_any_part_of_the_facts_makes_a_complete_account(
    parser: Parser, draw: random.Random, size: int
) -> None:
    made = draw.sample(ferry_facts(Facts(parser)), min(size, 13))
    told = account(made, ARTICLES, parser)
    known = {m.merged_fact_id for m in told.merged_facts}
    assert sorted(i for m in told.merged_facts for i in m.fact_ids) == sorted({f.fact_id for f in made})
    assert all(i in known for c in told.conflicts for p in c.positions for i in p.merged_fact_ids)
    assert all(len(c.positions) >= 2 for c in told.conflicts)
    assert told == account(made[::-1], ARTICLES, parser)


def test_adding_articles_one_by_one_ends_in_the_same_account(
    facts: Facts, parser: Parser, ferry: Account
) -> None:
    made = ferry_facts(facts)
    for count in range(1, len(ARTICLES) + 1):
        read = ARTICLES[:count]
        ids = {a.article_id for a in read}
        grown = account([f for f in made if f.article_id in ids], read, parser)
    assert grown == ferry


def test_copies_are_not_confirmation(ferry: Account) -> None:
    (group,) = ferry.copies
    assert set(group.article_ids) == {POST.article_id, LEDGER.article_id}
    toll = next(m for m in ferry.merged_facts if m.statement.startswith("At least 3"))
    assert (len(toll.article_ids), toll.independent_sources) == (2, 1)
    assert toll.status == "superseded"


def test_merged_facts_stand_by_importance(ferry: Account) -> None:
    order = [(-m.importance, m.merged_fact_id) for m in ferry.merged_facts]
    assert order == sorted(order)


def test_no_facts_make_an_empty_account(parser: Parser) -> None:
    assert account([], ARTICLES[:1], parser).merged_facts == ()
    assert account([], [], parser) == Account(merged_facts=(), copies=(), conflicts=())


def test_a_fact_without_its_article_is_refused(facts: Facts, parser: Parser) -> None:
    other = article("Nothing of this stands anywhere else in the papers of the day.", "Other")
    with pytest.raises(KeyError):
        account(ferry_facts(facts), [other], parser)


def test_the_same_article_given_twice_counts_once(facts: Facts, parser: Parser, ferry: Account) -> None:
    assert account(ferry_facts(facts), [*ARTICLES, *ARTICLES], parser) == ferry
