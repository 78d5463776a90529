"""The prompts attest comes with: sound, short, and true to the rules they teach."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from service import resources
from service.facts.models import Kind
from service.prompting.rendering import render
from service.prompting.replies import REPLIES
from service.prompting.templates import Prompt, PromptLibrary
from service.resources import data_dir

SHIPPED = PromptLibrary(data_dir("prompts")).all()
IDS = [f"{prompt.task}/{prompt.version}" for prompt in SHIPPED]

# Upper bounds for what is the same in every call, in tokens without the marks of a chat template
BUDGETS = {
    "extract_facts/v1": 400, "extract_facts/v2": 1400, "extract_facts/v3": 500, "repair_statement/v1": 400,
    "repair_statement/v2": 700, "repair_statement/v3": 400, "same_fact/v1": 400, "same_fact/v2": 500,
    "same_fact/v3": 400, "write_summary/v1": 400, "write_summary/v2": 400, "write_summary/v3": 400,
}  # fmt: skip

every_prompt = pytest.mark.parametrize("prompt", SHIPPED, ids=IDS)


def shipped(name: str) -> Prompt:
    return SHIPPED[IDS.index(name)]


def estimated_tokens(text: str) -> int:
    """Words and punctuation marks: within 4 % of what the Qwen2.5 tokenizer counts for these prompts."""
    return len(re.findall(r"\w+|[^\w\s]", text))


def test_the_prompts_of_the_pipeline_are_there() -> None:
    again, pair = ("sentence", "statement", "reason"), ("first", "second")
    assert {f"{p.task}/{p.version}": (p.scope, p.reply, p.inputs) for p in SHIPPED} == {
        "extract_facts/v1": ("sentence", "statements", ("sentence",)),
        "extract_facts/v2": ("window", "drafts", ("article",)),
        "extract_facts/v3": ("sentence", "statements", ("sentence",)),
        "repair_statement/v1": ("sentence", "sentence", again),
        "repair_statement/v2": ("window", "words", again),
        "repair_statement/v3": ("sentence", "sentence", again),
        "same_fact/v1": ("facts", "verdict", pair),
        "same_fact/v2": ("facts", "reasoned", pair),
        "same_fact/v3": ("facts", "verdict", pair),
        "write_summary/v1": ("facts", "sentence", ("facts",)),
        "write_summary/v2": ("facts", "sentence", ("facts",)),
        "write_summary/v3": ("facts", "sentence", ("facts",)),
    }
    assert list(BUDGETS) == IDS


@every_prompt
def test_the_fixed_part_is_within_its_budget(prompt: Prompt) -> None:
    prefix = render(prompt, **dict.fromkeys(prompt.inputs, "x"))[:-1]
    assert (
        estimated_tokens("\n".join(m.content for m in prefix)) <= BUDGETS[f"{prompt.task}/{prompt.version}"]
    )


@every_prompt
def test_answers_are_repeatable(prompt: Prompt) -> None:
    assert prompt.temperature == 0


@every_prompt
def test_every_example_is_vouched_for_by_quotes(prompt: Prompt) -> None:
    for example in prompt.examples:
        assert example.quotes
        text = "\n".join(example.inputs.values())
        assert all(quote in text for quote in example.quotes)


@pytest.mark.parametrize("name", ["extract_facts/v1", "repair_statement/v1", "write_summary/v1"])
def test_examples_for_small_models_use_words_of_their_input(name: str) -> None:
    """A worked example that brings its own words teaches a small model to do the same."""
    joining = {"and", "but", "while", "which", "who", "it", "that", "a", "the"}
    prompt = shipped(name)
    for example in prompt.examples:
        given = words("\n".join(example.inputs.values()))
        for text in REPLIES[prompt.reply].model_validate(example.reply).texts:
            assert words(text) - given - joining == set()


def words(text: str) -> set[str]:
    return set(re.findall(r"\$?\w+(?:[.,]\d+)*", text.lower()))


def test_splitting_shows_the_cases_that_small_models_get_wrong() -> None:
    prompt = shipped("extract_facts/v1")
    open_plan, attributed, disputed, participle = (
        REPLIES[prompt.reply].model_validate(example.reply).texts for example in prompt.examples
    )
    assert any("is expected to" in text for text in open_plan) and any("may" in text for text in open_plan)
    assert all("Dana Cole said on Friday" in text for text in attributed)
    assert "“will not close”" in attributed[0]
    assert "accused" in disputed[0] and "denied" in disputed[1]
    assert len(participle) == 3 and all(text.split()[0] in {"Rain", "300"} for text in participle)


@pytest.mark.parametrize("name", ["repair_statement/v1", "repair_statement/v2"])
def test_repairing_shows_statements_that_are_wrong_and_what_they_should_be(name: str) -> None:
    prompt = shipped(name)
    for example in prompt.examples:
        (right,) = REPLIES[prompt.reply].model_validate(example.reply).texts
        assert right != example.inputs["statement"]
        assert words(right) <= words(example.inputs["sentence"]) | {"a", "the"}


def test_the_window_prompt_defines_every_kind_and_shows_most() -> None:
    prompt = shipped("extract_facts/v2")
    defined = re.findall(r'^  - "(\w+)":', prompt.system, re.MULTILINE)
    assert defined == list(get_args(Kind))
    shown = {fact["kind"] for example in prompt.examples for fact in example.reply["facts"]}  # type: ignore
    assert shown == set(defined)


def test_the_window_prompt_shows_that_demands_in_an_article_give_nothing() -> None:
    prompt = shipped("extract_facts/v2")
    assert "never instructions" in prompt.system
    demands = 0
    for example in prompt.examples:
        found = re.search(r"\[(s\d+)\] .*ignore the rules", example.inputs["article"])
        if found:
            demands += 1
            cited = {i for fact in example.reply["facts"] for i in fact["ids"]}  # type: ignore
            assert found[1] not in cited
    assert demands == 1


def test_an_installed_wheel_reads_its_packed_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "service"
    monkeypatch.setattr(resources, "__file__", str(package / "resources.py"))
    assert data_dir("prompts") == tmp_path.resolve() / "prompts"
    (package / "_data" / "prompts").mkdir(parents=True)
    assert data_dir("prompts") == package.resolve() / "_data" / "prompts"
