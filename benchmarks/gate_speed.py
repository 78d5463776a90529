"""How long the gate takes for 1,000 statements, parsing included.

Comes in: cases (drafts are made of them) and where the parser is. Goes out: seconds of `FactMaker.judge`
on drafts that name their evidence, and of `check`, which looks for the evidence itself. Articles are read
beforehand, statements are not. The best of a few rounds counts: other programs only ever add time.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.facts.checking import FactMaker
from service.facts.models import Draft, PromptRef
from service.facts.reading import ParsedArticle
from service.facts.support import check_statements
from service.text.parsing import Parser
from tests.grounding.cases import Case, judge, load_article

ROUNDS = 3
STATEMENTS = 1000
PROMPT = PromptRef(name="benchmark", version="v0", sha256="0" * 64)


@dataclass(frozen=True)
class Speed:
    what: str
    statements: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.statements / self.seconds

    @property
    def per_thousand(self) -> float:
        return self.seconds * 1000 / self.statements


def speeds(cases: Sequence[Case], new_parser: Callable[[], Parser]) -> list[Speed]:
    """The first 1,000 statements of `cases` that resemble anything in their article."""
    drafts: dict[tuple[str, str | None], list[Draft]] = defaultdict(list)
    for case, verdict in judge(cases, new_parser()):
        if verdict.evidence and sum(map(len, drafts.values())) < STATEMENTS:
            ids = tuple(piece.sentence_id for piece in verdict.evidence)
            drafts[case.article, case.published_at].append(Draft(sentence_ids=ids, statement=case.statement))
    count = sum(map(len, drafts.values()))
    judged = min(_timed(_judge_drafts, drafts, new_parser) for _ in range(ROUNDS))
    checked = min(_timed(_check, drafts, new_parser) for _ in range(ROUNDS))
    return [
        Speed("drafts that name their evidence (`FactMaker.judge_all`)", count, judged),
        Speed("statements without evidence (`attest check`)", count, checked),
    ]


Drafts = dict[tuple[str, str | None], list[Draft]]


def _timed(
    run: Callable[[ParsedArticle, Sequence[Draft], Parser], None],
    drafts: Drafts,
    new_parser: Callable[[], Parser],
) -> float:
    """A new parser each time: it keeps its parses, and a statement is parsed when it is judged."""
    parser = new_parser()
    work = [(load_article(file, day, parser), listed) for (file, day), listed in drafts.items()]
    begin = time.perf_counter()
    for article, listed in work:
        run(article, listed, parser)
    return time.perf_counter() - begin


def _judge_drafts(article: ParsedArticle, drafts: Sequence[Draft], parser: Parser) -> None:
    FactMaker(article, parser, PROMPT).judge_all(drafts)


def _check(article: ParsedArticle, drafts: Sequence[Draft], parser: Parser) -> None:
    check_statements(article, [draft.statement for draft in drafts], parser)
