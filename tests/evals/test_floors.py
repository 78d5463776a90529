"""The two floors: every sentence a fact."""

from __future__ import annotations

import pytest

from evals.floors import Floor, FloorSystem, by_cues
from service.errors import EmptyArticle
from service.stories.models import Story
from service.text.parsing import Parser
from tests.newsroom import TRAIN, article, check_fact, check_story, story_articles

FLOORS: tuple[Floor, ...] = ("sentences", "cues")


@pytest.fixture(params=FLOORS)
def floor(request: pytest.FixtureRequest, parser: Parser) -> FloorSystem:
    return FloorSystem(request.param, parser, 200_000)


def told(floor: FloorSystem) -> Story:
    return floor.tell([floor.read(a) for a in story_articles()])


class TestBoth:
    def test_every_sentence_is_a_fact_word_for_word(self, floor: FloorSystem) -> None:
        found = floor.read(article(TRAIN))
        assert len(found.facts) == len(found.article.sentences)
        assert [f.evidence[0].sentence_id for f in found.facts] == [
            s.sentence_id for s in found.article.sentences
        ]
        assert "Leave a Reply" in [fact.statement for fact in found.facts]
        for fact in found.facts:
            assert fact.statement == " ".join(fact.evidence[0].quote.split())
            assert (fact.support, fact.origin, fact.polarity) == ("verbatim", "source", "affirmed")
            check_fact(fact, TRAIN)

    def test_values_are_read_as_attest_reads_them(self, floor: FloorSystem) -> None:
        killed = floor.read(article(TRAIN)).facts[1]
        assert {3, 14} <= {value.value for value in killed.values}

    def test_the_books_are_closed(self, floor: FloorSystem) -> None:
        entry = floor.read(article(TRAIN)).ledger
        assert entry.drafts == entry.kept > 0

    def test_nothing_is_merged_and_nothing_disagrees(self, floor: FloorSystem) -> None:
        story = told(floor)
        check_story(story)
        assert len(story.merged_facts) == len(story.facts)
        assert {m.status for m in story.merged_facts} == {"single_source"}
        assert (story.conflicts, story.copies) == ((), ())

    def test_the_summary_is_the_first_two_sentences_of_each_article(self, floor: FloorSystem) -> None:
        story = told(floor)
        assert [s.text for s in story.summary.sentences][:2] == [
            "Freight train derails near Orvela",
            "A freight train left the rails near Orvela on Monday, killing 3 people and injuring 14.",
        ]
        assert len(story.summary.sentences) == 6

    def test_the_same_sentence_twice_is_two_facts(self, floor: FloorSystem) -> None:
        found = floor.read(article("A train left Orvela.\n\nA train left Orvela.\n"))
        assert len({fact.fact_id for fact in found.facts}) == 2

    def test_weight_falls_along_an_article(self, floor: FloorSystem) -> None:
        first = [m.importance for m in told(floor).merged_facts][:6]
        assert first == sorted(first, reverse=True)
        assert first[0] == 1

    def test_it_is_always_the_same(self, floor: FloorSystem) -> None:
        assert told(floor) == told(floor.open(1))

    def test_it_costs_nothing_and_says_who_it_is(self, floor: FloorSystem) -> None:
        assert told(floor).usage.calls == 0
        assert (floor.identity.system, floor.identity.backend) == (floor.name, "none")

    def test_what_cannot_be_read_is_an_error(self, floor: FloorSystem) -> None:
        with pytest.raises(EmptyArticle):
            floor.read(article(" \n"))


def test_without_cues_all_is_told_as_it_happened(parser: Parser) -> None:
    facts = FloorSystem("sentences", parser, 200_000).read(article(TRAIN)).facts
    assert {(fact.kind, fact.speaker) for fact in facts} == {("event", None)}


@pytest.mark.parametrize(
    ("sentence", "kind", "speaker"),
    [
        ("A freight train left the rails near Orvela on Monday.", "event", None),
        ("Police said 20 people were injured.", "statement", "Police"),
        ("The line was closed for six hours, the railway company said.", "statement", "railway company"),
        ("The line was closed, according to the mayor.", "statement", "mayor"),
        ("A union accused the railway company of saving on repairs.", "accusation", "union"),
        ("The railway company denied the allegations.", "denial", "railway company"),
        ("Transport Minister Ivo Marek will visit the site on Wednesday.", "plan", None),
        ("Ivo Marek is expected to visit Orvela.", "plan", None),
        ("Leave a Reply", "event", None),
    ],
)
def test_cues(parser: Parser, sentence: str, kind: str, speaker: str | None) -> None:
    assert by_cues(parser.parse_one(sentence)) == (kind, speaker)
