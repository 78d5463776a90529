"""Drafts with what the gate made of them, and the rules that both ways of asking share.

Comes in: judged drafts. Goes out: judged drafts. Promises: nothing is taken away: a draft that gives way is
rejected with a reason, and what of a reply could not be used is a rejected draft, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from service.asking.repairing import REPAIRABLE, Refused, Repairer
from service.facts.checking import FactMaker
from service.facts.models import Draft, Fact, Rejected
from service.prompting.answers import Answer

MAX_SHOWN_CHARS = 500  # of a reply that came to nothing
Judged = list[tuple[Draft, Fact | Rejected]]


@dataclass(frozen=True)
class Outcome:
    """`salvaged`: items saved from broken replies; `retried`: items that were asked about once more."""

    judged: Judged = field(default_factory=list)
    salvaged: int = 0
    retried: int = 0


def kept(judged: Judged) -> list[Fact]:
    """Its facts, each once."""
    return list({outcome.fact_id: outcome for _, outcome in judged if isinstance(outcome, Fact)}.values())


def repairable(judged: Judged, lost: Judged, repairer: Repairer) -> list[Rejected]:
    """What might pass in better words: refused drafts, and of what was lost the item that broke off."""
    refused = judged if repairer.refused_too else []
    failed = [o for _, o in refused if isinstance(o, Rejected) and o.reason in REPAIRABLE]
    broken = [o for _, o in lost if isinstance(o, Rejected) and o.reason == "truncated"]
    return [r for r in (*failed, *broken) if any(c.isalpha() for c in r.draft.statement)]


def repaired(refused: Refused, repairer: Repairer, maker: FactMaker) -> Judged:
    """The one statement that is given instead, judged."""
    draft, answer = repairer.ask_again(refused)
    lost = dropped(maker.article.source.article_id, refused.plain.sentence_ids, answer)
    if draft is None:
        return lost
    return [*lost, (draft, replace(maker, prompt=repairer.prompt.ref).judge(draft))]


def dropped(article_id: str, ids: Sequence[str], answer: Answer) -> Judged:
    """What of an answer could not be used, as drafts rejected for it."""
    lost: Judged = []
    for part in answer.dropped:
        draft = Draft(sentence_ids=tuple(ids), statement=part.text[:MAX_SHOWN_CHARS])
        lost.append(
            (draft, Rejected(article_id=article_id, draft=draft, reason=part.reason, detail=part.problem))
        )
    return lost


def part_of(outcome: Fact, whole: Fact) -> Rejected:
    """A part beside the whole sentence: what was split off stands in it, so it is no fact of its own."""
    return as_duplicate(outcome, f"part of {whole.fact_id}, which says the whole sentence")


def as_duplicate(outcome: Fact, detail: str) -> Rejected:
    """A fact that is told already, and where."""
    draft = Draft(
        sentence_ids=tuple(e.sentence_id for e in outcome.evidence),
        statement=outcome.statement,
        origin=outcome.origin,
    )
    return Rejected(article_id=outcome.article_id, draft=draft, reason="duplicate", detail=detail)
