"""What the seeds cost with the default local model: `make bench`.

Prints the engine's raw prefill and decode rates, measured in the same run, so that the other figures
can be read as ratios; then tokens and seconds by stage, the share of prompt tokens that came out of the
prefix cache, completion tokens per kept fact, time outside the model, and resident memory.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from service.backends.base import Backend, Message, ModelRequest, Usage
from service.pipeline import Attest, open_attest
from service.settings import load_settings
from service.stories.models import Story
from service.text.article import Article

SEEDS = Path(__file__).parents[1] / "seeds"
RAW_PROMPT_WORDS = 400
RAW_REPLY_TOKENS = 64


def main() -> None:
    settings = load_settings(reply_cache=False)
    attest = open_attest(settings)
    articles = [Article.model_validate_json(path.read_bytes()) for path in sorted(SEEDS.glob("*.json"))]
    print(f"model {attest.backend.model}; {len(articles)} seed articles")
    loading = time.perf_counter()
    article_tokens = sum(attest.backend.count_tokens(a.text) for a in articles)
    attest.check(articles[0], ["Warm up the parser."])
    print(f"loading model and parser: {time.perf_counter() - loading:.1f} s")
    prefill, decode = raw_rates(attest.backend)
    print(f"raw engine: prefill {prefill:.0f} tokens/s, decode {decode:.1f} tokens/s")
    began = time.perf_counter()
    story = attest.story(articles)
    wall = time.perf_counter() - began
    report(story, article_tokens, wall, prefill, decode, prefix_tokens(attest))
    attest.close()


def raw_rates(backend: Backend) -> tuple[float, float]:
    """Tokens per second of the bare engine: a long prompt with one token, then a short one with many."""
    long = Message("user", " ".join(f"w{n}" for n in range(RAW_PROMPT_WORDS)))
    read = backend.complete(ModelRequest("bench", (long,), max_tokens=1)).usage
    count = Message("user", "Count from 1 to 100 in words, separated by commas.")
    told = backend.complete(ModelRequest("bench", (count,), max_tokens=RAW_REPLY_TOKENS)).usage
    prefill = (read.prompt_tokens - read.cached_prompt_tokens) / read.seconds
    answering = told.seconds - (told.prompt_tokens - told.cached_prompt_tokens) / prefill
    return prefill, told.completion_tokens / max(answering, 1e-9)


def prefix_tokens(attest: Attest) -> int:
    """Tokens of the fixed beginnings of all prompts in use: read once a story, not once an article."""
    profile = attest.backend.profile
    prompts = [
        attest.prompts.get("extract_facts", profile.extract_prompt),
        attest.prompts.get("write_summary", profile.summary_prompt),
    ]
    texts = [
        p.system + "".join("".join(e.inputs.values()) + json.dumps(e.reply, ensure_ascii=False) for e in p.examples) for p in prompts
    ]
    return sum(attest.backend.count_tokens(text) for text in texts)


def report(story: Story, article_tokens: int, wall: float, prefill: float, decode: float, prefix: int) -> None:
    usage = story.usage
    for name, stage in (*usage.stages.items(), ("total", usage)):
        print(line(name, stage))
    evaluated = usage.prompt_tokens - usage.cached_prompt_tokens
    outside = wall - usage.seconds
    ideal = evaluated / prefill + usage.completion_tokens / decode
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(f"per article: {wall / len(story.articles):.1f} s, {usage.completion_tokens / len(story.articles):.0f} completion tokens")
    print(f"prompt tokens from the prefix cache: {usage.cached_prompt_tokens / max(1, usage.prompt_tokens):.0%}")
    print(f"prompt tokens evaluated, prefixes excluded: {max(0, evaluated - prefix) / article_tokens:.2f} x the articles")
    print(f"completion tokens per kept fact: {usage.completion_tokens / max(1, len(story.facts)):.1f} ({len(story.facts)} facts)")
    print(f"time in the model against the raw engine's for the same tokens: {usage.seconds / ideal:.2f} x")
    print(f"time outside the model: {outside:.2f} s of {wall:.1f} s, {outside / wall:.1%}")
    print(f"peak resident memory: {memory / 1e9:.2f} GB")


def line(name: str, usage: Usage) -> str:
    return (
        f"{name}: {usage.calls} calls, {usage.prompt_tokens} prompt tokens, {usage.cached_prompt_tokens} of them cached, "
        f"{usage.completion_tokens} completion tokens, {usage.seconds:.1f} s"
    )


if __name__ == "__main__":
    main()
