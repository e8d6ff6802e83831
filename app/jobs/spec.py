"""What a job is asked to do, and how far it has come, as JSON-able values.

Both cross a process border through the job table; neither knows who wrote it or who runs it.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.places import checked_name
from simulation.errors import SweepError


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SweepSpec(_Value):
    """A sweep to run: scenario files x seeds over one census.

    A scenario tuned on a screen is a file too: `app.jobs.overlay` writes it before the job is submitted,
    so that what ran can be read, kept and run again from the command line.
    """

    name: str
    scenarios: tuple[Path, ...] = Field(min_length=1)
    census: Path
    seeds: tuple[int, ...] = Field(min_length=1, max_length=10_000)
    years: tuple[int, int] | None = None
    workers: int | None = Field(default=None, ge=1)
    address: str | None = None
    baseline: str | None = None
    """Name of the scenario that the others are compared with; none: the first."""

    @field_validator("name")
    @classmethod
    def _fit_for_a_directory(cls, name: str) -> str:
        try:
            return checked_name(name)
        except SweepError as error:
            raise ValueError(str(error.problems[0])) from error

    @field_validator("seeds")
    @classmethod
    def _each_once(cls, seeds: tuple[int, ...]) -> tuple[int, ...]:
        if min(seeds) < 0:
            msg = "seeds are whole numbers from 0"
            raise ValueError(msg)
        return tuple(dict.fromkeys(seeds))


class RunState(StrEnum):
    """Where one run of a sweep stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class RunCell(_Value):
    """One run: a scenario with a seed."""

    scenario: str
    seed: int
    state: RunState = RunState.WAITING
    years_done: int = 0
    years: int = 0
    message: str = ""
    warnings: int = 0
    """What soft gates of data quality found, over all years."""


class JobProgress(_Value):
    """How far a job has come: its runs, the seconds spent and the seconds expected still."""

    runs: tuple[RunCell, ...] = ()
    seconds: float = 0.0
    eta_seconds: float | None = None
    note: str = ""
    """What goes on when no run shows it: 'starting Ray'."""

    def count(self, state: RunState) -> int:
        """Return how many runs are in a state."""
        return sum(run.state is state for run in self.runs)

    @property
    def warned(self) -> int:
        """How many runs carry warnings of data quality."""
        return sum(run.warnings > 0 for run in self.runs)

    @property
    def total(self) -> int:
        """How many runs there are."""
        return len(self.runs)

    @property
    def fraction(self) -> float:
        """The share of the work done, 0 to 1; running runs count by their years."""
        parts = [_share_done(run) for run in self.runs]
        return sum(parts) / len(parts) if parts else 0.0


def _share_done(run: RunCell) -> float:
    if run.state in {RunState.DONE, RunState.FAILED}:
        return 1.0
    return run.years_done / run.years if run.state is RunState.RUNNING and run.years else 0.0
