"""Where the dashboard keeps its things: the data directory's layout, in one place.

Knows paths and names only: no job, no scenario's content, no screen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulation.errors import Problem, SweepError, WriteError

SWEEP_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
"""What a sweep may be called: it becomes a directory, a part of links and a row of tables."""


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one data directory."""

    root: Path

    @classmethod
    def at(cls, root: Path) -> Places:
        """Return the places under a directory, made if they are missing.

        Raises:
            WriteError: the directory cannot be made or written to.
        """
        places = cls(root.expanduser().resolve())
        try:
            for directory in (places.sweeps, places.census, places.scenarios):
                directory.mkdir(parents=True, exist_ok=True)
            probe = places.root / ".writable"
            probe.touch()
            probe.unlink()
        except OSError as error:
            problem = Problem(
                str(places.root), error.strerror or str(error), hint="choose another with --data"
            )
            raise WriteError("the data directory cannot be used", problems=[problem]) from error
        return places

    @property
    def jobs(self) -> Path:
        """The job table."""
        return self.root / "jobs.sqlite"

    @property
    def runner_lock(self) -> Path:
        """The file that the one runner of this directory holds locked."""
        return self.root / "runner.lock"

    @property
    def runner_log(self) -> Path:
        """What the embedded runner prints."""
        return self.root / "runner.log"

    @property
    def sweeps(self) -> Path:
        """One directory a sweep, with its sealed stores."""
        return self.root / "sweeps"

    @property
    def census(self) -> Path:
        """Census files in canonical Parquet."""
        return self.root / "census"

    @property
    def scenarios(self) -> Path:
        """The user's own scenario files, beside the shipped ones."""
        return self.root / "scenarios"

    def sweep(self, name: str) -> Path:
        """Return the directory of a sweep.

        Raises:
            SweepError: the name could leave the sweeps directory or confuse a shell.
        """
        return self.sweeps / checked_name(name)

    def inputs(self, name: str) -> Path:
        """Return the directory of the overlays and levers that a job was given."""
        return self.root / "inputs" / checked_name(name)


def checked_name(name: str) -> str:
    """Return a sweep's name if it is fit to be a directory.

    Raises:
        SweepError: it is not.
    """
    if SWEEP_NAME.fullmatch(name):
        return name
    allowed = (
        "1 to 64 letters, digits, dots, dashes and underscores, beginning and ending with a letter or digit"
    )
    raise SweepError("a sweep needs another name", problems=[Problem("name", f"{name!r}", allowed)])
