"""Reply shapes refuse what is not theirs, and their schemas suit strict servers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from service.facts.models import Kind
from service.prompting.replies import (
    REPLIES,
    DraftsReply,
    ReplyName,
    SentenceReply,
    StatementsReply,
    drafts_schema,
    reply_schema,
    words_schema,
)

DRAFT = {"ids": ["s3", "s4"], "statement": "Rain fell.", "kind": "event", "speaker": None}


def test_every_name_has_a_shape() -> None:
    assert set(REPLIES) == set(get_args(ReplyName))


def test_shapes_cannot_be_exchanged() -> None:
    with pytest.raises(TypeError):
        REPLIES["statements"] = SentenceReply  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "value", "texts"),
    [
        ("statements", {"facts": ["Rain fell.", "Snow fell."]}, ("Rain fell.", "Snow fell.")),
        ("statements", {"facts": []}, ()),
        ("drafts", {"facts": [DRAFT]}, ("Rain fell.",)),
        ("drafts", {"facts": [{**DRAFT, "kind": None, "speaker": "Jan Öst"}]}, ("Rain fell.",)),
        ("drafts", {"facts": []}, ()),
        ("sentence", {"sentence": "Rain fell."}, ("Rain fell.",)),
        ("words", {"words": ["Rain", "fell", ",", "too", "."]}, ("Rain fell, too.",)),
        ("verdict", {"verdict": "conflict"}, ()),
        ("reasoned", {"reason": "both tell of rain", "verdict": "same"}, ()),
    ],
)
def test_a_reply_that_fits_goes_round(name: ReplyName, value: dict[str, Any], texts: tuple[str, ...]) -> None:
    reply = REPLIES[name].model_validate_json(json.dumps(value))
    assert reply.model_dump(mode="json") == value
    assert reply.texts == texts


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("statements", {}),
        ("statements", []),
        ("statements", {"facts": "Rain fell."}),
        ("statements", {"facts": [1]}),
        ("statements", {"facts": [], "note": ""}),
        ("drafts", {"facts": ["Rain fell."]}),
        ("drafts", {"facts": [{**DRAFT, "kind": "rumour"}]}),
        ("drafts", {"facts": [{**DRAFT, "ids": "s3"}]}),
        ("drafts", {"facts": [{**DRAFT, "confidence": 1}]}),
        ("drafts", {"facts": [{key: DRAFT[key] for key in ("ids", "statement", "kind")}]}),
        ("sentence", {"sentence": None}),
        ("words", {"words": "Rain fell."}),
        ("verdict", {"verdict": "maybe"}),
        ("verdict", {"verdict": "same", "reason": "none was asked for"}),
        ("reasoned", {"verdict": "same"}),
        ("words", {"words": ["Rain", 7]}),
        ("sentence", {"sentence": "a", "facts": []}),
    ],
)
def test_a_reply_that_does_not_fit_is_refused(name: ReplyName, value: Any) -> None:
    with pytest.raises(ValidationError):
        REPLIES[name].model_validate_json(json.dumps(value))


def test_kinds_are_those_of_the_facts() -> None:
    for kind in get_args(Kind):
        reply = DraftsReply.model_validate({"facts": [{**DRAFT, "kind": kind}]})
        assert reply.facts[0].kind == kind


def test_a_reply_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        StatementsReply(facts=()).facts = ("Rain fell.",)  # type: ignore[misc]


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object schema in `schema`."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from objects(part)


@pytest.mark.parametrize("name", get_args(ReplyName))
def test_schemas_close_every_object_and_require_every_key(name: ReplyName) -> None:
    found = list(objects(REPLIES[name].model_json_schema()))
    assert found
    for schema in found:
        assert schema["additionalProperties"] is False
        assert schema["required"] == list(schema["properties"])


NARROW = {
    "drafts": drafts_schema(["s1", "s2"], ["Ana Ruiz", 'Jim "J" O\'Hara\\']),
    "drafts without speakers": drafts_schema(["s1"], []),
    "words": words_schema(["Rain", "fell", "."]),
}


@pytest.mark.parametrize("name", NARROW)
def test_narrowed_schemas_stay_portable(name: str) -> None:
    for schema in objects(NARROW[name]):
        assert schema["additionalProperties"] is False
        assert sorted(schema["required"]) == sorted(schema["properties"])
    words = {"type", "enum", "items", "properties", "required", "additionalProperties", "anyOf"}
    assert keywords(NARROW[name]) <= words


def keywords(schema: Any) -> set[str]:
    """JSON Schema keywords in use; names of properties are none."""
    if isinstance(schema, list):
        return set().union(*map(keywords, schema))
    if not isinstance(schema, dict):
        return set()
    inner = [*schema.get("properties", {}).values(), *(v for k, v in schema.items() if k != "properties")]
    return set(schema) | set().union(*map(keywords, inner))


def test_a_window_is_closed_over_its_ids_and_speakers() -> None:
    fact = NARROW["drafts"]["properties"]["facts"]["items"]["properties"]
    assert fact["ids"] == {"type": "array", "items": {"type": "string", "enum": ["s1", "s2"]}}
    assert fact["speaker"]["anyOf"][0]["enum"] == ["Ana Ruiz", 'Jim "J" O\'Hara\\']
    nobody = NARROW["drafts without speakers"]["properties"]["facts"]["items"]["properties"]["speaker"]
    assert nobody == {"type": "null"}


def test_a_word_is_offered_once() -> None:
    assert words_schema(["a", "b", "a"])["properties"]["words"]["items"]["enum"] == ["a", "b"]


def test_narrowing_leaves_the_shape_itself_alone() -> None:
    before = reply_schema("drafts")
    drafts_schema(["s1"], ["Ana Ruiz"])
    assert reply_schema("drafts") == before
