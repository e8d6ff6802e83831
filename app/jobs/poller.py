"""One thread a server process that reads the job table into a snapshot all sessions share.

Sessions compare a revision number and repaint when it moved. The thread and its snapshot live in this
imported module's objects: what a served script defines dies with the session that ran it.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from dataclasses import dataclass

from app.jobs.table import Job, JobTable


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The newest jobs as one moment saw them; the revision grows by one whenever anything changed."""

    revision: int = 0
    jobs: tuple[Job, ...] = ()

    def named(self, name: str) -> Job | None:
        """Return the job of a sweep, if it is among the newest."""
        return next((job for job in self.jobs if job.name == name), None)


class Poller:
    """Keeps a snapshot of the job table fresh."""

    def __init__(self, table: JobTable, *, interval: float = 0.2) -> None:
        """Take the table and the seconds between two looks at its version."""
        self.table = table
        self.snapshot = Snapshot(1, table.newest())
        self._interval = interval
        self._stop = threading.Event()
        self._refreshing = threading.Lock()
        self._thread = threading.Thread(target=self._watch, name="job-poller", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching and wait for the thread."""
        self._stop.set()
        self._thread.join()

    def refresh(self) -> Snapshot:
        """Read the table now: after a click of one's own, waiting for the next look would seem slow."""
        with self._refreshing:
            jobs = self.table.newest()
            if jobs != self.snapshot.jobs:
                self.snapshot = Snapshot(self.snapshot.revision + 1, jobs)
            return self.snapshot

    def _watch(self) -> None:
        """Refresh whenever SQLite says that another connection committed.

        `data_version` costs a look at the WAL header, and is only comparable on one connection.
        """
        db = sqlite3.connect(self.table.path, timeout=10.0)
        try:
            seen = None
            while not self._stop.wait(self._interval):
                # A disk that is full or slow for a moment must not blind every page until a restart.
                with contextlib.suppress(sqlite3.Error):
                    (version,) = db.execute("PRAGMA data_version").fetchone()
                    if version != seen:
                        self.refresh()
                        seen = version
        finally:
            db.close()
