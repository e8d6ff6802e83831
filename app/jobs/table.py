"""The job table: what was asked for, who works on it, how far it is, how it ended.

SQLite in WAL mode, so that pages, the runner and the command line meet in a file and not in memory. It
knows nothing of simulation: a spec goes in and comes out as JSON.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from app.jobs.spec import JobProgress, SweepSpec
from simulation.errors import Problem, SweepError, nearest


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


LIVE: Final = frozenset({JobState.QUEUED, JobState.RUNNING})
RESUMABLE: Final = frozenset({JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED})

MOVES: Final[Mapping[JobState, frozenset[JobState]]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.CANCELLED}),
    JobState.RUNNING: frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED}),
    JobState.DONE: frozenset(),
    **dict.fromkeys(RESUMABLE, frozenset({JobState.QUEUED})),
}
"""Which state may follow which; every write asks it."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    spec TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    cancel_asked INTEGER NOT NULL DEFAULT 0,
    submitted_at REAL NOT NULL,
    started_at REAL,
    finished_at REAL,
    heartbeat_at REAL,
    progress TEXT NOT NULL DEFAULT '{}',
    error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, id);
"""

_COLUMNS: Final = """id, name, spec, state, attempt, cancel_asked,
    submitted_at, started_at, finished_at, heartbeat_at, progress, error"""


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the table; times are seconds since 1970."""

    id: int
    name: str
    spec: SweepSpec
    state: JobState
    attempt: int
    cancel_asked: bool
    submitted_at: float
    started_at: float | None
    finished_at: float | None
    heartbeat_at: float | None
    progress: JobProgress
    error: str

    @property
    def live(self) -> bool:
        """Whether it waits or runs."""
        return self.state in LIVE

    @property
    def order(self) -> tuple[str, ...]:
        """The names of its scenarios, as far as known: the baseline first, then as they were given."""
        names = dict.fromkeys(run.scenario for run in self.progress.runs)
        return tuple(sorted(names, key=lambda name: name != self.spec.baseline))

    @property
    def resumable(self) -> bool:
        """Whether it ended with work left."""
        return self.state in RESUMABLE


class JobTable:
    """The table in one file. Every call opens its own connection, so any thread may call."""

    def __init__(self, path: Path) -> None:
        """Open the table, made if it is missing."""
        self.path = path
        with self._connection() as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(_SCHEMA)

    def submit(self, spec: SweepSpec) -> int:
        """Queue a sweep and return its id.

        Raises:
            SweepError: a sweep of that name exists.
        """
        row = (spec.name, spec.model_dump_json(), JobState.QUEUED, time.time())
        try:
            with self._connection() as db:
                cursor = db.execute(
                    "INSERT INTO jobs (name, spec, state, submitted_at) VALUES (?, ?, ?, ?)", row
                )
        except sqlite3.IntegrityError as error:
            problem = Problem(
                "name", f"{spec.name!r} is taken", hint="choose another name, or resume that sweep"
            )
            raise SweepError("there is a sweep of that name", problems=[problem]) from error
        return int(cursor.lastrowid or 0)

    def claim(self) -> Job | None:
        """Return the oldest queued job, now running, or nothing; no two runners get the same one."""
        with self._connection() as db:
            rows = db.execute(
                f"""UPDATE jobs SET state = ?, attempt = attempt + 1, started_at = ?, heartbeat_at = ?,
                    finished_at = NULL, error = '', cancel_asked = 0
                WHERE id = (SELECT id FROM jobs WHERE state = ? ORDER BY id LIMIT 1)
                RETURNING {_COLUMNS}""",  # noqa: S608 (column names are constants of this file)
                (JobState.RUNNING, time.time(), time.time(), JobState.QUEUED),
            ).fetchall()
        return _job(rows[0]) if rows else None

    def report(self, job_id: int, progress: JobProgress) -> None:
        """Write how far a running job is; this counts as a heartbeat."""
        with self._connection() as db:
            db.execute(
                "UPDATE jobs SET progress = ?, heartbeat_at = ? WHERE id = ?",
                (progress.model_dump_json(), time.time(), job_id),
            )

    def beat(self, job_id: int) -> None:
        """Say that the runner of a job is alive."""
        with self._connection() as db:
            db.execute("UPDATE jobs SET heartbeat_at = ? WHERE id = ?", (time.time(), job_id))

    def cancel(self, job_id: int) -> None:
        """Ask a running job to stop, or take a queued one out of the queue."""
        with self._connection() as db:
            db.execute(
                "UPDATE jobs SET cancel_asked = 1 WHERE id = ? AND state = ?", (job_id, JobState.RUNNING)
            )
            db.execute(
                "UPDATE jobs SET state = ?, finished_at = ? WHERE id = ? AND state = ?",
                (JobState.CANCELLED, time.time(), job_id, JobState.QUEUED),
            )

    def cancel_asked(self, job_id: int) -> bool:
        """Return whether somebody asked a job to stop."""
        with self._connection() as db:
            row = db.execute("SELECT cancel_asked FROM jobs WHERE id = ?", (job_id,)).fetchone()
        return bool(row and row[0])

    def finish(self, job_id: int, state: JobState, *, error: str = "") -> None:
        """End a running job as done, failed, cancelled or interrupted.

        Raises:
            SweepError: the job is in a state from which it cannot end so.
        """
        self._move(job_id, state, "finished_at = ?, error = ?", (time.time(), error))

    def resume(self, job_id: int) -> None:
        """Queue an ended job again; its finished runs are kept.

        Raises:
            SweepError: it is done, or still live.
        """
        self._move(job_id, JobState.QUEUED, "finished_at = NULL, cancel_asked = 0, error = ''", ())

    def recover(self, *, attempts: int = 2) -> list[Job]:
        """Mark jobs that a dead runner left as interrupted, and return them as they stand now.

        Only the holder of the runner's lock may call this. A job that has been tried fewer than
        `attempts` times is queued again at once; after that a person decides.
        """
        with self._connection() as db:
            left = db.execute("SELECT id, attempt FROM jobs WHERE state = ?", (JobState.RUNNING,)).fetchall()
        for job_id, attempt in left:
            self.finish(
                job_id, JobState.INTERRUPTED, error="the runner stopped before the sweep was finished"
            )
            if attempt < attempts:
                self.resume(job_id)
        return [self.get(job_id) for job_id, _ in left]

    def get(self, job_id: int) -> Job:
        """Return one job.

        Raises:
            SweepError: there is none with that id.
        """
        with self._connection() as db:
            row = db.execute(f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", (job_id,)).fetchone()  # noqa: S608
        if row is None:
            raise SweepError("no such job", problems=[Problem("job", str(job_id))])
        return _job(row)

    def named(self, name: str) -> Job:
        """Return the job of a sweep.

        Raises:
            SweepError: there is none of that name; the nearest is named.
        """
        with self._connection() as db:
            row = db.execute(f"SELECT {_COLUMNS} FROM jobs WHERE name = ?", (name,)).fetchone()  # noqa: S608
            names = [] if row else [found for (found,) in db.execute("SELECT name FROM jobs")]
        if row is None:
            problem = Problem("sweep", f"{name!r}", hint=nearest(name, names))
            raise SweepError("no sweep of that name", problems=[problem])
        return _job(row)

    def newest(self, limit: int = 200) -> tuple[Job, ...]:
        """Return the newest jobs, newest first."""
        with self._connection() as db:
            rows = db.execute(f"SELECT {_COLUMNS} FROM jobs ORDER BY id DESC LIMIT ?", (limit,)).fetchall()  # noqa: S608
        return tuple(_job(row) for row in rows)

    def _move(self, job_id: int, to: JobState, extra: str, values: tuple[object, ...]) -> None:
        sources = [state.value for state, targets in MOVES.items() if to in targets]
        marks = ", ".join("?" * len(sources))
        with self._connection() as db:
            moved = db.execute(
                f"UPDATE jobs SET state = ?, {extra} WHERE id = ? AND state IN ({marks})",  # noqa: S608
                (to, *values, job_id, *sources),
            ).rowcount
        if not moved:
            found = self.get(job_id)
            problem = Problem(found.name, f"it is {found.state}", allowed=", ".join(sources))
            raise SweepError(f"the sweep cannot become {to}", problems=[problem])

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection whose statements commit one by one; a busy writer is waited for up to 10 s."""
        db = sqlite3.connect(self.path, timeout=10.0, isolation_level=None)
        try:
            yield db
        finally:
            db.close()


def _job(row: tuple[object, ...]) -> Job:
    """Return a row as a job; the texts are checked again, for the file may have been edited."""
    (
        job_id,
        name,
        spec,
        state,
        attempt,
        cancel_asked,
        submitted,
        started,
        finished,
        beat,
        progress,
        error,
    ) = row
    return Job(
        id=int(str(job_id)),
        name=str(name),
        spec=SweepSpec.model_validate_json(str(spec)),
        state=JobState(str(state)),
        attempt=int(str(attempt)),
        cancel_asked=bool(cancel_asked),
        submitted_at=float(str(submitted)),
        started_at=_seconds(started),
        finished_at=_seconds(finished),
        heartbeat_at=_seconds(beat),
        progress=JobProgress.model_validate_json(str(progress)),
        error=str(error),
    )


def _seconds(value: object) -> float | None:
    return None if value is None else float(str(value))
