"""The manifest: what a run was made from, by what, when, and the digests of all that it wrote.

It says enough to make the run again and to tell whether its store is still as it was sealed. It reads and
writes no file.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import platform
import socket
from datetime import date, datetime
from functools import cache
from importlib import import_module
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from simulation.ids import run_key
from simulation.store.relations import SCHEMA_VERSION

DEPENDENCIES = ("duckdb", "numpy", "polars", "pydantic")
"""Whose versions a run records: they compute or keep its numbers."""


class RunIdentity(BaseModel):
    """What a run is made from: known before it starts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario_id: str = Field(min_length=1)
    plan_design_id: str = Field(min_length=1)
    seed: int = Field(ge=0, lt=2**64)
    start_year: int
    end_year: int
    scenario_digest: str
    scenario_json: str = Field(description="The resolved scenario.")
    census_digest: str
    census_as_of: date
    census_source: str
    census_rows: int
    code_version: str
    keep: Literal["full", "lifecycle", "summary"] = "full"
    balance_snapshots: Literal["year_end", "quarter_end", "month_end", "weekly"] = "year_end"

    @property
    def run_key(self) -> bytes:
        """Return what sets this run's event ids and digests apart from every other run's."""
        return run_key(self.scenario_digest, self.census_digest, self.seed)


class PartEntry(BaseModel):
    """One relation of one year: its rows and their digest, kept in the store or not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    rows: int
    digest: str


class YearEntry(BaseModel):
    """One year: its events and the chain's digest after it; genesis is the year before the first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: int
    events: int
    digest: str
    parts: tuple[PartEntry, ...]

    def part(self, name: str) -> PartEntry | None:
        """Return the entry of a relation, or nothing if the year wrote none of it."""
        return next((part for part in self.parts if part.name == name), None)


class Manifest(RunIdentity):
    """The one row of ``run_manifest``. Times are in UTC; ``digest`` is the last link of the chain."""

    schema_version: int = SCHEMA_VERSION
    dependency_versions: dict[str, str]
    digest: str
    events: int
    years: tuple[YearEntry, ...]
    started: datetime
    finished: datetime
    host: str
    user: str
    manifest_digest: str = ""

    def sealed(self) -> Manifest:
        """Return the manifest with the digest of itself."""
        return self.model_copy(update={"manifest_digest": self.own_digest()})

    def own_digest(self) -> str:
        """Return the SHA-256 over every other field, as JSON with sorted keys."""
        values = self.model_dump(mode="json", exclude={"manifest_digest"})
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()

    @property
    def stored_years(self) -> range:
        """Return the years of the log, genesis included."""
        return range(self.start_year - 1, self.end_year + 1)


def surroundings() -> dict[str, Any]:
    """Return where a run happens: dependency versions, host and user."""
    return {
        "dependency_versions": {"python": platform.python_version(), **_versions()},
        "host": socket.gethostname(),
        "user": user_name(),
    }


@cache
def _versions() -> dict[str, str]:
    return {name: import_module(name).__version__ for name in DEPENDENCIES}


def user_name() -> str:
    """Return who runs this process."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that no file names
        return "unknown"
