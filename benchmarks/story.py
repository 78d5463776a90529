"""What the seeds cost with the default local model: `make bench`.

Prints the engine's raw rates of reading (prefill) and writing (decode), measured in the same run, so
that the other figures can be read as ratios; then tokens and seconds by stage, the share of prompt
tokens that came out of the prefix cache, completion tokens per kept fact, time outside the model, and
resident memory. Four figures have an aim and say whether it is met.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.backends.base import ModelRequest, Usage
from service.backends.build import usable_cores
from service.backends.llama_cpp import BATCH_TOKENS, LlamaCppBackend
from service.backends.loading import load
from service.backends.weights import locate
from service.pipeline import Attest, open_attest
from service.prompting.rendering import render
from service.settings import DEFAULT_MODEL, Settings, load_settings
from service.stories.models import Story
from service.text.article import Article

SEEDS = Path(__file__).parents[1] / "seeds"
RAW_PROMPT_TOKENS = 512
RAW_REPLY_TOKENS = 32


@dataclass(frozen=True)
class Machine:
    """Tokens per second of the bare engine, and the size of its weights in bytes."""

    prefill: float
    decode: float
    weights: int


def main() -> None:
    settings = load_settings(backend="local", reply_cache=False)
    articles = [Article.model_validate_json(path.read_bytes()) for path in sorted(SEEDS.glob("*.json"))]
    print(f"model {settings.model or DEFAULT_MODEL}; {len(articles)} seed articles", flush=True)
    machine = raw_engine(settings, articles[0].text)
    print(
        f"raw engine: reads {machine.prefill:.1f} tokens/s, writes {machine.decode:.1f} tokens/s", flush=True
    )
    attest = open_attest(settings)
    began = time.perf_counter()
    article_tokens = sum(attest.backend.count_tokens(article.text) for article in articles)
    attest.check(articles[0], ["Warm up the parser."])
    print(f"loading model and parser: {time.perf_counter() - began:.1f} s", flush=True)
    prefixes = fixed_tokens(attest)
    began = time.perf_counter()
    story = attest.story(articles)
    wall = time.perf_counter() - began
    attest.close()
    for text in report(story, machine, wall=wall, article_tokens=article_tokens, prefixes=prefixes):
        print(text)


def raw_engine(settings: Settings, text: str) -> Machine:
    """Rates without anything of attest's: no grammar, no cache, no guessing; one prompt, one reply."""
    path = locate(settings.model or DEFAULT_MODEL, settings.models_dir)
    threads = settings.threads or usable_cores()
    llama = load(path, context_tokens=1024, batch_tokens=BATCH_TOKENS, threads=threads)
    tokens = llama.tokenize((text * 20).encode(), add_bos=False)[:RAW_PROMPT_TOKENS]
    llama.eval(tokens[:8])  # the first batch pays for allocations
    llama.reset()
    began = time.perf_counter()
    llama.eval(tokens)
    read = time.perf_counter()
    for _ in range(RAW_REPLY_TOKENS):
        llama.eval([llama.sample(temp=0.0)])
    told = time.perf_counter()
    llama.close()
    del llama
    gc.collect()
    return Machine(len(tokens) / (read - began), RAW_REPLY_TOKENS / (told - read), path.stat().st_size)


def fixed_tokens(attest: Attest) -> dict[str, int]:
    """By stage, the tokens of the fixed beginning of its questions: read once a run, not once an article."""
    assert isinstance(attest.backend, LlamaCppBackend)
    profile = attest.backend.profile
    usual = {"extract_facts": profile.extract_prompt, "write_summary": profile.summary_prompt}
    fixed = {}
    for task, version in usual.items():
        prompt = attest.prompts.get(task, attest.settings.prompts.get(task, version))
        messages = render(prompt, **dict.fromkeys(prompt.inputs, "x"))
        request = ModelRequest(task, messages, max_tokens=1, prefix_messages=len(messages) - 1)
        _, fixed[task] = attest.backend.count_prompt(request)
    return fixed


def report(
    story: Story, machine: Machine, *, wall: float, article_tokens: int, prefixes: dict[str, int]
) -> Iterator[str]:
    usage, count = story.usage, len(story.articles)
    for name, stage in (*usage.stages.items(), ("total", usage)):
        yield line(name, stage)
    evaluated = usage.prompt_tokens - usage.cached_prompt_tokens
    fixed = sum(prefixes.get(stage, 0) for stage in usage.stages)
    ideal = evaluated / machine.prefill + usage.completion_tokens / machine.decode
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    yield f"fixed beginnings of the prompts: {', '.join(f'{k} {v} tokens' for k, v in prefixes.items())}"
    yield f"per article: {wall / count:.1f} s, {article_tokens / count:.0f} tokens read, " + (
        f"{usage.completion_tokens / count:.0f} tokens written, {len(story.facts) / count:.1f} facts kept"
    )
    yield f"prompt tokens from the prefix cache: {usage.cached_prompt_tokens / usage.prompt_tokens:.0%}"
    yield f"time in the model against the raw engine's for the same tokens: {usage.seconds / ideal:.2f} x"
    read = (evaluated - fixed) / article_tokens
    yield aim("prompt tokens evaluated, fixed beginnings excluded", read, 1.5, "x the articles")
    yield aim("completion tokens per kept fact", usage.completion_tokens / max(1, len(story.facts)), 40, "")
    yield aim("time outside the model", (wall - usage.seconds) / wall * 100, 3, "%")
    yield aim("peak resident memory", memory / 1e9, machine.weights / 1e9 + 1, "GB (model file + 1 GB)")


def aim(name: str, value: float, most: float, unit: str) -> str:
    met = "met" if value <= most else "MISSED"
    return f"{name}: {value:.2f} {unit}".rstrip() + f"; aim: at most {most:.2f}, {met}"


def line(name: str, usage: Usage) -> str:
    return (
        f"{name}: {usage.calls} calls, {usage.prompt_tokens} prompt tokens, "
        f"{usage.cached_prompt_tokens} of them cached, {usage.completion_tokens} completion tokens, "
        f"{usage.seconds:.1f} s"
    )


if __name__ == "__main__":
    main()
