"""Small events in two or three outlets each, made to be mistaken for one another."""

from __future__ import annotations

from service.text.article import ReadArticle
from tests.stories.builders import article

_FIRE = (
    "{toll} workers died when a fire broke out in a warehouse in {town} on Monday, the fire service said.\n\n"
    "More than {crew} firefighters fought the blaze until the early morning. The police are looking into the "
    "cause.\n\nThe hall belonged to {firm}. Its director, {chief}, promised help for the families.\n"
)
_FIRE_AGAIN = (
    "{firm} has lost its depot in {town}. {toll} people lost their lives in the flames on Monday night.\n\n"
    "{chief}, who runs the company, was in tears. Crews needed hours to put the blaze out.\n\n"
    "Why it broke out is not yet known.\n"
)
_ELECTION = (
    "The {winner} won the local election in {town} on Sunday with {share} percent of the vote.\n\n"
    "The {loser} came second. Prime Minister Ilse Maron of the Progress Party and Jon Ekdal of the Farmers' "
    "League had both campaigned there.\n\nThe new mayor will be {mayor}, the electoral commission said.\n"
)
_ELECTION_AGAIN = (
    "{mayor} will lead {town}. On Sunday the {winner} came first with {share} percent.\n\n"
    "Prime Minister Ilse Maron and her rival Jon Ekdal both spoke of a signal for the country. The {loser} "
    "admitted defeat.\n"
)


def _told(wordings: tuple[str, ...], day: str, **words: str) -> list[ReadArticle]:
    return [
        article(wording.format(**words), f"Outlet {number}", day)
        for number, wording in enumerate(wordings, start=1)
    ]


FIRE_IN_BRASK = _told(
    (_FIRE, _FIRE_AGAIN), "2031-05-06", toll="Five", town="Brask", crew="80", firm="Tolvik Cargo",
    chief="Mira Sund",
)  # fmt: skip
FIRE_IN_LOMEN = _told(
    (_FIRE, _FIRE_AGAIN), "2031-05-06", toll="Three", town="Lomen", crew="60", firm="Nordbo Furniture",
    chief="Pelle Grann",
)  # fmt: skip
ELECTION_IN_BRASK = _told(
    (_ELECTION, _ELECTION_AGAIN), "2031-05-05", winner="Progress Party", loser="Farmers' League",
    town="Brask", share="41", mayor="Dagny Holt",
)  # fmt: skip
ELECTION_IN_LOMEN = _told(
    (_ELECTION, _ELECTION_AGAIN), "2031-05-05", winner="Farmers' League", loser="Progress Party",
    town="Lomen", share="47", mayor="Stig Aron",
)  # fmt: skip
KITCHEN_IN_BRASK = [
    article(
        "Two people were injured when a kitchen caught fire in a house in Brask on Friday.\n\n"
        "A neighbour, Olle Brandt of Orchard Lane, had smelled smoke and called for help.\n\n"
        "The police suspect that a pan had been forgotten.\n",
        "Outlet 1",
        "2031-05-18",
    ),
    article(
        "Olle Brandt smelled smoke and ran. The kitchen of his neighbours in Orchard Lane in Brask had "
        "caught fire.\n\nOn Friday two people were taken to hospital with burns.\n",
        "Outlet 2",
        "2031-05-19",
    ),
]
EVENTS = (FIRE_IN_BRASK, FIRE_IN_LOMEN, ELECTION_IN_BRASK, ELECTION_IN_LOMEN, KITCHEN_IN_BRASK)
PILE = [given for event in EVENTS for given in event]

QUAKE = (
    "A quake of magnitude {size} shook the region around {town} on {day}, the seismic service said.\n\n"
    "The focus lay {depth} kilometres below the surface. There were no reports of damage or injuries, and no "
    "warning was issued. This report was written by a program from the data of the service and was checked "
    "by an editor before it was published.\n"
)
