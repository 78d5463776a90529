"""What is compared with what, and what hangs together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.stories.linking import MAX_BLOCK, NEIGHBOURS, RARE_BLOCK, components, pairs

LINKS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=30)
KEYS = st.lists(st.sets(st.sampled_from("abcdef"), max_size=4), max_size=12)


def test_what_is_linked_through_others_is_one_component() -> None:
    assert components([("b", "c"), ("a", "b"), ("x", "y"), ("z", "z")]) == [
        ["b", "c", "a"],
        ["x", "y"],
        ["z"],
    ]
    assert components([]) == []


@given(LINKS)
def test_components_share_nothing_and_hold_everything(links: list[tuple[int, int]]) -> None:
    found = components(links)
    assert sorted(item for members in found for item in members) == sorted(
        {i for link in links for i in link}
    )
    home = {item: number for number, members in enumerate(found) for item in members}
    assert all(home[left] == home[right] for left, right in links)


@given(LINKS, st.randoms())
def test_the_order_of_links_does_not_matter(links: list[tuple[int, int]], random: object) -> None:
    shuffled = list(links)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert {frozenset(m) for m in components(links)} == {frozenset(m) for m in components(shuffled)}


@given(KEYS)
def test_in_small_blocks_one_shared_key_is_enough(keys: list[set[str]]) -> None:
    expected = [(i, j) for i in range(len(keys)) for j in range(i + 1, len(keys)) if keys[i] & keys[j]]
    assert pairs(keys) == expected
    assert pairs(keys, shared=3) == expected


def test_a_common_key_alone_is_not_enough_where_two_are_wanted() -> None:
    keys = [["everywhere", f"own {n}"] for n in range(RARE_BLOCK + 1)]
    keys[0].append("also here")
    keys[1].append("also here")
    assert pairs(keys, shared=2) == [(0, 1)]


def test_a_large_block_costs_no_more_than_its_neighbours() -> None:
    size = 10 * MAX_BLOCK
    found = pairs([["everywhere"]] * size)
    assert len(found) < size * NEIGHBOURS
    assert (0, NEIGHBOURS) in found
    assert (0, NEIGHBOURS + 1) not in found
