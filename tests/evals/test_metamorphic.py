"""What must happen to a score when something is done to facts, and we know what it does to them."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import permutations
from pathlib import Path

import pytest

import evals
from evals.calibrating import read_pairs
from evals.claims import Claim, of_fact, of_gold, of_text
from evals.events import load_events
from evals.matching import assign, coverage, match
from evals.models import Event, GoldFact
from evals.pairs import THRESHOLD, compare
from evals.scoring.score import ScoredEvent, score_event
from service.facts.models import Fact
from tests.evals.changing import Changed, opposite, other_date, other_name, other_number, respelled, values_of
from tests.evals.echo import echo_facts, echo_samples, fact_of

DEV = ("border-talks", "cable-car-accident", "heater-recall", "paper-mills-merger")
WHOLE = (
    "facts_precision facts_recall facts_f1 coverage_precision coverage_recall coverage_f1 kind_accuracy "
    "speaker_accuracy polarity_accuracy merge_lea_f1 merge_pairs_f1 support_jaccard "
    "conflict_recall copies_f1 f_record f_record_recall f_record_precision f_w cross_article_recall "
    "valid_first valid_final quote_exact"
).split()
NOTHING = (
    "granularity_gap value_error_rate forbidden_rate duplicate_rate silent_resolution_rate "
    "false_conflict_rate"
).split()


@lru_cache(maxsize=1)
def events() -> tuple[Event, ...]:
    datasets = Path(evals.__file__).parent / "datasets"
    return tuple(load_events([datasets / name for name in DEV]))


@lru_cache(maxsize=4)
def gold_claims(event_id: str) -> tuple[Claim, ...]:
    return tuple(of_gold(fact) for fact in event(event_id).gold)


def event(event_id: str) -> Event:
    return next(event for event in events() if event.id == event_id)


def produced(event: Event, facts: Sequence[GoldFact]) -> list[Claim]:
    """The gold facts as a system would hand them out."""
    return [of_fact(fact_of(g, g.mentions[0].article, event.texts[g.mentions[0].article])) for g in facts]


def f1(matches: int, left: int, right: int) -> float:
    return 2 * matches / (left + right)


def as_bytes(score: ScoredEvent) -> str:
    return json.dumps([score.score.model_dump(), [o.model_dump() for o in score.outcomes]], sort_keys=True)


@pytest.fixture(params=DEV)
def of_event(request: pytest.FixtureRequest) -> Event:
    return event(request.param)


# 1
def test_gold_against_itself_is_the_whole_score(of_event: Event) -> None:
    values = score_event(of_event, echo_samples(of_event)).score.values
    assert {name: values[name] for name in WHOLE} == dict.fromkeys(WHOLE, 1.0)
    assert {name: values[name] for name in NOTHING} == dict.fromkeys(NOTHING, 0.0)


# 2
def test_gold_against_nothing_is_zero(of_event: Event) -> None:
    values = score_event(of_event, echo_samples(of_event, lambda _, facts: [])).score.values
    for name in ("facts_f1", "coverage_f1", "f_record", "f_w", "merge_lea_f1", "cross_article_recall"):
        assert values[name] == 0.0, name


def test_gold_against_itself_twice_is_half_as_precise(of_event: Event) -> None:
    def twice(article: str, facts: list[Fact]) -> list[Fact]:
        return facts + [fact.model_copy(update={"fact_id": f"{fact.fact_id}-again"}) for fact in facts]

    values = score_event(of_event, echo_samples(of_event, twice)).score.values
    assert values["facts_recall"] == 1.0
    assert values["facts_precision"] == values["duplicate_rate"] == 0.5


# 3
def test_no_order_changes_a_byte(of_event: Event) -> None:
    shuffled = random.Random(3)

    def mixed(article: str, facts: list[Fact]) -> list[Fact]:
        return shuffled.sample(facts, len(facts))

    plain = as_bytes(score_event(of_event, echo_samples(of_event)))
    other = of_event.model_copy(
        update={
            "gold": tuple(shuffled.sample(of_event.gold, len(of_event.gold))),
            "articles": tuple(reversed(of_event.articles)),
            "texts": dict(reversed(of_event.texts.items())),
        }
    )
    samples = echo_samples(of_event, mixed)
    assert as_bytes(score_event(of_event, samples)) == plain
    assert as_bytes(score_event(other, list(reversed(samples)))) == plain


# 4
def test_the_sides_can_change_places(of_event: Event) -> None:
    left, right = gold_claims(of_event.id), produced(of_event, of_event.gold[::2])
    one, other = match(left, right), match(right, left)
    assert {(m.left, m.right) for m in one.matches} == {(m.right, m.left) for m in other.matches}
    assert coverage(left, right).left == coverage(right, left).right


# 5
def test_another_event_shares_nothing() -> None:
    for one, other in permutations(events(), 2):
        found = match(gold_claims(one.id), produced(other, other.gold)).matches
        assert f1(len(found), len(one.gold), len(other.gold)) <= 0.01


# 6
def test_foreign_facts_move_precision_alone(of_event: Event) -> None:
    stranger = next(other for other in events() if other.id != of_event.id)
    foreign = [of_text(f"Qualm {i} {fact.statement}") for i, fact in enumerate(stranger.gold[:9])]
    found = match(gold_claims(of_event.id), [*produced(of_event, of_event.gold), *foreign]).matches
    assert len(found) == len(of_event.gold)


# 7
def test_facts_left_out_are_missed_and_no_others_take_their_place(of_event: Event) -> None:
    for left_out in (1, 5, 12):
        found = match(gold_claims(of_event.id), produced(of_event, of_event.gold[left_out:])).matches
        assert len(found) == len(of_event.gold) - left_out


# 8
@pytest.mark.parametrize("change", [other_number, other_date, other_name, opposite])
def test_one_changed_value_is_no_match_but_a_value_error(change: Changed) -> None:
    changed = matched = listed = 0
    for each in events():
        facts = [(gold, new) for gold in each.gold if (new := change(gold)) is not None]
        found = match(gold_claims(each.id), produced(each, [new for _, new in facts]))
        changed += len(facts)
        matched += len(found.matches)
        listed += len(found.near_misses)
    assert changed >= 30
    assert matched / changed <= 0.02
    assert listed == changed - matched


# 9
def test_spelling_changes_nothing() -> None:
    respelt = 0
    for each in events():
        facts = [respelled(gold) for gold in each.gold]
        respelt += sum(new != old for new, old in zip(facts, each.gold, strict=True))
        found = match(gold_claims(each.id), produced(each, facts)).matches
        assert {(m.left, m.right) for m in found} == {(i, i) for i in range(len(each.gold))}
    assert respelt >= 10


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The port employs 1,200 people.", "The port employs 1200 people."),
        ("The port employs 1,200 people.", "The port employs twelve hundred people."),
        ("The port employs 1,200 people.", "The port employs 1.2 thousand people."),
        ("The fair opened on 5 May 2026.", "The fair opened on 2026-05-05."),
        ("The fair opened on 5 May 2026.", "The fair opened on May 5th, 2026."),
        ("The rate is 4.5 percent.", "The rate is 4.5 %."),
        ("The house cost $2 million.", "The house cost 2,000,000 dollars."),
        ("The trip took 2 weeks.", "The trip took fourteen days."),
        ("Talks in the United States failed.", "Talks in the US failed."),
    ],
)
def test_a_value_in_two_spellings_is_one(left: str, right: str) -> None:
    pair = compare(of_text(left), of_text(right))
    assert pair.score >= 0.9
    assert not pair.vetoes
    assert values_of(left) == values_of(right)


# 10
def test_most_paraphrases_are_found() -> None:
    same = [pair for pair in read_pairs() if pair.label == "same" and not pair.held]
    found = [compare(of_text(p.left), of_text(p.right)).score >= THRESHOLD for p in same]
    assert len(same) >= 60
    assert sum(found) / len(found) >= 0.9


# 11
def test_few_near_misses_are_taken_for_the_same() -> None:
    related = [pair for pair in read_pairs() if pair.label == "related" and not pair.held]
    taken = [compare(of_text(p.left), of_text(p.right)).score >= THRESHOLD for p in related]
    assert len(related) >= 60
    assert sum(taken) / len(taken) <= 0.05


# 12
SPLIT = (
    "Police closed the Lorne Bridge in Velm on Monday.",
    "Fire crews evacuated 85 pupils of the Hollow Lane school.",
    "Mayor Hedda Quill cancelled the harbour fair.",
    "Divers searched the basin for 6 hours.",
)


@pytest.mark.parametrize("lumped", [True, False])
def test_how_facts_are_cut_moves_f1_and_not_coverage(lumped: bool) -> None:
    whole = [of_text(text) for text in SPLIT]
    both = [of_text(" ".join(SPLIT[:2])), *whole[2:]]
    left, right = (whole, both) if lumped else (both, whole)
    matched = match(left, right).matches
    covered = coverage(left, right)
    assert f1(len(matched), len(left), len(right)) < 0.9
    assert all(covered.left)
    assert all(covered.right)


# 13
def test_a_higher_threshold_never_finds_more(of_event: Event) -> None:
    left = gold_claims(of_event.id)
    right = [of_text(m.quote) for fact in of_event.gold for m in fact.mentions[-1:]]
    found = [len(match(left, right, threshold=t / 20).matches) for t in range(8, 21)]
    assert found == sorted(found, reverse=True)


# 14
def test_a_pair_score_is_symmetric_bounded_and_whole_for_the_same(of_event: Event) -> None:
    claims = [
        *produced(of_event, of_event.gold[:15]),
        *(of_text(f.mentions[0].quote) for f in of_event.gold[:15]),
    ]
    for left in claims:
        assert compare(left, left).score == pytest.approx(1.0)
        for right in claims:
            pair, back = compare(left, right), compare(right, left)
            assert 0.0 <= pair.score <= pair.unvetoed + 1e-12
            assert pair.unvetoed <= 1.0 + 1e-12
            assert pair.score == pytest.approx(back.score)
            assert pair.unvetoed == pytest.approx(back.unvetoed)
            assert pair.vetoes == back.vetoes
            assert pair.left_in_right == pytest.approx(back.right_in_left)


# 15
def brute_force(edges: Sequence[Sequence[float]]) -> tuple[int, float]:
    """(pairs, sum) of the best assignment, by trying all of them."""
    rows, columns = len(edges), len(edges[0])
    best = (0, 0.0)
    for choice in permutations([*range(columns), *[None] * rows], rows):
        scores = [edges[i][j] for i, j in enumerate(choice) if j is not None and edges[i][j] > 0]
        best = max(best, (len(scores), round(sum(scores), 6)))
    return best


def test_the_assignment_is_the_best_there_is() -> None:
    drawn = random.Random(15)
    for _ in range(150):
        rows, columns = drawn.randint(1, 4), drawn.randint(1, 4)
        edges = [
            [drawn.choice((0.0, 0.0, 0.6, 0.6, 0.7, 0.85, 1.0)) for _ in range(columns)] for _ in range(rows)
        ]
        found = assign(edges)
        assert len({i for i, _ in found}) == len({j for _, j in found}) == len(found)
        assert (len(found), round(sum(edges[i][j] for i, j in found), 6)) == brute_force(edges)


def test_edges_are_pruned_before_the_assignment_and_pairs_go_before_their_sum() -> None:
    pruned = [[score if score >= 0.7 else 0.0 for score in row] for row in ([0.69, 0.75], [0.0, 0.69])]
    assert assign(pruned) == [(0, 1)]
    assert assign([[1.0, 0.45], [0.45, 0.0]]) == [(0, 1), (1, 0)]
    assert assign([]) == assign([[]]) == assign([[0.0]]) == []


# 16
def test_scoring_again_and_side_by_side_gives_the_same() -> None:
    samples = {each.id: echo_samples(each) for each in events()}
    first = [as_bytes(score_event(each, samples[each.id])) for each in events()]
    again = [as_bytes(score_event(each, samples[each.id])) for each in reversed(events())]
    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(lambda each: as_bytes(score_event(each, samples[each.id])), events()))
    assert first == again[::-1] == at_once


# 17
def test_nothing_that_comes_in_is_changed(of_event: Event) -> None:
    samples = echo_samples(of_event)
    before = of_event.model_dump_json(), [sample.model_dump_json() for sample in samples]
    score_event(of_event, samples)
    assert (of_event.model_dump_json(), [sample.model_dump_json() for sample in samples]) == before
    assert echo_facts(of_event, of_event.articles[0].id) == list(
        samples[0].facts.facts if samples[0].facts else ()
    )
