"""What came of one case."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from evals.attempting import Tried, state_of, try_reading, try_telling
from evals.runs import Key
from service.errors import (
    AttestError,
    BackendRateLimited,
    BackendRefused,
    BackendTimeout,
    BackendUnavailable,
    BackendUnreachable,
    ContentFiltered,
    ContextOverflow,
    EmptyArticle,
    QuotaExceeded,
    UnsupportedLanguage,
)
from service.facts.models import Draft, Reason, Rejected
from service.stories.models import ArticleFacts, Story
from service.text.article import Article
from tests.evals.fakes import reading, telling, ticking
from tests.newsroom import TRAIN, article

READ = Key("e", 0, "a")
TELL = Key("e", 2, None)
GIVEN = article(TRAIN)


class Doing:
    """Reads and tells as it is told to."""

    def __init__(self, error: AttestError | None = None, **usage: float) -> None:
        self.error, self.usage = error, usage

    def read(self, article: Article) -> ArticleFacts:
        if self.error is not None:
            raise self.error
        return reading(article, **self.usage)

    def tell(self, read: Sequence[ArticleFacts]) -> Story:
        if self.error is not None:
            raise self.error
        return telling(read, **self.usage)


def read(system: Doing) -> Tried:
    return try_reading(READ, system, GIVEN, ticking())


def test_an_article_that_is_read() -> None:
    sample = read(Doing(calls=1)).sample
    assert (sample.event, sample.article, sample.repeat, sample.state) == ("e", "a", 0, "ok")
    assert sample.facts is not None
    assert (sample.seconds, sample.replayed, sample.problem) == (1.0, False, None)


def test_a_story_that_is_told() -> None:
    sample = try_telling(TELL, Doing(calls=1), [reading(GIVEN)], ticking()).sample
    assert (sample.article, sample.repeat, sample.state) == (None, 2, "ok")
    assert sample.story is not None


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (BackendTimeout("x"), "timeout"),
        (ContentFiltered("x"), "refused"),
        (BackendRefused("x"), "refused"),
        (ContextOverflow("x"), "truncated"),
        (BackendUnavailable("x"), "error"),
        (BackendRateLimited("x"), "error"),
        (EmptyArticle("x"), "error"),
        (UnsupportedLanguage("x"), "error"),
    ],
)
def test_a_failure_is_a_sample_with_a_state(error: AttestError, state: str) -> None:
    for tried in (read(Doing(error)), try_telling(TELL, Doing(error), [reading(GIVEN)], ticking())):
        assert (tried.sample.state, tried.error) == (state, error)
        assert tried.sample.problem is not None
        assert (tried.sample.problem.type, tried.sample.problem.detail) == (error.slug, "x")
        assert tried.sample.seconds == 1.0


@pytest.mark.parametrize("error", [BackendUnreachable("x"), QuotaExceeded("x")])
def test_what_every_case_would_share_is_raised(error: AttestError) -> None:
    with pytest.raises(type(error)):
        read(Doing(error))
    with pytest.raises(type(error)):
        try_telling(TELL, Doing(error), [reading(GIVEN)], ticking())


def test_an_event_of_which_nothing_could_be_read() -> None:
    tried = try_telling(TELL, Doing(), [], ticking())
    assert tried.sample.state == "error"
    assert tried.sample.problem is not None
    assert tried.sample.problem.detail == "no article of the event could be read"


class TestSeconds:
    def test_an_answer_out_of_the_store_took_as_long_as_it_took_then(self) -> None:
        sample = read(Doing(replayed=3, seconds=50.0)).sample
        assert (sample.seconds, sample.replayed) == (50.0, True)

    def test_what_was_asked_now_took_as_long_as_somebody_waited(self) -> None:
        """Four questions side by side take their sum of seconds, and a quarter of that by the clock."""
        sample = read(Doing(calls=4, seconds=50.0)).sample
        assert (sample.seconds, sample.replayed) == (1.0, False)

    def test_a_story_does_not_count_the_reading_again(self) -> None:
        before = [reading(GIVEN, calls=1, replayed=1, seconds=40.0)]
        fresh = try_telling(TELL, Doing(calls=1, seconds=5.0), before, ticking()).sample
        assert (fresh.seconds, fresh.replayed) == (1.0, False)
        replayed = try_telling(TELL, Doing(calls=1, replayed=1, seconds=5.0), before, ticking()).sample
        assert (replayed.seconds, replayed.replayed) == (5.0, True)


class TestStates:
    def facts(self, *reasons: Reason, origin: str = "model") -> ArticleFacts:
        drafts = [
            Draft.model_validate({"sentence_ids": ("s1",), "statement": "x", "origin": origin})
            for _ in reasons
        ]
        rejected = tuple(
            Rejected(article_id="a", draft=draft, reason=reason, detail="")
            for draft, reason in zip(drafts, reasons, strict=True)
        )
        return reading(GIVEN).model_copy(update={"rejected": rejected})

    def test_nothing_but_broken_answers(self) -> None:
        assert state_of(self.facts("unparsable", "unparsable")) == "invalid"
        assert state_of(self.facts("unparsable", "truncated")) == "invalid"
        assert state_of(self.facts("truncated")) == "truncated"

    def test_an_article_without_news_is_read_well(self) -> None:
        assert state_of(self.facts()) == "ok"
        assert state_of(self.facts("not_news", "not_news", origin="source")) == "ok"
        assert state_of(self.facts("unparsable", "number_not_in_evidence")) == "ok"
