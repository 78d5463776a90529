"""The values that leave the facts room. Field names are fixed by the contract.

Comes in: nothing. Goes out: pydantic models, frozen, closed to unknown keys. Promises: a `Fact` can
be checked by anyone who has the article, with nothing but its offsets.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Kind = Literal["event", "plan", "statement", "accusation", "denial", "background"]
Polarity = Literal["affirmed", "negated"]
ValueType = Literal["number", "date", "name", "quote"]
Support = Literal["verbatim", "supported", "derived"]
Reason = Literal[
    "number_not_in_evidence",
    "date_not_in_evidence",
    "name_not_in_evidence",
    "quote_not_in_evidence",
    "word_not_in_evidence",
    "subject_changed",
    "polarity_changed",
    "kind_laundered",
    "speaker_not_in_evidence",
    "script_not_in_article",
    "no_such_sentence",
    "not_news",
    "duplicate",
    "unparsable",
    "truncated",
]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(Frozen):
    """`quote == article.text[start:end]`, always."""

    sentence_id: str
    start: int
    end: int
    quote: str


class Value(Frozen):
    """A number, date, name or quotation found in the evidence.

    `text` is the spelling at `[start:end]`; `value` is normalised: a number as int or float, a date
    in ISO 8601 as fine as the article says it (`2024-06-18`, `2024-09`, `2022`), a name in full.
    """

    type: ValueType
    text: str
    value: str | int | float
    unit: str | None = None
    start: int
    end: int


class PromptRef(Frozen):
    """Which prompt was in force: `sha256` covers every file of the prompt's folder."""

    name: str
    version: str
    sha256: str


class Fact(Frozen):
    """`origin`: `model` when the statement is the model's wording, `source` when it is the article's.
    `unresolved`: pronouns of the statement that have no certain antecedent in the article.
    """

    fact_id: str
    article_id: str
    statement: str
    kind: Kind
    speaker: str | None
    polarity: Polarity
    values: tuple[Value, ...]
    evidence: tuple[Evidence, ...] = Field(min_length=1)
    support: Support
    prompt: PromptRef
    origin: Literal["model", "source"]
    unresolved: tuple[str, ...] = ()
    derivation: str | None = None


class Draft(Frozen):
    """A claim as it was proposed, before the gate. `kind` and `speaker` are null when not proposed."""

    sentence_ids: tuple[str, ...]
    statement: str
    kind: Kind | None = None
    speaker: str | None = None
    origin: Literal["model", "source"] = "model"


class Rejected(Frozen):
    """A draft that did not become a fact, and why."""

    article_id: str
    draft: Draft
    reason: Reason
    detail: str


class LedgerEntry(Frozen):
    """What became of every draft of one article. Refuses to exist when it does not add up."""

    article_id: str
    drafts: int
    kept: int
    duplicates: int
    rejected: int
    retried: int = 0
    salvaged: int = 0

    @model_validator(mode="after")
    def _adds_up(self) -> LedgerEntry:
        if self.drafts != self.kept + self.duplicates + self.rejected:
            raise ValueError(
                f"ledger of {self.article_id} does not add up: {self.drafts} drafts, but "
                f"{self.kept} kept + {self.duplicates} duplicates + {self.rejected} rejected"
            )
        return self


class Verdict(Frozen):
    """The answer to: does the article support this statement?"""

    statement: str
    verdict: Literal["supported", "rejected"]
    reason: Reason | None
    detail: str | None
    evidence: tuple[Evidence, ...]
