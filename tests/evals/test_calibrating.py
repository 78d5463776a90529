"""The matcher against people: the arithmetic by hand, and the bars it has to keep."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.calibrating import LabelledPair, calibrate_pairs, calibrate_realsumm, kappa, read_pairs
from service.errors import InputError, NotFound


def test_kappa_takes_chance_off() -> None:
    # 45 + 25 of 100 alike; by chance .6 * .55 + .4 * .45
    assert kappa(25, 15, 15, 45) == pytest.approx((0.70 - 0.52) / (1 - 0.52))
    assert kappa(50, 0, 0, 50) == 1.0
    assert kappa(0, 0, 0, 9) is None
    assert kappa(0, 0, 0, 0) is None


def test_the_pairs_of_this_project_are_many_and_of_all_kinds() -> None:
    pairs = read_pairs()
    assert len(pairs) >= 300
    assert len({(pair.left, pair.right) for pair in pairs}) == len(pairs)
    assert {pair.label for pair in pairs} == {"same", "value_differs", "related", "unrelated"}
    assert {pair.style for pair in pairs} == {"wire", "tabloid", "broadcast", "translated", "brief"}


def test_the_matcher_keeps_its_bars_on_the_pairs_it_was_tuned_on() -> None:
    found = calibrate_pairs([pair for pair in read_pairs() if not pair.held])
    assert found.whole.kappa.value is not None
    assert found.whole.kappa.value >= 0.80
    assert found.value_differs.value is not None
    assert found.value_differs.value <= 0.02
    assert found.close >= 0.45


def test_on_pairs_nothing_was_tuned_on_it_is_far_from_chance() -> None:
    found = calibrate_pairs(read_pairs())
    assert found.held is not None
    assert found.held.n >= 60
    assert found.held.kappa.value is not None
    assert found.held.kappa.value >= 0.65
    assert sum(each.n for each in found.styles.values()) == found.whole.n
    assert set(found.errors) == {"copied", "reworded"}


def test_intervals_hold_their_value_and_do_not_change() -> None:
    one, again = calibrate_pairs(read_pairs()[:90]), calibrate_pairs(read_pairs()[:90])
    assert one == again
    measure = one.whole.kappa
    assert measure.low is not None
    assert measure.value is not None
    assert measure.high is not None
    assert measure.low <= measure.value <= measure.high


def test_labels_of_summaries_are_read_and_split_by_article(tmp_path: Path) -> None:
    facts = [{"doc": doc, "facts": ["The ferry sank off Tresk.", "Two sailors drowned."]} for doc in (0, 40)]
    summaries = [
        {"system": "s", "doc": doc, "summary": "The ferry sank off Tresk on Monday.", "expressed": [1, 0]}
        for doc in (0, 40)
    ]
    for name, lines in (("facts", facts), ("summaries", summaries)):
        (tmp_path / f"{name}.jsonl").write_text(
            "".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8"
        )
    found = calibrate_realsumm(tmp_path)
    assert (found.tuned_on.n, found.whole.n) == (2, 2)
    assert found.whole.kappa.value == 1.0
    assert list(found.systems) == ["s"]


def test_a_bad_file_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    with pytest.raises(NotFound, match="no labelled pairs"):
        read_pairs(path)
    good = LabelledPair(left="A.", right="B.", label="same", style="wire").model_dump_json()
    path.write_text(f'{good}\n{{"left": "A."}}\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"pairs\.jsonl:2"):
        read_pairs(path)
    with pytest.raises(NotFound, match="no such file of labels"):
        calibrate_realsumm(tmp_path)
