"""The table of results as it stands in the documentation."""

from __future__ import annotations

import pytest

from evals.results import SHOWN, rewritten
from evals.scoring.metrics import BY_NAME
from service.errors import InputError

BEGIN, END = "<!-- results -->", "<!-- end of results -->"


def test_only_what_the_scorer_knows_is_shown() -> None:
    assert set(SHOWN) <= set(BY_NAME)


def test_a_page_keeps_what_stands_around_the_table() -> None:
    page = f"# Results\n{BEGIN}\nold \\1\n{END}\nand more\n"
    once = rewritten(page, "| new \\1 |")
    assert once == f"# Results\n{BEGIN}\n| new \\1 |\n{END}\nand more\n"
    assert rewritten(once, "| new \\1 |") == once


def test_a_page_without_a_place_for_it_is_refused() -> None:
    with pytest.raises(InputError, match="no place for results"):
        rewritten("# Results\n", "| new |")


def test_each_table_of_a_page_has_marks_of_its_own() -> None:
    page = f"{BEGIN}\nscores\n{END}\n<!-- versions -->\n<!-- end of versions -->\n"
    assert rewritten(page, "rows", "versions") == (
        f"{BEGIN}\nscores\n{END}\n<!-- versions -->\nrows\n<!-- end of versions -->\n"
    )
