from __future__ import annotations

import threading

import anyio
import pytest

from service.api.line import Line
from service.api.refusals import Busy, CallerLeft

pytestmark = pytest.mark.anyio


async def here() -> bool:
    return False


async def left() -> bool:
    return True


async def test_the_result_of_the_work() -> None:
    assert await Line(at_once=1, waiting=0, retry_after=1).run(lambda: 42, gone=here) == 42


async def test_the_loop_stays_free_while_the_work_runs() -> None:
    here_thread = threading.get_ident()
    assert await Line(at_once=1, waiting=0, retry_after=1).run(threading.get_ident, gone=here) != here_thread


async def test_first_come_first_served() -> None:
    line, done, release = Line(at_once=1, waiting=3, retry_after=1), list[int](), threading.Event()

    def work(number: int) -> None:
        assert release.wait(timeout=30)
        done.append(number)

    async def wait_and_work(number: int) -> None:
        await line.run(lambda: work(number), gone=here)

    async with anyio.create_task_group() as tasks:
        for number in range(4):
            tasks.start_soon(wait_and_work, number)
            await anyio.wait_all_tasks_blocked()
        with pytest.raises(Busy) as refused:
            await line.run(lambda: work(4), gone=here)
        release.set()
    assert done == [0, 1, 2, 3]
    assert refused.value.retry_after == 1


async def test_so_many_at_once_and_no_more() -> None:
    line, release, together = Line(at_once=2, waiting=2, retry_after=1), threading.Event(), list[int]()

    def work() -> None:
        together.append(1)
        assert release.wait(timeout=30)

    async with anyio.create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(lambda: line.run(work, gone=here))
        await anyio.wait_all_tasks_blocked()
        while len(together) < 2:  # the threads may need a moment to begin
            await anyio.lowlevel.checkpoint()
        assert len(together) == 2
        release.set()
    assert len(together) == 4


async def test_work_that_fails_makes_room() -> None:
    line = Line(at_once=1, waiting=0, retry_after=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await line.run(lambda: 1 // 0, gone=here)
    assert await line.run(lambda: "served", gone=here) == "served"


async def test_nobody_works_for_a_caller_who_left() -> None:
    line, worked = Line(at_once=1, waiting=0, retry_after=1), list[int]()
    with pytest.raises(CallerLeft):
        await line.run(lambda: worked.append(1), gone=left)
    assert worked == []
    assert await line.run(lambda: "served", gone=here) == "served"


async def test_a_caller_who_is_cancelled_while_waiting_makes_room() -> None:
    line, release = Line(at_once=1, waiting=1, retry_after=1), threading.Event()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: line.run(lambda: release.wait(timeout=30), gone=here))
        await anyio.wait_all_tasks_blocked()
        with anyio.CancelScope() as waiting:
            waiting.cancel()
            await line.run(lambda: None, gone=here)
        tasks.start_soon(lambda: line.run(lambda: None, gone=here))
        await anyio.wait_all_tasks_blocked()
        release.set()
