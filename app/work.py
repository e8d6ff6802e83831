"""Threads for what takes time, so that the event loop only ever paints.

One bounded pool a server process; a page asks through `Newest`, which drops the answer to a question that has
been overtaken by a newer one. Nothing here knows what the work is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Generic, ParamSpec, TypeVar

from app.log import logger
from simulation.errors import PlanWiseError, RunError

P = ParamSpec("P")
T = TypeVar("T")

THREADS: Final = 6
"""Queries release the interpreter while DuckDB and Polars compute; more threads would only queue in them."""


def make_pool() -> ThreadPoolExecutor:
    """Return the pool that a server process shares."""
    return ThreadPoolExecutor(THREADS, thread_name_prefix="page-work")


class Overtaken(Exception):  # noqa: N818 (it is no fault: nobody waits for this answer any more)
    """A newer question was asked before this one was answered."""


class Newest(Generic[T]):
    """Asks one kind of question, and answers only the newest.

    A question that is overtaken before a thread is free is not worked on at all.
    """

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        """Take the pool that works."""
        self._pool = pool
        self._turn = 0

    async def ask(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the result of the work.

        Raises:
            Overtaken: a newer question came in the meantime; the caller paints nothing.
            PlanWiseError: the work said no, or failed in a way that nobody foresaw: a page can say either.
        """
        self._turn += 1
        turn = self._turn

        def unless_overtaken() -> T:
            if turn != self._turn:
                raise Overtaken
            return _said(work, *args, **kwargs)

        loop = asyncio.get_running_loop()
        result = await loop.run_in_executor(self._pool, unless_overtaken)
        if turn != self._turn:
            raise Overtaken
        return result


def _said(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do work; a failure that nobody foresaw goes to the log in full, and to the reader as a sentence."""
    try:
        return work(*args, **kwargs)
    except (PlanWiseError, Overtaken):
        raise
    except Exception as error:
        logger().exception("unexpected, while a page was worked on", work=work.__qualname__)
        lines = str(error).strip().splitlines() or ["no message"]
        message = f"an unexpected error: {type(error).__name__}: {lines[0]}; the server's log has the details"
        raise RunError(message) from error
