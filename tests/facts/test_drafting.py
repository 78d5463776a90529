"""Which sentences are asked about, and what a sentence says in its own words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.facts.analysis import analyse
from service.facts.drafting import furniture, is_compound, own_words
from service.facts.lexicon import lexicon
from service.text.parsing import Parser
from tests.newsroom import TRAIN, parsed


def own(parser: Parser, *sentences: str) -> str:
    """The last sentence in its own words."""
    article = parsed(parser, " ".join(sentences))
    return own_words(article, article.body[-1]).statement


class TestCompound:
    @pytest.mark.parametrize(
        "sentence",
        [
            "The ferry hit the pier at noon on Sunday and two passengers were taken to hospital.",
            "Anna Keller, who has led the city since 2019, opened the new bridge on Monday.",
            "The army seized the airport on Friday, killing nine guards and destroying two planes.",
            "The airline cancelled all flights on Tuesday and closed its desks, and the crews went home.",
        ],
    )
    def test_several_claims(self, parser: Parser, sentence: str) -> None:
        assert is_compound(analyse(parser.parse_one(sentence)))

    @pytest.mark.parametrize(
        "sentence",
        [
            "Two people died.",
            "The ferry hit the pier and sank.",
            "The council of the old harbour city approved the new budget on Tuesday evening.",
            "If the vote fails on Thursday, the cabinet will resign and the king will call an election.",
        ],
    )
    def test_one_claim_a_short_sentence_or_a_condition(self, parser: Parser, sentence: str) -> None:
        assert not is_compound(analyse(parser.parse_one(sentence)))

    def test_what_stands_inside_a_quotation_is_not_counted(self, parser: Parser) -> None:
        sentence = '"We ran to the boats and we waited there and then the roof fell," said Dahl.'
        assert not is_compound(analyse(parser.parse_one(sentence)))

    @pytest.mark.parametrize("sentence", ["", "Fire in Keldo", "24", "!?"])
    def test_what_is_no_sentence(self, parser: Parser, sentence: str) -> None:
        assert not is_compound(analyse(parser.parse_one(sentence)))


class TestOwnWords:
    def test_a_plain_sentence_is_its_own_claim(self, parser: Parser) -> None:
        article = parsed(parser, "Two bridges were closed after the flood in Keldo.")
        draft = own_words(article, article.body[0])
        assert draft.statement == "Two bridges were closed after the flood in Keldo."
        assert (draft.sentence_ids, draft.origin, draft.kind, draft.speaker) == (
            ("s1",),
            "source",
            None,
            None,
        )

    def test_a_pronoun_with_one_antecedent_is_replaced_and_its_sentence_cited(self, parser: Parser) -> None:
        article = parsed(
            parser, "Anna Keller opened the bridge on Monday. She thanked the workers for their patience."
        )
        draft = own_words(article, article.body[1])
        assert draft.statement == "Anna Keller thanked the workers for their patience."
        assert draft.sentence_ids == ("s2", "s1")

    def test_a_pronoun_with_two_antecedents_stays(self, parser: Parser) -> None:
        before = "Anna Keller met Mira Dahl at the bridge on Monday."
        assert own(parser, before, "She thanked the workers for their patience.").startswith("She")

    def test_a_name_before_the_pronoun_in_the_same_sentence_costs_no_second_sentence(
        self, parser: Parser
    ) -> None:
        article = parsed(parser, "Anna Keller opened the bridge, and she thanked the workers there.")
        assert own_words(article, article.body[0]).sentence_ids == ("s1",)

    @pytest.mark.parametrize(
        "opener", ["However,", "Meanwhile,", "But", "And", "In addition,", "Nevertheless,"]
    )
    def test_a_leading_connective_is_left_out(self, parser: Parser, opener: str) -> None:
        assert own(parser, f"{opener} the council rejected the plan for the harbour.") == (
            "The council rejected the plan for the harbour."
        )

    @pytest.mark.parametrize(
        "sentence",
        [
            "So many people came that the doors were shut.",
            "Still waters in the harbour froze on Monday night.",
            "Instead of a deal the two sides announced new talks.",
            "Besides the minister three guests were in the car.",
            "In addition to the bridge the council closed two roads.",
            "Yet another bridge in the valley was closed on Monday.",
            "But for the rain the match would have been played.",
            "Butter was sold out in the shops of Keldo.",
        ],
    )
    def test_a_word_that_carries_meaning_stays(self, parser: Parser, sentence: str) -> None:
        assert own(parser, sentence) == sentence

    def test_a_few_words_keep_their_connective(self, parser: Parser) -> None:
        assert own(parser, "But nobody came.") == "But nobody came."

    @settings(max_examples=20, deadline=None)
    @given(st.sampled_from(lexicon().connectives), st.sampled_from([" ", ", "]))
    def test_nothing_is_added(self, parser: Parser, opener: str, seam: str) -> None:
        sentence = f"{opener}{seam}the council rejected the plan for the harbour."
        told = own(parser, sentence).rstrip(".").lower().split()
        words = sentence.rstrip(".").lower().split()
        assert words[-len(told) :] == told


class TestFurniture:
    def test_everything_but_the_news_is_a_draft_of_its_own(self, parser: Parser) -> None:
        article = parsed(parser, TRAIN)
        drafts = furniture(article)
        assert [d.statement for d in drafts] == ["Freight train derails near Orvela", "Leave a Reply"]
        assert {d.origin for d in drafts} == {"source"}
        body = {located.sentence.sentence_id for located in article.body}
        around = {i for d in drafts for i in d.sentence_ids}
        assert body | around == set(article.by_id)
        assert not body & around

    def test_an_article_of_news_alone_has_none(self, parser: Parser) -> None:
        assert furniture(parsed(parser, "Two bridges were closed after the flood in Keldo.")) == []
