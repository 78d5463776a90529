"""A pile sorted into events: what belongs together, what only looks alike, and that order is nothing."""

from __future__ import annotations

import json
import random
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.stories.event_terms import profile, term_of
from service.stories.grouping import WINDOW, candidates, group_articles, group_profiles, weigh
from service.stories.groups import EventGroup
from service.text.article import Article, ReadArticle
from service.text.reading import read
from tests.newsroom import TRAIN, TRAIN_AGAIN
from tests.stories import events
from tests.stories.builders import article
from tests.stories.piles import EVENTS, FIRE_IN_BRASK, FIRE_IN_LOMEN, PILE, QUAKE

SEEDS = Path(__file__).parents[2] / "seeds"
PROFILES = [profile(given) for given in PILE]


def ids(articles: list[ReadArticle] | tuple[ReadArticle, ...]) -> frozenset[str]:
    return frozenset(given.article_id for given in articles)


def sets(groups: tuple[EventGroup, ...]) -> set[frozenset[str]]:
    return {frozenset(group.article_ids) for group in groups}


def as_bytes(groups: tuple[EventGroup, ...]) -> bytes:
    return "\n".join(group.model_dump_json() for group in groups).encode()


def seeds() -> list[ReadArticle]:
    found = (Article.model_validate_json(path.read_bytes()) for path in sorted(SEEDS.glob("*.json")))
    return [read(given, max_chars=100_000).as_read() for given in found]


class TestEvents:
    def test_the_same_kind_of_event_in_another_town_or_on_another_day_is_another_event(self) -> None:
        assert sets(group_articles(PILE)) == {ids(event) for event in EVENTS}

    @pytest.mark.parametrize("left", range(len(EVENTS)))
    @pytest.mark.parametrize("right", range(len(EVENTS)))
    def test_also_when_the_pile_holds_nothing_else(self, left: int, right: int) -> None:
        wanted = {ids(EVENTS[left]), ids(EVENTS[right])}
        assert sets(group_articles([*EVENTS[left], *EVENTS[right]])) == wanted

    def test_without_a_day_of_publication(self) -> None:
        undated = [given.model_copy(update={"published_at": None}) for given in PILE]
        groups = group_articles(undated)
        assert sets(groups) == {ids(event) for event in EVENTS}
        assert {(g.first_published, g.last_published) for g in groups} == {(None, None)}

    def test_the_seeds_are_one_event_whatever_lies_beside_them(self) -> None:
        ferry = list(events.ARTICLES)
        train = [
            article(TRAIN, "Harbour Post", "2024-06-18"),
            article(TRAIN_AGAIN, "Valley Radio", "2024-06-18"),
        ]
        assert sets(group_articles(seeds())) == {ids(seeds())}
        assert sets(group_articles([*seeds(), *ferry, *train])) == {ids(seeds()), ids(ferry), ids(train)}

    def test_a_round_up_does_not_glue_what_it_mentions(self) -> None:
        text = "\n\n".join(given.text.split("\n\n")[0] for given in (FIRE_IN_BRASK[0], FIRE_IN_LOMEN[0]))
        round_up = article(text, "Weekly", "2031-05-06")
        for group in group_articles([*PILE, round_up]):
            assert not (
                ids(FIRE_IN_BRASK) & set(group.article_ids) and ids(FIRE_IN_LOMEN) & set(group.article_ids)
            )

    def test_reports_from_a_template_are_near_copies_of_nothing_elsewhere(self) -> None:
        quakes = [
            article(QUAKE.format(size=size, town=town, day=day, depth=depth), "Wire", "2031-05-06")
            for size, town, day, depth in (
                ("4.1", "Ulmen", "Monday", "12"),
                ("3.7", "Saltvik", "Tuesday", "31"),
                ("4.4", "Orrby", "Sunday", "18"),
            )
        ]
        assert sets(group_articles(quakes)) == {ids([quake]) for quake in quakes}

    def test_the_same_words_a_year_later_are_another_event(self) -> None:
        later = [given.model_copy(update={"published_at": date(2032, 5, 6)}) for given in FIRE_IN_BRASK]
        later = [read(Article(**a.model_dump(exclude={"article_id", "sentences"}) | {"source": f"Later {n}"}),
                      max_chars=10_000).as_read() for n, a in enumerate(later)]  # fmt: skip
        assert sets(group_articles([*FIRE_IN_BRASK, *later])) == {ids(FIRE_IN_BRASK), ids(later)}


class TestGroup:
    def test_nothing_gives_nothing(self) -> None:
        assert group_articles([]) == ()

    def test_an_article_alone(self) -> None:
        (group,) = group_articles([article("So it was.", "A", "2031-03-04")])
        assert group.title == "So it was."
        assert (group.cohesion, group.near_copies) == (1.0, ())

    def test_an_article_given_twice_counts_once(self) -> None:
        (group,) = group_articles([FIRE_IN_BRASK[0]] * 3)
        assert len(group.article_ids) == 1

    def test_title_terms_and_days(self) -> None:
        headed = article(f"Blaze at Tolvik Cargo\n\n{FIRE_IN_BRASK[0].text}", "Third", "2031-05-08")
        (group,) = group_articles([*FIRE_IN_BRASK, headed])
        assert group.title == "Blaze at Tolvik Cargo"
        assert {"Brask", "Tolvik Cargo"} <= set(group.terms)
        assert (group.first_published, group.last_published) == (date(2031, 5, 6), date(2031, 5, 8))
        assert group.article_ids[-1] == headed.article_id
        assert 0 < group.cohesion < 1

    def test_days_and_times_of_any_zone_stand_side_by_side(self) -> None:
        early, late = FIRE_IN_BRASK
        timed = late.model_copy(update={"published_at": datetime.fromisoformat("2031-05-07T01:00:00+09:00")})
        (group,) = group_articles([early, timed])
        assert (group.first_published, group.last_published) == (date(2031, 5, 6), date(2031, 5, 7))

    def test_near_copies_are_marked_with_the_first_in_front(self) -> None:
        first = article("Update\n\n" + FIRE_IN_BRASK[0].text, "Wire", "2031-05-05")
        (group,) = group_articles([*FIRE_IN_BRASK, first])
        (copies,) = group.near_copies
        assert copies.article_ids == (first.article_id, FIRE_IN_BRASK[0].article_id)
        assert copies.overlap > 0.9

    def test_the_largest_comes_first_and_the_id_is_made_of_the_members(self) -> None:
        groups = group_articles([*PILE, *seeds()])
        assert len(groups[0].article_ids) == 5
        assert groups[0].group_id == group_articles(seeds())[0].group_id


class TestOrder:
    @settings(max_examples=25, deadline=None)
    @given(st.permutations(PROFILES))
    def test_it_changes_no_byte(self, shuffled: list[object]) -> None:
        assert as_bytes(group_profiles(shuffled)) == as_bytes(group_profiles(PROFILES))  # type: ignore[arg-type]

    @settings(max_examples=25, deadline=None)
    @given(st.sets(st.integers(0, len(PROFILES) - 1)))
    def test_every_article_is_in_exactly_one_group(self, chosen: set[int]) -> None:
        groups = group_profiles(PROFILES[n] for n in chosen)
        found = sorted(i for group in groups for i in group.article_ids)
        assert found == sorted(PROFILES[n].article_id for n in chosen)
        for group in groups:
            assert EventGroup.model_validate(json.loads(group.model_dump_json())) == group


class TestCandidates:
    def test_they_are_bounded_where_all_articles_have_the_same_terms(self) -> None:
        vectors = [{0: 0.7, 1: 0.7, 2: 0.1}] * 600
        pairs = candidates(vectors)
        assert len(pairs) <= 600 * WINDOW
        assert {(n, n + 1) for n in range(599)} <= pairs

    def test_one_shared_term_is_not_enough(self) -> None:
        assert candidates([{0: 0.9, 1: 0.4}, {0: 0.9, 2: 0.4}]) == set()

    def test_a_vector_has_length_one(self) -> None:
        for vector in weigh(PROFILES).vectors:
            assert sum(value**2 for value in vector.values()) == pytest.approx(1.0)

    def test_a_name_weighs_more_than_a_word_said_as_often(self) -> None:
        (p,) = [profile(article("In Brask a dog barked at Olle.", "Post"))]
        weighed = weigh([p])
        weight = {weighed.terms[n]: value for n, value in weighed.vectors[0].items()}
        assert weight[term_of("Olle")] > weight[term_of("dog")] > 0

    def test_a_large_event_hangs_together(self) -> None:
        chance = random.Random(7)
        facts = FIRE_IN_BRASK[0].text.strip().split("\n\n") + FIRE_IN_BRASK[1].text.strip().split("\n\n")
        many = [
            article("\n\n".join([facts[0], *chance.sample(facts[1:], 3)]), f"Outlet {n}", "2031-05-06")
            for n in range(3 * WINDOW)
        ]
        (group,) = group_articles(many)
        assert len(group.article_ids) == 3 * WINDOW
