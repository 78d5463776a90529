"""The seed articles: readable, with every figure and quirk their README promises, in words of their own."""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from service.text.article import Article

SEEDS = Path(__file__).parents[1] / "seeds"
# The reports whose facts the seeds carry. They are not part of the repository; where the folder is
# absent there is nothing to compare with and the comparisons below hold trivially.
ORIGINALS = Path(__file__).parents[2] / "shared" / "seeds"

NAMES = (
    "1-crestwave-radio",
    "2-suchana-digest",
    "3-meridian-world-report",
    "4-fault-line-brief",
    "5-yelken-news-agency",
)
RADIO, DIGEST, WORLD, BRIEF, AGENCY = NAMES
REPLY_FORM = "Your email address will not be published. Required fields are marked *"
LONG_SENTENCE = 70
COPIED_RUN = 8

STATED = {
    RADIO: (
        "scheduled", "Tuesday", "two days", "24 years", "Rodong Sinmun", "Workers’ Party", "Yuri Ushakov",
        "NBC News", "“incredibly desperate over the past few months”", "Matthew Miller", "On Monday",
        "Iran", "CNN", "“resolutely opposes”", "dozens of ballistic missiles",
        "more than 11,000 containers", "United Nations Security Council", "April 25, 2019",
    ),
    DIGEST: (
        "24 years", "Tuesday", "Vladivostok", "Vostochny cosmodrome", "“possibilities”",
        "only orthodox church", "2019", "“US pressure, blackmail, and military threats,”",
        "“unbreakable relationship of comrades-in-arms.”", "White House",
        "new defense minister, Andrei Belousov", "Japan and Koreas programme", "Vietnam", "last week",
        "last year",
    ),
    WORLD: (
        "arrived late Wednesday", "24 years", "“We ardently welcome President Putin!”", "World War II",
        "2022", "2006", "DPRK (North Korea)", "1950-53", "Jens Stoltenberg", "Dmytro Kuleba",
        "“lonely bromance”", "tourism", "agriculture", "mining",
        "Institute for National Security Strategy", "laborers", "treaty", "East Asia",
    ),
    BRIEF: (
        "starting Tuesday", "over 20 years", "2022", "COVID-19", "Hanoi", "two-day trip",
        "satellite program", "last September", "fighter jets", "Group of Seven (G7)", "Italy",
        "Volodymyr Zelensky", "Kyiv", "Lloyd Austin", "Iranian drones", "artillery shells", "Beijing",
        "BRICS",
    ),
    AGENCY: (
        "24 years", "Tuesday", '"US pressure, blackmail, and military threats."',
        '"friendly state visit,"', "John Kirby", "Defense Minister Andrei Belousov", "2019",
        "Cambridge University's Centre for Geopolitics", "space technology",
        '"What we are concerned about is the deepening relationship between these two countries."',
        "Washington and Seoul", "foreign currency", "Vietnam",
    ),
}  # fmt: skip


def seed(name: str) -> Article:
    return Article.model_validate_json((SEEDS / f"{name}.json").read_bytes())


def originals() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(ORIGINALS.glob("*.txt"))]


def plain(text: str) -> str:
    """One spelling of quotation marks and white space, case folded."""
    straight = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return re.sub(r"\s+", " ", straight).strip().casefold()


def word_runs(text: str, length: int = COPIED_RUN) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)*", plain(text))
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def own_words(text: str) -> list[str]:
    """The stretches of `text` outside quotation marks, without the comment form every site has alike."""
    without_form = text.replace(REPLY_FORM, "").replace("Leave a Reply", "")
    return re.split(r'"[^"]*"', plain(without_form))


def long_sentences(text: str) -> list[str]:
    sentences = re.split(r"\n+|(?<=[.!?])[\"”]?\s+", text)
    return [plain(sentence) for sentence in sentences if len(sentence) > LONG_SENTENCE]


def test_the_folder_holds_these_five_articles_and_nothing_else() -> None:
    assert [path.stem for path in sorted(SEEDS.glob("*.json"))] == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_is_an_article_that_says_where_and_when_it_appeared(name: str) -> None:
    article = seed(name)
    assert article.title
    assert article.source
    assert article.language == "en"
    assert article.published_at == date(2024, 6, 19 if name == WORLD else 18)
    assert "\n\n" in article.text
    assert article.text == article.text.strip()


def test_no_two_share_an_outlet_a_title_or_an_id() -> None:
    articles = [seed(name) for name in NAMES]
    assert len({article.source for article in articles}) == len(NAMES)
    assert len({article.title for article in articles}) == len(NAMES)
    assert len({article.article_id for article in articles}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_states_the_names_figures_and_quotations_known_of_it(name: str) -> None:
    text = seed(name).text
    assert [phrase for phrase in STATED[name] if phrase.casefold() not in text.casefold()] == []


@pytest.mark.parametrize("name", [RADIO, DIGEST, WORLD, AGENCY])
def test_the_headline_stands_at_the_top_of_the_text(name: str) -> None:
    article = seed(name)
    assert article.text.split("\n")[0] == article.title


def test_the_brief_has_its_headline_outside_the_text_only() -> None:
    article = seed(BRIEF)
    assert article.title is not None
    assert article.title not in article.text


def test_the_radio_caption_stands_twice_and_a_credit_closes_the_text() -> None:
    lines = [line for line in seed(RADIO).text.split("\n") if line]
    assert lines[2] == f"{lines[1]} Photo credit Chung Sung-Jun/Getty Images"
    assert lines[1].endswith("April 25, 2019.")
    assert lines[-1].endswith("Photo Credit: Chung Sung-Jun/Getty Images")


def test_the_digest_repeats_its_headline_with_another_apostrophe() -> None:
    first, second = seed(DIGEST).text.split("\n\n")[:2]
    assert first != second
    assert plain(first) == plain(second)


def test_the_digest_places_the_september_meeting_in_two_cities() -> None:
    meetings = [part for part in re.split(r"(?<=\.)\s", seed(DIGEST).text) if "September" in part]
    assert ["Vladivostok" in part for part in meetings] == [True, False]
    assert ["Vostochny cosmodrome" in part for part in meetings] == [False, True]


def test_the_digest_ends_in_a_comment_form() -> None:
    assert seed(DIGEST).text.split("\n\n")[-2:] == ["Leave a Reply", REPLY_FORM]


def test_the_agency_signs_with_its_tag_and_types_straight_quotation_marks() -> None:
    text = seed(AGENCY).text
    assert re.search(r"\. \([A-Z]{4,}\)$", text)
    assert not set(text) & set("“”‘’")


def test_only_the_world_report_says_that_he_has_arrived() -> None:
    arrived = [name for name in NAMES if "arrived late Wednesday" in seed(name).text]
    assert arrived == [WORLD]
    assert [name for name in NAMES if name != WORLD and "Tuesday" not in seed(name).text] == []


def test_the_digest_and_the_agency_share_text_and_no_other_two_do() -> None:
    shared = {
        pair: len(word_runs(seed(pair[0]).text) & word_runs(seed(pair[1]).text))
        for pair in combinations(NAMES, 2)
    }
    assert shared.pop((DIGEST, AGENCY)) >= 15
    assert set(shared.values()) == {0}


@pytest.mark.parametrize(
    "passage",
    [
        "The US has voiced concern at the closer relationship between",
        "friendly state visit while according to Russian media Putin and",
        "that Putin is to lodge at the Kumsusan guesthouse",
        "Andrei Belousov Deputy Prime Minister Alexander Novak and Foreign Minister Sergei Lavrov",
    ],
)
def test_the_shared_passages_are_the_agency_ones(passage: str) -> None:
    runs = word_runs(passage)
    assert runs
    assert runs <= word_runs(seed(DIGEST).text)
    assert runs <= word_runs(seed(AGENCY).text)


@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_of_the_originals_is_copied(name: str) -> None:
    """Holds trivially where the folder of originals is absent."""
    text = plain(seed(name).text)
    sentences = [sentence for original in originals() for sentence in long_sentences(original)]
    assert [sentence for sentence in sentences if sentence in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_eight_words_in_a_row_are_copied_outside_quotations(name: str) -> None:
    """Holds trivially where the folder of originals is absent."""
    theirs = {run for original in originals() for run in word_runs(original)}
    ours = {run for stretch in own_words(seed(name).text) for run in word_runs(stretch)}
    assert ours & theirs == set()


def test_every_figure_and_quotation_of_the_originals_is_kept() -> None:
    """Seeds and originals pair up in the order of their file names. Trivial without the originals."""
    missing = []
    for name, original in zip(NAMES, originals(), strict=False):
        text = plain(seed(name).text)
        figures = re.findall(r"\d+(?:[.,]\d+)*", original)
        quotations = [quoted.strip(".,") for quoted in re.findall(r'"([^"]*)"', plain(original))]
        missing += [(name, value) for value in figures + quotations if value not in text]
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_lists_file_outlet_and_date(name: str) -> None:
    article = seed(name)
    readme = (SEEDS / "README.md").read_text(encoding="utf-8")
    assert f"`{name}.json` | {article.source} | {article.published_at} |" in readme
