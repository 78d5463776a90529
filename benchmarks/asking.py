"""Which way of asking is worth its tokens: `python -m benchmarks.asking [MODEL=VERSION ...]`.

Comes in: pairs of a catalogue model and a version of `extract_facts`; the five seeds. Goes out: for each
pair, what was asked and what came of it: calls, tokens, seconds, drafts of the model that passed the gate,
those that did not by reason, and how many facts there are in the end. Not timed against a clock on the
wall: machines are shared; compare tokens, and seconds within one run.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from service.facts.models import Rejected
from service.pipeline import open_attest
from service.settings import load_settings
from service.stories.models import ArticleFacts
from service.text.article import Article

SEEDS = Path(__file__).parents[1] / "seeds"
USUAL = (
    "smollm2-135m-instruct-q4_1=v1",
    "qwen2.5-coder-0.5b-instruct-q4_k_m=v1",
    "qwen2.5-coder-1.5b-instruct-q4_k_m=v1",
    "qwen2.5-coder-1.5b-instruct-q4_k_m=v2",
)


def main() -> None:
    articles = [Article.model_validate_json(path.read_bytes()) for path in sorted(SEEDS.glob("*.json"))]
    print(
        "model | prompt | calls | tokens read | tokens written | seconds | model drafts | passed | facts | "
        "rejected because"
    )
    for pair in sys.argv[1:] or USUAL:
        model, _, version = pair.partition("=")
        settings = load_settings(model=model, prompts={"extract_facts": version or "v1"}, reply_cache=False)
        attest = open_attest(settings)
        results = []
        for number, article in enumerate(articles, start=1):
            results.append(attest.facts(article))
            print(f"  {model} {version}: article {number} of {len(articles)}", file=sys.stderr)
        attest.close()
        print(row(model, version, results), flush=True)


def row(model: str, version: str, results: list[ArticleFacts]) -> str:
    passed = sum(1 for r in results for f in r.facts if f.origin == "model")
    told: list[Rejected] = [x for r in results for x in r.rejected if x.draft.origin == "model"]
    reasons = Counter(x.reason for x in told)
    calls = sum(r.usage.calls for r in results)
    read = sum(r.usage.prompt_tokens - r.usage.cached_prompt_tokens for r in results)
    written = sum(r.usage.completion_tokens for r in results)
    seconds = sum(r.usage.seconds for r in results)
    facts = sum(len(r.facts) for r in results)
    why = ", ".join(f"{reason} {count}" for reason, count in reasons.most_common())
    cells = (model, version, calls, read, written, f"{seconds:.0f}", passed + len(told), passed, facts, why)
    return " | ".join(map(str, cells))


if __name__ == "__main__":
    main()
