"""A story that was written to a file, and its name.

Comes in: the JSON of a story. Goes out: the `Story`. Promises: what attest did not write, or what was
changed since, is refused in one line; a story of an older attest is read as long as its shape fits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from service.errors import InputError
from service.hashing import content_id
from service.stories.models import Story
from service.stories.parts import as_given, readings

# What reading cost, and what was not read, make no other story of it.
_NOT_CONTENT = frozenset({"story_id", "usage", "skipped"})


def story_id_of(content: Mapping[str, Any]) -> str:
    """The id of a story with this JSON content: the same articles, told alike, have the same id."""
    return content_id("story", {key: value for key, value in content.items() if key not in _NOT_CONTENT})


def story_from(text: str) -> Story:
    """Raises InputError that says what is wrong; it never quotes the file."""
    try:
        content = json.loads(text)
        story = Story.model_validate_json(text)
        fits = story_id_of(content) == story.story_id
    except ValidationError as error:
        place = ".".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"]))
        raise InputError(f"it is no story of attest{f': look at {place}' if place else ''}") from None
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(f"it is not valid JSON{where}") from None
    if not fits:
        raise InputError("it was changed after attest wrote it; read its articles again")
    for found in readings(story):
        as_given(found.article)
    return story
