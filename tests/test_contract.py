"""The field names that users, evals and other people's programs rely on. Add fields freely, rename none."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from service.backends.base import Usage
from service.facts.models import (
    Evidence,
    Fact,
    Kind,
    LedgerEntry,
    Polarity,
    PromptRef,
    Reason,
    Rejected,
    Support,
    Value,
    ValueType,
    Verdict,
)
from service.stories.models import (
    Citation,
    Conflict,
    ConflictType,
    CopyGroup,
    MergedFact,
    Position,
    PromptId,
    Provenance,
    Status,
    Story,
    StoryUsage,
    Summary,
    SummarySentence,
)
from service.text.article import Article, ReadArticle, Sentence, SentenceRole

FIELDS: dict[type[BaseModel], str] = {
    Article: "text title source published_at language",
    Sentence: "sentence_id start end role",
    ReadArticle: "article_id text title source published_at language sentences",
    Fact: "fact_id article_id statement kind speaker polarity values evidence support prompt",
    Value: "type text value unit start end",
    Evidence: "sentence_id start end quote",
    PromptRef: "name version sha256",
    Rejected: "draft reason detail",
    LedgerEntry: "article_id drafts kept duplicates rejected",
    MergedFact: "merged_fact_id statement kind speaker fact_ids article_ids independent_sources status "
    "importance",
    CopyGroup: "article_ids overlap passages",
    Conflict: "conflict_id about type positions",
    Position: "value merged_fact_ids article_ids",
    Summary: "text sentences",
    SummarySentence: "text merged_fact_ids citations origin",
    Citation: "article_id start end",
    Story: "story_id articles facts rejected ledger merged_facts copies conflicts summary usage provenance",
    Usage: "calls prompt_tokens cached_prompt_tokens completion_tokens retries seconds",
    StoryUsage: "calls prompt_tokens cached_prompt_tokens completion_tokens retries seconds stages",
    Provenance: "backend model model_sha256 prompts schema_version attest_version",
    PromptId: "version sha256",
    Verdict: "statement verdict reason detail evidence",
}

WORDS: list[tuple[Any, str]] = [
    (SentenceRole, "body headline caption boilerplate byline"),
    (Kind, "event plan statement accusation denial background"),
    (Polarity, "affirmed negated"),
    (ValueType, "number date name quote"),
    (Support, "verbatim supported derived"),
    (Status, "corroborated single_source disputed superseded"),
    (ConflictType, "disputed superseded internal"),
]
REASONS = (
    "number_not_in_evidence name_not_in_evidence polarity_changed kind_laundered speaker_not_in_evidence "
    "no_such_sentence not_news duplicate unparsable truncated"
)


@pytest.mark.parametrize(("model", "names"), FIELDS.items(), ids=lambda p: getattr(p, "__name__", ""))
def test_the_field_names_of_the_contract(model: type[BaseModel], names: str) -> None:
    assert set(names.split()) <= set(model.model_fields)


@pytest.mark.parametrize("model", FIELDS, ids=lambda m: m.__name__)
def test_json_has_the_same_names(model: type[BaseModel]) -> None:
    assert set(model.model_json_schema(by_alias=True)["properties"]) == set(model.model_fields)


@pytest.mark.parametrize("model", FIELDS, ids=lambda m: m.__name__)
def test_values_are_frozen_and_closed(model: type[BaseModel]) -> None:
    assert model.model_config.get("frozen") is True
    assert model.model_config.get("extra") == "forbid"


@pytest.mark.parametrize(("words", "names"), WORDS, ids=lambda p: p if isinstance(p, str) else "")
def test_the_words_of_the_contract(words: Any, names: str) -> None:
    assert set(get_args(words)) == set(names.split())


def test_the_reasons_of_the_contract_are_among_ours() -> None:
    assert set(REASONS.split()) <= set(get_args(Reason))


def test_a_verdict_and_a_sentence_say_one_of_two_things() -> None:
    assert set(get_args(Verdict.model_fields["verdict"].annotation)) == {"supported", "rejected"}
    assert set(get_args(SummarySentence.model_fields["origin"].annotation)) == {"model", "source"}


@pytest.mark.parametrize("unknown", ["body", "Text", "article_id", "url"])
def test_an_article_with_an_unknown_key_is_refused(unknown: str) -> None:
    with pytest.raises(ValidationError, match=unknown):
        Article.model_validate({"text": "It rained.", unknown: "x"})


def test_what_must_be_given() -> None:
    required = {name for name, field in Article.model_fields.items() if field.is_required()}
    assert required == {"text"}


def test_an_article_id_is_content_and_source() -> None:
    text = "Ferries ran again on Monday."
    same = Article(text=f"  {text.replace(' ', chr(10))} ", source="Post", title="Ferries")
    assert Article(text=text, source="Post").article_id == same.article_id
    assert Article(text=text, source="Other").article_id != same.article_id
    assert Article(text=text + "!", source="Post").article_id != same.article_id
