"""Attest as a system: who it is, and what a repeat is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.systems import FIRST_SEED, AttestSystems
from service.backends.base import ModelReply, ModelRequest
from service.errors import BackendTimeout, BackendUnreachable, ContentFiltered, NotFound
from service.settings import Settings, load_settings
from service.stories.plan import Group
from service.text.parsing import Parser
from tests.evals.fakes import FakeBackend
from tests.newsroom import check_fact, check_story, story_articles


class Splitting(FakeBackend):
    """Says nothing of use, or what `summary` says for a summary."""

    summary: BackendTimeout | BackendUnreachable | ContentFiltered | None = None

    def complete(self, request: ModelRequest) -> ModelReply:
        if request.stage == "write_summary" and self.summary is not None:
            raise self.summary
        reply = super().complete(request)
        text = '{"facts": []}' if request.stage == "extract_facts" else '{"sentence": ""}'
        return ModelReply(text, "stop", reply.model, reply.usage)


@pytest.fixture
def bare() -> Splitting:
    return Splitting()


def open_systems(bare: FakeBackend, folder: Path, parser: Parser, **settings: object) -> AttestSystems:
    given = load_settings(database=folder / "attest.db", **settings)
    return AttestSystems(given, folder / "replies.db", backend=bare, parser=parser)


@pytest.fixture
def systems(bare: Splitting, tmp_path: Path, parser: Parser) -> AttestSystems:
    return open_systems(bare, tmp_path, parser)


class TestReading:
    def test_facts_and_a_story(self, systems: AttestSystems) -> None:
        system = systems.open(0)
        read = [system.read(article) for article in story_articles()]
        for found in read:
            for fact in found.facts:
                check_fact(fact, found.article.text)
        story = system.tell(read)
        check_story(story)
        assert [f.fact_id for f in story.facts] == [f.fact_id for found in read for f in found.facts]

    def test_a_repeat_asks_everything_again_with_another_seed(
        self, systems: AttestSystems, bare: Splitting
    ) -> None:
        article = story_articles()[0]
        first = systems.open(0).read(article)
        asked = len(bare.requests)
        assert asked
        assert {request.seed for request in bare.requests} == {FIRST_SEED}
        second = systems.open(1).read(article)
        assert len(bare.requests) == 2 * asked
        assert {request.seed for request in bare.requests[asked:]} == {FIRST_SEED + 1}
        assert (first.usage.replayed, second.usage.replayed) == (0, 0)

    def test_the_same_repeat_asks_nothing_again(
        self, systems: AttestSystems, bare: Splitting, tmp_path: Path, parser: Parser
    ) -> None:
        article = story_articles()[0]
        first = systems.open(0).read(article)
        asked = len(bare.requests)
        systems.close()
        again = open_systems(bare, tmp_path, parser).open(0).read(article)
        assert len(bare.requests) == asked
        assert again.facts == first.facts
        assert again.usage.replayed == first.usage.calls
        assert again.usage.prompt_tokens == first.usage.prompt_tokens

    def test_attest_s_own_cache_is_left_alone(self, systems: AttestSystems, tmp_path: Path) -> None:
        systems.open(0).read(story_articles()[0])
        systems.close()
        assert not (tmp_path / "attest.db").exists()


class TestForgivenFailures:
    """Attest writes a summary without a model that is gone; an eval must not call that a success."""

    @pytest.fixture(autouse=True)
    def one_sentence_of_two_facts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The only kind of sentence that the model is asked for."""
        monkeypatch.setattr("service.pipeline.plan", lambda merged, *_, **__: (Group(tuple(merged[:2])),))

    @pytest.mark.parametrize("error", [BackendTimeout("slow"), BackendUnreachable("gone")])
    def test_a_summary_without_its_writer_is_a_failure(
        self, systems: AttestSystems, bare: Splitting, error: BackendTimeout | BackendUnreachable
    ) -> None:
        system = systems.open(0)
        read = [system.read(article) for article in story_articles()]
        bare.summary = error
        with pytest.raises(type(error)):
            system.tell(read)

    def test_what_the_model_refuses_to_write_is_the_system_s_own_affair(
        self, systems: AttestSystems, bare: Splitting
    ) -> None:
        system = systems.open(0)
        read = [system.read(article) for article in story_articles()]
        bare.summary = ContentFiltered("no")
        check_story(system.tell(read))


class TestIdentity:
    def test_everything_that_can_change_an_answer(self, systems: AttestSystems) -> None:
        identity = systems.identity
        assert (identity.system, identity.backend, identity.model) == ("attest", "fake", "fake-model")
        assert (identity.prompts["extract_facts"], identity.prompts["write_summary"]) == ("v1", "v1")
        assert {identity.prompts[task] for task in ("repair_statement", "same_fact")} == {"off"}
        assert set(identity.prompts_sha256) == {"extract_facts", "write_summary"}
        assert all(len(sha) == 64 for sha in identity.prompts_sha256.values())
        assert identity.sampling["seed"] == FIRST_SEED
        assert identity.sampling["extract_facts.temperature"] == 0.0
        assert identity.sampling["window_tokens"] == Settings().window_tokens
        json.dumps(identity.sampling)

    def test_other_prompts_are_another_system(self, bare: Splitting, tmp_path: Path, parser: Parser) -> None:
        chosen = {"extract_facts": "v2", "repair_statement": "v1"}
        identity = open_systems(bare, tmp_path, parser, prompts=chosen).identity
        assert identity.prompts == chosen | {"write_summary": "v1", "same_fact": "off"}

    def test_a_prompt_that_does_not_exist(self, bare: Splitting, tmp_path: Path, parser: Parser) -> None:
        with pytest.raises(NotFound, match="v99"):
            _ = open_systems(bare, tmp_path, parser, prompts={"extract_facts": "v99"}).identity

    def test_the_server_is_named_without_its_secrets(
        self, bare: Splitting, tmp_path: Path, parser: Parser
    ) -> None:
        systems = open_systems(
            bare, tmp_path, parser, backend="openai", base_url="https://me:pass@models.example:8443/v1?key=s3"
        )
        assert systems.identity.sampling["server"] == "https://models.example:8443/v1"

    def test_nothing_is_asked_to_know_it(self, systems: AttestSystems, bare: Splitting) -> None:
        _ = systems.identity
        assert bare.requests == []

    def test_as_many_articles_at_once_as_the_backend_takes(self, tmp_path: Path, parser: Parser) -> None:
        assert open_systems(FakeBackend(concurrency=1), tmp_path, parser).workers == 1
        assert open_systems(FakeBackend(concurrency=4), tmp_path, parser).workers == 4

    def test_closing_closes_the_backend(self, systems: AttestSystems, bare: Splitting) -> None:
        systems.close()
        assert bare.closed
