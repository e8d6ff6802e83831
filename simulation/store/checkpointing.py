"""How a run deals with checkpoints: how often it makes them, whether it goes on with one, and whom it tells.

A year is committed once a while has passed since the last commit, so that a short run pays nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

COMMIT_SECONDS: Final = 30.0
"""Seconds between commits at the least: a commit of 100,000 people's state and rows takes about one."""

SECONDS_VARIABLE: Final = "PLANWISE_COMMIT_SECONDS"
"""Says otherwise for a process; 0 commits every year."""


def _tell_nobody(_: str) -> None:
    """Say nothing: the caller does not want to know."""


@dataclass(frozen=True, slots=True)
class Checkpointing:
    """A run's choices: ``resume`` goes on with a checkpoint, ``tell`` hears in a line what became of it.

    ``command`` is what a person types to resume the run, word by word; ``seconds`` lie between commits, or as
    many as the process was told.
    """

    resume: bool = False
    command: tuple[str, ...] = ()
    tell: Callable[[str], None] = _tell_nobody
    seconds: float | None = None

    def pace(self) -> Pace:
        """Return what says when the next commit is due."""
        return Pace(_seconds_asked() if self.seconds is None else self.seconds)


class Pace:
    """Says whether a commit is due: at least so many seconds after the last one, or after the start."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the seconds between commits, and the clock."""
        self._seconds = seconds
        self._clock = clock
        self._last = clock()

    def due(self) -> bool:
        """Return whether to commit now; then the seconds count anew."""
        now = self._clock()
        if now - self._last < self._seconds:
            return False
        self._last = now
        return True


def _seconds_asked() -> float:
    try:
        return float(os.environ.get(SECONDS_VARIABLE, COMMIT_SECONDS))
    except ValueError:
        return COMMIT_SECONDS
