"""Whether two wordings exclude each other by their words.

Comes in: two wordings. Goes out: yes or no. Promises: symmetric; a word that both have excludes nothing;
"voted for it" excludes "voted against it".
"""

from __future__ import annotations

import re

from evals.wording import Wording
from service.facts.opposites import opposed

_SIDE = re.compile(
    r"\b(?:vot(?:e[sd]?|ing)|sp(?:eaks?|oke)|argue[sd]?|campaign(?:s|ed)?|rule[sd]?|decide[sd]?|sided?"
    r"|demonstrate[sd]?|march(?:es|ed)?)\b(?:(?!\b(?:to|that)\b(?! \d))[^.;:,])*?"
    r"\b(for|in favou?r of|against)\b",
    re.I,
)


def excluded(left: Wording, right: Wording) -> bool:
    """Whether a word that only the left text has, and one that only the right one has, exclude each other; or
    the two take opposite sides.
    """
    return opposed(left.keys, right.keys) or sides_differ(left.text, right.text)


def sides_differ(left: str, right: str) -> bool:
    """Whether one text has somebody vote or speak for a thing and the other against it."""
    return {_side(left), _side(right)} == {"for", "against"}


def _side(text: str) -> str | None:
    found = {"against" if match[1].lower() == "against" else "for" for match in _SIDE.finditer(text)}
    return found.pop() if len(found) == 1 else None
