"""The error tree: what every error knows about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from service import errors
from service.errors import AttestError, BackendError, InputError, SettingsError


def tree(root: type[AttestError] = AttestError) -> Iterator[type[AttestError]]:
    yield root
    for child in root.__subclasses__():
        yield from tree(child)


ALL = [error for error in tree() if error.__module__ == errors.__name__]


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = re.findall(r"^ +(?:[│ ]*[├└]── )?([A-Z]\w+)", errors.__doc__ or "", re.MULTILINE)
    assert sorted(drawn) == sorted(error.__name__ for error in ALL)


@pytest.mark.parametrize("error", [e for e in ALL if e is not AttestError], ids=lambda e: e.__name__)
def test_status_and_retrying_are_as_drawn(error: type[AttestError]) -> None:
    line = next(line for line in (errors.__doc__ or "").splitlines() if f"─ {error.__name__} " in line)
    assert str(error.status) in line
    assert error.retryable == ("retryable" in line)


def test_every_error_has_its_own_slug_and_title() -> None:
    assert len({error.slug for error in ALL}) == len(ALL)
    assert len({error.title for error in ALL}) == len(ALL)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", error.slug) for error in ALL)


@pytest.mark.parametrize("error", ALL, ids=lambda e: e.__name__)
def test_bad_input_and_bad_settings_exit_with_2_and_the_rest_with_1(error: type[AttestError]) -> None:
    usage = issubclass(error, (InputError, SettingsError, errors.PromptError))
    assert error.exit_code == (2 if usage else 1)


@pytest.mark.parametrize("error", ALL, ids=lambda e: e.__name__)
def test_an_error_says_where_when_it_knows(error: type[AttestError]) -> None:
    assert str(error("it is empty")) == "it is empty"
    placed = error("it is empty", where="news.txt")
    assert str(placed) == "news.txt: it is empty"
    assert (placed.message, placed.where) == ("it is empty", "news.txt")


@pytest.mark.parametrize(
    "error",
    [errors.BackendRateLimited, errors.BackendUnavailable, errors.CircuitOpen],
    ids=lambda e: e.__name__,
)
def test_an_error_that_passes_may_say_when(
    error: type[errors.BackendRateLimited | errors.BackendUnavailable | errors.CircuitOpen],
) -> None:
    assert error("later").retry_after is None
    assert error("later", retry_after=2.5).retry_after == 2.5


def test_only_backend_errors_are_worth_a_second_try() -> None:
    assert all(issubclass(error, BackendError) for error in ALL if error.retryable)
