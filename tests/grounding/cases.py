"""The articles, the hand-written cases and the mutants, as tests and benchmark read them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from service.facts.models import Verdict
from service.facts.reading import ParsedArticle, parse_article
from service.facts.support import check_statements
from service.text.article import Article
from service.text.parsing import Parser
from service.text.reading import read
from tests.grounding.mutations import Mutant, mutants

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """`article` is a path below this folder; `kind` is the class the case was written for."""

    article: str
    published_at: str | None
    statement: str
    true: bool
    kind: str


def load_cases(file: Path) -> tuple[Case, ...]:
    """Cases of a JSON Lines file: {"article", "published_at"?, "statement", "true", "class"}."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    # each set has its own articles: two sets may use one file name for different texts
    own = Path(file.stem) / "articles"
    folder = own if (FOLDER / own).is_dir() else Path("articles")
    return tuple(
        Case(str(folder / r["article"]), r.get("published_at"), r["statement"], r["true"], r["class"])
        for r in rows
    )


def load_article(file: str, published_at: str | None, parser: Parser) -> ParsedArticle:
    """The article of a case, by its path below this folder."""
    return _parsed((FOLDER / file).read_text(encoding="utf-8"), published_at, parser)


@lru_cache(maxsize=64)
def _parsed(text: str, published_at: str | None, parser: Parser) -> ParsedArticle:
    article = Article.model_validate({"text": text, "published_at": published_at})
    return parse_article(read(article, max_chars=100_000), parser)


def judge(cases: Sequence[Case], parser: Parser) -> Iterator[tuple[Case, Verdict]]:
    """Every case with its verdict, article by article."""
    groups: dict[tuple[str, str | None], list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.article, case.published_at].append(case)
    for (file, published_at), group in groups.items():
        article = load_article(file, published_at, parser)
        yield from zip(group, check_statements(article, [c.statement for c in group], parser), strict=True)


def right(case: Case, verdict: Verdict) -> bool:
    return (verdict.verdict == "supported") == case.true


def load_mutants(cases: Sequence[Case], parser: Parser) -> list[tuple[Mutant, str | None]]:
    """Mutants of the true cases and of the articles' own sentences, with the day of publication."""
    found: list[tuple[Mutant, str | None]] = []
    for file, published_at in dict.fromkeys((c.article, c.published_at) for c in cases):
        article = load_article(file, published_at, parser)
        told = [c.statement for c in cases if c.article == file and c.true]
        told += [s.sentence.text for s in article.body if '"' not in s.sentence.text]
        speakers = _speakers(article)
        for mutant in mutants(file, article.source.reading.text, told, speakers, parser):
            found.append((mutant, published_at))
    return found


def _speakers(article: ParsedArticle) -> list[str]:
    """Full names of people whom the article quotes or reports."""
    text = article.source.reading.text
    people = {n.text for s in article.body for n in s.analysis.names if n.label == "PERSON" and " " in n.text}
    return sorted(
        p for p in people if re.fullmatch(r"[A-Z][\w-]+ [A-Z][\w-]+", p) and f"{p.split()[-1]}" in text
    )
