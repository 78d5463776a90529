"""The same fact or not: what merges, what never does, and that order does not matter."""

from __future__ import annotations

import random

import pytest

from service.facts.models import Kind
from service.stories.models import CopyGroup
from service.text.article import ReadArticle
from tests.stories.builders import Facts, article
from tests.stories.events import ARTICLES, ferry_facts


def _articles(*texts: str) -> list[ReadArticle]:
    filler = "The weather in the region stayed dry and mild for the whole of the week."
    return [article(f"{text} {filler}", f"Outlet {n}", "2031-03-04") for n, text in enumerate(texts)]


def _count(facts: Facts, *texts: str, kinds: tuple[Kind, ...] = ()) -> int:
    """How many merged facts the first sentences of as many articles make."""
    read = _articles(*texts)
    told: list[Kind] = list(kinds) or ["event"] * len(texts)
    made = [facts.of(a, t, kind=k) for a, t, k in zip(read, texts, told, strict=True)]
    return len(facts.merged(made, read))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The Lind bridge was closed on Tuesday.", "On Tuesday, the Lind bridge was closed."),
        ("Twelve people were killed in the fire.", "The fire killed 12 people."),
        ("Wildfires destroyed about 500 houses in Brandau.", "Wildfires destroyed 512 houses in Brandau."),
        ("President Anna Keller visited the harbour of Lindholm.", "Keller visited the harbour of Lindholm."),
        (
            "The US signed the harbour treaty with Norway.",
            "The United States signed the harbour treaty with Norway.",
        ),
    ],
)
def test_the_same_news_in_other_words_is_one_fact(facts: Facts, left: str, right: str) -> None:
    assert _count(facts, left, right) == 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The fire killed 12 people in Brandau.", "The fire killed 15 people in Brandau."),
        ("The bridge was closed on Tuesday.", "The bridge was closed on Thursday."),
        ("Anna Keller opened the new bridge.", "Anne Keller opened the new bridge."),
        ("Keller praised the rescue teams of Brandau.", "Holm praised the rescue teams of Brandau."),
        ("The bridge in Lindholm was closed.", "The bridge in Marstal was closed."),
        ("The council approved the new budget.", "The council did not approve the new budget."),
        ("Norway sued Denmark over the cable.", "Denmark sued Norway over the cable."),
        ("The North Korea delegation left the talks.", "The South Korea delegation left the talks."),
        ("Unemployment fell to 4 percent in May.", "Unemployment fell to 4 percent in June."),
    ],
)
def test_a_different_value_is_a_different_fact(facts: Facts, left: str, right: str) -> None:
    assert _count(facts, left, right) == 2


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The central bank of Norway raised its main rate.", "The central bank of Norway cut its main rate."),
        ("Shares in Nordvik rose 5 percent on Monday.", "Shares in Nordvik fell 5 percent on Monday."),
        ("Police arrested the captain in Lindholm.", "Police released the captain in Lindholm."),
        ("The council approved the new stadium.", "The council rejected the new stadium."),
        ("Nordvik will hire 300 workers in Marstal.", "Nordvik will dismiss 300 workers in Marstal."),
        ("The first train left Lindholm on Monday.", "The last train left Lindholm on Monday."),
        ("Two men were hurt in the Brandau fire.", "Two women were hurt in the Brandau fire."),
        ("More than 50 people fled the Brandau fire.", "Fewer than 50 people fled the Brandau fire."),
    ],
)
def test_opposites_are_never_one_fact(facts: Facts, left: str, right: str) -> None:
    assert _count(facts, left, right) == 2


def test_what_is_shown_is_said_by_every_article_it_is_credited_to(facts: Facts) -> None:
    """One gives a detail more: what they share is shown."""
    plain = "The union accused Nordvik of opening the gates too late."
    exact = "The union accused Nordvik of having opened the gates of Lind dam six hours too late on Monday."
    read = _articles(plain, exact)
    made = [
        facts.of(a, t, kind="accusation", speaker="union") for a, t in zip(read, (plain, exact), strict=True)
    ]
    for fact in facts.merged(made, read):
        assert fact.statement == plain or len(fact.article_ids) == 1


def test_he_is_not_they(facts: Facts) -> None:
    left, right = "He asked for military support for Ukraine.", "They asked for military support for Ukraine."
    read = _articles(left, right)
    made = [
        facts.of(a, t).model_copy(update={"unresolved": (t.split()[0],)})
        for a, t in zip(read, (left, right), strict=True)
    ]
    assert len(facts.merged(made, read)) == 2


def test_a_charge_that_tells_its_denial_is_another_fact_than_the_charge(facts: Facts) -> None:
    charge = "The union accused Nordvik of opening the gates too late."
    both = "The union accused Nordvik of opening the gates too late, which Nordvik denies."
    assert _count(facts, charge, both, kinds=("accusation", "accusation")) == 2


@pytest.mark.parametrize("other", ["plan", "accusation", "denial"])
def test_what_happened_is_not_what_is_planned_alleged_or_denied(facts: Facts, other: Kind) -> None:
    sentence = "Nordvik Lines sold the ferry Solveig to a yard in Marstal."
    assert _count(facts, sentence, f"{sentence} ".strip(), kinds=("event", other)) == 2


def test_two_speakers_make_two_facts(facts: Facts) -> None:
    left, right = "Holm said the bridge would stay closed.", "Keller said the bridge would stay closed."
    read = _articles(left, right)
    made = [
        facts.of(read[0], left, kind="statement", speaker="Ada Holm"),
        facts.of(read[1], right, kind="statement", speaker="Anna Keller"),
    ]
    assert len(facts.merged(made, read)) == 2


def test_a_compatible_fact_never_joins_two_that_exclude_each_other(facts: Facts) -> None:
    texts = (
        "The fire in Brandau destroyed 40 houses.",
        "The fire in Brandau destroyed houses.",
        "The fire in Brandau destroyed 60 houses.",
    )
    read = _articles(*texts)
    made = [facts.of(a, t) for a, t in zip(read, texts, strict=True)]
    merged = facts.merged(made, read)
    told = {fact.fact_id: fact.statement for fact in made}
    assert not any({texts[0], texts[2]} <= {told[i] for i in m.fact_ids} for m in merged)
    assert sorted(len(m.fact_ids) for m in merged) == [1, 2]


def test_every_fact_stands_in_exactly_one_merged_fact(facts: Facts) -> None:
    made = ferry_facts(facts)
    merged = facts.merged([*made, made[0]], ARTICLES)
    assert sorted(i for m in merged for i in m.fact_ids) == sorted(f.fact_id for f in made)


def test_order_changes_nothing_and_merging_again_changes_nothing(facts: Facts) -> None:
    made = ferry_facts(facts)
    first = facts.merged(made, ARTICLES)
    for seed in range(5):
        shuffled = random.Random(seed).sample(made, len(made))
        assert facts.merged(shuffled, ARTICLES[::-1]) == first
    shown = {m.statement for m in first}
    again = facts.merged([f for f in made if f.statement in shown], ARTICLES)
    assert {m.statement for m in again} == shown


def test_copies_and_one_quotation_count_as_one_source(facts: Facts) -> None:
    made = ferry_facts(facts)
    quoted = next(m for m in facts.merged(made, ARTICLES) if m.speaker == "Ingrid Dahl")
    toll = next(m for m in facts.merged(made, ARTICLES) if m.statement.startswith("At least 3"))
    assert len(quoted.article_ids) == 2
    assert quoted.independent_sources == 1
    assert toll.independent_sources == 2
    group = CopyGroup(article_ids=toll.article_ids, overlap=0.3, passages=())
    assert (
        next(
            m for m in facts.merged(made, ARTICLES, [group]) if m.fact_ids == toll.fact_ids
        ).independent_sources
        == 1
    )


def test_the_clearest_statement_and_the_fullest_speaker_stand_for_the_group(facts: Facts) -> None:
    left = "Miller said the harbour of Lindholm will reopen in May."
    right = "Spokesman Paul Miller said this harbour of Lindholm will reopen in May."
    read = _articles(left, right)
    made = [
        facts.of(read[0], left, kind="statement", speaker="Miller"),
        facts.of(read[1], right, kind="statement", speaker="Paul Miller"),
    ]
    (merged,) = facts.merged(made, read)
    assert merged.statement == left
    assert merged.speaker == "Paul Miller"
