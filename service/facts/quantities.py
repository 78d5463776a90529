"""The gate's check of how many: "all", "most", "several", "hardly any", "still".

Comes in: a `Claim`. Goes out: refusals. Promises: a statement generalises no further than its evidence; a
whole ("900 of the 1,250 workers") is not taken for its part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from service.facts.claims import Claim, Refusal
from service.facts.numbers import same_number

if TYPE_CHECKING:
    from spacy.tokens import Token

# What the evidence has to say for each word of a statement: itself, or one of these.
_SAID_BY = {
    word: frozenset({word, *others.split()})
    for words, others in (
        (
            "all every each",
            "all every each entire whole everyone everybody both complete completely full fully",
        ),
        ("most", "majority mostly mainly"),
        (
            "several",
            "some various number multiple few handful many dozens three four five six seven eight",
        ),
        ("many", "numerous dozens scores hundreds thousands countless lot large"),
        ("few", "handful hardly barely little several"),
        ("hardly", "barely scarcely almost nearly few little"),
        ("still", "remain remains remained continue continues yet stay stays"),
        ("fewer", "less lower smaller under below"),
    )
    for word in words.split()
}
# "900 of the 1,250", "most of its 40": a count before "of", and what is counted after it.
_PART_OF = re.compile(
    r"(?:\d|\b(?:all|both|each|half|hundred|majority|many|million|most|none|part|quarter|several|some|thirds?"
    r"|thousand|one|two|three|four|five|six|seven|eight|nine|ten|twelve|dozens?))"
    r"\s+of\s+(?:(?:the|its|their|his|her|those|these|\w+['’]s)\s+|\w+\s+(?=\w+['’]s)){0,4}$",
    re.IGNORECASE,
)


def check_quantities(claim: Claim) -> Iterator[Refusal]:
    """Quantifiers, and totals told as parts."""
    words = claim.words()
    for token in claim.statement.doc:
        said_by = _SAID_BY.get(token.lower_)
        if said_by is not None and not _of_another_use(token) and said_by.isdisjoint(words):
            yield Refusal("number_not_in_evidence", f"the evidence does not say {token.text!r}")
    yield from _wholes(claim)


def _of_another_use(token: Token) -> bool:
    """As in "as many as 200", "at most 18 months", "the most expensive"."""
    after = token.doc[token.i + 1 : token.i + 2]
    if token.lower_ == "most":
        at = token.i > 0 and token.nbor(-1).lower_ == "at"
        return at or any(t.pos_ in {"ADJ", "ADV"} for t in after)
    return token.lower_ in {"few", "many"} and any(t.like_num for t in after)


def _wholes(claim: Claim) -> Iterator[Refusal]:
    """As in "1,250 workers will go" on "900 of the 1,250 workers will go"."""
    for number in claim.statement.numbers:
        if _PART_OF.search(claim.statement.text[: number.start]):
            continue
        same = [(e, n) for e in claim.evidence for n in e.numbers if same_number(number, n)]
        if not same or not all(_PART_OF.search(e.text[: n.start]) for e, n in same):
            continue
        yield Refusal(
            "number_not_in_evidence", f"{number.text!r} is the whole of which the evidence counts a part"
        )
