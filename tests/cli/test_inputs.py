"""From names on the command line to articles, or to one clear line about each that is none."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest

from service.cli.inputs import Input, read_inputs
from service.errors import ArticleTooLarge, EmptyArticle, InputError, NotFound, NotText
from service.text.article import Article

TEXT = "Ferries ran again on Monday after a two-day stop, the port said."
PAGE = f"""<!doctype html><html lang="en"><head><title>Ferry service resumes | Harbour Post</title>
<meta property="og:site_name" content="Harbour Post">
<meta property="article:published_time" content="2024-03-05T10:00:00Z"></head>
<body><nav><a href="/">Home</a><a href="/sport">Sport</a></nav><article><h1>Ferry service resumes</h1>
<p>{TEXT} The crews had asked for better pay, and the company agreed on Sunday night after long talks.</p>
<p>A spokesman said that 1,200 passengers had waited at the quay since dawn. Tickets stay at 12 euros.</p>
</article><footer>All rights reserved</footer></body></html>"""


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def inputs(*paths: str | Path, stdin: bytes = b"", max_bytes: int = 100_000) -> list[Input]:
    return read_inputs([str(path) for path in paths], io.BytesIO(stdin), max_bytes=max_bytes)


def written(name: str, content: str | bytes) -> str:
    Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
    return name


def article(found: list[Input]) -> Article:
    assert [i.problem for i in found] == [None]
    assert found[0].article is not None
    return found[0].article


def problem(found: list[Input], kind: type[InputError]) -> str:
    assert [i.article for i in found] == [None]
    assert type(found[0].problem) is kind
    line = str(found[0].problem)
    assert "\n" not in line
    return line


# -- text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [TEXT, f" {TEXT}\r\n\r\nMore.\n", "\u200bzero", "NUL\x00", "", "é 😀"])
def test_the_characters_of_a_text_file_are_kept(text: str) -> None:
    assert article(inputs(written("a.txt", text))) == Article(text=text)


def test_a_bom_is_no_part_of_the_text() -> None:
    assert article(inputs(written("a.txt", b"\xef\xbb\xbf" + TEXT.encode()))).text == TEXT


def test_a_file_of_any_other_name_is_text() -> None:
    assert article(inputs(written("story", TEXT))).text == TEXT
    assert article(inputs(written("story.md", TEXT))).text == TEXT


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"caf\xe9 open", "byte 3 is 0xe9"),
        (b"\xef\xbb\xbfcaf\xe9", "byte 6 is 0xe9"),
        (b"cut off \xe2\x82", "byte 8 is 0xe2"),
        ("UTF-16".encode("utf-16"), "byte 0 begins UTF-16"),
        (b"%PDF-1.7\n", "byte 0 begins a PDF"),
        (b"PK\x03\x04docx", "byte 0 begins a zip or office file"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.json", "a.jsonl"])
def test_what_is_not_utf_8_is_refused_with_its_place(name: str, data: bytes, said: str) -> None:
    line = problem(inputs(written(name, data)), NotText)
    assert line.startswith(f"{name}: not UTF-8 text: {said}")


# -- JSON -----------------------------------------------------------------------------------------


def test_a_json_file_holds_an_article() -> None:
    fields = {
        "text": TEXT,
        "title": "Ferry",
        "source": "Post",
        "published_at": "2024-03-05",
        "language": "en",
    }
    assert article(inputs(written("a.json", json.dumps(fields)))) == Article.model_validate(fields)
    assert article(inputs(written("b.JSON", b"\xef\xbb\xbf" + json.dumps(fields).encode()))).title == "Ferry"


def test_a_json_file_may_hold_several_and_a_bad_one_costs_no_other() -> None:
    found = inputs(written("a.json", json.dumps([{"text": "A."}, {"titel": "B"}, 5, {"text": "C."}])))
    assert [i.article and i.article.text for i in found] == ["A.", None, None, "C."]
    assert [i.where for i in found] == [f"a.json, article {n}" for n in (1, 2, 3, 4)]
    assert str(found[1].problem) == (
        "a.json, article 2: 'text': missing; "
        "'titel': unknown key; an article has text, title, source, published_at, language"
    )
    assert str(found[2].problem) == 'a.json, article 3: an article is an object with a "text", not int'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "not valid JSON: Expecting value (line 1, column 1)"),
        ('{"text": "a"', "not valid JSON: Expecting ',' delimiter (line 1, column 13)"),
        ('{"text":\n"a",}', "not valid JSON: "),
        ('{"text": 5}', "'text': should be a valid string"),
        ('{"text": null}', "'text': should be a valid string"),
        ('{"text": "a", "published_at": "soon"}', "'published_at': give an ISO 8601 date such as 2024-06-18"),
        ('{"text": "a", "published_at": 1718668800}', "'published_at': give an ISO 8601 date"),
        ('"text"', 'an article is an object with a "text", not str'),
        ("[" * 100_000, "nested too deeply"),
        ('{"text": ' + "1" * 5000 + "}", "not valid JSON: Exceeds the limit"),
    ],
)
def test_json_that_is_no_article_is_refused_in_one_line(content: str, said: str) -> None:
    assert problem(inputs(written("a.json", content), max_bytes=200_000), InputError).startswith("a.json: ")
    assert said in problem(inputs("a.json", max_bytes=200_000), InputError)


def test_an_empty_list_or_file_of_lines_is_empty() -> None:
    assert problem(inputs(written("a.json", "[]")), EmptyArticle) == "a.json: the list is empty"
    assert problem(inputs(written("a.jsonl", "\n\n")), EmptyArticle) == "a.jsonl: there is no line in it"


def test_json_lines_hold_an_article_each_and_errors_name_the_line() -> None:
    lines = ['{"text": "A.\u2028a"}', "", "{oops", '{"text": "C."}\r', '{"text": 1}']
    found = inputs(written("a.jsonl", "\n".join(lines)))
    assert [i.where for i in found] == ["a.jsonl:1", "a.jsonl:3", "a.jsonl:4", "a.jsonl:5"]
    assert [i.article and i.article.text for i in found] == ["A.\u2028a", None, "C.", None]
    assert str(found[1].problem).startswith("a.jsonl:3: not valid JSON: ")
    assert str(found[3].problem) == "a.jsonl:5: 'text': should be a valid string"


# -- HTML -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.html", "a.htm", "A.HTML"])
def test_the_main_text_of_a_page_is_taken_out(name: str) -> None:
    found = article(inputs(written(name, PAGE)))
    assert TEXT in found.text
    assert "Sport" not in found.text
    assert "<p>" not in found.text
    assert (found.source, found.published_at) == ("Harbour Post", date(2024, 3, 5))
    assert found.title is not None
    assert "Ferry service resumes" in found.title


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"<html><body><p></p></body></html>"])
def test_a_page_without_an_article_is_empty(content: bytes) -> None:
    assert problem(inputs(written("a.html", content)), EmptyArticle).startswith(
        "a.html: no article text was found"
    )


# -- standard input -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [TEXT, "[AFN] It began.", "", "\n{ not first"])
def test_standard_input_is_text(text: str) -> None:
    found = inputs("-", stdin=text.encode())
    if text.lstrip().startswith("{"):
        assert problem(found, InputError).startswith("standard input: not valid JSON")
    else:
        assert article(found).text == text


def test_standard_input_that_starts_with_a_brace_is_json() -> None:
    assert article(inputs("-", stdin=b'\n {"text": "A.", "source": "Post"}')).source == "Post"
    assert article(inputs("-", stdin=b'\xef\xbb\xbf{\n "text":\n "A."\n}\n')).text == "A."


def test_standard_input_may_be_json_lines() -> None:
    found = inputs("-", stdin=b'{"text": "A."}\n{"text": "B."}\n')
    assert [i.where for i in found] == ["standard input:1", "standard input:2"]


def test_standard_input_is_bounded_and_utf_8() -> None:
    assert problem(inputs("-", stdin=b"a" * 11, max_bytes=10), ArticleTooLarge).startswith("standard input: ")
    assert "byte 1 is 0xff" in problem(inputs("-", stdin=b"a\xff"), NotText)


# -- files ----------------------------------------------------------------------------------------


def test_a_missing_file_is_not_found() -> None:
    assert problem(inputs("nothing.txt"), NotFound) == "nothing.txt: there is no such file"


@pytest.mark.parametrize("name", ["x" * 5000, "a\x00b", "file.txt/below"])
def test_a_name_no_file_can_have_is_refused(name: str) -> None:
    written("file.txt", TEXT)
    assert problem(inputs(name), InputError).startswith(f"{name}: cannot be read: ")


def test_a_folder_is_refused_with_a_hint() -> None:
    Path("news").mkdir()
    line = problem(inputs("news"), InputError)
    assert line == f"news: this is a folder; name the files in it, such as {Path('news', '*.txt')}"


def test_a_file_over_the_limit_is_refused() -> None:
    written("a.txt", "a" * 11)
    assert (
        problem(inputs("a.txt", max_bytes=10), ArticleTooLarge)
        == "a.txt: more than 10 bytes, the limit for one file"
    )
    assert article(inputs("a.txt", max_bytes=11)).text == "a" * 11


def test_a_pattern_the_shell_left_alone_is_expanded_in_order() -> None:
    for name in ("b.txt", "a.txt", "c.json"):
        written(name, TEXT)
    assert [i.where for i in inputs("*.txt")] == ["a.txt", "b.txt"]
    assert problem(inputs("*.html"), NotFound) == "*.html: no file matches this pattern"


def test_a_file_whose_name_looks_like_a_pattern_is_a_file() -> None:
    assert article(inputs(written("fire [1].txt", TEXT))).text == TEXT


def test_one_bad_input_costs_no_other() -> None:
    written("a.txt", "A.")
    written("bad.txt", b"\xff")
    written("c.json", '{"text": "C."}')
    found = inputs("a.txt", "missing.txt", "bad.txt", "-", "c.json", stdin=b"S.")
    assert [i.where for i in found] == ["a.txt", "missing.txt", "bad.txt", "standard input", "c.json"]
    assert [i.article and i.article.text for i in found] == ["A.", None, None, "S.", "C."]


def test_nothing_named_is_nothing_read() -> None:
    assert inputs() == []
