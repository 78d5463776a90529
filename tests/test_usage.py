"""What was spent adds up, by stage and in total, whoever spends it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from service.backends.base import Usage
from service.progress import Progress, silent
from service.usage import Meter

counts = st.integers(0, 10**6)
usages = st.builds(
    Usage,
    calls=counts,
    prompt_tokens=counts,
    cached_prompt_tokens=counts,
    completion_tokens=counts,
    retries=counts,
    replayed=counts,
    seconds=st.integers(0, 10**6).map(lambda millis: millis / 1000),
)


def plain(usage: Usage) -> dict[str, float]:
    return usage.model_dump(include=set(Usage.model_fields))


def test_nothing_was_spent() -> None:
    read = Meter().read()
    assert plain(read) == plain(Usage())
    assert read.stages == {}


def test_stages_are_kept_apart() -> None:
    meter = Meter()
    meter.add("extract_facts", Usage(calls=1, prompt_tokens=10, completion_tokens=2, seconds=0.5))
    meter.add("write_summary", Usage(replayed=1))
    meter.add(
        "extract_facts", Usage(calls=1, prompt_tokens=5, cached_prompt_tokens=4, retries=1, seconds=0.25)
    )
    read = meter.read()
    assert list(read.stages) == ["extract_facts", "write_summary"]
    assert plain(read.stages["extract_facts"]) == plain(
        Usage(calls=2, prompt_tokens=15, cached_prompt_tokens=4, completion_tokens=2, retries=1, seconds=0.75)
    )
    assert (read.calls, read.prompt_tokens, read.replayed, read.seconds) == (2, 15, 1, 0.75)


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), usages)))
def test_the_total_is_the_sum_of_the_stages_and_of_the_calls(spent: list[tuple[str, Usage]]) -> None:
    meter = Meter()
    for stage, usage in spent:
        meter.add(stage, usage)
    read = meter.read()
    assert plain(read) == plain(sum(read.stages.values(), Usage()))
    assert plain(read) == plain(sum((usage for _, usage in spent), Usage()))
    assert set(read.stages) == {stage for stage, _ in spent}


def test_what_was_read_does_not_change_later() -> None:
    meter = Meter()
    meter.add("a", Usage(calls=1))
    before = meter.read()
    meter.add("a", Usage(calls=1))
    assert (before.calls, before.stages["a"].calls, meter.read().calls) == (1, 1, 2)


def test_many_threads_lose_nothing() -> None:
    meter = Meter()
    with ThreadPoolExecutor(max_workers=8) as pool:
        for number in range(2000):
            pool.submit(meter.add, f"stage {number % 3}", Usage(calls=1, prompt_tokens=number))
    assert meter.read().calls == 2000
    assert meter.read().prompt_tokens == sum(range(2000))


def test_silence_is_a_kind_of_progress() -> None:
    told: Progress = silent
    told("read", 1, 5)
    told("read", 2, 5, detail="s2")
