"""A prompt folder loads whole and consistent, or names the file that is wrong."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from service.errors import NotFound, PromptError
from service.prompting.templates import PromptLibrary, load_prompt

MANIFEST = {
    "task": "split",
    "version": "v1",
    "purpose": "Split a sentence.",
    "scope": "sentence",
    "inputs": ["sentence", "hint"],
    "reply": "statements",
    "max_tokens": 100,
    "changes": "First version.",
}
EXAMPLE = {
    "inputs": {"sentence": "Rain fell and 4,000 left.", "hint": ""},
    "reply": {"facts": ["Rain fell.", "4,000 left."]},
    "quotes": ["4,000 left"],
}


def toml(**changes: Any) -> str:
    """The manifest with `changes`; None takes a key out."""
    keys = {**MANIFEST, **changes}
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items() if value is not None)


def example(**changes: Any) -> str:
    return (
        json.dumps({key: value for key, value in {**EXAMPLE, **changes}.items() if value is not None}) + "\n"
    )


def write(root: Path, task: str = "split", version: str = "v1", **files: str) -> Path:
    """A sound prompt folder, with the given files (`user`, `system`, `toml`, `examples`) instead."""
    folder = root / task / version
    folder.mkdir(parents=True)
    sound = {
        "toml": toml(task=task, version=version),
        "system": "Split the sentence.\n",
        "user": "$hint\n${sentence}\n",
        "examples": example(),
    } | files
    names = {"toml": "prompt.toml", "system": "system.md", "user": "user.md", "examples": "examples.jsonl"}
    for key, name in names.items():
        (folder / name).write_bytes(sound[key].encode())
    return folder


DRAFT = {"ids": ["s3"], "statement": "Rain fell on 40 farms.", "kind": "event", "speaker": None}


def drafts(**changes: Any) -> dict[str, str]:
    """Files of a sound prompt about a window, whose worked example has `changes` in its one draft."""
    line = {"inputs": {"article": "[s3] Rain fell on 40 farms."}, "reply": {"facts": [DRAFT | changes]}}
    return {
        "toml": toml(scope="window", inputs=["article"], reply="drafts"),
        "user": "$article",
        "examples": json.dumps(line),
    }


def test_a_sound_folder_loads_with_everything_in_it(tmp_path: Path) -> None:
    prompt = load_prompt(write(tmp_path))
    assert (prompt.task, prompt.version, prompt.scope, prompt.reply) == (
        "split",
        "v1",
        "sentence",
        "statements",
    )
    assert (prompt.max_tokens, prompt.temperature, prompt.inputs) == (100, 0.0, ("sentence", "hint"))
    assert prompt.system == "Split the sentence."
    assert prompt.examples[0].reply == {"facts": ["Rain fell.", "4,000 left."]}
    assert prompt.examples[0].quotes == ("4,000 left",)


def test_a_prompt_refers_to_itself_by_name_version_and_hash(tmp_path: Path) -> None:
    prompt = load_prompt(write(tmp_path))
    assert prompt.ref.model_dump() == {"name": "split", "version": "v1", "sha256": prompt.sha256}
    assert len(prompt.sha256) == 64


def test_a_prompt_cannot_be_changed(tmp_path: Path) -> None:
    prompt = load_prompt(write(tmp_path))
    with pytest.raises(dataclasses.FrozenInstanceError):
        prompt.system = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    "change",
    [
        {"system": "Split it.\n"},
        {"user": "${hint}\n${sentence}\n"},
        {"toml": toml(changes="Second.")},
        {"examples": ""},
    ],
)
def test_the_hash_covers_every_file(tmp_path: Path, change: dict[str, str]) -> None:
    before = load_prompt(write(tmp_path / "a")).sha256
    assert load_prompt(write(tmp_path / "b", **change)).sha256 != before


def test_the_hash_does_not_depend_on_line_ends_or_place(tmp_path: Path) -> None:
    unix = write(tmp_path / "unix")
    windows = write(tmp_path / "windows")
    for file in windows.iterdir():
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert load_prompt(windows) == load_prompt(unix)


def test_the_hash_tells_text_moved_from_one_file_to_the_next(tmp_path: Path) -> None:
    one = write(tmp_path / "a", system="AB", user="$hint $sentence")
    two = write(tmp_path / "b", system="A", user="B$hint $sentence")
    assert load_prompt(one).sha256 != load_prompt(two).sha256


def test_dollar_signs_are_written_twice(tmp_path: Path) -> None:
    prompt = load_prompt(write(tmp_path, system="Keep $$5 as it is."))
    assert prompt.system == "Keep $5 as it is."


def test_empty_lines_between_examples_are_allowed(tmp_path: Path) -> None:
    prompt = load_prompt(write(tmp_path, examples="\n" + example() + "\n" + example() + "\n"))
    assert len(prompt.examples) == 2


def test_the_keys_of_a_reply_stand_in_the_order_of_its_shape(tmp_path: Path) -> None:
    files = drafts()
    files["examples"] = json.dumps(
        {
            "reply": {"facts": [dict(reversed(DRAFT.items()))]},
            "inputs": {"article": "[s3] Rain fell on 40 farms."},
        }
    )
    reply = load_prompt(write(tmp_path, **files)).examples[0].reply
    assert json.dumps(reply) == json.dumps({"facts": [DRAFT]})


BROKEN: list[tuple[dict[str, str], str, str]] = [
    # manifest
    ({"toml": "task = \n"}, "prompt.toml", "not TOML"),
    ({"toml": toml(purpose=None)}, "prompt.toml", "key 'purpose' is missing"),
    ({"toml": toml(author="me")}, "prompt.toml", "unknown key 'author'"),
    ({"toml": toml(scope="book")}, "prompt.toml", "scope: "),
    ({"toml": toml(reply="essay")}, "prompt.toml", "reply: "),
    ({"toml": toml(max_tokens="100")}, "prompt.toml", "max_tokens: "),
    ({"toml": toml(max_tokens=0)}, "prompt.toml", "max_tokens: "),
    ({"toml": toml(temperature=3)}, "prompt.toml", "temperature: "),
    ({"toml": toml(inputs=[])}, "prompt.toml", "inputs: "),
    ({"toml": toml(inputs=["sentence", "sentence"])}, "prompt.toml", "stands twice"),
    ({"toml": toml(task="join")}, "prompt.toml", "task is 'join', but its folder is 'split'"),
    ({"toml": toml(version="v2")}, "prompt.toml", "version is 'v2', but its folder is 'v1'"),
    # variables
    ({"user": "$hint $sentence $title"}, "user.md", "$title is not declared"),
    ({"user": "$sentence"}, "user.md", "'hint' is declared but not used"),
    ({"user": "$hint $sentence costs $5"}, "user.md", "write '$$'"),
    ({"system": "Split $sentence"}, "system.md", "variables belong in user.md"),
    ({"system": "Keep $5."}, "system.md", "write '$$'"),
    # worked examples
    ({"examples": example() + "{\n"}, "examples.jsonl:2", "not JSON"),
    ({"examples": "[]"}, "examples.jsonl:1", "valid dictionary"),
    ({"examples": example(reply=None)}, "examples.jsonl:1", "key 'reply' is missing"),
    ({"examples": example(note="x")}, "examples.jsonl:1", "unknown key 'note'"),
    ({"examples": example(inputs={"sentence": "Rain fell."})}, "examples.jsonl:1", "input 'hint' is missing"),
    (
        {"examples": example(inputs={"sentence": "a", "hint": "", "title": "b"})},
        "examples.jsonl:1",
        "unknown input 'title'",
    ),
    ({"examples": example(inputs={"sentence": 4, "hint": ""})}, "examples.jsonl:1", "inputs.sentence: "),
    ({"examples": example(quotes=["5,000 left"])}, "examples.jsonl:1", "'5,000 left' does not stand in"),
    ({"examples": example(quotes=[""])}, "examples.jsonl:1", "does not stand in"),
    ({"examples": example(reply=["Rain fell."])}, "examples.jsonl:1", "the reply is not 'statements'"),
    ({"examples": example(reply={"facts": [], "x": 1})}, "examples.jsonl:1", "unknown key 'x'"),
    ({"examples": example(reply={"facts": ["4 left."]})}, "examples.jsonl:1", "the number 4 of"),
    ({"examples": example(reply={"facts": [" "]})}, "examples.jsonl:1", "is empty"),
    # worked examples about windows
    (drafts(ids=["s4"]), "examples.jsonl:1", "no sentence [s4]"),
    (drafts(ids=[]), "examples.jsonl:1", "no sentence id"),
    (drafts(kind="rumour"), "examples.jsonl:1", "facts.0.kind: "),
    (drafts(statement="Rain fell on 3 farms."), "examples.jsonl:1", "the number 3 of"),
]


@pytest.mark.parametrize(("files", "where", "message"), BROKEN)
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, files: dict[str, str], where: str, message: str
) -> None:
    folder = write(tmp_path, **files)
    with pytest.raises(PromptError) as caught:
        load_prompt(folder)
    text = str(caught.value)
    assert text.startswith(f"{tmp_path.name}/split/v1/{where}: ")
    assert message in text
    assert "\n" not in text


def test_a_draft_that_keeps_the_rules_loads(tmp_path: Path) -> None:
    assert load_prompt(write(tmp_path, **drafts())).examples[0].reply == {"facts": [DRAFT]}


@pytest.mark.parametrize("name", ["prompt.toml", "system.md", "user.md", "examples.jsonl"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path)
    (folder / name).unlink()
    with pytest.raises(PromptError, match=f"split/v1/{name}: the file is missing"):
        load_prompt(folder)


def test_an_unknown_file_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "notes.md").write_text("", encoding="utf-8")
    with pytest.raises(PromptError, match=r"split/v1/notes.md: not a file of a prompt"):
        load_prompt(folder)


@pytest.mark.parametrize("name", ["prompt.toml", "system.md", "user.md", "examples.jsonl"])
def test_a_file_that_is_not_utf8_is_named(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path)
    (folder / name).write_bytes(b"caf\xe9")
    with pytest.raises(PromptError, match=rf"split/v1/{name}: not UTF-8 \(byte 3\)"):
        load_prompt(folder)


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "user.md").unlink()
    (folder / "user.md").mkdir()
    with pytest.raises(PromptError, match=r"split/v1/user.md: cannot be read"):
        load_prompt(folder)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="split/v1: there is no such prompt folder"):
        load_prompt(tmp_path / "split" / "v1")


def test_a_library_lists_tasks_and_counts_versions(tmp_path: Path) -> None:
    for version in ("v10", "v2", "v1"):
        write(tmp_path, version=version)
    write(tmp_path, task="join")
    (tmp_path / ".cache").mkdir()
    (tmp_path / "README.md").write_text("about", encoding="utf-8")
    library = PromptLibrary(tmp_path)
    assert library.tasks() == ("join", "split")
    assert library.versions("split") == ("v1", "v2", "v10")
    assert [(p.task, p.version) for p in library.all()] == [
        ("join", "v1"),
        ("split", "v1"),
        ("split", "v2"),
        ("split", "v10"),
    ]


def test_a_library_reads_a_prompt_once(tmp_path: Path) -> None:
    folder = write(tmp_path)
    library = PromptLibrary(tmp_path)
    first = library.get("split", "v1")
    (folder / "system.md").write_text("Changed.", encoding="utf-8")
    assert library.get("split", "v1") is first
    assert PromptLibrary(tmp_path).get("split", "v1").system == "Changed."


def test_a_broken_version_does_not_hide_a_sound_one(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, version="v2", user="$nothing")
    library = PromptLibrary(tmp_path)
    assert library.get("split", "v1").version == "v1"
    with pytest.raises(PromptError):
        library.get("split", "v2")


@pytest.mark.parametrize(
    ("task", "version", "message"),
    [
        ("merge", "v1", "no prompt task 'merge'; there are: join, split"),
        ("split", "v3", "no version 'v3' of prompt 'split'; there are: v1, v2"),
        ("split", "../../split/v1", "no version '../../split/v1'"),
        ("..", "split", "no prompt task '..'"),
    ],
)
def test_what_does_not_exist_is_answered_with_what_does(
    tmp_path: Path, task: str, version: str, message: str
) -> None:
    write(tmp_path)
    write(tmp_path, version="v2")
    write(tmp_path, task="join")
    with pytest.raises(NotFound) as caught:
        PromptLibrary(tmp_path).get(task, version)
    assert message in str(caught.value)


def test_a_library_needs_a_folder(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="no such folder of prompts"):
        PromptLibrary(tmp_path / "nowhere")
