"""Whether answers were valid, whether they are grounded, and what they cost. None of it needs labels.

Comes in: a case. Goes out: shares of valid samples, of exact quotes and of values in their evidence; tokens,
calls and seconds for each article. Promises: every sample counts; seconds leave out what came out of the
reply store.
"""

from __future__ import annotations

from evals.models import Sample
from evals.scoring.reading import Case
from evals.scoring.tally import Count, Tally, counted
from service.backends.base import Usage
from service.facts.models import Fact, Value
from service.facts.numbers import numbers
from service.text.article import Article

_TOKENS = ("prompt_tokens", "cached_prompt_tokens", "completion_tokens", "calls", "retries")


def contract_tally(case: Case) -> Tally:
    samples = case.samples
    return Tally(
        counts={
            "valid_first": counted(_valid_first(sample) for sample in samples),
            "valid_final": counted(sample.state == "ok" for sample in samples),
        }
    )


def _valid_first(sample: Sample) -> bool:
    """Nothing had to be asked again, and nothing was saved out of a broken reply."""
    if sample.state != "ok":
        return False
    if sample.facts is not None:
        return not (sample.facts.usage.retries or sample.facts.ledger.salvaged or sample.facts.ledger.retried)
    return True


def grounding_tally(case: Case) -> Tally:
    facts = [(fact, article.article) for article in case.articles for fact in article.facts]
    values = [(value, fact, article) for fact, article in facts for value in fact.values]
    return Tally(
        counts={
            "quote_exact": counted(_quoted(fact, article) for fact, article in facts),
            "value_grounded": counted(_grounded(value, fact, article) for value, fact, article in values),
        }
    )


def _quoted(fact: Fact, article: Article) -> bool:
    return all(e.quote and article.text[e.start : e.end] == e.quote for e in fact.evidence)


def _grounded(value: Value, fact: Fact, article: Article) -> bool:
    """It stands in the evidence as it is spelled there; a number is also worth what is claimed."""
    if article.text[value.start : value.end] != value.text:
        return False
    if not any(e.start <= value.start and value.end <= e.end for e in fact.evidence):
        return False
    if value.type != "number":
        return True
    return any(number.normal == value.value for number in numbers(value.text))


def cost_tally(case: Case) -> Tally:
    """A story's usage counts the reading of its articles, too."""
    usage: Usage = case.story.usage if case.story else Usage()
    if case.story is None:
        for article in case.articles:
            if article.sample is not None and article.sample.facts is not None:
                usage = usage + article.sample.facts.usage
    asked = [sample for sample in case.samples if not sample.replayed]
    number = max(1, len(case.articles))
    return Tally(
        values={
            **{name: getattr(usage, name) / number for name in _TOKENS},
            "seconds_per_article": sum(s.seconds for s in asked) / number
            if len(asked) == len(case.samples)
            else None,
        },
        counts={"replayed_share": Count(len(case.samples) - len(asked), len(case.samples))},
    )
