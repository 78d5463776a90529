"""A made-up event in four outlets: a ferry runs aground in Port Maren.

The Tidewater Post and the Morning Ledger print the same agency text. The Harbour Gazette is later and
knows more. Coastline Radio contradicts the others about the place, and itself about nothing.
"""

from __future__ import annotations

from service.facts.models import Fact
from tests.stories.builders import Facts, article

POST = article(
    "The ferry Solveig ran aground off Port Maren on Monday with 212 people on board.\n\n"
    "At least 3 people were killed when the vessel struck a reef in thick fog shortly before dawn.\n\n"
    "The operator, Nordvik Lines, denied that the crew had ignored a storm warning.\n\n"
    'Mayor Ingrid Dahl said: "We will not rest until every family knows what happened."\n\n'
    "An inquiry will open in Port Maren on Friday.\n",
    "Tidewater Post",
    "2031-03-04",
)
LEDGER = article(
    "Rescue boats brought most of the passengers of the ferry Solveig to safety.\n\n"
    "At least 3 people were killed when the vessel struck a reef in thick fog shortly before dawn.\n\n"
    "The coastguard accused Nordvik Lines of having ignored a storm warning.\n\n"
    'Mayor Ingrid Dahl said: "We will not rest until every family knows what happened."\n\n'
    "Divers will search the wreck in the coming days.\n",
    "Morning Ledger",
    "2031-03-04",
)
GAZETTE = article(
    "The number of people killed in the wreck of the Solveig has grown.\n\n"
    "Five people were killed when the ferry hit a reef in fog, the coastguard found.\n\n"
    "More than 200 people were on board the Solveig when it ran aground off Port Maren on Monday.\n\n"
    "Nordvik Lines has run the route for forty years.\n",
    "Harbour Gazette",
    "2031-03-06",
)
ARTICLES = (POST, LEDGER, GAZETTE)


def ferry_facts(make: Facts) -> list[Fact]:
    """Facts of the three articles, in reading order."""
    toll = "At least 3 people were killed when the vessel struck a reef in thick fog shortly before dawn."
    words = 'Mayor Ingrid Dahl said: "We will not rest until every family knows what happened."'
    return [
        make.of(POST, "The ferry Solveig ran aground off Port Maren on Monday with 212 people on board."),
        make.of(POST, toll),
        make.of(
            POST,
            "The operator, Nordvik Lines, denied that the crew had ignored a storm warning.",
            kind="denial",
            speaker="Nordvik Lines",
        ),
        make.of(POST, words, kind="statement", speaker="Ingrid Dahl"),
        make.of(POST, "An inquiry will open in Port Maren on Friday.", kind="plan"),
        make.of(LEDGER, "Rescue boats brought most of the passengers of the ferry Solveig to safety."),
        make.of(LEDGER, toll),
        make.of(
            LEDGER,
            "The coastguard accused Nordvik Lines of having ignored a storm warning.",
            kind="accusation",
            speaker="coastguard",
        ),
        make.of(LEDGER, words, kind="statement", speaker="Ingrid Dahl"),
        make.of(LEDGER, "Divers will search the wreck in the coming days.", kind="plan"),
        make.of(
            GAZETTE,
            "Five people were killed when the ferry hit a reef in fog, the coastguard found.",
            statement="Five people were killed when the ferry hit a reef in fog.",
        ),
        make.of(
            GAZETTE,
            "More than 200 people were on board the Solveig when it ran aground off Port Maren on Monday.",
        ),
        make.of(GAZETTE, "Nordvik Lines has run the route for forty years.", kind="background"),
    ]
