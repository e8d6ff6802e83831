"""The pulse of a job: says from a thread of its own that the runner lives, and how far the job is.

However long a step of the work takes, the newest report goes out at once, and silence means death.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

from app.jobs.spec import JobProgress
from app.jobs.table import JobTable

BEAT_SECONDS: Final = 1.0
REPORT_SECONDS: Final = 0.2
"""Reports that follow each other more quickly are not all written, but the last one always is."""


class Pulse:
    """Beats for one job while inside its ``with`` block."""

    def __init__(self, table: JobTable, job_id: int) -> None:
        """Take the table to write to, and the job."""
        self._table = table
        self._job_id = job_id
        self._newest: JobProgress | None = None
        self._told: JobProgress | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._tell()

    def report(self, progress: JobProgress) -> None:
        """Have a report written soon, unless a newer one comes first."""
        self._newest = progress

    def _beat(self) -> None:
        last = time.monotonic()
        while not self._over.wait(REPORT_SECONDS):
            with suppress(sqlite3.Error):  # a table that is busy, or on a full disk, is tried again
                if self._tell():
                    last = time.monotonic()
                elif time.monotonic() - last >= BEAT_SECONDS:
                    self._table.beat(self._job_id)
                    last = time.monotonic()

    def _tell(self) -> bool:
        """Write the newest report, which is a beat, too; return whether there was one."""
        newest = self._newest
        if newest is None or newest is self._told:
            return False
        self._table.report(self._job_id, newest)
        self._told = newest
        return True
