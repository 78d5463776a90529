"""The summary: what it tells of the event, and whether what it cites carries it.

Comes in: a case. Goes out: the weight of the gold facts in its first words, citation recall and precision
(Gao et al. 2023, with the matcher in place of an entailment model), sentences that the labels support, and
facts told twice. Promises: a longer summary gains nothing beyond the budget; no story covers nothing.
"""

from __future__ import annotations

from evals.expressing import Said, all_said, expresses, expression, said, said_by
from evals.scoring.reading import Case
from evals.scoring.tally import Tally, counted, share
from service.stories.models import Summary, SummarySentence

BUDGET = 120  # words
SUPPORTED = 0.71  # of a sentence, by what it cites


def summary_tally(case: Case) -> Tally:
    summary = case.story.summary if case.story else None
    sentences = summary.sentences if summary else ()
    cited = [_passages(case, sentence) for sentence in sentences]
    carried = [
        bool(passages) and _carries(all_said(passages), sentence)
        for sentence, passages in zip(sentences, cited, strict=True)
    ]
    needed = [
        ok and _needed(sentence, passages, i)
        for sentence, passages, ok in zip(sentences, cited, carried, strict=True)
        for i in range(len(passages))
    ]
    return Tally(
        values={"summary_coverage": _coverage(case, summary), "redundancy": _redundancy(case, summary)},
        counts={
            "citation_recall": counted(carried),
            "citation_precision": counted(needed),
            "sentence_support": counted(_supported(case, sentence) for sentence in sentences),
        },
    )


def _coverage(case: Case, summary: Summary | None) -> float | None:
    """Sum of the weights of the gold facts told within the budget / sum of all weights."""
    if not case.event.gold:
        return None
    weights = {fact_id: len(articles) for fact_id, articles in case.labels.carriers.items()}
    text = said(" ".join(summary.text.split()[:BUDGET]) if summary else "")
    told = sum(weights[claim.id] for claim in case.labels.claims if expresses(text, claim))
    return share(told, sum(weights.values()))


def _redundancy(case: Case, summary: Summary | None) -> float | None:
    """1 - gold facts told / times they are told, sentence by sentence."""
    told = [
        claim.id
        for sentence in (summary.sentences if summary else ())
        for claim in case.labels.claims
        if expresses(said(sentence.text), claim)
    ]
    return 1 - len(set(told)) / len(told) if told else None


def _passages(case: Case, sentence: SummarySentence) -> list[Said]:
    """What the sentence cites; a citation of an article that is not there says nothing."""
    names = case.labels.names
    texts = {i: case.event.texts[name].text for i, name in names.items()}
    return [said(texts.get(c.article_id, "")[c.start : c.end]) for c in sentence.citations]


def _carries(passages: Said, sentence: SummarySentence) -> bool:
    return expression(said(sentence.text), passages) >= SUPPORTED


def _needed(sentence: SummarySentence, passages: list[Said], i: int) -> bool:
    """Its sentence is carried, and it carries it alone or the others do not carry it without it."""
    if _carries(passages[i], sentence):
        return True
    others = passages[:i] + passages[i + 1 :]
    return not others or not _carries(all_said(others), sentence)


def _supported(case: Case, sentence: SummarySentence) -> bool:
    """Gold facts of the articles it cites say it."""
    articles = case.named(c.article_id for c in sentence.citations)
    of_them = [c for c in case.labels.claims if not articles.isdisjoint(case.labels.carriers[c.id])]
    return bool(of_them) and expression(said(sentence.text), said_by(of_them)) >= SUPPORTED
