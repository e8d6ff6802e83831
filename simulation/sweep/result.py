"""What a sweep comes to: one row a run, and the directory that holds the stores."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from simulation.sweep.look import Look


class RunStatus(StrEnum):
    """How a run ended."""

    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    """It was not begun, or dropped half-way; `--resume` does it."""


class SweepRun(BaseModel):
    """One scenario with one seed."""

    model_config = ConfigDict(frozen=True)

    scenario: str
    seed: int
    store: Path | None = None
    """The sealed store of a run that is done."""
    digest: str | None = None
    status: RunStatus
    seconds: float = 0.0
    """What the run itself took, in its worker."""
    attempts: int = 0
    """0: an earlier sweep had done it already."""
    error: str | None = None
    warnings: int = 0
    """What soft gates of data quality found, over all years."""
    note: str | None = None
    """What became of the years that an interrupted run had committed."""
    sent_from: str | None = None
    """The machine that sent the store back, as it does not see the sweep's directory."""


class SweepResult(BaseModel):
    """The runs of a sweep, in the order of its plan: scenario by scenario, seed by seed."""

    model_config = ConfigDict(frozen=True)

    name: str
    directory: Path
    runs: tuple[SweepRun, ...]
    seconds: float
    """From the call to the end, the start of the workers included."""
    startup_seconds: float = 0.0
    """Of which the workers took to start."""
    cancelled: bool = False
    looks: tuple[Look, ...] = ()
    """What was known after each block of seeds, where the sweep was run until something is."""

    @property
    def done(self) -> tuple[SweepRun, ...]:
        """The runs that have a store."""
        return self._with(RunStatus.DONE)

    @property
    def failed(self) -> tuple[SweepRun, ...]:
        """The runs that failed in every attempt."""
        return self._with(RunStatus.FAILED)

    @property
    def warned(self) -> tuple[SweepRun, ...]:
        """The runs whose data carry warnings."""
        return tuple(run for run in self.runs if run.warnings)

    @property
    def complete(self) -> bool:
        """Whether every run has a store."""
        return len(self.done) == len(self.runs)

    def _with(self, status: RunStatus) -> tuple[SweepRun, ...]:
        return tuple(run for run in self.runs if run.status is status)
