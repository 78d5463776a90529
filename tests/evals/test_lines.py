"""Lines of JSON: every complaint with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.lines import BadDataset, Trouble, read_lines
from evals.models import Forbidden

GOOD = '{"article": "a", "quote": "q", "why": "caption"}'


def troubles(path: Path, content: str | bytes) -> list[str]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [f"{t.line}: {t.what}" for t in read_lines(path, Forbidden)[1]]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (f"{GOOD}\n{{\n", "2: it is not a JSON object: Expecting property name"),
        (f"{GOOD}\n\n[1]\n", "3: it is not a JSON object: it is a list"),
        ("null\n", "1: it is not a JSON object: it is null"),
        ("7\n", "1: it is not a JSON object: it is int"),
        ('"x"\n', "1: it is not a JSON object: it is a string"),
        ('{"article": "a", "quote": "q"}\n', "1: why: missing"),
        ('{"article": "a", "quote": "", "why": "caption"}\n', "1: quote: String should have at least 1"),
        (
            '{"article": "a", "quote": "q", "why": "bad"}\n',
            "1: why: Input should be 'caption', 'boilerplate'",
        ),
        ('{"article": "a", "quote": "q", "why": "caption", "x": 1}\n', "1: x: unknown key"),
        ('{"article": "a", "article": "b"}\n', "1: it is not a JSON object: key 'article' is given twice"),
        ("[" * 200_000 + "\n", "1: it is not a JSON object: "),
        (f"{GOOD}\n".encode() + b"\xff\n", "2: it is not UTF-8 (byte 49)"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, content: str | bytes, expected: str) -> None:
    (told,) = troubles(tmp_path / "forbidden.jsonl", content)
    assert told.startswith(expected)
    assert "\n" not in told


def test_a_bad_line_hides_no_other(tmp_path: Path) -> None:
    path = tmp_path / "forbidden.jsonl"
    path.write_text(f"oops\n{GOOD}\n{{}}\n{GOOD}", encoding="utf-8")
    lines, bad = read_lines(path, Forbidden)
    assert [found.number for found in lines] == [2, 4]
    assert [trouble.line for trouble in bad] == [1, 3]
    assert bad[1].what == "article: missing; quote: missing; why: missing"


def test_line_separators_of_unicode_end_no_line(tmp_path: Path) -> None:
    path = tmp_path / "forbidden.jsonl"
    path.write_text('{"article": "a", "quote": "x\u2028y\x85z", "why": "caption"}\n', encoding="utf-8")
    (found,), bad = read_lines(path, Forbidden)
    assert (found.value.quote, bad) == ("x\u2028y\x85z", [])


def test_a_mark_at_the_beginning_and_carriage_returns_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "forbidden.jsonl"
    path.write_bytes(f"\ufeff{GOOD}\r\n{GOOD}\r\n".encode())
    lines, bad = read_lines(path, Forbidden)
    assert (len(lines), bad) == (2, [])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    _, (trouble,) = read_lines(tmp_path / "gold.jsonl", Forbidden)
    assert str(trouble) == f"{tmp_path / 'gold.jsonl'}: there is no such file"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    _, (trouble,) = read_lines(tmp_path, Forbidden)
    assert "cannot be read" in trouble.what


def test_many_troubles_are_counted_and_the_first_ones_shown() -> None:
    error = BadDataset([Trouble(Path("gold.jsonl"), n, f"wrong {n}") for n in range(1, 6)])
    assert str(error) == (
        "gold.jsonl:1: wrong 1; gold.jsonl:2: wrong 2; gold.jsonl:3: wrong 3 "
        "(and 2 more: `python -m evals check` lists them)"
    )
    assert len(error.troubles) == 5
    assert error.exit_code == 2
