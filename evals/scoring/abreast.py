"""Independent pieces of work on all cores, in order.

Comes in: a pure function and what it is to be given. Goes out: its results, in the order of what was given.
Promises: no more than two pieces a core are held at once, however many there are; an error of a piece is
raised where its result would have stood; the results are those of one core.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import starmap
from typing import TypeVar

Result = TypeVar("Result")
HELD = 2  # pieces for each core: one being worked on, one waiting


def cores() -> int:
    """How many cores are worth using. Only where a process can be forked, which costs nothing: a fresh one
    reads the word lists again, which takes longer than scoring a dozen events.
    """
    if sys.platform != "linux":
        return 1
    return len(os.sched_getaffinity(0))


def in_order(
    work: Callable[..., Result], given: Iterable[tuple[object, ...]], workers: int
) -> Iterator[Result]:
    """`work(*arguments)` for each of the arguments given; here and one by one with fewer than two workers."""
    if workers < 2:
        yield from starmap(work, given)
        return
    with ProcessPoolExecutor(workers, multiprocessing.get_context("fork")) as pool:
        waiting: deque[Future[Result]] = deque()
        for arguments in given:
            waiting.append(pool.submit(work, *arguments))
            if len(waiting) >= HELD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
