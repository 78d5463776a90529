"""Kind, speaker and polarity of single sentences.

A row: the sentence, the words that name the speaker (None: the reporter), whether it is affirmed.
"""

from __future__ import annotations

from datetime import date

import pytest

from service.facts.analysis import analyse
from service.facts.cues import Cue, read_cue
from service.facts.models import Kind, Polarity
from service.text.parsing import Parser
from tests.newsroom import PUBLISHED

Row = tuple[str, str | None, Polarity]
YES: Polarity = "affirmed"
NOT: Polarity = "negated"

EVENTS: tuple[Row, ...] = (
    ("A freight train left the rails near Orvela on Monday.", None, YES),
    ("Firefighters rescued four sailors from the burning trawler.", None, YES),
    ("The council approved the budget by nine votes to six.", None, YES),
    ("Two bridges were closed after the flood.", None, YES),
    ("The ferry did not leave the harbour on Tuesday.", None, NOT),
    ("No passengers were injured in the collision.", None, NOT),
    ("Nobody was hurt when the roof collapsed.", None, NOT),
    ("The hospital has reopened its emergency ward.", None, YES),
    ("Rescue teams reached the village on Sunday and set up tents.", None, YES),
    ("The court sentenced Marta Lindqvist to three years in prison.", None, YES),
    ("The two sides never met.", None, NOT),
    ("Neither team scored in the first half.", None, NOT),
    ("The storm destroyed 40 houses in 2024.", None, YES),
    ("The parcel arrived in 2024.", None, YES),
    ("Police arrested three men on Sunday.", None, YES),
    ("The fair was cancelled.", None, YES),
    ("A new law banning plastic bags took effect on Monday.", None, YES),
    ("The two leaders met in Keldo on Tuesday.", None, YES),
    ("The crew was rescued by helicopter.", None, YES),
    ("The volcano erupted twice on Monday, and ash fell on the capital.", None, YES),
    ("The clerk was arrested at the border.", None, YES),
    ("There was no damage to the dam.", None, NOT),
    ("The strike never took place.", None, NOT),
    ("The army captured the airport, which is 20 km from the capital.", None, YES),
    ("A man who had threatened the mayor was detained.", None, YES),
    ("He was taken to hospital, where he died.", None, YES),
    ("The government resigned after the vote.", None, YES),
    ("Thousands of people protested in the capital on Saturday.", None, YES),
    ("The court acquitted the banker.", None, YES),
    ("Fish prices fell.", None, YES),
    ("The company issued a statement.", None, YES),
    ("Neither the pilot nor the passenger survived.", None, NOT),
    ("The governor signed the bill into law.", None, YES),
)
PLANS: tuple[Row, ...] = (
    ("The new tram line will open in October.", None, YES),
    ("The minister is expected to visit the factory on Friday.", None, YES),
    ("The city plans to plant 4,000 trees next year.", None, YES),
    ("The trial is due to begin on Thursday.", None, YES),
    ("Talks are scheduled for Wednesday.", None, YES),
    ("The storm could reach the coast by Saturday.", None, YES),
    ("The airline will not fly to Keldo this winter.", None, NOT),
    ("The company intends to hire 200 engineers.", None, YES),
    ("Workers may strike again in May.", None, YES),
    ("The museum is set to close for repairs.", None, YES),
    ("If the vote fails, the cabinet resigns.", None, YES),
    ("The union aims to reach an agreement by Monday.", None, YES),
    ("The first ship will dock on Friday, the harbour authority said.", "the harbour authority", YES),
    ("Officials said the road would reopen on Thursday.", "Officials", YES),
    ("According to the mayor, the pool will open in June.", "the mayor", YES),
    ("A vote is likely next week.", None, YES),
    ("A decision is expected on Monday.", None, YES),
    ("The fair, planned for July, will be held indoors.", None, YES),
    ("The shop would have to close by winter.", None, YES),
    ("The queen will attend the opening, and her son may join her.", None, YES),
    ("Reports suggest that the plant will shut next year.", None, YES),
    ("Flights will resume at noon, according to the airline.", "the airline", YES),
    ("Flights will not resume before noon, according to the airline.", "the airline", NOT),
    ("Brandt promised that the school would open in May.", "Brandt", YES),
    ("The court is to rule on Monday.", None, YES),
    ("A new station is planned near the market.", None, YES),
    ("Perhaps the strike ends tomorrow.", None, YES),
    ("The verdict is possible this week.", None, YES),
    ("The players are ready to leave on Sunday.", None, YES),
    ("The bank wants to sell its branches.", None, YES),
)
STATEMENTS: tuple[Row, ...] = (
    ("Anna Keller said the fire started in the kitchen.", "Anna Keller", YES),
    ("The company announced a loss of $40 million.", "The company", YES),
    ("Keller praised the volunteers for their patience.", "Keller", YES),
    ('"We lost everything," Tom Reyes said.', "Tom Reyes", YES),
    ("According to police, the driver fled on foot.", "police", YES),
    ("The ministry confirmed that two soldiers had died.", "The ministry", YES),
    ("The president called the plan a mistake.", "The president", YES),
    ("Keller said she did not sign the letter.", "Keller", NOT),
    ("Residents told reporters that they heard an explosion.", "Residents", YES),
    ("The mayor pledged to rebuild the school.", "The mayor", YES),
    ("Experts warned that the dam is weak.", "Experts", YES),
    ("Lena Brandt said she would resign.", "Lena Brandt", YES),
    ("Miller went on to say that the talks were useful.", "Miller", YES),
    ("Analysts believe the merger failed.", "Analysts", YES),
    ("The union condemned the decision.", "The union", YES),
    ("The reactor was shut down as a precaution, the operator said in a statement.", "the operator", YES),
    ("Ivo Marek, who owns the bakery, said the oven exploded.", "Ivo Marek", YES),
    ("The line was repaired overnight, a spokeswoman said.", "a spokeswoman", YES),
    ("The agency did not say who fired the shots.", "The agency", NOT),
    ("The minister reportedly met the rebels in secret.", None, YES),
    ("The company did not deny the report.", "The company", NOT),
    ("The king has left the hospital, the broadcaster reported.", "the broadcaster", YES),
    ("At least nine people died, officials said, adding that the search was over.", "officials", YES),
    ("The premier's spokesman Ole Dahl said the talks were over.", "The premier's spokesman Ole Dahl", YES),
    ("Dahl, the premier's spokesman, said the talks were over.", "Dahl", YES),
    ("The square was cleared by noon, said Keller.", "Keller", YES),
    ("The head of the port said the crane was safe.", "The head of the port", YES),
    ("State television said the talks lasted six hours.", "State television", YES),
    ("Two witnesses said the van was white.", "Two witnesses", YES),
    ("Reports suggest that the plant shut last year.", None, YES),
    ("The driver braked too late, according to a witness.", "a witness", YES),
    ("The coach thanked the fans.", "The coach", YES),
    ("She said the house was empty.", "She", YES),
    ("The judge described the act as cowardly.", "The judge", YES),
    ("Brandt vowed to fight the ruling.", "Brandt", YES),
    ("Brandt promised that she would return.", "Brandt", YES),
    ("The pilot was not tired, the airline said.", "the airline", NOT),
    ("The union demanded higher pay.", "The union", YES),
    ("The union urged the city to reopen talks.", "The union", YES),
    ("The paper reported that the deal was signed in March.", "The paper", YES),
    ("Critics argue that the law is too weak.", "Critics", YES),
    ("Nine children are still in hospital, doctors said.", "doctors", YES),
    ('Mr. Ibarra said: "The roof held."', "Mr. Ibarra", YES),
    ('"The roof held," said Ibarra.', "Ibarra", YES),
    ('"The roof held," Ibarra told the newspaper on Monday.', "Ibarra", YES),
    ("Asked about the delay, Sara Holm said the parts had been late.", "Sara Holm", YES),
    ("The gang apparently used a stolen car.", None, YES),
    ("Holm admitted that the brakes were old.", "Holm", YES),
    ("Holm apologised for the delay.", "Holm", YES),
)
ACCUSATIONS: tuple[Row, ...] = (
    ("Prosecutors accused the banker of hiding 3 million euros.", "Prosecutors", YES),
    ("The opposition alleged that ballots were burned.", "The opposition", YES),
    ("The clerk allegedly sold the keys to thieves.", None, YES),
    ("The former director is accused of forging invoices.", None, YES),
    ("Kiev blamed the army for the attack.", "Kiev", YES),
    ("The lawsuit alleges that the firm hid the leak.", "The lawsuit", YES),
    ("Neighbours accused the landlord of cutting the power.", "Neighbours", YES),
    ("The firm has been accused of dumping waste in the river.", None, YES),
    ("The audit alleges that 2 million euros vanished.", "The audit", YES),
    ("Norland has accused its neighbour of jamming radar signals.", "Norland", YES),
    ("The general purportedly took bribes.", None, YES),
)
DENIALS: tuple[Row, ...] = (
    ("The company denied that it had hidden the report.", "The company", YES),
    ("Moreno denied the allegations.", "Moreno", YES),
    ("The club rejected the accusations.", "The club", YES),
    ("The clerk has denied selling the keys.", "The clerk", YES),
    ("The ministry dismissed the claims as false.", "The ministry", YES),
    ("Moreno refuted the claim that he had left the country.", "Moreno", YES),
    ("The landlord denies cutting the power.", "The landlord", YES),
    ("The landlord denied any wrongdoing.", "The landlord", YES),
    ("Norland rejects the allegation.", "Norland", YES),
    ("Both men have denied the charges.", "Both men", YES),
)
BACKGROUND: tuple[Row, ...] = (
    ("The port is the largest in the region.", None, YES),
    ("The island has about 3,000 inhabitants.", None, YES),
    ("The two countries have been at odds for decades.", None, YES),
    ("The theatre was built in 1908.", None, YES),
    ("The party won the election in 2019.", None, YES),
    ("The country does not belong to the union.", None, NOT),
    ("The company employs 12,000 people.", None, YES),
    ("The lake lies at the foot of the mountain.", None, YES),
    ("Norland and Sudland have shared a border since 1921.", None, YES),
    ("The dam was finished in 1974.", None, YES),
    ("Since 2015, the fund has paid for 60 schools.", None, YES),
    ("The bridge has long been a bottleneck.", None, YES),
    ("It is the second such accident in two years.", None, YES),
    ("Fish is cheap.", None, YES),
)


TABLE: dict[Kind, tuple[Row, ...]] = {
    "event": EVENTS,
    "plan": PLANS,
    "statement": STATEMENTS,
    "accusation": ACCUSATIONS,
    "denial": DENIALS,
    "background": BACKGROUND,
}


def cue(parser: Parser, sentence: str, published: date | None = PUBLISHED) -> tuple[Cue, str | None]:
    analysis = analyse(parser.parse_one(sentence), published)
    read = read_cue(analysis)
    return read, None if read.speaker is None else sentence[slice(*read.speaker)]


@pytest.mark.parametrize(
    ("sentence", "kind", "speaker", "polarity"),
    [(text, kind, who, sign) for kind, rows in TABLE.items() for text, who, sign in rows],
)
def test_table(parser: Parser, sentence: str, kind: Kind, speaker: str | None, polarity: Polarity) -> None:
    read, who = cue(parser, sentence)
    assert (read.kind, who, read.polarity) == (kind, speaker, polarity)


@pytest.mark.parametrize(
    ("published", "kind"), [(date(2024, 6, 18), "background"), (date(2019, 5, 2), "event")]
)
def test_what_is_past_depends_on_the_day_of_publication(parser: Parser, published: date, kind: Kind) -> None:
    assert cue(parser, "The party won the election in 2019.", published)[0].kind == kind


def test_without_a_day_of_publication_nothing_is_an_earlier_year(parser: Parser) -> None:
    assert cue(parser, "The party won the election in 2019.", None)[0].kind == "event"


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("The inspector said the bridge was unsafe, the newspaper reported.", "The inspector"),
        ("The newspaper reported that the inspector said the bridge was unsafe.", "the inspector"),
        ("The newspaper reported that the bridge was unsafe.", "The newspaper"),
    ],
)
def test_the_innermost_voice_counts(parser: Parser, sentence: str, speaker: str) -> None:
    assert cue(parser, sentence)[1] == speaker


@pytest.mark.parametrize(
    "sentence",
    [
        "The mayor may resign.",
        "The mayor will resign.",
        "The mayor is expected to resign.",
        "The mayor allegedly stole the money.",
        "The mayor is accused of stealing the money.",
        "The mayor denied stealing the money.",
        "The mayor said the money was stolen.",
        "The mayor reportedly stole the money.",
    ],
)
def test_nothing_open_alleged_denied_or_said_is_an_event(parser: Parser, sentence: str) -> None:
    assert cue(parser, sentence)[0].kind not in {"event", "background"}


@pytest.mark.parametrize(
    "sentence", ["", "Fire!", "Officials.", "24 dead", "In the harbour of Keldo on Monday."]
)
def test_what_has_no_predicate_is_told_by_the_reporter(parser: Parser, sentence: str) -> None:
    read, speaker = cue(parser, sentence)
    assert (speaker, read.polarity) == (None, "affirmed")
