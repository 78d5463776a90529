"""Three small articles all the way to a story, with a model that is a script."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from service.backends.base import ModelReply, ModelRequest
from service.backends.scripted import ScriptedBackend
from service.errors import (
    ArticleTooLarge,
    BackendUnreachable,
    EmptyArticle,
    ModelFileError,
    NotFound,
    NotText,
    SettingsError,
    TooManyArticles,
    UnsupportedLanguage,
)
from service.pipeline import Attest, open_attest
from service.settings import Settings
from service.stories.models import Story, StoryOptions, StoryUsage
from service.text.parsing import Parser
from tests.newsroom import (
    SILENT,
    TRAIN,
    TRAIN_AGAIN,
    WINDOW,
    article,
    asked,
    check_fact,
    check_story,
    scripted,
    statements,
    story_articles,
    without_settings,
)

GERMAN = (
    "Ein Güterzug ist am Montag bei Orvela entgleist, dabei starben drei Menschen, sagte die Polizei. " * 4
)
SPLIT = json.dumps(
    {
        "facts": [
            "A freight train left the rails near Orvela on Monday.",
            "A freight train killed 3 people.",
            "A freight train injured 14 people.",
        ]
    }
)


def obliging(request: ModelRequest) -> str:
    """Splits what it can and joins facts with "and"."""
    if request.stage == "extract_facts":
        return SPLIT if "killing 3 people" in asked(request) else SILENT
    facts = [line[2:].rstrip(".") for line in asked(request).splitlines()]
    return json.dumps(
        {"sentence": ", and ".join([facts[0], *(f[0].lower() + f[1:] for f in facts[1:])]) + "."}
    )


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_settings(monkeypatch, tmp_path)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database=tmp_path / "attest.db", max_article_chars=5_000, max_articles=4)


@pytest.fixture
def attest(settings: Settings, parser: Parser) -> Attest:
    return Attest(settings, backend=scripted(obliging), parser=parser)


def without_usage(story: Story) -> str:
    return story.model_copy(update={"usage": StoryUsage()}).model_dump_json()


class TestStory:
    def test_it_keeps_the_contract(self, attest: Attest) -> None:
        story = attest.story(story_articles())
        check_story(story)
        assert [a.source for a in story.articles] == ["Harbour Post", "Valley Radio", "Evening Lantern"]
        assert [a.text for a in story.articles] == [a.text for a in story_articles()]
        assert story.skipped == ()

    def test_it_says_who_made_it(self, attest: Attest) -> None:
        provenance = attest.story(story_articles()).provenance
        assert (provenance.backend, provenance.model) == ("scripted", "script")
        assert set(provenance.prompts) == {"extract_facts", "write_summary"}
        assert all(len(p.sha256) == 64 for p in provenance.prompts.values())

    def test_facts_name_their_prompt(self, attest: Attest) -> None:
        story = attest.story(story_articles())
        used = story.provenance.prompts["extract_facts"]
        assert {(f.prompt.version, f.prompt.sha256) for f in story.facts} == {(used.version, used.sha256)}

    def test_what_several_say_is_corroborated(self, attest: Attest) -> None:
        story = attest.story(story_articles())
        killed = [m for m in story.merged_facts if "3 people" in m.statement or "Three people" in m.statement]
        assert max(m.independent_sources for m in killed) >= 2

    def test_what_they_say_differently_is_kept_as_a_conflict(self, attest: Attest) -> None:
        story = attest.story(story_articles())
        assert any(
            {"14", "20"} <= {n for p in c.positions for n in p.value.split()} for c in story.conflicts
        ), [[p.value for p in c.positions] for c in story.conflicts]

    def test_two_runs_give_the_same_bytes(self, attest: Attest, settings: Settings, parser: Parser) -> None:
        again = Attest(settings, backend=scripted(obliging), parser=parser)
        assert without_usage(attest.story(story_articles())) == without_usage(again.story(story_articles()))

    def test_another_article_makes_another_story(self, attest: Attest) -> None:
        both = {attest.story(story_articles()[:n]).story_id for n in (1, 2, 3)}
        assert len(both) == 3

    def test_the_order_of_articles_changes_no_fact(self, attest: Attest) -> None:
        one, other = attest.story(story_articles()), attest.story(story_articles()[::-1])
        check_story(other)
        assert one.merged_facts == other.merged_facts
        assert one.conflicts == other.conflicts
        assert one.summary == other.summary

    def test_stages_add_up_and_every_call_is_counted(self, settings: Settings, parser: Parser) -> None:
        calls: list[ModelRequest] = []

        def counting(request: ModelRequest) -> str:
            calls.append(request)
            return obliging(request)

        usage = Attest(settings, backend=scripted(counting), parser=parser).story(story_articles()).usage
        assert usage.calls == len(calls) == sum(stage.calls for stage in usage.stages.values())
        assert set(usage.stages) == {request.stage for request in calls}

    def test_the_length_of_the_summary_is_an_option(self, attest: Attest) -> None:
        short = attest.story(story_articles(), StoryOptions(summary_sentences=3))
        long = attest.story(story_articles(), StoryOptions(summary_sentences=8))
        assert len(short.summary.sentences) == 3
        assert 3 < len(long.summary.sentences) <= 8

    @pytest.mark.parametrize("reply", ["", "no", SILENT, '{"sentence": "Nine dragons landed."}'])
    def test_a_model_that_is_no_help(self, settings: Settings, parser: Parser, reply: str) -> None:
        story = Attest(settings, backend=scripted(lambda _: reply), parser=parser).story(story_articles())
        check_story(story)
        assert "dragons" not in story.summary.text
        assert {s.origin for s in story.summary.sentences} == {"source"}

    def test_a_model_that_answers_whole_windows(self, settings: Settings, parser: Parser) -> None:
        fact = {"ids": ["s2"], "statement": "Nine dragons landed.", "kind": "event", "speaker": None}
        answer = json.dumps({"facts": [fact]})
        story = Attest(settings, backend=scripted(lambda _: answer, WINDOW), parser=parser).story(
            story_articles()
        )
        check_story(story)
        assert story.provenance.prompts["extract_facts"].version == "v2"
        assert len(story.rejected) >= 3

    def test_a_backend_that_is_gone_is_an_error(self, settings: Settings, parser: Parser) -> None:
        def gone(request: ModelRequest) -> str:
            raise BackendUnreachable("nobody there")

        with pytest.raises(BackendUnreachable):
            Attest(settings, backend=scripted(gone), parser=parser).story(story_articles())

    def test_a_writer_that_is_gone_is_none(self, settings: Settings, parser: Parser) -> None:
        def half(request: ModelRequest) -> str:
            if request.stage == "write_summary":
                raise BackendUnreachable("nobody there")
            return obliging(request)

        check_story(Attest(settings, backend=scripted(half), parser=parser).story(story_articles()))

    def test_progress_tells_every_stage_to_its_end(self, attest: Attest) -> None:
        seen: dict[str, tuple[int, int]] = {}
        attest.story(story_articles(), progress=lambda s, d, t, detail="": seen.update({s: (d, t)}))
        assert {"read", "article", "extract_facts", "write_summary"} <= set(seen)
        assert all(done == total for done, total in seen.values())

    def test_it_can_be_asked_by_several_threads(self, attest: Attest) -> None:
        expected, found = without_usage(attest.story(story_articles())), []
        threads = [
            threading.Thread(target=lambda: found.append(without_usage(attest.story(story_articles()))))
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [expected] * 3


class TestSkipped:
    def test_what_cannot_be_read_is_listed_and_costs_the_others_nothing(self, attest: Attest) -> None:
        given = [
            article("  "),
            article(TRAIN),
            article(GERMAN),
            article(TRAIN),
        ]
        story = attest.story(given)
        check_story(story)
        assert [(s.position, s.reason) for s in story.skipped] == [
            (0, "empty-article"), (2, "unsupported-language"), (3, "duplicate-article"),
        ]  # fmt: skip
        assert all(s.detail for s in story.skipped)
        assert len(story.articles) == 1

    def test_the_same_text_from_another_outlet_is_a_copy_and_no_duplicate(self, attest: Attest) -> None:
        story = attest.story([article(TRAIN, "Harbour Post"), article(TRAIN, "Valley Radio")])
        check_story(story)
        assert (len(story.articles), story.skipped) == (2, ())
        (group,) = story.copies
        assert set(group.article_ids) == {a.article_id for a in story.articles}
        assert {m.independent_sources for m in story.merged_facts} == {1}

    @pytest.mark.parametrize(
        ("text", "error"),
        [
            ("", EmptyArticle),
            (" \n\t\u200b", EmptyArticle),
            ("x" * 5_001, ArticleTooLarge),
            ("<html><body><p>A train.</p></body></html>", NotText),
            (GERMAN, UnsupportedLanguage),
        ],
    )
    def test_when_the_only_article_cannot_be_read_its_error_is_raised(
        self, attest: Attest, text: str, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            attest.story([article(text)])
        with pytest.raises(error):
            attest.facts(article(text))
        with pytest.raises(error):
            attest.check(article(text), ["A train left."])

    def test_when_none_can_be_read_the_error_counts_them(self, attest: Attest) -> None:
        with pytest.raises(EmptyArticle, match="none of the 2 articles"):
            attest.story([article(""), article(GERMAN)])

    def test_no_article(self, attest: Attest) -> None:
        with pytest.raises(EmptyArticle, match="no article"):
            attest.story([])

    def test_too_many_articles(self, attest: Attest) -> None:
        with pytest.raises(TooManyArticles, match=r"5 articles; the limit is 4 \(ATTEST_MAX_ARTICLES\)"):
            attest.story([article(TRAIN, str(n)) for n in range(5)])

    @pytest.mark.parametrize(
        "text",
        [
            "A train left Orvela on Monday.",
            "Orvela",
            "A TRAIN LEFT THE RAILS NEAR ORVELA ON MONDAY, KILLING 3 PEOPLE AND INJURING 14 OTHERS.",
            "\ufeffA train\x00 left\u202e Orvela\u200b on Monday.\r\n\r\nIt was late.",
            "🚂 🚂 🚂 left",
            "1. 2. 3. ... !!! a",
            "\"'“”«»(((([[[{{{ train",
            "A " * 2_000,
        ],
    )
    def test_odd_articles(self, attest: Attest, text: str) -> None:
        story = attest.story([article(text)])
        check_story(story)
        assert story.articles[0].text == text


class TestFactsAndCheck:
    def test_the_facts_of_one_article(self, attest: Attest) -> None:
        found = attest.facts(article(TRAIN))
        assert found.article.text == TRAIN
        assert found.ledger.kept == len(found.facts) >= 5
        assert found.ledger.drafts == len(found.facts) + len(found.rejected)
        assert set(found.provenance.prompts) == {"extract_facts"}
        for fact in found.facts:
            check_fact(fact, TRAIN)

    def test_a_story_holds_the_same_facts(self, attest: Attest) -> None:
        alone = attest.facts(article(TRAIN_AGAIN))
        assert statements(attest.story([article(TRAIN_AGAIN)]).facts) == statements(alone.facts)

    def test_verdicts_in_input_order_and_no_model(self, settings: Settings, parser: Parser) -> None:
        def never(request: ModelRequest) -> ModelReply:
            raise AssertionError("asked")

        given = [
            "Three people were killed.",
            "Five people were killed.",
            "",
            "Ivo Marek will visit the site.",
        ]
        verdicts = Attest(settings, backend=scripted(never), parser=parser).check(article(TRAIN), given)
        assert [v.statement for v in verdicts] == given
        assert [v.verdict for v in verdicts] == ["supported", "rejected", "rejected", "supported"]
        assert verdicts[1].reason == "number_not_in_evidence"
        for verdict in verdicts:
            assert (verdict.verdict == "rejected") == (verdict.reason is not None)
            for evidence in verdict.evidence:
                assert evidence.quote == TRAIN[evidence.start : evidence.end]

    def test_no_statement_no_verdict(self, attest: Attest) -> None:
        assert attest.check(article(TRAIN), []) == []


class TestOpening:
    def test_nothing_is_loaded_before_it_is_needed(self, tmp_path: Path) -> None:
        lost = open_attest(Settings(models_dir=tmp_path / "none", database=tmp_path / "attest.db"))
        lost.close()
        assert list(tmp_path.iterdir()) == []

    def test_what_is_missing_is_named(self, tmp_path: Path) -> None:
        lost = open_attest(Settings(models_dir=tmp_path / "none", database=tmp_path / "attest.db"))
        state = lost.ready()
        assert set(state) == {"backend", "parser", "prompts"}
        assert "attest models pull" in state["backend"]
        assert "attest models pull" in state["parser"]
        with pytest.raises(ModelFileError):
            lost.story(story_articles())

    def test_ready(self, attest: Attest) -> None:
        assert attest.ready() == {"backend": "ok", "parser": "ok", "prompts": "ok"}

    def test_a_scripted_backend_needs_a_script(self, tmp_path: Path, parser: Parser) -> None:
        settings = Settings(backend="scripted", database=tmp_path / "attest.db")
        with pytest.raises(SettingsError, match="ATTEST_SCRIPT"):
            Attest(settings, parser=parser).story(story_articles())

    def test_a_script_from_a_file(self, tmp_path: Path, parser: Parser) -> None:
        line: dict[str, Any] = {"stage": "extract_facts", "contains": "killing", "reply": json.loads(SPLIT)}
        script = tmp_path / "replies.jsonl"
        script.write_text(json.dumps(line) + "\n", encoding="utf-8")
        settings = Settings(backend="scripted", script=script, database=tmp_path / "attest.db")
        story = Attest(settings, parser=parser).story(story_articles())
        check_story(story)
        assert story.provenance.model == "replies"
        assert any(fact.origin == "model" for fact in story.facts)

    def test_a_prompt_version_that_does_not_exist(self, tmp_path: Path, parser: Parser) -> None:
        settings = Settings(prompts={"extract_facts": "v99"}, database=tmp_path / "attest.db")
        broken = Attest(settings, backend=scripted(obliging), parser=parser)
        with pytest.raises(NotFound, match="v99"):
            broken.facts(article(TRAIN))
        assert "v99" in broken.ready()["prompts"]

    def test_another_prompt_version_is_used_and_named(self, tmp_path: Path, parser: Parser) -> None:
        settings = Settings(prompts={"extract_facts": "v2"}, database=tmp_path / "attest.db")
        other = Attest(settings, backend=scripted(obliging), parser=parser)
        assert other.facts(article(TRAIN)).provenance.prompts["extract_facts"].version == "v2"

    def test_closing_closes_the_backend(self, settings: Settings, parser: Parser) -> None:
        closed: list[bool] = []

        class Closing(ScriptedBackend):
            def close(self) -> None:
                closed.append(True)

        Attest(settings, backend=Closing(obliging, profile=WINDOW), parser=parser).close()
        assert closed == [True]
