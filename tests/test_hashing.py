"""The same content has the same id."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.hashing import ID_CHARS, canonical_json, content_id, sha256_of

TEXT = st.text(st.characters())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(TEXT, children, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_canonical_json_is_the_value(value: Any) -> None:
    assert json.loads(canonical_json(value)) == value
    assert canonical_json(json.loads(canonical_json(value))) == canonical_json(value)


@given(st.dictionaries(TEXT, JSON, max_size=5))
def test_the_order_of_keys_does_not_count(value: dict[str, Any]) -> None:
    turned = dict(reversed(value.items()))
    assert sha256_of(turned) == sha256_of(value)


@given(st.text(st.characters(codec="utf-8")))  # half characters have no bytes to compare; see below
def test_a_string_is_hashed_as_its_bytes(text: str) -> None:
    assert sha256_of(text) == hashlib.sha256(text.encode()).hexdigest()


@given(st.text(st.characters(categories=["Cs"])))
def test_half_characters_have_a_hash_too(text: str) -> None:
    assert len(sha256_of(text)) == len(sha256_of([text])) == 64


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (["a", "b"], ["ab"]),
        (["a", None], ["a", ""]),
        ([1], ["1"]),
        ([["a"], "b"], ["a", ["b"]]),
        ({"a": 1}, [["a", 1]]),
    ],
)
def test_different_values_have_different_ids(left: Any, right: Any) -> None:
    assert content_id("fact", left) != content_id("fact", right)


def test_an_id_says_what_it_is_of() -> None:
    tag, _, digits = content_id("fact", {"b": 1, "a": [None, "é"]}).partition("_")
    assert (tag, len(digits)) == ("fact", ID_CHARS)
    assert digits == hashlib.sha256('{"a":[null,"é"],"b":1}'.encode()).hexdigest()[:ID_CHARS]
