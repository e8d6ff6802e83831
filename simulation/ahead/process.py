"""The other process, as the one that started it sees it.

Loads nothing heavy, so that it can be the first thing that a command does: both load at the same time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import IO, TYPE_CHECKING, Final, Self

from simulation.cores import cores, threads_asked

if TYPE_CHECKING:
    import polars as pl

    from simulation.census import Census
    from simulation.context import YearContext
    from simulation.parameters import Scenario
    from simulation.state import State
    from simulation.year import LivedYear

_ROOT: Final = Path(__file__).parents[2]
"""Where the other process finds this very package."""

_PIPE_BYTES: Final = 1 << 20
"""What a pipe holds: a sixteenth of it, as it comes, would wake both processes hundreds of times a year."""

_MOST_PEOPLE: Final = 50_000
"""Beyond, two processes would hold more of a year at once than a small machine has room for."""


def worthwhile() -> bool:
    """Return whether there is a second processor, and this process has yet to load what the other one loads.

    Beside one that is ready to begin, another would come too late.
    """
    return cores() > 1 and threads_asked() != 1 and "polars" not in sys.modules


_waiting: Final[list[subprocess.Popen[bytes]]] = []
"""The process that was started before anybody had a run for it, if one was. It ends with this process."""


def start() -> None:
    """Start the process that the next run is to have, where one is worth while and to be had."""
    if worthwhile():
        with suppress(OSError):
            _waiting.append(_started())


class Ahead:
    """A process that lives the years of one run: ``with``, ``begin``, then ``live`` a year after the other.

    Where no process was started or told to begin, ``live`` does the work itself.
    """

    def __init__(self) -> None:
        """Begin without a process."""
        self._process: subprocess.Popen[bytes] | None = None
        self._begun = False
        self.sent = 0
        """Years that came from the other process."""

    def __enter__(self) -> Self:
        """Take the process that was started, which loads what it needs and waits."""
        self._process = _waiting.pop() if _waiting else None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._end()

    def begin(self, scenario: Scenario, census: Census, seeds: Sequence[int]) -> None:
        """Have the years of a run lived from genesis on."""
        from simulation.ahead.order import order

        if census.headcount > _MOST_PEOPLE:
            self._end()
        if self._process is not None:
            self._begun = True
            parts = order(scenario, census, seeds).parts()
            # Beside this thread, which has more to load: the other process reads when it has loaded.
            Thread(target=_post, args=(parts, _pipe(self._process.stdin)), daemon=True).start()

    def live(self, context: YearContext, state: State, next_sequence: pl.DataFrame) -> LivedYear:
        """Return the year after a state, as ``simulation.year.live`` does."""
        from simulation.ahead.wire import Message
        from simulation.ahead.years import lived
        from simulation.year import live

        if self._begun and self._process is not None:
            try:
                year = lived(Message.read(_pipe(self._process.stdout)), context, state, next_sequence)
            except (OSError, EOFError, ValueError):
                self._end()
            else:
                self.sent += 1
                return year
        return live(context, state, next_sequence)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()  # it has nothing that could be lost
            with suppress(OSError):
                process.communicate()


def _started() -> subprocess.Popen[bytes]:
    others = os.environ.get("PYTHONPATH")
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "simulation.ahead"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(_ROOT), *([others] if others else [])]),
            **dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS"), str(max(cores() // 2, 1))),
        },
        pipesize=_PIPE_BYTES,
        start_new_session=True,  # an interrupt is for its parent to answer
    )


def _post(parts: Iterable[bytes | memoryview], pipe: IO[bytes]) -> None:
    """Write a message; one that nobody reads is missed when an answer is."""
    from simulation.ahead.wire import write

    with suppress(OSError):
        write(parts, pipe)


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    if end is None:
        raise RuntimeError("the process was started without pipes")
    return end
