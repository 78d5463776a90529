"""A story that grows: only what is new is asked about, and the end is that of reading all at once."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest

from service.backends.base import ModelRequest
from service.errors import EmptyArticle, InputError, TooManyArticles
from service.pipeline import Attest
from service.settings import Settings
from service.stories.models import Story, StoryOptions
from service.stories.written import story_from
from service.text.parsing import Parser
from tests.newsroom import (
    TRAIN_AGAIN,
    article,
    asked,
    check_story,
    scripted,
    story_articles,
    without_settings,
)
from tests.test_pipeline import obliging

Opened = Callable[..., tuple[Attest, list[ModelRequest]]]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parser: Parser) -> Opened:
    """A pipeline without a reply cache, and the questions it asks."""
    without_settings(monkeypatch, tmp_path)

    def open_one(**settings: object) -> tuple[Attest, list[ModelRequest]]:
        calls: list[ModelRequest] = []

        def answer(request: ModelRequest) -> str:
            calls.append(request)
            return obliging(request)

        given = {"database": tmp_path / "attest.db", "reply_cache": False, "max_articles": 4, **settings}
        return Attest(Settings.model_validate(given), backend=scripted(answer), parser=parser), calls

    return open_one


def read_about(calls: list[ModelRequest]) -> list[str]:
    return [asked(call) for call in calls if call.stage == "extract_facts"]


def content(story: Story) -> str:
    return story.model_dump_json(exclude={"usage"})


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_one_by_one_ends_in_the_story_of_all_at_once(opened: Opened, order: tuple[int, ...]) -> None:
    given = [story_articles()[i] for i in order]
    attest, calls = opened()
    grown = attest.story(given[:1])
    for one in given[1:]:
        grown = attest.add(grown, [one])
    questions = read_about(calls)
    calls.clear()
    at_once = attest.story(given)
    check_story(grown)
    assert grown.story_id == at_once.story_id
    assert content(grown) == content(at_once)
    assert questions
    assert sorted(questions) == sorted(read_about(calls))  # each article is asked about once


def test_articles_that_are_there_cost_no_question(opened: Opened) -> None:
    """Also where no reply is kept: what was read is taken from the story."""
    third, first, second = story_articles()
    attest, calls = opened()
    story = attest.story([first, second])
    calls.clear()
    grown = attest.add(story, [third])
    questions = read_about(calls)
    calls.clear()
    attest.facts(third)
    assert questions == read_about(calls) != []
    reading = grown.usage.stages.get("extract_facts")
    assert (reading.calls if reading else 0) == len(questions)


def test_a_story_out_of_a_file_grows_as_well(opened: Opened) -> None:
    first, second, third = story_articles()
    attest, _ = opened()
    written = attest.story([first, second]).model_dump_json()
    grown = attest.add(story_from(written), [third])
    assert grown.story_id == attest.story([first, second, third]).story_id


def test_its_timeline_and_actors_grow_with_it(opened: Opened) -> None:
    first, second, third = story_articles()
    attest, _ = opened()
    story = attest.add(attest.story([first]), [second, third])
    assert {"2024-06-17"} <= {entry.date for entry in story.timeline}
    (marek,) = [actor for actor in story.actors if actor.name == "Ivo Marek"]
    assert len(marek.article_ids) == 3
    known = {m.merged_fact_id for m in story.merged_facts}
    for ids in (*(e.merged_fact_ids for e in story.timeline), *(a.merged_fact_ids for a in story.actors)):
        assert set(ids) <= known


def test_options_are_those_of_the_story_unless_others_are_given(opened: Opened) -> None:
    first, second, third = story_articles()
    attest, _ = opened()
    story = attest.story([first, second], StoryOptions(summary_sentences=3))
    assert attest.add(story, [third]).options.summary_sentences == 3
    assert attest.add(story, [third], StoryOptions(summary_sentences=5)).options.summary_sentences == 5


def test_an_article_that_is_there_already_is_skipped(opened: Opened) -> None:
    first, second, _ = story_articles()
    attest, calls = opened()
    story = attest.story([first, second])
    calls.clear()
    same = attest.add(story, [second])
    assert same.story_id == story.story_id
    assert [(s.position, s.reason) for s in same.skipped] == [(0, "duplicate-article")]
    assert read_about(calls) == []


def test_what_cannot_be_read_is_an_error_or_skipped(opened: Opened) -> None:
    first, second, third = story_articles()
    attest, _ = opened()
    story = attest.story([first, second])
    with pytest.raises(EmptyArticle):
        attest.add(story, [article(" ")])
    with pytest.raises(EmptyArticle):
        attest.add(story, [])
    grown = attest.add(story, [article(" "), third])
    assert [s.reason for s in grown.skipped] == ["empty-article"]
    assert len(grown.articles) == 3


def test_the_limit_counts_the_articles_that_are_there(opened: Opened) -> None:
    attest, _ = opened(max_articles=2)
    story = attest.story(story_articles()[:2])
    with pytest.raises(TooManyArticles, match="3 articles; the limit is 2"):
        attest.add(story, [story_articles()[2]])


def test_another_prompt_would_be_another_reader(opened: Opened) -> None:
    story = opened()[0].story([article(TRAIN_AGAIN)])
    other, calls = opened(prompts={"extract_facts": "v2"})
    with pytest.raises(InputError, match="read with another prompt extract_facts"):
        other.add(story, story_articles()[:1])
    assert calls == []
