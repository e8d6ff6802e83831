"""What the catalogue says of a run: what ran, when, by whom, from what, with what result.

A record is what a store or a journal says and can be read again at any time; an entry is that together with
what people have said of the run. Knows no files.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeAlias

from pydantic import BaseModel, ConfigDict

HEADLINES: Final = ("headcount_end", "total_compensation", "participation_rate", "employer_cost")
"""The metrics of the last year that stand for a run's result."""

SET_ASIDE: Final = ".damaged"
"""How the name of a store ends that a resumed sweep put out of its way."""

RunKey: TypeAlias = tuple[str, datetime]
"""What sets a sealed run apart: the digest of its log and when it began. It moves with the file."""


class State(StrEnum):
    """What stands where the run should."""

    SEALED = "sealed"
    EDITED = "edited"
    """The manifest is no longer the one that was sealed."""
    UNREADABLE = "unreadable"
    """Damaged, of another version, or no store of a run."""
    SET_ASIDE = "set aside"
    """A resumed sweep could not use it: unreadable, or of other inputs."""
    FAILED = "failed"
    """No store: the sweep's journal says why."""


class Record(BaseModel):
    """One run as its store, or for want of one its sweep's journal, tells it. Times are in UTC."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    store: str
    """The path below the data directory, with slashes."""
    state: State
    problem: str = ""
    """What is wrong with it."""
    bytes: int = 0
    scenario: str = ""
    plan_design_id: str = ""
    seed: int | None = None
    start_year: int | None = None
    end_year: int | None = None
    scenario_digest: str = ""
    census_digest: str = ""
    census_source: str = ""
    census_as_of: date | None = None
    census_rows: int | None = None
    code_version: str = ""
    keep: str = ""
    digest: str = ""
    """Of the whole log, whatever is kept of it."""
    events: int | None = None
    started: datetime | None = None
    finished: datetime | None = None
    host: str = ""
    user: str = ""
    warnings: int = 0
    """What soft gates of data quality found, over all years."""
    result: dict[str, Decimal | None] = {}
    """``HEADLINES`` of the last year; none for a metric without a denominator."""

    @property
    def key(self) -> RunKey | None:
        """Return what sets the run apart; nothing without a manifest."""
        return (self.digest, self.started) if self.digest and self.started else None


class Entry(Record):
    """A run in the catalogue, with what people said of it."""

    sweep: str = ""
    """The directory of the sweep that it belongs to, below the data directory; empty for a single run."""
    tags: tuple[str, ...] = ()
    note: str = ""
    archived: bool = False

    def path(self, root: Path) -> Path:
        """Return where the store lies."""
        return root / self.store
