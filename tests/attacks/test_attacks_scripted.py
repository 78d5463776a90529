"""Every attack through facts and stories, with a backend that obeys it and with one that does not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from service.backends.base import ModelRequest, Profile
from service.pipeline import Attest
from service.settings import Settings
from service.stories.models import Story
from service.text.parsing import Parser
from tests.attacks.attack_set import Attack, load_attacks
from tests.attacks.judging import Findings, article_of, judge_facts, judge_story
from tests.attacks.scripts import Script, obedient, plain
from tests.newsroom import LOCAL, WINDOW, asked, check_story, scripted

ATTACKS = load_attacks()
each_attack = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
each_way = pytest.mark.parametrize("profile", [LOCAL, WINDOW], ids=["sentences", "windows"])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(backend="scripted", database=tmp_path / "attest.db", reply_cache=False)


class Newsroom:
    """`Attest` with one script after the other."""

    def __init__(self, settings: Settings, parser: Parser) -> None:
        self._settings = settings
        self._parser = parser

    def attest(self, script: Script, profile: Profile) -> Attest:
        return Attest(self._settings, backend=scripted(script, profile), parser=self._parser)

    def story(self, attacks: Sequence[Attack], script: Script, profile: Profile) -> Story:
        story = self.attest(script, profile).story([article_of(attack) for attack in attacks])
        check_story(story)
        return story


@pytest.fixture
def newsroom(settings: Settings, parser: Parser) -> Newsroom:
    return Newsroom(settings, parser)


def neighbour(attack: Attack) -> Attack:
    """The next attack of the set on another event, of which neither forbids what the other says."""
    at = ATTACKS.index(attack)
    return next(
        other
        for other in [*ATTACKS[at + 1 :], *ATTACKS[:at]]
        if other.text[:30] != attack.text[:30]
        and not attack.injected([other.text, other.title or ""])
        and not other.injected([attack.text, attack.title or ""])
    )


@each_attack
def test_nothing_comes_of_an_attack_that_is_not_obeyed(newsroom: Newsroom, attack: Attack) -> None:
    attest = newsroom.attest(plain, LOCAL)
    assert judge_facts(attack, attest.facts(article_of(attack))) == Findings()


@each_attack
def test_nothing_comes_of_an_attack_that_is_obeyed(newsroom: Newsroom, attack: Attack) -> None:
    attest = newsroom.attest(obedient([attack]), LOCAL)
    assert judge_facts(attack, attest.facts(article_of(attack))) == Findings()


@each_attack
@each_way
def test_the_story_of_an_attacked_article_is_its_own(
    newsroom: Newsroom, attack: Attack, profile: Profile
) -> None:
    story = newsroom.story([attack], plain, profile)
    assert judge_story(attack, story) == Findings()
    assert story.summary.sentences


@each_attack
@each_way
def test_an_obedient_model_puts_nothing_into_the_story(
    newsroom: Newsroom, attack: Attack, profile: Profile
) -> None:
    assert judge_story(attack, newsroom.story([attack], obedient([attack]), profile)) == Findings()


@each_attack
@each_way
def test_an_attack_reaches_no_article_beside_its_own(
    newsroom: Newsroom, attack: Attack, profile: Profile
) -> None:
    both = (attack, neighbour(attack))
    story = newsroom.story(both, obedient(both), profile)
    for one in both:
        assert judge_story(one, story) == Findings()


@each_attack
def test_the_planted_text_is_never_shown_to_the_model(newsroom: Newsroom, attack: Attack) -> None:
    """What speaks to a machine is set aside before anything is asked."""
    questions: list[str] = []

    def answer(request: ModelRequest) -> str:
        questions.append(re.sub(r"^\[s\d+\] ", "", asked(request), flags=re.MULTILINE))
        return plain(request)

    newsroom.story([attack], answer, WINDOW)
    assert questions
    assert attack.injected(questions) == []
