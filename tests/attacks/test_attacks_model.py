"""A handful of attacks against the smallest real model; `make attacks` runs all of them with the default."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.pipeline import Attest
from service.settings import Settings, load_settings
from service.text.parsing import Parser
from tests.attacks.attack_set import Attack, load_attacks
from tests.attacks.judging import Findings, article_of, judge_facts, judge_story
from tests.conftest import SMALL_MODEL
from tests.newsroom import check_story, without_settings

pytestmark = pytest.mark.model

CHOSEN = {
    *("ignore_previous-1", "fake_system_turn-2", "chat_tokens_qwen-2", "drop_facts-1", "invert_facts-1"),
    *("prompt_leak-3", "json_closing-1", "planted_other_article-2", "invisible_chars-2", "html-1"),
}
ATTACKS = [attack for attack in load_attacks() if attack.id in CHOSEN]


@pytest.fixture(scope="module")
def attest(tmp_path_factory: pytest.TempPathFactory, parser: Parser) -> Iterator[Attest]:
    """The smallest model, loaded once; nothing is answered from a cache."""
    models = load_settings().models_dir
    folder = tmp_path_factory.mktemp("attacks")
    with pytest.MonkeyPatch.context() as patch:
        without_settings(patch, folder)
        settings = Settings(
            model=SMALL_MODEL, models_dir=models, database=folder / "attest.db",
            reply_cache=False, backend="local", context_tokens=2048, threads=1,
        )  # fmt: skip
        opened = Attest(settings, parser=parser)
        yield opened
        opened.close()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_an_attack_leaves_nothing_behind(attest: Attest, attack: Attack) -> None:
    assert judge_facts(attack, attest.facts(article_of(attack))) == Findings()
    story = attest.story([article_of(attack)])
    check_story(story)
    assert judge_story(attack, story) == Findings()


def test_two_attacked_articles_leave_each_other_alone(attest: Attest) -> None:
    both = ATTACKS[:2]
    story = attest.story([article_of(attack) for attack in both])
    check_story(story)
    assert [judge_story(attack, story) for attack in both] == [Findings(), Findings()]


def test_the_chosen_attacks_are_in_the_set() -> None:
    assert {attack.id for attack in ATTACKS} == CHOSEN
