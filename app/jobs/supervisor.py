"""Starts the runner beside the server, and again whenever it dies.

It knows a command and a lock file. What the dead runner left behind is recovered by the next one, which holds
the lock.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

from app.jobs.lock import held
from app.places import Places

FIRST_WAIT: Final = 0.5
LONGEST_WAIT: Final = 30.0
STOP_SECONDS: Final = 20.0
"""How long a runner may take to stop its sweep before it is killed; finished stores survive either way."""

ONE_THREAD_EACH: Final = {
    "POLARS_MAX_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}


class Supervisor:
    """Keeps one runner alive for a data directory."""

    def __init__(self, places: Places, *, command: Sequence[str] | None = None) -> None:
        """Take the directory, and the command if it is not the usual runner."""
        self.places = places
        self.starts = 0
        own = [
            sys.executable,
            "-m",
            "app.jobs.runner",
            "--data",
            str(places.root),
            "--parent",
            str(os.getpid()),
        ]
        self._command = list(command or own)
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_alive, name="runner-supervisor", daemon=True)

    def start(self) -> None:
        """Begin to keep a runner alive."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the runner to stop, wait for it, and kill it only if it does not."""
        self._stop.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join()

    @property
    def pid(self) -> int | None:
        """The process id of the runner, while it lives."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def _keep_alive(self) -> None:
        """Start a runner unless one serves the directory already; wait longer after each early death."""
        wait = FIRST_WAIT
        while not self._stop.is_set():
            if held(self.places.runner_lock):
                self._stop.wait(FIRST_WAIT)
                continue
            with self.places.runner_log.open("ab") as log:
                self._run_once(log)
            self._stop.wait(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    def _run_once(self, log: IO[bytes]) -> None:
        # A session of its own: Ctrl-C on the server reaches the runner through stop(), in order and once.
        self._process = subprocess.Popen(  # noqa: S603 (our own module, no shell)
            self._command,
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            cwd=Path(__file__).resolve().parents[2],
            env={**os.environ, **ONE_THREAD_EACH},
        )
        self.starts += 1
        if self._stop.is_set():
            self._process.terminate()
        self._process.wait()
