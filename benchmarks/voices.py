"""Who says it, and what kind of claim it is: read off the parse, or asked of a model?

    python -m benchmarks.voices [--models NAME ...] [--wrong]

Comes in: hand-labelled sentences. Goes out: for code, for each model, and for code that asks the model only
where it has a doubt: the shares of kinds, speakers and both that are right, with 95 % Wilson intervals, over
all sentences and over those whose articles were not looked at while the rules were written; tokens and
seconds. --wrong lists what each gets wrong among the articles that the rules were built with.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.shares import Share
from benchmarks.voices_asking import answer, question
from benchmarks.voices_labels import Answer, Label, analysed, load_labels
from service.backends.base import Usage
from service.backends.build import build_backend
from service.backends.weights import locate
from service.facts.analysis import Analysis
from service.facts.cues import Cue, read_cue
from service.facts.lexicon import lexicon
from service.settings import PARSER, load_settings
from service.text.parsing import Parser

MODELS = ("qwen2.5-coder-0.5b-instruct-q4_k_m", "qwen2.5-coder-1.5b-instruct-q4_k_m")
Sentences = Sequence[tuple[Label, Analysis]]


@dataclass(frozen=True)
class Run:
    """One way of answering; `asked`: how many sentences a model was asked about."""

    name: str
    answers: tuple[Answer, ...]
    asked: int
    usage: Usage


def by_code(sentence: Analysis) -> Answer:
    cue = read_cue(sentence)
    return Answer(cue.kind, spoken(sentence, cue), cue.polarity)


def spoken(sentence: Analysis, cue: Cue) -> str | None:
    return None if cue.speaker is None else sentence.text[slice(*cue.speaker)]


def doubtful(sentence: Analysis) -> bool:
    """The code found nobody who speaks where somebody seems to, or more than one who does."""
    speakers = {a.speaker for c in sentence.clauses for a in c.attributions if a.speaker is not None}
    if read_cue(sentence).speaker is not None:
        return len(speakers) > 1
    words = lexicon()
    telling = words.reporting | words.reject | words.charge_nouns | words.report_nouns
    told = any(token.lemma_.lower() in telling for token in sentence.doc)
    embedded = any(token.dep_ in {"ccomp", "parataxis"} for token in sentence.doc)
    return bool(sentence.quotes) or told or embedded


def ask(model: str, sentences: Sequence[Analysis]) -> tuple[list[Answer], list[Usage]]:
    """The model's answer to each sentence, and what each cost."""
    backend = build_backend(load_settings(backend="local", model=model, reply_cache=False))
    try:
        replies = [backend.complete(question(sentence)) for sentence in sentences]
    finally:
        backend.close()
    return [answer(reply.text) for reply in replies], [reply.usage for reply in replies]


def runs(sentences: Sentences, models: Sequence[str]) -> Iterator[Run]:
    texts = [analysis for _, analysis in sentences]
    yield Run("nobody speaks, all are events", tuple(Answer("event", None) for _ in texts), 0, Usage())
    began = time.perf_counter()
    code = [by_code(text) for text in texts]
    yield Run("code", tuple(code), 0, Usage(seconds=round(time.perf_counter() - began, 6)))
    doubts = [doubtful(text) for text in texts]
    for model in models:
        told, costs = ask(model, texts)
        yield Run(model, tuple(told), len(texts), sum(costs, Usage()))
        mixed = tuple(m if doubt else c for c, m, doubt in zip(code, told, doubts, strict=True))
        paid = sum((cost for cost, doubt in zip(costs, doubts, strict=True) if doubt), Usage())
        yield Run(f"code; where it doubts, {model}", mixed, sum(doubts), paid)


def shares(sentences: Sentences, answers: Sequence[Answer], *, apart: bool) -> tuple[Share, Share, Share]:
    """Kind, speaker, both."""
    pairs = [(k, a) for (k, _), a in zip(sentences, answers, strict=True) if k.apart or not apart]
    kinds = [label.right_kind(told) for label, told in pairs]
    speakers = [label.right_speaker(told) for label, told in pairs]
    both = [k and s for k, s in zip(kinds, speakers, strict=True)]
    return Share.of(kinds), Share.of(speakers), Share.of(both)


def row(sentences: Sentences, run: Run) -> str:
    cells = [*shares(sentences, run.answers, apart=False), shares(sentences, run.answers, apart=True)[2]]
    read = run.usage.prompt_tokens - run.usage.cached_prompt_tokens
    cost = (run.asked, read, run.usage.completion_tokens, f"{run.usage.seconds:.1f}")
    return f"| {' | '.join(map(str, (run.name, *cells, *cost)))} |"


def wrong(sentences: Sentences, run: Run) -> Iterator[str]:
    for (label, _), told in zip(sentences, run.answers, strict=True):
        if not label.apart and not (label.right_kind(told) and label.right_speaker(told)):
            meant = f"{'/'.join(label.kinds)} of {label.speaker or 'the reporter'}"
            yield f"  {run.name}: {label.quote!r} is {meant}; told: {told.kind} of {told.speaker}"


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--models", nargs="*", default=MODELS, help="catalogue names; none: code only")
    arguments.add_argument("--wrong", action="store_true", help="list wrong answers")
    options = arguments.parse_args()
    parser = Parser(locate(PARSER, load_settings().models_dir))
    sentences = list(analysed(load_labels(), parser))
    print(
        "| way | kind | speaker | both | both, kept apart | asked | tokens read | written | seconds |\n"
        "|---|---|---|---|---|---|---|---|---|"
    )
    for run in runs(sentences, options.models):
        print(row(sentences, run), flush=True)
        if run.name == "code":
            signs = [k.polarity == a.polarity for (k, _), a in zip(sentences, run.answers, strict=True)]
            polarity = Share.of(signs)
        for text in wrong(sentences, run) if options.wrong else ():
            print(text)
    print(f"polarity, code: {polarity}")


if __name__ == "__main__":
    main()
