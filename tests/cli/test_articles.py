"""`attest story`, `facts` and `check`, as typed: exit codes, one clear line, nothing half written."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service.cli.app import app
from service.errors import AttestError, InputError, NotFound, SettingsError
from service.facts.models import Verdict
from service.pipeline import Attest
from service.settings import Settings
from service.stories.models import ArticleFacts, Story
from service.text.parsing import Parser
from tests.newsroom import TRAIN, TRAIN_AGAIN, check_story

ATTEST = [sys.executable, "-c", "from service.cli.app import main; main()"]
ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ("story", "facts", "check")


@pytest.fixture(autouse=True)
def environment(own_settings: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two articles, an empty one, and a scripted model."""
    monkeypatch.setenv("ATTEST_BACKEND", "scripted")
    monkeypatch.setenv("ATTEST_SCRIPT", str(tmp_path / "replies.jsonl"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("COLUMNS", "120")
    (tmp_path / "replies.jsonl").write_text(
        '{"stage": "extract_facts", "reply": {"facts": []}}\n', encoding="utf-8"
    )
    (tmp_path / "a.txt").write_text(TRAIN, encoding="utf-8")
    (tmp_path / "b.json").write_text(
        json.dumps({"text": TRAIN_AGAIN, "source": "Valley Radio"}), encoding="utf-8"
    )
    (tmp_path / "empty.txt").write_text(" \n", encoding="utf-8")


@pytest.fixture
def quick(parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser of the whole test run instead of a new one for each command."""
    monkeypatch.setattr("service.cli.articles.open_attest", lambda settings: Attest(settings, parser=parser))


def run(*arguments: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=stdin)


def failure(kind: type[AttestError], *arguments: str, stdin: str | bytes = "") -> str:
    result = run(*arguments, stdin=stdin)
    assert isinstance(result.exception, kind), result.output
    assert result.stdout == ""
    assert "\n" not in str(result.exception)
    return str(result.exception)


def spawn(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*ATTEST, *arguments],
        input=stdin,
        capture_output=True,
        timeout=60,
        env=os.environ | environment,
        check=False,
    )


@pytest.mark.usefixtures("quick")
class TestStory:
    def test_json_on_stdout_and_nothing_else(self) -> None:
        result = run("story", "a.txt", "b.json", "--json")
        assert result.exit_code == 0
        check_story(Story.model_validate_json(result.stdout))
        assert result.stdout.endswith("}\n")

    def test_progress_goes_to_stderr_and_can_be_left_out(self) -> None:
        assert "reading articles 2/2" in run("story", "a.txt", "b.json", "--json").stderr
        assert run("story", "a.txt", "b.json", "--json", "--quiet").stderr == ""

    def test_the_table_shows_the_summary_its_notes_and_what_it_cost(self) -> None:
        shown = run("story", "a.txt", "b.json").stdout
        for words in (
            "Valley Radio",
            "[1]",
            "Facts, most important first",
            "drafts =",
            "extract_facts:",
            "total:",
        ):
            assert words in shown

    def test_output_holds_the_story_and_the_table_is_still_shown(self, tmp_path: Path) -> None:
        result = run("story", "a.txt", "b.json", "-o", "out/deep/story.json")
        written = (tmp_path / "out/deep/story.json").read_text(encoding="utf-8")
        check_story(Story.model_validate_json(written))
        assert "Facts, most important first" in result.stdout
        assert [p.name for p in (tmp_path / "out/deep").iterdir()] == ["story.json"]

    def test_rejected_drafts_on_request(self) -> None:
        assert "Leave a Reply" not in run("story", "a.txt").stdout
        assert "Leave a Reply" in run("story", "a.txt", "--rejected").stdout

    def test_the_length_of_the_summary(self) -> None:
        story = Story.model_validate_json(
            run("story", "a.txt", "b.json", "--json", "--sentences", "3").stdout
        )
        assert len(story.summary.sentences) == 3

    def test_standard_input(self) -> None:
        result = run("story", "-", "--json", stdin=TRAIN)
        assert Story.model_validate_json(result.stdout).articles[0].text == TRAIN

    def test_what_cannot_be_read_is_told_and_the_rest_is_done(self) -> None:
        result = run("story", "a.txt", "empty.txt", "none.txt", "--json", "--quiet")
        assert result.exit_code == 2
        check_story(Story.model_validate_json(result.stdout))
        assert result.stderr.splitlines() == [
            "attest: skipped none.txt: there is no such file",
            "attest: skipped empty.txt: there is no readable text in it",
        ]

    def test_a_duplicate_is_told_and_no_failure(self) -> None:
        result = run("story", "a.txt", "a.txt", "--json", "--quiet")
        assert result.exit_code == 0
        assert result.stderr.startswith("attest: skipped a.txt: the same text")

    def test_a_hostile_article_does_not_steer_the_terminal(self, tmp_path: Path) -> None:
        text = "A train \x1b]0;owned\x07left [bold red]Orvela[/nonsense] on \u202eMonday."
        (tmp_path / "hostile.json").write_text(
            json.dumps({"text": text, "source": "\x1b[2J[/x]"}), encoding="utf-8"
        )
        result = run("story", "hostile.json", "--rejected")
        assert result.exit_code == 0
        assert "\x1b" not in result.stdout
        assert "\u202e" not in result.stdout
        assert "[bold red]Orvela[/nonsense]" in result.stdout


@pytest.mark.usefixtures("quick")
class TestFacts:
    def test_json_is_the_usual_answer(self) -> None:
        result = run("facts", "a.txt", "--quiet")
        found = ArticleFacts.model_validate_json(result.stdout)
        assert (result.exit_code, result.stderr) == (0, "")
        assert len(found.facts) == found.ledger.kept >= 5

    def test_a_table_on_request(self) -> None:
        shown = run("facts", "a.txt", "--table", "--rejected").stdout
        assert "drafts that are no facts" in shown
        assert "verbatim" in shown

    def test_output(self, tmp_path: Path) -> None:
        result = run("facts", "a.txt", "-o", "facts.json")
        assert result.stdout == ""
        ArticleFacts.model_validate_json((tmp_path / "facts.json").read_text(encoding="utf-8"))

    def test_two_articles_are_one_too_many(self, tmp_path: Path) -> None:
        (tmp_path / "two.jsonl").write_text('{"text": "One."}\n{"text": "Two."}\n', encoding="utf-8")
        assert failure(InputError, "facts", "two.jsonl") == "two.jsonl: it holds 2 articles; give one"


@pytest.mark.usefixtures("quick")
class TestCheck:
    def test_one_verdict_a_line_in_input_order(self) -> None:
        given = (
            "Three people were killed.\n\n  Nine people were killed.  \nOrvela has about 9,000 inhabitants.\n"
        )
        result = run("check", "a.txt", stdin=given)
        verdicts = [Verdict.model_validate_json(line) for line in result.stdout.splitlines()]
        assert result.exit_code == 0
        assert [v.verdict for v in verdicts] == ["supported", "rejected", "supported"]
        assert verdicts[1].statement == "Nine people were killed."

    def test_statements_of_a_file_with_a_byte_order_mark(self, tmp_path: Path) -> None:
        (tmp_path / "claims.txt").write_bytes(b"\xef\xbb\xbfThree people were killed.\r\n")
        verdict = Verdict.model_validate_json(run("check", "a.txt", "claims.txt").stdout)
        assert (verdict.statement, verdict.verdict) == ("Three people were killed.", "supported")

    def test_the_article_may_be_standard_input(self, tmp_path: Path) -> None:
        (tmp_path / "claims.txt").write_text("Three people were killed.", encoding="utf-8")
        assert '"supported"' in run("check", "-", "claims.txt", stdin=TRAIN).stdout

    def test_no_backend_is_opened(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("ATTEST_SCRIPT")
        assert run("check", "a.txt", stdin="Three people were killed.").exit_code == 0

    def test_standard_input_cannot_be_both(self) -> None:
        assert "both" in failure(InputError, "check", "-", "-", stdin=TRAIN)

    @pytest.mark.parametrize("given", ["", "\n \n"])
    def test_no_statement(self, given: str) -> None:
        assert failure(InputError, "check", "a.txt", stdin=given) == "-: there is no statement in it"

    def test_statements_that_are_not_utf8(self, tmp_path: Path) -> None:
        message = "it is not UTF-8 (byte 3)"
        assert failure(InputError, "check", "a.txt", stdin=b"abc\xff") == f"standard input: {message}"
        (tmp_path / "claims.txt").write_bytes(b"abc\xff")
        assert failure(InputError, "check", "a.txt", "claims.txt") == f"claims.txt: {message}"

    def test_statements_that_are_not_there(self, tmp_path: Path) -> None:
        assert failure(NotFound, "check", "a.txt", "none.txt") == "none.txt: there is no such file"
        assert failure(InputError, "check", "a.txt", str(tmp_path)).endswith("cannot be read: Is a directory")


@pytest.mark.usefixtures("quick")
class TestBadInput:
    @pytest.mark.parametrize("command", COMMANDS)
    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            ("empty.txt", b"", "there is no readable text in it"),
            ("latin.txt", "Café\n".encode("latin-1") * 20, "UTF-8"),
            ("markup.txt", b"<html><body><p>A train.</p></body></html>", "HTML"),
            (
                "german.txt",
                b"Ein Zug ist am Montag entgleist, und drei Menschen starben. " * 5,
                "'de'",
            ),
            ("keys.json", b'{"text": "A train.", "url": "x"}', "unknown key"),
            ("types.json", b'{"text": 3}', "'text'"),
            ("broken.json", b'{"text": ', "not valid JSON"),
            ("large.txt", b"A train left. " * 20_000, "the limit is 200,000"),
        ],
    )
    def test_the_file_and_what_is_wrong_with_it(
        self, tmp_path: Path, command: str, name: str, content: bytes, message: str
    ) -> None:
        (tmp_path / name).write_bytes(content)
        told = failure(InputError, command, name, stdin="A train left.") if command == "check" else failure(
            InputError, command, name
        )  # fmt: skip
        assert told.startswith(f"{name}: ")
        assert message in told

    def test_standard_input_is_named_too(self) -> None:
        assert (
            failure(InputError, "facts", "-", stdin=" ") == "standard input: there is no readable text in it"
        )

    def test_when_nothing_can_be_read_the_first_problem_stands_for_all(self) -> None:
        told = failure(InputError, "story", "none.txt", "nothing.txt")
        assert told == "none of the 2 inputs can be read; the first: none.txt: there is no such file"

    @pytest.mark.parametrize("command", ["story", "facts"])
    def test_a_target_that_cannot_be_written_is_told_before_the_work(
        self, tmp_path: Path, command: str
    ) -> None:
        assert "this is a folder" in failure(InputError, command, "a.txt", "-o", str(tmp_path))
        assert "cannot be written" in failure(InputError, command, "a.txt", "-o", "a.txt/story.json")

    def test_settings(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert "BACKEND" in failure(SettingsError, "facts", "a.txt", "--backend", "magic")
        assert "task=version" in failure(SettingsError, "facts", "a.txt", "--prompt", "v2")
        assert "v9" in failure(NotFound, "facts", "a.txt", "--prompt", "extract_facts=v9")
        monkeypatch.delenv("ATTEST_SCRIPT")
        assert "--script" in failure(SettingsError, "facts", "a.txt")


@pytest.mark.parametrize(
    "arguments", [["--help"], *([name, "--help"] for name in (*COMMANDS, "serve"))], ids=str
)
def test_help(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 0
    assert len(arguments) == 1 or "Examples:" in result.stdout


class TestProcess:
    def test_a_story(self, tmp_path: Path) -> None:
        done = spawn("story", "a.txt", "b.json", "--json", PYTHONIOENCODING="ascii", LC_ALL="C")
        assert done.returncode == 0
        check_story(Story.model_validate_json(done.stdout))

    @pytest.mark.parametrize(
        ("arguments", "code", "line"),
        [
            (["facts", "none.txt"], 2, b"attest: none.txt: there is no such file\n"),
            (["facts", "a.txt", "--backend", "local"], 1, None),
            (["story", "a.txt", "--prompt", "v2"], 2, None),
        ],
        ids=["bad input", "no model", "bad usage"],
    )
    def test_exit_code_and_one_line(self, arguments: list[str], code: int, line: bytes | None) -> None:
        done = spawn(*arguments, "--quiet")
        assert (done.returncode, done.stdout) == (code, b"")
        assert done.stderr.startswith(b"attest: ")
        assert done.stderr.count(b"\n") == 1
        assert line in (None, done.stderr)

    @pytest.mark.parametrize("arguments", [["story"], ["nonsense"], ["story", "a.txt", "--sentences", "99"]])
    def test_bad_usage(self, arguments: list[str]) -> None:
        done = spawn(*arguments)
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"Usage" in done.stderr
        assert b"Traceback" not in done.stderr

    def test_a_backend_that_is_not_there(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            address = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        done = spawn(
            "story", "a.txt", "-o", "story.json", "--backend", "openai", "--base-url", address,
            "--model", "m", "--quiet", ATTEST_MAX_ATTEMPTS="1",
        )  # fmt: skip
        assert (done.returncode, done.stdout) == (1, b"")
        assert address.encode() in done.stderr
        assert done.stderr.count(b"\n") == 1
        assert not (tmp_path / "story.json").exists()

    @pytest.mark.parametrize("window_tokens", ["1200", "100"], ids=["one question", "several at once"])
    def test_ctrl_c_ends_it_at_once_and_leaves_no_file(self, tmp_path: Path, window_tokens: str) -> None:
        (tmp_path / "long.txt").write_text((TRAIN + "\n") * 8, encoding="utf-8")
        (tmp_path / "out").mkdir()
        with server_that_never_answers() as listening:
            address = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
            process = subprocess.Popen(
                [*ATTEST, "story", "long.txt", "-o", "out/story.json", "--backend", "openai", "--quiet"],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=hears_interrupts,
                env=os.environ | {
                    "ATTEST_BASE_URL": address, "ATTEST_MODEL": "m", "ATTEST_WINDOW_TOKENS": window_tokens,
                },
            )  # fmt: skip
            with listening.accept()[0]:
                process.send_signal(signal.SIGINT)
                output, complaint = process.communicate(timeout=20)
        assert (process.returncode, output) == (1, b"")
        assert complaint == b"attest: interrupted; no file is left half written\n"
        assert list((tmp_path / "out").iterdir()) == []

    @pytest.mark.parametrize("arguments", [["facts", "a.txt", "--quiet"], ["story", "a.txt", "--quiet"]])
    def test_a_reader_that_leaves_early(self, arguments: list[str]) -> None:
        process = subprocess.Popen([*ATTEST, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()  # nobody reads
        complaint = process.stderr.read()
        process.stderr.close()
        assert process.wait(timeout=60) == 1
        assert complaint == b""

    def test_version(self) -> None:
        assert spawn("--version").stdout.startswith(b"attest ")


def hears_interrupts() -> None:
    """Tests that run in the background of a shell would hand down that Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def server_that_never_answers() -> socket.socket:
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(50)
    return listening


def test_settings_are_isolated(tmp_path: Path) -> None:
    assert Settings().database == tmp_path / "attest.db"
