"""What an article is about, without a parse."""

from __future__ import annotations

from service.stories.event_terms import event_words, profile, term_of
from tests.stories.builders import article

TEXT = (
    "Storm Tears Roofs Off In Brask\n\n"
    "Salmela said 43 people were hurt in North Brask on Monday.\n\n"
    "The mayor, Elena Salmela, closed 1,200 shops until Wednesday. Shops stayed dark in 2030.\n\n"
    "Sign up for our newsletter to get the latest news every morning.\n"
)
FOUND = profile(article(TEXT, "Post", "2031-05-07"))


def test_a_capital_inside_a_sentence_makes_a_name_also_where_it_stands_first() -> None:
    assert {term_of("Salmela"), term_of("Elena"), term_of("Brask")} <= FOUND.names
    assert FOUND.terms[term_of("Salmela")] == 4  # twice, both at the beginning
    assert FOUND.shown[term_of("Brask")] == "Brask"


def test_capitals_of_headlines_days_and_offices_make_none() -> None:
    assert not {term_of("Roofs"), term_of("Storm"), term_of("Monday"), term_of("mayor")} & FOUND.names


def test_two_names_side_by_side_are_a_term_of_their_own() -> None:
    assert f"{term_of('Elena')} {term_of('Salmela')}" in FOUND.names


def test_a_weekday_is_the_nearest_one() -> None:
    assert "@2031-05-05" in FOUND.terms
    assert "@2031-05-07" in FOUND.terms
    undated = profile(article(TEXT, "Post").model_copy(update={"published_at": None}))
    assert {"@0", "@2"} <= set(undated.terms)


def test_figures_stand_alone_and_with_what_they_count_but_years_do_not() -> None:
    assert {"#43", "#1200", f"#1200 {term_of('shops')}"} <= set(FOUND.terms)
    assert "#2030" not in FOUND.terms


def test_places_of_the_beginning() -> None:
    assert FOUND.places == {f"{term_of('North')} {term_of('Brask')}", term_of("Brask")}


def test_boilerplate_and_function_words_are_not_read() -> None:
    assert term_of("newsletter") not in FOUND.terms
    assert not event_words()["function"] & set(FOUND.terms)


def test_the_title_is_the_headline_or_the_first_sentence() -> None:
    assert (FOUND.title, FOUND.headed) == ("Storm Tears Roofs Off In Brask", True)
    bare = profile(article("Nothing  happened in Brask on Monday. " + "It went on. " * 3, "Post"))
    assert (bare.title, bare.headed) == ("Nothing happened in Brask on Monday.", False)
    long = profile(article("Word " * 200 + "ended.", "Post"))
    assert len(long.title) == 160
