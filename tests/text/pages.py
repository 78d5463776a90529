"""Short made-up articles, and the roles of their lines, for the tests of this room."""

from __future__ import annotations

from service.text.article import Article, SentenceRole
from service.text.reading import SourceText, read

LEAD = "A fire destroyed the old market hall of Velden on Sunday night, the town said."
SECOND = "Forty stalls burned down before the brigade had the flames under control at four."
THIRD = "Nobody was hurt, but two streets stayed closed until noon."
TITLE = "Fire destroys market hall in Velden"

ENOUGH = 10_000_000


def reading_of(text: str, title: str | None = None) -> SourceText:
    return read(Article(text=text, title=title), max_chars=ENOUGH)


def roles_of(text: str, title: str | None = None) -> list[tuple[SentenceRole, str]]:
    return [(s.sentence.role, s.text) for s in reading_of(text, title).sentences]


def role_of(line: str, *, above: str = f"{LEAD}\n\n{SECOND}", below: str = THIRD) -> set[SentenceRole]:
    """Roles of the sentences of a line that stands between news paragraphs."""
    source = reading_of("\n\n".join(part for part in (above, line, below) if part))
    around = {LEAD, SECOND, THIRD, TITLE}
    return {s.sentence.role for s in source.sentences if s.text not in around}
