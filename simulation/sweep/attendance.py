"""Notices that a cluster has no workers any more: Ray itself would wait for new ones without end.

Knows how many cores there are and a clock; nothing of tasks.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from simulation.errors import ClusterError, Problem

DESERTED_SECONDS: Final = 60.0
"""How long a cluster may be without workers: a machine that starts anew takes less."""


class Attendance:
    """Asks how many cores there are, as often as it is called."""

    def __init__(self, cores: Callable[[], float], clock: Callable[[], float] = time.monotonic) -> None:
        """Take whom to ask."""
        self._cores = cores
        self._clock = clock
        self._empty_since: float | None = None

    def check(self) -> None:
        """Do nothing while there are workers, or were a moment ago.

        Raises:
            ClusterError: there have been none for `DESERTED_SECONDS`.
        """
        if self._cores() > 0:
            self._empty_since = None
            return
        now = self._clock()
        self._empty_since = now if self._empty_since is None else self._empty_since
        if now - self._empty_since >= DESERTED_SECONDS:
            found = f"no machine with a free core for {DESERTED_SECONDS:.0f} s"
            hint = "start machines with `ray start --address`, then run again with --resume"
            raise ClusterError(
                "the cluster has no workers left", problems=[Problem("cluster", found, hint=hint)]
            )
