"""Every number of a score on a small event, against numbers worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from evals.events import load_event, run_event
from evals.models import Event, Manifest, Outcome, RunEvent, Sample, Scores
from evals.runs import MANIFEST, SAMPLES
from evals.scoring.metrics import METRICS
from evals.scoring.score import OUTCOMES, SCORES, score_event, score_run, score_samples, scorer_sha256
from service.facts.models import Evidence, Fact
from service.stories.models import MergedFact, Position
from tests.evals.echo import echo_samples, fact_of, story_of
from tests.evals.small import small_event, write_event

Facts = list[Fact]


@pytest.fixture
def event(tmp_path: Path) -> Event:
    return small_event(tmp_path)


def scored(
    event: Event, change: Callable[[str, Facts], Facts] = lambda _, facts: facts, **echo: Any
) -> dict[str, Any]:
    return score_event(event, echo_samples(event, change, **echo)).score.values


def outcomes(
    event: Event, change: Callable[[str, Facts], Facts], level: str = "article"
) -> list[tuple[str, Any, Any]]:
    found = score_event(event, echo_samples(event, change)).outcomes
    return [(o.result, o.gold_id, o.differs) for o in found if o.level == level]


def only(article: str, **changed: Any) -> Callable[[str, Facts], Facts]:
    """Change the first fact of one article."""

    def change(name: str, facts: Facts) -> Facts:
        return [facts[0].model_copy(update=changed), *facts[1:]] if name == article else facts

    return change


def test_every_number_is_there_and_no_other(event: Event) -> None:
    assert list(scored(event)) == [metric.name for metric in METRICS]


def test_a_wrong_field_is_found_all_the_same_but_is_no_record(event: Event) -> None:
    # five facts in all: three of post, two of radio, none of lantern
    values = scored(event, only("radio", kind="plan", speaker="Ivo Marek"))
    assert values["facts_f1"] == 1.0
    assert values["kind_accuracy"] == values["speaker_accuracy"] == 0.8
    assert ("found", "g1", ("kind", "speaker")) in outcomes(
        event, only("radio", kind="plan", speaker="Ivo Marek")
    )


def test_a_record_weighs_as_many_as_its_articles(event: Event) -> None:
    # g1 (two articles) is told with a wrong kind: weight 3 of 5 is right, and 3 of 4 merged facts
    def wrong(_: str, facts: Facts) -> Facts:
        return [f.model_copy(update={"kind": "plan"}) if "killed" in f.statement else f for f in facts]

    values = scored(event, wrong)
    assert values["f_record_recall"] == pytest.approx(3 / 5)
    assert values["f_record_precision"] == pytest.approx(3 / 4)
    assert values["f_record"] == pytest.approx(2 / 3)
    assert values["f_w"] == 1.0


def test_a_wrong_number_is_neither_found_nor_merely_missed(event: Event) -> None:
    change = only(
        "radio",
        statement="Seven people were killed when a freight train left the rails near Orvela on Monday.",
        values=(),
    )
    values = scored(event, change)
    assert values["facts_recall"] == values["facts_precision"] == pytest.approx(4 / 5)
    assert values["value_error_rate"] == pytest.approx(1 / 5)
    assert ("wrong_value", "g1", ("number",)) in outcomes(event, change)


def test_what_nobody_labelled_is_invented(event: Event) -> None:
    change = only("radio", statement="A school bus stood in the way of the convoy.", values=())
    assert sorted(o for o in outcomes(event, change) if o[0] != "found") == [
        ("invented", None, ()),
        ("missed", "g1", ()),
    ]
    assert scored(event, change)["facts_f1"] == pytest.approx(4 / 5)


def test_forbidden_text_is_no_fact_even_where_it_says_one(event: Event) -> None:
    text = event.texts["post"].text
    start = text.index("Leave a Reply")
    evidence = (Evidence(sentence_id="s9", start=start, end=start + 13, quote="Leave a Reply"),)
    values = scored(event, only("post", evidence=evidence))
    assert values["forbidden_rate"] == pytest.approx(1 / 5)
    assert values["facts_recall"] == pytest.approx(4 / 5)
    assert ("forbidden", None, ()) in outcomes(event, only("post", evidence=evidence))


def test_a_quote_that_is_not_there_is_not_exact(event: Event) -> None:
    evidence = (Evidence(sentence_id="s1", start=0, end=5, quote="never"),)
    assert scored(event, only("radio", evidence=evidence))["quote_exact"] == pytest.approx(4 / 5)


def test_leaving_apart_and_merging_all_are_printed_beside_merging(event: Event) -> None:
    values = scored(event)
    assert values["merge_pairs_f1"] == values["merge_lea_f1"] == values["cross_article_recall"] == 1.0
    assert values["singletons_pairs_f1"] == 0.0
    # g1 twice, three others alone: three of five items are right alone
    assert values["singletons_lea_f1"] == pytest.approx(3 / 5)
    # all in one: of 6 cross-article pairs one belongs together
    assert values["one_cluster_pairs_f1"] == pytest.approx(2 / 7)


def apart(event: Event) -> list[Sample]:
    """The labels' facts, none of them merged."""
    samples = echo_samples(event)
    facts = {s.article: s.facts.facts for s in samples if s.article and s.facts}
    story = story_of(event, facts, {f.fact_id: f.fact_id for each in facts.values() for f in each})
    return [*samples[:-1], samples[-1].model_copy(update={"story": story})]


def test_unmerged_facts_cost_precision_and_every_pair(event: Event) -> None:
    values = score_event(event, apart(event)).score.values
    assert values["merge_pairs_f1"] == values["cross_article_recall"] == 0.0
    assert values["merge_lea_f1"] == values["singletons_lea_f1"]
    assert values["f_record_recall"] == 1.0
    assert values["f_record_precision"] == pytest.approx(4 / 5)
    assert values["support_jaccard"] == pytest.approx((1 / 2 + 1 + 1 + 1) / 4)


def with_story(event: Event, **changed: Any) -> dict[str, Any]:
    *read, told = echo_samples(event)
    assert told.story is not None
    return score_event(
        event, [*read, told.model_copy(update={"story": told.story.model_copy(update=changed)})]
    ).score.values


def test_a_conflict_passed_over_is_silence(event: Event) -> None:
    values = with_story(event, conflicts=())
    assert values["conflict_recall"] == 0.0
    assert values["silent_resolution_rate"] == 1.0
    assert values["false_conflict_rate"] is None


def test_a_conflict_between_other_things_is_false(event: Event) -> None:
    story = echo_samples(event)[-1].story
    assert story is not None
    sides = tuple(
        Position(value=name, merged_fact_ids=(name,), article_ids=story.conflicts[0].positions[0].article_ids)
        for name in ("g1", "g4")
    )
    false = story.conflicts[0].model_copy(update={"positions": sides})
    values = with_story(event, conflicts=(*story.conflicts, false))
    assert values["conflict_recall"] == 1.0
    assert values["false_conflict_rate"] == 0.5


def test_copies_are_pairs_of_articles(event: Event) -> None:
    assert with_story(event)["copies_f1"] == 1.0
    assert with_story(event, copies=())["copies_f1"] == 0.0


def test_citations_carry_their_sentence_or_not(event: Event) -> None:
    story = echo_samples(event)[-1].story
    assert story is not None
    sentence = story.summary.sentences[0]
    told = sentence.model_copy(update={"text": "Police said 20 people were injured."})
    text = event.texts["radio"].text
    start = text.index("Police said 20")
    good = sentence.citations[0].model_copy(
        update={"article_id": event.texts["radio"].article_id, "start": start, "end": start + 34}
    )
    bad = good.model_copy(update={"start": 0, "end": 20})

    def values(*citations: Any) -> dict[str, Any]:
        one = told.model_copy(update={"citations": citations})
        return with_story(
            event, summary=story.summary.model_copy(update={"text": one.text, "sentences": (one,)})
        )

    assert values(good)["citation_recall"] == values(good)["citation_precision"] == 1.0
    assert values(good, bad)["citation_recall"] == 1.0
    assert values(good, bad)["citation_precision"] == 0.5
    assert values(bad)["citation_recall"] == values(bad)["citation_precision"] == 0.0
    assert values(good)["sentence_support"] == 1.0
    # of weights 2 + 1 + 1 + 1 the summary tells g3
    assert values(good)["summary_coverage"] == pytest.approx(1 / 5)


# -- failures -------------------------------------------------------------------------------------


def test_a_failed_article_is_a_zero_and_not_a_gap(event: Event) -> None:
    samples = [
        s.model_copy(update={"state": "timeout", "facts": None}) if s.article == "post" else s
        for s in echo_samples(event)
    ]
    found = score_event(event, samples)
    assert found.score.values["facts_recall"] == pytest.approx(2 / 5)
    assert found.score.values["facts_precision"] == 1.0
    assert found.score.values["valid_final"] == found.score.values["valid_first"] == pytest.approx(3 / 4)
    assert found.states == {"ok": 3, "timeout": 1}


def test_facts_of_a_case_that_is_not_ok_do_not_count(event: Event) -> None:
    samples = [s.model_copy(update={"state": "truncated"}) if s.article else s for s in echo_samples(event)]
    assert score_event(event, samples).score.values["facts_f1"] == 0.0


def test_no_story_is_zero_for_all_that_a_story_tells(event: Event) -> None:
    values = scored(event, told=False)
    for name in (
        "f_record",
        "f_w",
        "merge_lea_f1",
        "merge_pairs_f1",
        "summary_coverage",
        "copies_f1",
        "conflict_recall",
    ):
        assert values[name] == 0.0, name
    assert values["facts_f1"] == 1.0
    for name in ("silent_resolution_rate", "false_conflict_rate", "citation_recall"):
        assert values[name] is None, name


def test_a_repeat_that_was_not_run_is_missing_and_zero(event: Event) -> None:
    found = score_event(event, echo_samples(event), repeats=2)
    assert found.score.values["facts_f1"] == pytest.approx(0.5)
    assert found.states == {"ok": 4, "missing": 4}
    assert (found.score.ok, found.score.samples) == (4, 8)


def test_repeats_are_averaged_first(event: Event) -> None:
    samples = [*echo_samples(event), *echo_samples(event, lambda _, facts: facts[:1], repeat=1)]
    # the second repeat finds 2 of 5 facts
    assert score_event(event, samples).score.values["facts_recall"] == pytest.approx((1 + 2 / 5) / 2)


def test_an_event_without_labels_and_without_facts_is_right(event: Event) -> None:
    values = scored(event.model_copy(update={"gold": (), "conflicts": (), "copies": ()}))
    assert values["facts_f1"] == values["f_record"] == 1.0
    assert values["merge_pairs_f1"] is values["summary_coverage"] is values["kind_accuracy"] is None


# -- runs -----------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = write_event(tmp_path / "data" / "orvela-train")
    event = load_event(folder)
    manifest = Manifest(
        system="echo", backend="none", model="echo", prompts={}, prompts_sha256={}, sampling={}, repeats=1,
        events=(run_event(event, folder),), attest_version="0", started_at=datetime(2031, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    path = tmp_path / "run"
    path.mkdir()
    (path / MANIFEST).write_text(manifest.model_dump_json(), encoding="utf-8")
    lines = "".join(sample.model_dump_json() + "\n" for sample in echo_samples(event))
    (path / SAMPLES).write_text(lines, encoding="utf-8")
    return path


def test_a_run_is_scored_from_its_files(run: Path) -> None:
    scores = score_run(run)
    assert Scores.model_validate_json((run / SCORES).read_text(encoding="utf-8")) == scores
    told = [
        Outcome.model_validate(json.loads(line))
        for line in (run / OUTCOMES).read_text(encoding="utf-8").splitlines()
    ]
    assert {o.result for o in told} == {"found"}
    assert scores.totals["facts_f1"].value == 1.0
    assert scores.totals["facts_f1"].n == 1
    assert scores.totals["quote_exact"].n == 5
    assert scores.totals["quote_exact"].low == pytest.approx(0.566, abs=0.001)  # Wilson, 5 of 5
    assert scores.states == {"ok": 4}
    assert scores.scorer_sha256 == scorer_sha256()
    assert sorted(path.name for path in run.iterdir()) == sorted((MANIFEST, SAMPLES, SCORES, OUTCOMES))


def test_scoring_again_writes_the_same_bytes(run: Path) -> None:
    score_run(run)
    first = [(run / name).read_bytes() for name in (SCORES, OUTCOMES)]
    score_run(run)
    assert [(run / name).read_bytes() for name in (SCORES, OUTCOMES)] == first


def test_an_event_that_was_not_begun_counts(run: Path, event: Event) -> None:
    manifest = Manifest.model_validate_json((run / MANIFEST).read_text(encoding="utf-8"))
    other = event.model_copy(update={"id": "another"})
    both = manifest.model_copy(
        update={
            "events": (*manifest.events, RunEvent(id="another", split="dev", folder=".", sha256="0" * 64))
        }
    )
    scores = score_samples(both, [event, other], echo_samples(event))
    assert scores.totals["facts_f1"].value == pytest.approx(0.5)
    assert scores.states == {"missing": 4, "ok": 4}


def test_a_merged_fact_of_unknown_facts_does_no_harm(event: Event) -> None:
    story = echo_samples(event)[-1].story
    assert story is not None
    strange = MergedFact(
        merged_fact_id="m", statement="Nothing of the kind.", kind="event", speaker=None, fact_ids=("gone",),
        article_ids=("elsewhere",), independent_sources=1, status="single_source", importance=0.1,
    )  # fmt: skip
    values = with_story(event, merged_facts=(*story.merged_facts, strange))
    assert values["f_record_precision"] == pytest.approx(4 / 5)


def test_a_fact_echoes_its_label(event: Event) -> None:
    fact = fact_of(event.gold[0], "post", event.texts["post"])
    assert fact.evidence[0].quote == event.gold[0].mentions[0].quote
