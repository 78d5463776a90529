"""The books of one article always balance."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.facts.ledger import settle
from service.facts.models import Draft, Evidence, Fact, Kind, LedgerEntry, Reason, Rejected
from service.hashing import content_id
from tests.newsroom import PROMPT_REF

ARTICLE = "article_0"


def a_draft(statement: str) -> Draft:
    return Draft(sentence_ids=("s1",), statement=statement)


def fact(statement: str, kind: Kind = "event", speaker: str | None = None, negated: bool = False) -> Fact:
    return Fact(
        fact_id=content_id("fact", [statement, kind, speaker, negated]),
        article_id=ARTICLE,
        statement=statement,
        kind=kind,
        speaker=speaker,
        polarity="negated" if negated else "affirmed",
        values=(),
        evidence=(Evidence(sentence_id="s1", start=0, end=1, quote="A"),),
        support="supported",
        prompt=PROMPT_REF,
        origin="model",
    )


def rejected(statement: str, reason: Reason) -> Rejected:
    return Rejected(article_id=ARTICLE, draft=a_draft(statement), reason=reason, detail="because")


OUTCOMES = st.one_of(
    st.builds(
        fact,
        st.sampled_from(["It rained.", "it rained", "It snowed.", "The dam held.", ""]),
        st.sampled_from(get_args(Kind)),
        st.sampled_from([None, "Keller"]),
        st.booleans(),
    ),
    st.builds(rejected, st.text(max_size=10), st.sampled_from(get_args(Reason))),
)


@given(st.lists(OUTCOMES, max_size=40))
def test_drafts_are_kept_duplicates_or_rejected(outcomes: list[Fact | Rejected]) -> None:
    judged = [(a_draft(o.statement if isinstance(o, Fact) else o.draft.statement), o) for o in outcomes]
    account = settle(ARTICLE, judged)
    entry = account.entry
    assert entry.drafts == len(outcomes) == entry.kept + entry.duplicates + entry.rejected
    assert len(account.facts) == entry.kept
    assert len(account.rejected) == entry.duplicates + entry.rejected
    assert [o for o in outcomes if isinstance(o, Rejected)] == [r for r in account.rejected if r in outcomes]
    assert list(account.facts) == [o for o in dict.fromkeys(outcomes) if o in account.facts]


@given(st.lists(OUTCOMES, max_size=20))
def test_settling_what_was_settled_changes_nothing(outcomes: list[Fact | Rejected]) -> None:
    first = settle(ARTICLE, [(a_draft("x"), o) for o in outcomes])
    again = settle(ARTICLE, [(a_draft("x"), fact) for fact in first.facts])
    assert again.facts == first.facts
    assert again.rejected == ()


def test_nothing_comes_to_nothing() -> None:
    assert settle(ARTICLE, []).entry == LedgerEntry(
        article_id=ARTICLE, drafts=0, kept=0, duplicates=0, rejected=0
    )


def test_of_two_that_say_the_same_the_first_stays() -> None:
    first, second = fact("It rained."), fact("it rained")
    account = settle(ARTICLE, [(a_draft("a"), first), (a_draft("b"), second)])
    assert account.facts == (first,)
    (twice,) = account.rejected
    assert (twice.reason, twice.draft.statement, twice.article_id) == ("duplicate", "b", ARTICLE)
    assert first.fact_id in twice.detail


@pytest.mark.parametrize(
    "other",
    [
        fact("It rained.", kind="plan"),
        fact("It rained.", speaker="Keller"),
        fact("It rained.", negated=True),
        fact("It rained hard."),
    ],
)
def test_kind_speaker_polarity_and_words_make_another_fact(other: Fact) -> None:
    assert len(settle(ARTICLE, [(a_draft("a"), fact("It rained.")), (a_draft("b"), other)]).facts) == 2


@pytest.mark.parametrize(
    ("left", "right"), [("It fell by 5.", "It fell by 5%."), ("It cost $5.", "It cost €5.")]
)
def test_a_sign_makes_another_fact(left: str, right: str) -> None:
    assert len(settle(ARTICLE, [(a_draft("a"), fact(left)), (a_draft("b"), fact(right))]).facts) == 2


def test_capitals_make_no_other_fact() -> None:
    left, right = fact("He says it rained.", speaker="He"), fact("he says it rained", speaker="he")
    assert settle(ARTICLE, [(a_draft("a"), left), (a_draft("b"), right)]).facts == (left,)


def test_what_came_in_as_a_duplicate_is_counted_as_one() -> None:
    entry = settle(ARTICLE, [(a_draft("a"), rejected("a", "duplicate"))]).entry
    assert (entry.duplicates, entry.rejected) == (1, 0)


def test_salvaged_and_retried_are_told() -> None:
    entry = settle(ARTICLE, [], salvaged=2, retried=1).entry
    assert (entry.salvaged, entry.retried) == (2, 1)


@given(
    drafts=st.integers(0, 50),
    kept=st.integers(0, 50),
    duplicates=st.integers(0, 50),
    refused=st.integers(0, 50),
)
def test_an_entry_that_does_not_add_up_cannot_exist(
    drafts: int, kept: int, duplicates: int, refused: int
) -> None:
    def entry() -> LedgerEntry:
        return LedgerEntry(
            article_id=ARTICLE, drafts=drafts, kept=kept, duplicates=duplicates, rejected=refused
        )

    if drafts == kept + duplicates + refused:
        assert entry().drafts == drafts
    else:
        with pytest.raises(ValidationError, match="does not add up"):
            entry()
