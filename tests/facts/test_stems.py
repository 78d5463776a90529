"""Stems, whoever asks for them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.facts.stems import stem

WORDS = [f"{first}{last}" for first in ("hop", "relat", "nation", "gener", "cit") for last in
         ("ing", "ional", "izations", "ousness", "ies", "edly", "ed", "s", "fully", "ization")]  # fmt: skip


@pytest.fixture
def hurried() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hurried")
def test_threads_do_not_stem_each_other_s_words() -> None:
    """A story of several articles is read side by side when the backend takes several questions at once."""
    unkept = stem.__wrapped__
    expected = [unkept(word) for word in WORDS]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: [unkept(word) for word in WORDS], range(40)))
    assert found == [expected] * 40


@pytest.mark.parametrize(
    ("word", "expected"), [("importance", "importance"), ("authorities", "authority"), ("hopping", "hop")]
)
def test_words_that_would_meet_another_keep_apart(word: str, expected: str) -> None:
    assert stem(word) == expected
