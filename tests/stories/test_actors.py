"""Who is who: spellings of one name together, two of one name apart, nobody guessed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.facts.models import Fact
from service.stories.account import Account, account
from service.stories.models import Actor
from service.text.article import ReadArticle
from service.text.parsing import Parser
from tests.stories.builders import Facts, article

DAY = "2024-06-20"


class Told:
    """Articles of one sentence a fact, to an account."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def __call__(self, *texts: str, speakers: dict[str, str] | None = None) -> Account:
        articles = [article(text, f"Outlet {n}", DAY) for n, text in enumerate(texts)]
        made = [fact for one in articles for fact in self.read(one, speakers or {})]
        return account(made, articles, self.facts.parser)

    def read(self, one: ReadArticle, speakers: dict[str, str]) -> list[Fact]:
        made = []
        for sentence in one.sentences:
            quote = one.text[sentence.start : sentence.end]
            speaker = next((who for words, who in speakers.items() if words in quote), None)
            kind = "statement" if speaker else "event"
            made.append(self.facts.of(one, quote, kind=kind, speaker=speaker))  # type: ignore[arg-type]
        return made


@pytest.fixture
def told(facts: Facts) -> Told:
    return Told(facts)


def named(told: Account, name: str) -> Actor:
    (actor,) = [a for a in told.actors if a.name == name]
    return actor


def said(told: Account, ids: tuple[str, ...]) -> list[str]:
    return sorted(m.statement for m in told.merged_facts if m.merged_fact_id in ids)


def test_a_short_form_goes_to_the_full_name_of_its_article(told: Told) -> None:
    story = told(
        "Minister Ivo Marek visited Orvela on Monday.\n\nMarek met the families of the victims.\n\n"
        "The railway reopened the line in the evening.\n"
    )
    marek = named(story, "Ivo Marek")
    assert marek.kind == "person"
    assert len(marek.merged_fact_ids) == 2
    assert not [a for a in story.actors if a.name == "Marek"]


def test_a_short_form_of_another_article_goes_to_the_only_one_who_has_it(told: Told) -> None:
    story = told(
        "Ivo Marek visited Orvela on Monday.\n", "Marek promised to help the families of the dead.\n"
    )
    assert len(named(story, "Ivo Marek").article_ids) == 2


def test_two_people_of_one_surname_stay_apart_and_the_bare_surname_goes_to_neither(told: Told) -> None:
    story = told(
        "Anna Dahl left the railway company on Monday.\n",
        "Mira Dahl heard a loud bang beside the track.\n",
        "Dahl thanked the fire brigade for its work.\n",
    )
    assert len(named(story, "Anna Dahl").merged_fact_ids) == 1
    assert len(named(story, "Mira Dahl").merged_fact_ids) == 1
    assert not [a for a in story.actors if a.name == "Dahl"]


def test_within_an_article_its_own_full_name_decides(told: Told) -> None:
    story = told(
        "Anna Dahl left the railway company on Monday.\n\nDahl thanked the fire brigade for its work.\n",
        "Mira Dahl heard a loud bang beside the track.\n",
    )
    assert len(named(story, "Anna Dahl").merged_fact_ids) == 2
    assert len(named(story, "Mira Dahl").merged_fact_ids) == 1


def test_a_country_has_many_names(told: Told) -> None:
    story = told(
        "The United States sent two ships to the harbour of Orvela.\n",
        "The US withdrew its ambassador from the talks on fishing.\n",
    )
    (state,) = [a for a in story.actors if "US" in a.name or "States" in a.name]
    assert state.name == "United States"
    assert state.kind == "place"
    assert len(state.article_ids) == 2


def test_an_abbreviation_goes_to_the_only_name_with_these_initials(told: Told) -> None:
    story = told(
        "The National Water Safety Council opened an inquiry on Monday.\n",
        "Experts of the NWSC inspected the dam for six hours.\n",
        "The United Nations offered help to the families.\n",
        "The UN sent two ships with food to the coast.\n",
    )
    assert len(named(story, "National Water Safety Council").article_ids) == 2
    assert len(named(story, "United Nations").article_ids) == 2


def test_an_abbreviation_of_two_names_is_neither(told: Told) -> None:
    story = told(
        "The National Water Safety Council opened an inquiry on Monday.\n",
        "The Northern Wind Supply Company rebuilt the dam last year.\n",
        "Experts of the NWSC inspected the dam for six hours.\n",
    )
    for name in ("National Water Safety Council", "Northern Wind Supply Company"):
        assert len(named(story, name).article_ids) == 1


def test_a_place_is_not_short_for_another_one(told: Told) -> None:
    story = told(
        "The train left London for the coast on Monday morning.\n",
        "The bridge in New London was closed for six hours.\n",
    )
    assert {a.name for a in story.actors if a.kind == "place"} >= {"London", "New London"}


def test_people_by_nationality_are_no_actors(told: Told) -> None:
    story = told("The French fishermen blocked the harbour of Calais on Monday.\n")
    assert not [a for a in story.actors if a.name == "French"]


def test_a_title_is_nobody(told: Told) -> None:
    story = told("The President visited Berlin on Monday and met the Prime Minister.\n")
    assert not {"President", "Prime Minister", "Minister"} & {a.name for a in story.actors}


def test_who_says_what(told: Told) -> None:
    story = told(
        "Ivo Marek visited Orvela on Monday.\n\nThe families would receive help, Marek promised.\n\n"
        "The line was closed, said a lawyer of Ivo Marek.\n",
        speakers={"receive help": "Marek", "was closed": "lawyer of Ivo Marek"},
    )
    marek = named(story, "Ivo Marek")
    assert said(story, marek.speaker_of) == ["The families would receive help, Marek promised."]
    assert set(marek.speaker_of) < set(marek.merged_fact_ids)


def test_a_speaker_with_a_title_is_the_person(told: Told) -> None:
    story = told(
        "Ivo Marek visited Orvela on Monday.\n",
        "The families would receive help in summer.\n",
        speakers={"receive help": "Transport Ministry spokesman Ivo Marek"},
    )
    assert len(named(story, "Ivo Marek").speaker_of) == 1


def test_two_speakers_at_once_both_say_it(told: Told) -> None:
    story = told(
        "Paris sent two ships to Orvela.\n\nMadrid sent three ships to Orvela.\n\n"
        "The fishing talks would go on.\n",
        speakers={"would go on": "Paris and Madrid"},
    )
    for name in ("Paris", "Madrid"):
        assert said(story, named(story, name).speaker_of) == ["The fishing talks would go on."]


@pytest.mark.parametrize("speaker", ["He", "Both countries", "officials", "Reports", "the two leaders"])
def test_a_speaker_without_a_name_is_no_actor(told: Told, speaker: str) -> None:
    story = told("The line was closed for six hours.\n", speakers={"six hours": speaker})
    assert story.actors == ()


def test_a_speaker_whom_no_evidence_names_is_an_actor_all_the_same(told: Told) -> None:
    story = told("The line was closed for six hours.\n", speakers={"six hours": "Railway Chief Mira Dahl"})
    (dahl,) = story.actors
    assert (dahl.name, len(dahl.speaker_of)) == ("Mira Dahl", 1)


def test_the_most_named_come_first(told: Told) -> None:
    story = told(
        "Ivo Marek visited Orvela.\n\nMarek met the mayor at the station.\n\nMira Dahl heard a loud bang.\n"
    )
    counts = [(-len(a.merged_fact_ids), a.name) for a in story.actors]
    assert counts == sorted(counts)
    assert story.actors[0].name == "Ivo Marek"


TEXTS = (
    "Ivo Marek visited Orvela on Monday.\n\nMarek met Anna Dahl.\n",
    "Mira Dahl heard a loud bang.\n\nThe US sent two experts to Orvela.\n",
    "Dahl thanked the fire brigade.\n\nThe United States offered help to Marek.\n",
)


@settings(max_examples=12, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_articles_and_facts_changes_nothing(parser: Parser, draw: random.Random) -> None:
    make = Told(Facts(parser))
    articles = [article(text, f"Outlet {n}", DAY) for n, text in enumerate(TEXTS)]
    made = [fact for one in articles for fact in make.read(one, {"offered": "US"})]
    first = account(made, articles, parser)
    again = account(draw.sample(made, len(made)), draw.sample(articles, len(articles)), parser)
    assert again.actors == first.actors
    assert again.timeline == first.timeline
    known = {m.merged_fact_id for m in first.merged_facts}
    for actor in first.actors:
        assert set(actor.speaker_of) <= set(actor.merged_fact_ids) <= known
        assert len(set(actor.merged_fact_ids)) == len(actor.merged_fact_ids)
