"""The newest question is the one that is answered."""

from __future__ import annotations

import asyncio
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.work import Newest, Overtaken, make_pool
from simulation.errors import PlanWiseError, SweepError


def test_an_answer_comes_from_a_thread_of_the_pool() -> None:
    with make_pool() as pool:
        name = asyncio.run(Newest[str](pool).ask(lambda: threading.current_thread().name))
    assert name.startswith("page-work")


def test_an_older_question_is_dropped_and_not_worked_on() -> None:
    worked: list[int] = []

    def work(number: int) -> int:
        worked.append(number)
        return number

    async def ask_three(pool: ThreadPoolExecutor) -> list[int | BaseException]:
        gate = threading.Event()
        pool.submit(gate.wait)
        newest = Newest[int](pool)
        questions = [asyncio.ensure_future(newest.ask(work, number)) for number in range(3)]
        await asyncio.sleep(0)
        gate.set()
        return await asyncio.gather(*questions, return_exceptions=True)

    with ThreadPoolExecutor(1) as pool:
        first, second, third = asyncio.run(ask_three(pool))
    assert isinstance(first, Overtaken)
    assert isinstance(second, Overtaken)
    assert third == 2
    assert worked == [2]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SweepError("there is a sweep of that name"), "there is a sweep of that name"),
        (ZeroDivisionError("by nought\nat once"), "an unexpected error: ZeroDivisionError: by nought; "),
        (KeyError(), "an unexpected error: KeyError: no message; "),
    ],
)
def test_a_failure_reaches_who_asked_as_something_that_a_page_can_say(error: Exception, said: str) -> None:
    def fail() -> None:
        raise error

    with make_pool() as pool, pytest.raises(PlanWiseError, match=re.escape(said)):
        asyncio.run(Newest[None](pool).ask(fail))
