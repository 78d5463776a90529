"""Is asking again worth its tokens: `python -m benchmarks.retrying [MODEL=EXTRACT,REPAIR] [FILE ...]`.

Comes in: a catalogue model with a version of `extract_facts` and one of `repair_statement`; articles, the
five seeds unless given. Goes out: for each article and for all, the model's drafts that failed and why,
what was asked again, what of it became facts, and what these questions cost by themselves. Each article is
read twice, without and with asking again; the first questions are asked once, so that the two differ in
nothing else.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from service.backends.base import Usage
from service.backends.build import build_backend
from service.backends.caching import CachingBackend, MemoryReplyStore
from service.pipeline import OFF, REPAIR, Attest
from service.settings import load_settings
from service.stories.models import ArticleFacts
from service.text.article import Article

SEEDS = Path(__file__).parents[1] / "seeds"
USUAL = "qwen2.5-coder-1.5b-instruct-q4_k_m=v1,v1"


def main(arguments: Sequence[str]) -> None:
    pair = next((a for a in arguments if "=" in a), USUAL)
    files = [Path(a) for a in arguments if "=" not in a] or sorted(SEEDS.glob("*.json"))
    model, _, versions = pair.partition("=")
    extract, _, repair = versions.partition(",")
    once, again = (
        load_settings(model=model, prompts={"extract_facts": extract, REPAIR: version}, reply_cache=False)
        for version in (OFF, repair)
    )
    backend = CachingBackend(build_backend(once), MemoryReplyStore())
    plain = Attest(once, backend=backend)
    stubborn = Attest(again, backend=backend, parser=plain.parser)
    pairs: list[tuple[ArticleFacts, ArticleFacts]] = []
    print(
        "article | drafts failed | asked again | became facts | facts | in the article's own words | read | "
        "written | seconds | failed because"
    )
    for path in files:
        article = _article(path)
        pairs.append((plain.facts(article), stubborn.facts(article)))
        print(row(path.stem, pairs[-1:]), flush=True)
    backend.close()
    print(row("all", pairs))


def row(name: str, pairs: Sequence[tuple[ArticleFacts, ArticleFacts]]) -> str:
    """Pairs of the same article without and with asking again."""
    failed = [r for before, _ in pairs for r in before.rejected if r.draft.origin == "model"]
    why = Counter(r.reason for r in failed if r.reason != "duplicate")
    cost = sum((after.usage.stages.get(REPAIR, Usage()) for _, after in pairs), Usage())
    counts = [tuple(len(side.facts) for side in pair) for pair in pairs]
    wholes = [tuple(sum(f.origin == "source" for f in side.facts) for side in pair) for pair in pairs]
    cells = (
        name,
        sum(why.values()),
        sum(after.ledger.retried for _, after in pairs),
        sum(fact.prompt.name == REPAIR for _, after in pairs for fact in after.facts),
        *(f"{sum(b for b, _ in both)} -> {sum(a for _, a in both)}" for both in (counts, wholes)),
        cost.prompt_tokens - cost.cached_prompt_tokens,
        cost.completion_tokens,
        f"{cost.seconds:.1f}",
        ", ".join(f"{reason} {count}" for reason, count in why.most_common()),
    )
    return " | ".join(map(str, cells))


def _article(path: Path) -> Article:
    if path.suffix == ".json":
        return Article.model_validate_json(path.read_bytes())
    return Article(text=path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(sys.argv[1:])
