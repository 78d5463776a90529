"""The gate over a whole summary, as anybody with the story document could run it."""

from __future__ import annotations

from service.facts.reading import parse_article
from service.stories.checking import SummaryGate
from service.stories.models import Story
from service.stories.parts import as_given
from service.stories.wording import outlet_names, sides
from service.text.parsing import Parser
from service.text.reading import read


def refused(story: Story, parser: Parser) -> list[str]:
    """Sentences that their own citations do not carry; of sides of a disagreement each by itself."""
    parsed = {
        a.article_id: parse_article(read(as_given(a), max_chars=1_000_000), parser) for a in story.articles
    }
    gate = SummaryGate(parsed, parser)
    facts = {fact.fact_id: fact for fact in story.facts}
    merged = {m.merged_fact_id: m for m in story.merged_facts}
    outlets = outlet_names(story.articles)
    found = []
    for sentence in story.summary.sentences:
        told = [merged[i] for i in sentence.merged_fact_ids]
        evidence = {
            (facts[i].article_id, e.start, e.end) for m in told for i in m.fact_ids for e in facts[i].evidence
        }
        assert {(c.article_id, c.start, c.end) for c in sentence.citations} == evidence
        if sentence.text == sides(told, outlets):
            parts = [(m.statement, m.fact_ids) for m in told]
        else:
            parts = [(sentence.text, tuple(i for m in told for i in m.fact_ids))]
        for text, fact_ids in parts:
            if gate.passed(text, [facts[i] for i in fact_ids]) is None:
                found.append(text)
    return found
