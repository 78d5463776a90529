"""Thousands of articles, read on all cores.

Comes in: articles. Goes out: for each its profile, or why it cannot be read, in the same order. Promises:
a small pile is read in this process, where starting others would take longer than the reading; the number
of processes changes nothing but the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from service.errors import InputError
from service.progress import Progress, silent
from service.stories.event_terms import Profile, profile
from service.text.article import Article
from service.text.reading import read

SMALL = 400  # articles
CHUNK = 50


def read_profiles(
    articles: Sequence[Article], *, max_chars: int, processes: int, progress: Progress = silent
) -> Iterator[Profile | InputError]:
    """One result an article, in order."""
    work = partial(read_profile, max_chars=max_chars)
    if processes == 1 or len(articles) < SMALL:
        yield from _told(map(work, articles), len(articles), progress)
        return
    # Not forked: whoever calls may have threads, and a forked copy of their locks never opens again.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from _told(pool.map(work, articles, chunksize=CHUNK), len(articles), progress)


def read_profile(article: Article, max_chars: int) -> Profile | InputError:
    """Errors are values here: they have to come back from another process and cost no other article."""
    try:
        return profile(read(article, max_chars=max_chars).as_read())
    except InputError as problem:
        return problem


def _told(
    results: Iterator[Profile | InputError], total: int, progress: Progress
) -> Iterator[Profile | InputError]:
    for done, result in enumerate(results, start=1):
        progress("read", done, total)
        yield result
