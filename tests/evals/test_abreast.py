"""Pieces of work on several cores: in order, few at once, errors where they belong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evals.scoring.abreast import HELD, cores, in_order


def _square(n: int) -> int:
    if n == 7:
        raise ValueError("seven is no number for this")
    return n * n


@pytest.mark.parametrize("workers", [0, 1, 2, 3])
def test_results_stand_in_the_order_of_what_was_given(workers: int) -> None:
    assert list(in_order(_square, ((n,) for n in range(6)), workers)) == [0, 1, 4, 9, 16, 25]


@pytest.mark.parametrize("workers", [1, 2])
def test_no_more_is_taken_than_is_held(workers: int) -> None:
    taken = 0

    def given() -> Iterator[tuple[int]]:
        nonlocal taken
        for n in range(100, 200):
            taken += 1
            yield (n,)

    results = in_order(_square, given(), workers)
    assert next(results) == 10_000
    assert taken <= HELD * workers
    assert sum(1 for _ in results) == 99


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_is_raised_where_its_result_would_stand(workers: int) -> None:
    results = in_order(_square, ((n,) for n in (1, 7, 2)), workers)
    assert next(results) == 1
    with pytest.raises(ValueError, match="seven"):
        next(results)


def test_there_is_a_core() -> None:
    assert cores() >= 1
