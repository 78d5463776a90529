"""The account of one article's drafts: kept, duplicate or rejected, and nothing else.

Comes in: judged drafts, in order. Goes out: the facts that stay, everything that did not with its
reason, and a `LedgerEntry` that adds up. Promises: drafts = kept + duplicates + rejected, always;
of two drafts that say the same, the first stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from service.facts.models import Draft, Fact, LedgerEntry, Rejected


@dataclass(frozen=True)
class Account:
    """`rejected` holds duplicates too (reason `duplicate`), so drafts = len(facts) + len(rejected)."""

    facts: tuple[Fact, ...]
    rejected: tuple[Rejected, ...]
    entry: LedgerEntry


def settle(
    article_id: str, judged: Iterable[tuple[Draft, Fact | Rejected]], *, salvaged: int = 0, retried: int = 0
) -> Account:
    """Close the books of one article."""
    facts: list[Fact] = []
    rejected: list[Rejected] = []
    seen: dict[tuple[str, ...], Fact] = {}
    for draft, outcome in judged:
        if isinstance(outcome, Rejected):
            rejected.append(outcome)
        elif (key := _sameness(outcome)) in seen:
            detail = f"says what {seen[key].fact_id} says"
            rejected.append(Rejected(article_id=article_id, draft=draft, reason="duplicate", detail=detail))
        else:
            seen[key] = outcome
            facts.append(outcome)
    duplicates = sum(1 for r in rejected if r.reason == "duplicate")
    entry = LedgerEntry(
        article_id=article_id,
        drafts=len(facts) + len(rejected),
        kept=len(facts),
        duplicates=duplicates,
        rejected=len(rejected) - duplicates,
        retried=retried,
        salvaged=salvaged,
    )
    return Account(tuple(facts), tuple(rejected), entry)


def _sameness(fact: Fact) -> tuple[str, ...]:
    """Two facts of one article with the same words about the same thing are one."""
    words = re.findall(r"[\w%$€£¥]+", fact.statement.lower())
    return (fact.kind, (fact.speaker or "").lower(), fact.polarity, *words)
