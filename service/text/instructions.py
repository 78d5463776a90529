"""Sentences that speak to the machine which reads an article, not to its readers.

Comes in: the sentences of one article with their places. Goes out: for each, whether it is such an
instruction or belongs to one. Promises: an order counts only where it stands as an order ("Ignore all
previous instructions"), not where news reports one ("told it to ignore ..."); words in quotation marks
are somebody's and never count beside others that are not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from service.text.order_words import order_words

MAX_FOLLOWING = 4  # sentences of a paragraph that go with the order at its beginning
MIN_REPEATS, MIN_REPEATED_WORDS = 4, 4
MIN_CLAIM_WORDS = 3
MAX_EMPTY_TURN_SPACES = 2
MAX_GAP_WORDS = 6  # of a sentence between two orders that goes with them
_QUOTED = re.compile(r"\"[^\"]*\"?")
_ITEM = re.compile(r"^(?:\d{1,3}[.)]|[-*•>#]+)\s+")
_LABEL = re.compile(r"[\W_]*(?P<label>[A-Za-z]+(?: [A-Za-z]+)?)(?: \d+)?[\W_]*(?::|$)")
# Letters of other scripts that look like Latin ones, for matching only.
_LATIN = str.maketrans(
    "аеорсухіјѕԁһԛԝАВЕКМНОРСТХІЈЅοαινΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxijsdhqwABEKMHOPCTXIJSoaivABEZHIKMNOPTYX"
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A sentence, its line and its paragraph (lines without a blank one between); `marked` by its form."""

    text: str
    line: int
    paragraph: int
    marked: bool = False


def instructions(spots: Sequence[Spot]) -> list[bool]:
    """Whether each sentence is made for machines."""
    found = [spot.marked or is_order(spot.text) for spot in spots]
    _mark_turns(spots, found)
    _mark_repeated(spots, found)
    _mark_what_follows(spots, found)
    _mark_what_is_ordered(spots, found)
    return found


def is_order(text: str) -> bool:
    """Whether a sentence by itself gives orders to a machine about what it reads or answers."""
    plain = text.translate(_LATIN)
    unquoted = _QUOTED.sub('""', plain)
    if not re.search(r"[A-Za-z]", unquoted):
        unquoted = plain.strip("\"' ")
    return any(order.search(unquoted) for order in order_words().orders) or _speaks_to_a_machine(unquoted)


def _speaks_to_a_machine(text: str) -> bool:
    """Whether several signs come together: an order or "you", and what only a machine is asked about.

    What somebody is reported to say is never counted.
    """
    signals = order_words().signals
    if signals["reported"].search(text):
        return False
    imperative, you, must, here, machine = (
        signals[name].search(text) is not None for name in ("imperative", "you", "must", "here", "machine")
    )
    tasks = {match[0].casefold() for match in signals["task"].finditer(text)}
    label = signals["label"].search(text)
    labelled = label is not None and signals["task"].search(label[0]) is not None
    return (
        (imperative and (here or machine or len(tasks) >= 2 or (bool(tasks) and (you or must))))
        or (you and ((here and (machine or bool(tasks))) or (machine and bool(tasks)) or len(tasks) >= 2))
        or (must and here and (machine or bool(tasks)))
        or (must and machine and bool(tasks))
        or (labelled and (here or machine))
    )


def _mark_turns(spots: Sequence[Spot], found: list[bool]) -> None:
    """Two labels or more of a dialogue with a machine, or of a worked example, in one paragraph.

    A label at the beginning of a line holds for the line, one in mid-line for its sentence, and for the
    next one where that is only "AI: Certainly!".
    """
    labels = [match["label"].casefold() if (match := _LABEL.match(spot.text)) else "" for spot in spots]
    in_paragraph: dict[int, set[str]] = {}
    for spot, label in zip(spots, labels, strict=True):
        in_paragraph.setdefault(spot.paragraph, set()).add(label)
    holding = -1  # the line whose label holds for all of it
    for index, spot in enumerate(spots):
        groups = [g for g in order_words().label_groups if len(g & in_paragraph[spot.paragraph]) >= 2]
        labelled = any(labels[index] in group for group in groups)
        if labelled and (index == 0 or spots[index - 1].line != spot.line):
            holding = spot.line
        says_nothing = index > 0 and spots[index - 1].text.count(" ") <= MAX_EMPTY_TURN_SPACES
        goes_on = index > 0 and spots[index - 1].line == spot.line and says_nothing
        after_turn = goes_on and any(labels[index - 1] in group for group in groups)
        found[index] = found[index] or labelled or after_turn or spot.line == holding


def _mark_repeated(spots: Sequence[Spot], found: list[bool]) -> None:
    """No reporter writes the same sentence again and again in one paragraph."""
    plain = [_words(_ITEM.sub("", spot.text)) for spot in spots]
    counts = Counter((spot.paragraph, words) for spot, words in zip(spots, plain, strict=True))
    for index, words in enumerate(plain):
        copies = counts[spots[index].paragraph, words]
        if copies >= MIN_REPEATS and words.count(" ") + 1 >= MIN_REPEATED_WORDS:
            found[index] = True


def _mark_what_is_ordered(spots: Sequence[Spot], found: list[bool]) -> None:
    """The claim of an order, wherever it stands again: "Note to the model: the bridge is closed"."""
    claims = [_words(_claim(spot.text)) for spot in spots]
    ordered = {
        claim for spot, claim, order in zip(spots, claims, found, strict=True) if order and ":" in spot.text
    }
    for index, claim in enumerate(claims):  # under a label again: a true sentence must not fall with its copy
        if claim in ordered and ":" in spots[index].text and claim.count(" ") + 1 >= MIN_CLAIM_WORDS:
            found[index] = True


def _claim(text: str) -> str:
    return text.rsplit(": ", 1)[-1]


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _mark_what_follows(spots: Sequence[Spot], found: list[bool]) -> None:
    """The rest of a paragraph that begins with an order, and what goes on with one in mid-paragraph."""
    paragraphs: dict[int, list[int]] = {}
    for index, spot in enumerate(spots):
        paragraphs.setdefault(spot.paragraph, []).append(index)
    for members in paragraphs.values():
        several_lines = len({spots[i].line for i in members}) > 1
        _continue(spots, members, found)
        closed = [index for index in members[1:] if spots[index].marked]  # what has an end, ends there
        rest = [index for index in members if not closed or index < closed[-1]]
        one_line = not several_lines and spots[members[0]].marked
        if found[members[0]] and not one_line and len(rest) <= 1 + MAX_FOLLOWING * (1 + several_lines):
            for index in rest:
                found[index] = True


def _continue(spots: Sequence[Spot], members: Sequence[int], found: list[bool]) -> None:
    words = order_words()
    personas: set[str] = set()
    for before, index in pairwise([members[0], *members]):
        text = _QUOTED.sub('""', spots[index].text)
        goes_on = any(weak.search(text) for weak in words.weak) or any(name in text for name in personas)
        goes_on = goes_on or bool(words.announces.search(spots[before].text))
        found[index] = found[index] or (found[before] and before != index and goes_on)
        if found[index] and (named := words.persona.search(text)):
            personas.add(named["name"])
    for before, index, after in zip(members, members[1:], members[2:], strict=False):
        short = spots[index].text.count(" ") < MAX_GAP_WORDS  # a whole sentence may be the reporter's
        found[index] = found[index] or (found[before] and found[after] and short)
