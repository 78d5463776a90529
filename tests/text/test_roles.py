"""What is news and what stands around it. News read as furniture is the worse mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.text.article import Article
from service.text.reading import read
from service.text.roles import Placed, roles
from tests.text.pages import ENOUGH, LEAD, SECOND, THIRD, TITLE, reading_of, role_of, roles_of

ROOT = Path(__file__).parents[2]

NEWS = [
    "By Monday, 12 people had died.",
    "By nightfall the army had taken the bridge.",
    "By Order No. 12 the court freed him on Friday.",
    "By Sir John's account, nobody slept that night.",
    "Share prices fell 3 percent.",
    "Share this burden with us, the minister told allies.",
    "Updated figures showed 15 dead.",
    "Published in 2019, the book sold a million copies.",
    "The photo by a neighbour shows the fire.",
    "Photo by photo, investigators rebuilt the night.",
    "Video by activists showed police beating a man.",
    "An archive photo showed the church before the fire.",
    "Getty Images sued Stability AI on Tuesday.",
    "The picture was bought by Getty Images.",
    "A poll by Ipsos/Reuters put her at 51 percent.",
    "Read the ruling, 40 pages long, before judging, the mayor said.",
    "Related charges against two men were dropped.",
    "Recommended doses were exceeded in 40 cases.",
    "Sponsored by Senator Lee, the bill passed.",
    "Subscribe to our plan or lose the subsidy, the ministry told farmers.",
    "Follow the money, prosecutors were told.",
    "Sign up sheets were stolen from the hall.",
    "Register offices across the county closed on Monday.",
    "Download speeds doubled in our test.",
    "Join the queue, he told our reporter.",
    "Comments by the minister angered Paris.",
    "Cookies were found in use at 40 schools, officials accepted.",
    "Copyright law was amended on Monday.",
    "The privacy policy of the firm was criticised.",
    "Tags were found on all 300 birds.",
    "This article of the constitution was amended in 2019.",
    "This story was told in court by three witnesses.",
    "Print runs of both papers fell.",
    "Email accounts of 12 lawmakers were hacked.",
    "Watch makers in Geneva cut 300 jobs.",
    "Watch: the new drug can harm, the agency said.",
    "Advertisement revenue fell 4 percent.",
    "Most read newspapers lost readers.",
    "Newsletter publisher Brandt was sold on Friday.",
    "Correspondent Anna Lee was shot on Monday.",
    "Writing by hand improves memory, a study found.",
    "Edited by her sister, the diary appeared in May.",
    "Reporting by the state was flawed, judges found.",
    "Staff left the building at noon.",
    "(She later resigned.)",
    "[The minister did not reply.]",
    "NATO - the alliance of 32 states - met in June.",
    "WHO (World Health Organization) - the UN body - warned of a new wave.",
    "Leave a comment period of 60 days, the court ruled.",
    "Smoke contributed to this report of panic.",
    '"We will not leave."',
    "“We will not leave!”",
    "He rose to No. 5 in March.",
    "It was 24 June 2019.",
    "In this photo the suspect wears a hat, police said.",
    "Above all, the town lacks water.",
    "Left alone, the reactor would have melted.",
    "More from this fund went to schools.",
    "Get the vote out, he urged us.",
    "On June 18, 2024 at 5 a.m. the dam broke.",
]

FURNITURE = [
    ("caption", "Firefighters at the market hall in Velden. Photo: Ann Lee"),
    ("caption", "Firefighters at the market hall in Velden (AP Photo/Ann Lee)"),
    ("caption", "Firefighters at the market hall in Velden. (Ann Lee/Reuters)"),
    ("caption", "Firefighters at the market hall in Velden. [File: Ann Lee/Reuters]"),
    ("caption", "Firefighters at the market hall. Photograph: Ann Lee/The Guardian"),
    ("caption", "Firefighters at the market hall. Picture by Ann Lee"),
    ("caption", "Firefighters at the market hall. Image courtesy of the town of Velden"),
    ("caption", "Firefighters at the market hall. Ann Lee / Getty Images"),
    ("caption", "Firefighters at the market hall in Velden. Getty Images"),
    ("caption", "Firefighters at the market hall, Velden, June 3 (Ministry of Interior via AP)"),
    ("caption", "Firefighters at the market hall. Ann Lee/Pool via REUTERS"),
    ("caption", "FILE - The market hall in Velden, June 3, 2023. (AP Photo/Ann Lee, File)"),
    ("caption", "FILE PHOTO: The market hall in Velden is seen in winter."),
    ("caption", "The market hall is seen in this undated handout picture."),
    ("caption", "Pictured: the market hall before the fire"),
    ("caption", "Photo by Ann Lee/AFP via Getty Images"),
    ("caption", "PHOTO: AP"),
    ("caption", "Image credit: Velden town"),
    ("caption", "File photo"),
    ("byline", "By Ann Lee"),
    ("byline", "By Ann Lee and Jo de Wit in Velden"),
    ("byline", "By ANN LEE, Associated Press"),
    ("byline", "BY ANN LEE"),
    ("byline", "By our staff reporter"),
    ("byline", "By Ann Lee, Political Correspondent."),
    ("byline", "Written by Ann Lee"),
    ("byline", "(Reporting by Ann Lee in Velden; editing by Jo Wit)"),
    ("byline", "Additional reporting by Jo Wit"),
    ("byline", "Ann Lee in Berlin contributed to this report."),
    ("byline", "Updated June 18, 2024 10:05 AM EDT"),
    ("byline", "Published: 18 June 2024"),
    ("byline", "Last updated on Tuesday 18 June 2024 at 10.05 BST"),
    ("byline", "June 18, 2024"),
    ("byline", "18/06/2024 - 10:05"),
    ("byline", "2 hours ago"),
    ("byline", "Staff Reporter"),
    ("byline", "News Desk"),
    ("byline", "(Reuters)"),
    ("byline", "(YELKHA)"),
    ("byline", "[AFN]"),
    ("byline", "- Reuters"),
    ("byline", "AP/UNB"),
    ("byline", "DHAKA (Reuters) -"),
    ("byline", "SEOUL, June 18 (Yonhap) --"),
    ("boilerplate", "Leave a Reply"),
    ("boilerplate", "Leave a Reply Cancel reply"),
    ("boilerplate", "Your email address will not be published. Required fields are marked *"),
    ("boilerplate", "Share Tweet Email"),
    ("boilerplate", "Share this article on Facebook"),
    ("boilerplate", "Facebook Twitter WhatsApp LinkedIn Copy link"),
    ("boilerplate", "12 Shares"),
    ("boilerplate", "3 Comments"),
    ("boilerplate", "View all comments"),
    ("boilerplate", "Sign up for our free newsletter"),
    ("boilerplate", "Follow Channel Nine News for the latest updates."),
    ("boilerplate", "Watch Coast Tonight on our app, every evening at seven."),
    ("boilerplate", "This article is for information only and is not investment advice."),
    ("boilerplate", "Letters of no more than 200 words reach the editor at the usual address."),
    ("boilerplate", "Sign up for the Velden Post newsletter and get the news every morning."),
    ("boilerplate", "Subscribe to our YouTube channel."),
    ("boilerplate", "Join our WhatsApp channel"),
    ("boilerplate", "Get the day's top stories in your inbox."),
    ("boilerplate", "Follow Ann Lee on Twitter"),
    ("boilerplate", "Click here to read the full story"),
    ("boilerplate", "Download the Velden Post app"),
    ("boilerplate", "Support our journalism"),
    ("boilerplate", "Read more: Five fires that changed Velden"),
    ("boilerplate", "Also read | Mayor resigns"),
    ("boilerplate", "RELATED: Mayor of Velden resigns over fire"),
    ("boilerplate", "Watch: How the market hall burned"),
    ("boilerplate", "Advertisement"),
    ("boilerplate", "Story continues below advertisement"),
    ("boilerplate", "Tags: fire, Velden, market"),
    ("boilerplate", "© 2024 Velden Post. All rights reserved."),
    ("boilerplate", "Copyright 2024 The Associated Press. All rights reserved."),
    ("boilerplate", "We use cookies to make this site better."),
    ("boilerplate", "By signing up you agree to our terms of use."),
    ("boilerplate", "This article was originally published by Velden Post."),
    ("boilerplate", "This is a developing story."),
    ("boilerplate", "The post Fire in Velden appeared first on Velden Post."),
    ("boilerplate", "3 min read"),
    ("headline", "What we know"),
    ("headline", "'Nothing is left'"),
    ("headline", "What happens next?"),
]


@pytest.mark.parametrize("sentence", NEWS)
def test_news_that_looks_like_furniture_stays_in_the_body(sentence: str) -> None:
    assert role_of(sentence) == {"body"}


@pytest.mark.parametrize("sentence", NEWS)
def test_news_stays_in_the_body_wherever_it_stands(sentence: str) -> None:
    assert role_of(sentence, above="") == {"body"}
    assert role_of(sentence, below="") == {"body"}
    assert role_of(sentence, above=f"{TITLE}\n\n{LEAD}") - {"headline"} == {"body"}
    assert {role for role, _ in roles_of(f"{LEAD} {sentence} {THIRD}")} == {"body"}


@pytest.mark.parametrize(("role", "line"), FURNITURE)
def test_furniture_is_told_from_news(role: str, line: str) -> None:
    assert role_of(line) == {role}


@pytest.mark.parametrize(("role", "line"), [case for case in FURNITURE if case[0] != "headline"])
def test_furniture_is_told_at_the_end_of_the_page_too(role: str, line: str) -> None:
    assert role_of(line, below="") == {role}


@pytest.mark.parametrize("tag", ["(YELKHA)", "(Reuters)", "(AFP/AP)", "[AFN]", "— AFP", "(UNB)."])
@pytest.mark.parametrize("gap", [" ", "", "  "])
def test_an_agency_tag_after_the_last_sentence_is_a_sentence_of_its_own(tag: str, gap: str) -> None:
    assert roles_of(f"{LEAD}\n\n{THIRD}{gap}{tag}")[1:] == [("body", THIRD), ("byline", tag)]


@pytest.mark.parametrize(
    "dateline",
    [
        "DHAKA (Reuters) -",
        "SEOUL, June 18 (Yonhap) --",
        "KYIV, Ukraine (AP) —",
        "WASHINGTON, D.C. (AP) —",
        "NEW YORK, Jan. 5 (AP) —",
        "GENEVA (Thomson Reuters Foundation) -",
    ],
)
def test_a_dateline_is_cut_off_the_news_behind_it(dateline: str) -> None:
    assert roles_of(f"{dateline} {LEAD} {SECOND}") == [("byline", dateline), ("body", LEAD), ("body", SECOND)]


def test_a_caption_repeated_without_its_credit_is_a_caption() -> None:
    caption = "People in Seoul watch a broadcast about the fire in Velden, on April 25, 2019."
    lines = roles_of(f"{TITLE}\n\n{caption}\n{caption} Photo credit Ann Lee/Getty Images\n\n{LEAD}")
    assert [role for role, _ in lines] == ["headline", "caption", "caption", "caption", "body"]


def test_a_credit_after_a_whole_paragraph_takes_out_only_itself() -> None:
    paragraph = f"{LEAD} {SECOND} {THIRD} The mayor cried."
    assert roles_of(f"{paragraph} Photo: AP\n\n{SECOND}")[-3:-1] == [
        ("body", "The mayor cried."),
        ("caption", "Photo: AP"),
    ]


def test_a_credit_after_the_only_news_takes_out_only_itself() -> None:
    assert roles_of(f"{TITLE}\n\n{LEAD} Photo: AP") == [
        ("headline", TITLE),
        ("body", LEAD),
        ("caption", "Photo: AP"),
    ]


def test_a_flattened_page_keeps_its_news() -> None:
    """Everything on one line, as some scrapers leave it."""
    told = roles_of(f"{LEAD} Photo: AP. {SECOND} Sign up for our newsletter. {THIRD} (AFP)")
    assert [text for role, text in told if role == "body"] == [LEAD, SECOND, THIRD]


def test_the_headline_stands_above_the_news() -> None:
    told = roles_of(f"World | Asia\n{TITLE}\nMayor: nothing is left of the old town\n\n{LEAD}\n\n{SECOND}")
    assert [role for role, _ in told] == ["headline"] * 3 + ["body"] * 2


def test_the_title_is_a_headline_wherever_it_stands() -> None:
    told = roles_of(f"{LEAD}\n\n{TITLE}!\n\n{SECOND}", title=f"{TITLE}!")
    assert told[1] == ("headline", f"{TITLE}!")


def test_the_title_may_carry_the_outlet() -> None:
    line = "The fire that took a whole town by night, and why it could"
    told = roles_of(f"{LEAD}\n\n{line}\n\n{SECOND}", title=f"{line} | Velden Post")
    assert told[1] == ("headline", line)


def test_an_article_without_a_headline_has_none() -> None:
    assert {role for role, _ in roles_of(f"{LEAD}\n\n{SECOND}", title=TITLE)} == {"body"}


@pytest.mark.parametrize(
    "text",
    [
        TITLE,
        "Bridge opens on Monday\nThree hurt in a crash near Velden\nMayor resigns over market fire",
        "the bridge in velden will open again on monday after two years of work",
        f"{LEAD}\n",
        "Fire!",
    ],
)
def test_an_article_always_has_a_body(text: str) -> None:
    assert "body" in {role for role, _ in roles_of(text)}


def test_a_title_that_is_all_the_text_is_its_news() -> None:
    assert roles_of(LEAD, title=LEAD) == [("body", LEAD)]


def test_where_nobody_writes_full_stops_their_absence_says_nothing() -> None:
    lines = [
        "A fire destroyed the old market hall of Velden on Sunday night",
        "Forty stalls burned down before the brigade came at four",
        "Nobody was hurt",
        "Two streets stayed closed until noon",
        "The mayor will speak to the shopkeepers of the hall on Monday afternoon",
    ]
    assert [role for role, _ in roles_of("\n\n".join(lines))] == ["headline"] + ["body"] * 4


def test_a_list_of_news_is_no_row_of_crossheads() -> None:
    items = ["- 12 people died in the old town", "- Four houses burned down", "- The bridge is closed"]
    told = dict((text, role) for role, text in roles_of(f"{LEAD}\n\n" + "\n".join(items) + f"\n\n{THIRD}"))
    assert [told[item] for item in items] == ["body"] * 3


def test_a_table_of_scores_is_no_news() -> None:
    rows = ["Arsenal 2 Chelsea 1", "Leeds 0 Everton 0", "Fulham 3 Burnley 1", "1. Arsenal 38 28 5 5 89"]
    told = dict((text, role) for role, text in roles_of(f"{LEAD}\n\n" + "\n".join(rows) + f"\n\n{THIRD}"))
    assert {told[row] for row in rows} == {"boilerplate"}
    assert told[THIRD] == "body"


def test_the_links_under_related_stories_are_no_news() -> None:
    links = "Mayor of Velden resigns over the fire in the old market hall\nHow the hall was built"
    told = roles_of(f"{LEAD}\n\n{SECOND}\n\nRelated stories\n{links}\n\n{THIRD}")
    assert [role for role, _ in told] == ["body"] * 2 + ["boilerplate"] * 3 + ["body"]


def test_after_the_comment_form_nothing_is_news() -> None:
    form = "Your email address will not be published. Required fields are marked *"
    told = roles_of(f"{TITLE}\n\n{LEAD}\n\n{SECOND}\n\n{THIRD}\n\n{form}\n\nName\n\nJo wrote nonsense here.")
    assert [role for role, _ in told][-4:] == ["boilerplate"] * 4


def test_a_comment_link_at_the_top_costs_no_news() -> None:
    told = roles_of(f"{TITLE}\n\nLeave a comment\n\n{LEAD}\n\n{SECOND}\n\n{THIRD}")
    assert [role for role, _ in told] == ["headline", "boilerplate"] + ["body"] * 3


def test_capitals_are_read_like_small_letters() -> None:
    text = "\n\n".join(
        line.upper() for line in (LEAD, "By Monday the whole town was empty.", "Leave a reply", "By Ann Lee")
    )
    assert [role for role, _ in roles_of(text)] == ["body", "body", "boilerplate", "byline"]


def test_every_sentence_gets_one_role_and_none_needs_a_line_of_its_own() -> None:
    placed = [Placed(LEAD, 0), Placed("Photo: AP", 0), Placed(SECOND, 4), Placed("(AFP)", 4)]
    assert roles(placed, None) == ["caption", "caption", "body", "byline"]
    assert roles([], None) == []


@pytest.mark.parametrize(
    ("name", "furniture"),
    [
        ("1-crestwave-radio", ["headline", "caption", "caption", "caption", "caption"]),
        ("2-suchana-digest", ["headline", "headline", "boilerplate", "boilerplate", "boilerplate"]),
        ("3-meridian-world-report", ["headline"]),
        ("4-fault-line-brief", []),
        ("5-yelken-news-agency", ["headline", "byline"]),
    ],
)
def test_the_seeds_hold_this_furniture(name: str, furniture: list[str]) -> None:
    article = Article.model_validate_json((ROOT / "seeds" / f"{name}.json").read_bytes())
    found = [s.sentence.role for s in read(article, max_chars=ENOUGH).sentences]
    assert [role for role in found if role != "body"] == furniture


def test_the_reports_behind_the_seeds_hold_the_same_kinds() -> None:
    """They are not part of the repository; without them there is nothing to look at."""
    for path in sorted((ROOT.parent / "shared" / "seeds").glob("*.txt")):
        source = reading_of(path.read_text(encoding="utf-8"))
        assert len(source.body) >= 12
        assert all(s.text.rstrip("\"')").endswith((".", "!", "?")) for s in source.body)
