"""Whether two wordings exclude each other by their words.

Comes in: two wordings. Goes out: yes or no. Promises: symmetric; a word that both have excludes nothing.
"""

from __future__ import annotations

from evals.wording import Wording
from service.facts.opposites import opposed, sides_differ


def excluded(left: Wording, right: Wording) -> bool:
    """Whether a word that only the left text has, and one that only the right one has, exclude each other."""
    return opposed(left.keys, right.keys) or sides_differ(left.text, right.text)
