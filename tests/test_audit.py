"""The audit finds planted errors, and does not cry wolf over honest rewording."""

from __future__ import annotations

import ast
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks import audit, audit_dates, audit_values
from benchmarks.audit import Finding, Source, check
from benchmarks.audit_values import mentions
from service.text.parsing import Parser
from tests.grounding.cases import FOLDER, load_cases, load_mutants

TUESDAY = date(2024, 6, 18)
TEXT = (
    "A fire at a textile factory in Dhaka killed 12 people and injured 34 on Tuesday, officials said. "
    'Mayor Anna Keller said "the death toll could rise". She will visit the site on 20 June. '
    "The blaze cost the Rahman Group $4.6 million, 18.5% of its yearly sales. "
    "The firm was fined in September 2022 after dozens of Russian and U.S. buyers complained."
)


def outcomes(
    statement: str, evidence: str = TEXT, article: str = TEXT, day: date | None = TUESDAY
) -> list[Finding]:
    return list(check(statement, [Source(evidence, day)], [Source(article, day)], "here"))


def missing(
    statement: str, evidence: str = TEXT, article: str = TEXT, day: date | None = TUESDAY
) -> list[tuple[str, str]]:
    return [(f.kind, f.text) for f in outcomes(statement, evidence, article, day) if f.outcome == "missing"]


@pytest.mark.parametrize(
    "statement",
    [
        "The fire killed twelve people.",
        "Twelve people were killed and thirty-four were hurt in Dhaka.",
        "The blaze cost 4.6 million dollars.",
        "The blaze cost the group $4,600,000.",
        "It lost 18.5 percent of its sales.",
        "It lost 18.5 per cent of its sales.",
        "The fire broke out on 2024-06-18.",
        "Keller visits the site on June 20, 2024.",
        "Keller visits the site on Thursday.",
        "The visit is on 2024-06-20.",
        "The fine was imposed in 2022.",
        "The fine was imposed in 2022-09.",
        "Dozens of buyers from Russia complained.",
        "Dozens of buyers from the United States complained.",
        "American buyers complained.",
        "Dhaka's mayor is Anna Keller.",
        "Anna Keller's words were “the death toll could rise”.",
        "Officials told of a fire.",
        "The factory stands in Dhaka.",
    ],
)
def test_what_the_evidence_says_in_other_forms_is_found(statement: str) -> None:
    assert missing(statement) == []
    assert all(f.outcome == "found" for f in outcomes(statement))


@pytest.mark.parametrize(
    ("statement", "kind", "what"),
    [
        ("The fire killed 21 people.", "number", "21"),
        ("The fire killed fifteen people.", "number", "fifteen"),
        ("The fire killed 12,000 people.", "number", "12,000"),
        ("The blaze cost $4.6 billion.", "number", "$4.6 billion"),
        ("The blaze cost 4.6 million euros.", "number", "4.6 million"),
        ("It lost 34 percent of its sales.", "number", "34"),
        ("It was the second fire.", "number", "second"),
        ("Hundreds of buyers complained.", "number", "Hundreds"),
        ("The fire broke out on Wednesday.", "date", "Wednesday"),
        ("The fire broke out on 2024-06-17.", "date", "2024-06-17"),
        ("The fire broke out on 2023-06-18.", "date", "2023-06-18"),
        ("Keller visits the site on June 21.", "date", "June 21"),
        ("Keller visits the site on 20 July.", "date", "20 July"),
        ("The fine was imposed in 2021.", "date", "2021"),
        ("The fine was imposed in October.", "date", "October"),
        ("The fire broke out yesterday.", "date", "yesterday"),
        ("The mayor is Anne Keller.", "name", "Anne"),
        ("The factory stands in Delhi.", "name", "Delhi"),
        ("Dozens of buyers from Prussia complained.", "name", "Prussia"),
        ("British buyers complained.", "name", "British"),
        ('Keller said "the death toll will rise".', "quotation", "the death toll will rise"),
        ('Keller spoke of "a death toll".', "quotation", "a death toll"),
    ],
)
def test_what_the_evidence_does_not_say_is_missing(statement: str, kind: str, what: str) -> None:
    assert missing(statement) == [(kind, what)]


@pytest.mark.parametrize(
    ("evidence", "statement"),
    [
        ("The talks ended yesterday.", "The talks ended on Monday."),
        ("The talks ended yesterday.", "The talks ended on 2024-06-17."),
        ("The talks ended last September.", "The talks ended in 2023-09."),
        ("The talks began last year.", "The talks began in 2023."),
        ("The talks begin next month.", "The talks begin in July."),
        ("The talks ended on 17 June.", "The talks ended on Monday."),
        ("The talks ended on Monday.", "The talks ended on Monday."),
        ("The talks begin tomorrow.", "The talks begin on June 19."),
        ("A two-day visit begins.", "The visit takes two days."),
        ("He is a 24-year-old.", "He is 24 years old."),
        ("They meet for the 1st time.", "It is their first meeting."),
        ("About a dozen left.", "About 12 left."),
        ("Over two hundred and five thousand left.", "Over 205,000 left."),
        ("The deal is worth $4.6bn.", "The deal is worth 4.6 billion dollars."),
        ("The COVID-19 pandemic began.", "COVID-19 began."),
        ("The United Nations met.", "The UN met."),
        ("The EU met.", "The European Union met."),
    ],
)
def test_values_are_compared_by_what_they_mean(evidence: str, statement: str) -> None:
    assert missing(statement, evidence, evidence) == []


def test_a_weekday_needs_a_day_of_publication_to_become_a_date() -> None:
    assert missing("It ended on 2024-06-17.", "It ended on Monday.", day=None) == [("date", "2024-06-17")]


def test_a_day_without_a_year_is_the_nearer_one() -> None:
    assert missing("It begins on 2024-12-12.", "It begins on 12 December.", day=date(2024, 11, 27)) == []
    assert missing("It begins on 2023-12-12.", "It begins on 12 December.", day=date(2024, 11, 27)) != []
    assert missing("It begins on 29 February.", "It begins on 29 February.", day=date(2023, 2, 1)) == []


def test_last_is_not_next() -> None:
    assert missing("It ends next September.", "It ended last September.") == [("date", "next September")]


def test_a_pronoun_of_the_evidence_may_be_a_name_of_the_article() -> None:
    found = outcomes("Anna Keller will visit the site.", "She will visit the site on 20 June.")
    assert [(f.text, f.outcome) for f in found] == [("Anna", "resolved"), ("Keller", "resolved")]


def test_a_pronoun_is_no_name_that_the_article_does_not_have() -> None:
    lost = missing("Anne Keller will visit the site.", "She will visit the site on 20 June.")
    assert lost == [("name", "Anne")]


def test_without_a_pronoun_a_name_must_stand_in_the_evidence() -> None:
    lost = missing("The fire hit the Rahman Group.", "A fire killed 12 people.")
    assert lost == [("name", "Rahman"), ("name", "Group")]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Russia", "Russian", True),
        ("Russians", "Russia", True),
        ("Ukraine", "Ukrainian", True),
        ("Mexico", "Mexican", True),
        ("China", "Chinese", True),
        ("Israel", "Israeli", True),
        ("Turkey", "Turkish", True),
        ("French", "France", True),
        ("Anna", "Anne", False),
        ("Kenji", "Kenje", False),
        ("Dennis", "Dennes", False),
        ("Iran", "Iraq", False),
        ("Austria", "Australia", False),
        ("Austrian", "Australian", False),
    ],
)
def test_a_place_and_its_people_are_one_name_a_near_miss_is_not(one: str, other: str, same: bool) -> None:
    assert (missing(f"A ship of {one} sank.", f"A ship of {other} sank.", "Nothing.") == []) is same


def test_a_short_name_may_be_told_in_full() -> None:
    found = outcomes("Anna Keller spoke.", "Mayor Keller spoke.")
    assert [(f.text, f.outcome) for f in found] == [("Anna", "resolved"), ("Keller", "found")]


def test_an_article_before_a_short_name_is_no_part_of_it() -> None:
    assert missing("The Civic Alliance won.", "The Alliance won.", "The Civic Alliance ran.") == []


def test_another_full_name_is_no_short_form() -> None:
    article = "North Korea spoke. South Korea did not."
    assert missing("South Korea spoke.", "North Korea spoke.", article) == [("name", "South")]


def test_an_abbreviation_needs_a_name_with_these_initials() -> None:
    assert missing("US buyers complained.", "Unhappy shoppers complained.") == [("name", "US")]


def test_a_value_belongs_to_one_kind_only() -> None:
    found = [(m.kind, m.text) for m in mentions("On 20 June 2024 about 1,400 people left Dhaka for $5m.")]
    assert found == [
        ("date", "20 June 2024"),
        ("number", "1,400"),
        ("number", "$5m"),
        ("name", "Dhaka"),
    ]


@pytest.mark.parametrize("kind", ["number", "date", "name"])
def test_every_swapped_number_date_and_name_is_found(parser: Parser, kind: str) -> None:
    """The grounding tests' mutants of the articles' own sentences: each must be missing something."""
    planted = 0
    for mutant, published_at in load_mutants(load_cases(FOLDER / "cases.jsonl"), parser):
        text = (FOLDER / mutant.article).read_text(encoding="utf-8")
        if mutant.kind == kind and mutant.original in text:
            planted += 1
            day = date.fromisoformat(published_at) if published_at else None
            assert missing(mutant.statement, mutant.original, text, day), mutant.statement
    assert planted >= 50


# -- whole stories ---------------------------------------------------------------------------------


def story(**changes: Any) -> dict[str, Any]:
    """One article, one fact, one summary sentence; `changes` plants errors."""
    first = TEXT.index("Mayor")
    sentence = TEXT[: first - 1]
    told: dict[str, Any] = {
        "statement": "The fire killed 12 people.",
        "speaker": "officials",
        "quote": sentence,
        "start": 0,
        "summary": "A fire in Dhaka killed twelve people on Tuesday.",
        "citation": [0, len(sentence)],
    } | changes
    evidence = {"sentence_id": "s1", "start": told["start"], "end": told["start"] + len(told["quote"])}
    return {
        "articles": [{"article_id": "a", "text": TEXT, "published_at": "2024-06-18", "source": "Daily"}],
        "facts": [
            {
                "fact_id": "f1",
                "article_id": "a",
                "statement": told["statement"],
                "speaker": told["speaker"],
                "evidence": [evidence | {"quote": told["quote"]}],
            }
        ],
        "summary": {
            "sentences": [
                {
                    "text": told["summary"],
                    "citations": [
                        {"article_id": "a", "start": told["citation"][0], "end": told["citation"][1]}
                    ],
                }
            ]
        },
    }


def lost(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(f.kind, f.text, f.where) for f in audit.audit(document) if f.outcome == "missing"]


def test_an_honest_story_lacks_nothing() -> None:
    assert lost(story()) == []


def test_errors_are_found_where_they_were_planted() -> None:
    assert lost(story(statement="The fire killed 13 people.")) == [("number", "13", "f1")]
    assert lost(story(speaker="Bert Miller")) == [
        ("name", "Bert", "f1 speaker"),
        ("name", "Miller", "f1 speaker"),
    ]
    assert lost(story(summary="A fire in Dhaka killed twelve people on Sunday.")) == [
        ("date", "Sunday", "summary sentence 1")
    ]


def test_a_summary_sentence_is_read_against_its_own_citation_only() -> None:
    late = TEXT.index("The firm")
    assert ("number", "twelve", "summary sentence 1") in lost(story(citation=[late, len(TEXT)]))


def test_a_quote_must_be_the_text_at_its_offsets() -> None:
    altered = story(quote=TEXT[: TEXT.index("Mayor") - 1].replace("34", "35"))
    assert [kind for kind, _, _ in lost(altered)] == ["offsets"]
    shifted = story(start=1)
    assert [kind for kind, _, _ in lost(shifted)] == ["offsets"]


def test_a_citation_of_nothing_is_missing() -> None:
    assert "offsets" in [kind for kind, _, _ in lost(story(citation=[10, 10]))]


def test_the_command_prints_what_is_missing_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(story()), encoding="utf-8")
    bad.write_text(json.dumps(story(statement="A fire in Delhi killed 12 people.")), encoding="utf-8")
    assert audit.main([str(good)]) == 0
    assert "0 missing" in capsys.readouterr().out
    assert audit.main([str(good), str(bad)]) == 1
    shown = capsys.readouterr().out
    assert "MISSING name 'Delhi' in f1" in shown
    assert "statement: A fire in Delhi killed 12 people." in shown
    assert audit.main([]) == 2


@pytest.mark.parametrize("module", [audit, audit_dates, audit_values])
def test_it_shares_no_code_with_the_gate(module: Any) -> None:
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    imported = {
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not [name for name in imported if name.split(".")[0] in {"service", "tests", "spacy"}]
