"""Small events and scored runs on disk, for tests of what reads them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evals.events import load_with_folders, run_event
from evals.models import (
    EventScore,
    Manifest,
    Measure,
    Outcome,
    RunEvent,
    Sample,
    Scores,
)
from evals.statistics import mean
from service.facts.models import Evidence, Fact, Kind, LedgerEntry, PromptRef, Support
from service.stories.models import (
    ArticleFacts,
    Citation,
    Conflict,
    Position,
    Provenance,
    Story,
    StoryUsage,
    Summary,
    SummarySentence,
)
from service.text.article import Article, ReadArticle, Sentence
from tests.newsroom import merged_of

SCORER = "5c04e4" * 10 + "abcd"
BRIDGE = (
    "The town bridge was closed on Monday after a crack was found.\n\n"
    "Mayor Ada Lund said repairs would take 12 weeks.\n\n"
    "Residents accused the town of ignoring warnings.\n\n"
    "Photo: the bridge at <dawn> & dusk\n"
)
RIVAL = (
    "The bridge is shut, the town said on Monday.\n\n"
    "Repairs will last 20 weeks, according to engineers.\n\n"
    "The bridge was not inspected last year.\n"
)
GOLD: tuple[dict[str, Any], ...] = (
    {"id": "g1", "statement": "The town bridge was closed on Monday.", "kind": "event", "speaker": None,
     "polarity": "affirmed", "importance": "key",
     "mentions": [{"article": "a1", "quote": "The town bridge was closed on Monday"},
                  {"article": "a2", "quote": "The bridge is shut, the town said on Monday"}]},
    {"id": "g2", "statement": "Repairs will take 12 weeks.", "kind": "statement", "speaker": "Ada Lund",
     "polarity": "affirmed", "importance": "key", "values": [{"type": "number", "value": 12, "unit": "week"}],
     "mentions": [{"article": "a1", "quote": "repairs would take 12 weeks"}]},
    {"id": "g3", "statement": "The town ignored warnings.", "kind": "accusation", "speaker": "residents",
     "polarity": "affirmed", "importance": "minor",
     "mentions": [{"article": "a1", "quote": "Residents accused the town of ignoring warnings"}]},
    {"id": "g4", "statement": "Repairs will last 20 weeks.", "kind": "statement", "speaker": "engineers",
     "polarity": "affirmed", "importance": "key", "values": [{"type": "number", "value": 20, "unit": "week"}],
     "mentions": [{"article": "a2", "quote": "Repairs will last 20 weeks"}]},
    {"id": "g5", "statement": "The bridge was not inspected last year.", "kind": "background",
     "speaker": None, "polarity": "negated", "importance": "minor",
     "mentions": [{"article": "a2", "quote": "The bridge was not inspected last year"}]},
)  # fmt: skip
CONFLICT = {
    "id": "c1", "about": "how long the repairs take", "type": "disputed",
    "positions": [{"facts": ["g2"], "value": "12 weeks", "articles": ["a1"]},
                  {"facts": ["g4"], "value": "20 weeks", "articles": ["a2"]}],
}  # fmt: skip
FORBIDDEN = {"article": "a1", "quote": "Photo: the bridge at <dawn> & dusk", "why": "caption"}


def write_event(root: Path, name: str) -> Path:
    """An event of two articles about one bridge, with five gold facts and one conflict."""
    folder = root / name
    (folder / "articles").mkdir(parents=True)
    toml = [f'id = "{name}"', 'title = "A bridge <closed>"', 'split = "dev"', 'language = "en"']
    for id_, source, text in (("a1", "Town Post", BRIDGE), ("a2", "River Wire", RIVAL)):
        text = f"{text}\nPublished for {name}.\n"
        (folder / "articles" / f"{id_}.txt").write_text(text, encoding="utf-8")
        sha = hashlib.sha256(text.encode()).hexdigest()
        toml += ["", "[[articles]]", f'id = "{id_}"', f'file = "articles/{id_}.txt"', f'source = "{source}"']
        toml += [f'sha256 = "{sha}"', f'title = "{source} on the bridge"']
    (folder / "event.toml").write_text("\n".join(toml) + "\n", encoding="utf-8")
    for file, lines in (
        ("gold", GOLD),
        ("conflicts", (CONFLICT,)),
        ("forbidden", (FORBIDDEN,)),
        ("copies", ()),
    ):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / f"{file}.jsonl").write_text(text, encoding="utf-8")
    return folder


def write_dataset(root: Path, events: int = 8) -> Path:
    for number in range(events):
        write_event(root, f"bridge-{number}")
    return root


Values = Callable[[int], Mapping[str, float | None]]
Outcomes = Callable[[str], Iterable[Outcome]]


def write_run(
    folder: Path,
    dataset: Path,
    values: Values,
    *,
    outcomes: Outcomes = lambda event: (),
    support: Support = "supported",
    prompts: Mapping[str, str] | None = None,
    repeats: int = 1,
    failed: int = 0,
    scorer: str = SCORER,
    events: Sequence[str] | None = None,
) -> Path:
    """A scored run over the dataset; `values` by the event's number, `failed` samples of each event."""
    folder.mkdir(parents=True)
    loaded = [(e, f) for e, f in load_with_folders([dataset]) if events is None or e.id in events]
    manifest = manifest_of([run_event(e, f) for e, f in loaded], prompts or {"extract_facts": "v1"}, repeats)
    samples = [s for e, _ in loaded for s in samples_of(e.id, e.texts, support, repeats)]
    scored = tuple(
        EventScore(
            event=e.id, split=e.split, values=dict(values(n)), samples=3 * repeats, ok=3 * repeats - failed
        )
        for n, (e, _) in enumerate(loaded)
    )
    names = dict.fromkeys(name for event in scored for name in event.values)
    totals: dict[str, Measure] = {name: mean([e.values.get(name) for e in scored]) for name in names}
    scores = Scores(
        scorer_sha256=scorer, manifest=manifest, events=scored, totals=totals,
        states={"ok": sum(e.ok for e in scored), "invalid": failed * len(scored)},
    )  # fmt: skip
    (folder / "manifest.json").write_text(manifest.model_dump_json(), encoding="utf-8")
    (folder / "scores.json").write_text(scores.model_dump_json(), encoding="utf-8")
    _write_lines(folder / "samples.jsonl", samples)
    _write_lines(folder / "outcomes.jsonl", [o for e, _ in loaded for o in outcomes(e.id)])
    return folder


def manifest_of(events: Sequence[RunEvent], prompts: Mapping[str, str], repeats: int) -> Manifest:
    return Manifest(
        system="attest", backend="scripted", model="tiny", prompts=dict(prompts), prompts_sha256={},
        sampling={}, repeats=repeats, events=tuple(events), attest_version="0.1.0",
        started_at=datetime(2031, 3, 4, tzinfo=UTC),
    )  # fmt: skip


def outcome(event: str, number: int, result: str, /, **more: Any) -> Outcome:
    """Of gold fact `number` in the story, or where `more` says."""
    fact = GOLD[number - 1]
    given = {"level": "story", "repeat": 0, "gold_id": fact["id"], "gold": fact["statement"], **more}
    return Outcome.model_validate({"event": event, "result": result, **given})


def samples_of(event: str, texts: Mapping[str, Article], support: Support, repeats: int) -> list[Sample]:
    made = []
    for repeat in range(repeats):
        read = {name: article_facts(article, support) for name, article in texts.items()}
        made += [
            Sample(event=event, article=name, repeat=repeat, state="ok", facts=facts, seconds=1.5)
            for name, facts in read.items()
        ]
        story = story_of(list(read.values()))
        made.append(Sample(event=event, article=None, repeat=repeat, state="ok", story=story, seconds=2))
    return made


def article_facts(article: Article, support: Support) -> ArticleFacts:
    """Each paragraph but the last is a fact, word for word."""
    paragraphs = [line for line in article.text.split("\n\n") if line.strip()]
    places = [(article.text.index(p.strip()), p.strip()) for p in paragraphs]
    facts = tuple(
        fact_of(article, f"s{n}", start, text, "event" if n == 1 else "statement", support)
        for n, (start, text) in enumerate(places[:-1], start=1)
    )
    sentences = tuple(
        Sentence(sentence_id=f"s{n}", start=start, end=start + len(text), role="body")
        for n, (start, text) in enumerate(places, start=1)
    )
    return ArticleFacts(
        article=ReadArticle(**article.model_dump(), article_id=article.article_id, sentences=sentences),
        facts=facts,
        rejected=(),
        ledger=LedgerEntry(
            article_id=article.article_id, drafts=len(facts), kept=len(facts), duplicates=0, rejected=0
        ),
        usage=StoryUsage(calls=4, prompt_tokens=900, completion_tokens=210),
        provenance=PROVENANCE,
    )


def fact_of(article: Article, sentence: str, start: int, text: str, kind: Kind, support: Support) -> Fact:
    place = Evidence(sentence_id=sentence, start=start, end=start + len(text), quote=text)
    return Fact(
        fact_id=f"{article.article_id}-{sentence}", article_id=article.article_id, statement=text, kind=kind,
        speaker=None, polarity="affirmed", values=(), evidence=(place,), support=support,
        prompt=PromptRef(name="extract_facts", version="v1", sha256="0" * 64), origin="model",
    )  # fmt: skip


PROVENANCE = Provenance(backend="scripted", model="tiny", prompts={}, attest_version="0.1.0")


def story_of(read: Sequence[ArticleFacts]) -> Story:
    """Nothing merged, the first and the last fact in conflict, the first one told."""
    facts = [fact for found in read for fact in found.facts]
    merged = tuple(
        merged_of(fact).model_copy(update={"merged_fact_id": f"m-{fact.fact_id}"}) for fact in facts
    )
    first = facts[0]
    told = SummarySentence(
        text=first.statement,
        merged_fact_ids=(merged[0].merged_fact_id,),
        citations=(
            Citation(article_id=first.article_id, start=first.evidence[0].start, end=first.evidence[0].end),
        ),
        origin="source",
    )
    positions = tuple(
        Position(value=value, merged_fact_ids=(m.merged_fact_id,), article_ids=m.article_ids)
        for value, m in (("12 weeks", merged[1]), ("20 <weeks>", merged[-1]))
    )
    return Story(
        story_id="story", articles=tuple(found.article for found in read), facts=tuple(facts), rejected=(),
        ledger=tuple(found.ledger for found in read), merged_facts=merged, copies=(),
        conflicts=(Conflict(conflict_id="c", about="the repairs", type="disputed", positions=positions),),
        summary=Summary(text=told.text, sentences=(told,)), usage=StoryUsage(), provenance=PROVENANCE,
    )  # fmt: skip


def _write_lines(path: Path, values: Iterable[Sample | Outcome]) -> None:
    path.write_text("".join(value.model_dump_json() + "\n" for value in values), encoding="utf-8")
