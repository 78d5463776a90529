"""Real documents, where somebody has put them beside the checkout: only what holds for every story."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.pipeline import Attest
from service.settings import Settings, load_settings
from service.text.article import Article
from service.text.parsing import Parser
from tests.conftest import SMALL_MODEL
from tests.newsroom import check_story, without_settings
from tests.summaries import refused

pytestmark = pytest.mark.model

DOCUMENTS = Path(__file__).resolve().parents[2] / "shared" / "seeds"


def test_real_documents(tmp_path: Path, parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    models = load_settings().models_dir
    without_settings(monkeypatch, tmp_path)
    paths = sorted(DOCUMENTS.glob("*.txt"))
    if not paths:
        return  # not part of the repository
    settings = Settings(
        model=SMALL_MODEL, models_dir=models, database=tmp_path / "attest.db",
        backend="local", context_tokens=2048, threads=1,
    )  # fmt: skip
    articles = [Article(text=path.read_text(encoding="utf-8"), source=path.stem) for path in paths]
    attest = Attest(settings, parser=parser)
    try:
        story = attest.story(articles)
    finally:
        attest.close()
    check_story(story)
    assert [a.text for a in story.articles] == [a.text for a in articles]
    assert len(story.facts) >= 5 * len(articles)
    assert len(story.summary.sentences) >= 5
    assert story.usage.calls > 0


def test_known_disagreements_and_copies_are_found(parser: Parser) -> None:
    """Nothing is known of these documents but their texts: weekdays stay weekdays."""
    articles = [Article(text=p.read_text(encoding="utf-8")) for p in sorted(DOCUMENTS.glob("*.txt"))]
    if not articles:
        return  # not part of the repository
    story = Attest(load_settings(backend="none"), parser=parser).story(articles)
    found = {(c.about.split(":")[0], c.type): [p.value for p in c.positions] for c in story.conflicts}
    assert found["when", "superseded"] == ["Tuesday (planned)", "Wednesday"]
    assert "Vladivostok" in " ".join(found["where", "internal"])
    assert "Vostochny" in " ".join(found["where", "internal"])
    assert found["whether it is true", "disputed"] == ["alleged", "denied"]
    assert len(story.conflicts) == 3  # 24 years and "over 20 years" are none
    assert [len(group.article_ids) for group in story.copies] == [2]
    assert refused(story, parser) == []
