"""A story out of a file: the same story, or one line that says what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from service.errors import InputError
from service.stories.models import Story
from service.stories.written import story_from, story_id_of
from tests.api.fakes import story_of
from tests.newsroom import article


@pytest.fixture
def story() -> Story:
    told = story_of([article("Ferries ran again on Monday.", "Harbour Post")])
    return told.model_copy(update={"story_id": story_id_of(told.model_dump(mode="json"))})


def test_what_was_written_is_read(story: Story) -> None:
    assert story_from(story.model_dump_json(indent=2)) == story


def test_what_it_cost_and_what_was_skipped_make_no_other_story(story: Story) -> None:
    content = story.model_dump(mode="json")
    content["usage"]["calls"] = 99
    content["skipped"] = [{"position": 0, "reason": "empty-article", "detail": "nothing in it"}]
    assert story_from(json.dumps(content)).usage.calls == 99


def test_a_story_from_before_it_had_a_timeline_is_read(story: Story) -> None:
    content = story.model_dump(mode="json")
    del content["timeline"], content["actors"]
    content["story_id"] = story_id_of(content)
    assert story_from(json.dumps(content)).timeline == ()


@pytest.mark.parametrize(
    "edit",
    [
        lambda c: c["summary"].update(text="Ferries sank."),
        lambda c: c["facts"][0].update(statement="Ferries sank."),
        lambda c: c["articles"][0].update(text="Ferries sank on Monday, all."),
        lambda c: c["articles"][0].update(source="Another Post"),
        lambda c: c["provenance"].update(model="another"),
        lambda c: c.update(story_id="story_of_nobody"),
    ],
    ids=["summary", "fact", "text", "source", "model", "id"],
)
def test_an_edited_story_is_refused(story: Story, edit: Callable[[dict[str, Any]], None]) -> None:
    content = story.model_dump(mode="json")
    edit(content)
    with pytest.raises(InputError, match="was changed after attest wrote it"):
        story_from(json.dumps(content))


def test_an_edited_story_with_a_new_id_still_has_to_quote_its_articles(story: Story) -> None:
    content = story.model_dump(mode="json")
    content["articles"][0]["text"] = "Ferries sank on Monday, all."
    content["story_id"] = story_id_of(content)
    with pytest.raises(InputError, match=r"is not what its article says|is not the text that was read"):
        story_from(json.dumps(content))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not valid JSON"),
        ('{"story_id": ', "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[]", "no story of attest"),
        ("3", "no story of attest"),
        ('{"text": "An article."}', "no story of attest: look at"),
        ('{"facts": [{"statement": 3}]}', "no story of attest: look at"),
    ],
)
def test_what_is_no_story_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        story_from(text)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_the_file_says_is_not_repeated(story: Story) -> None:
    content = story.model_dump(mode="json") | {"secret of the file": "secret"}
    content["facts"][0]["kind"] = "secret"
    with pytest.raises(InputError) as refused:
        story_from(json.dumps(content))
    assert str(refused.value) == "it is no story of attest: look at facts.0.kind"
