"""What several measurements share: a directory, censuses by size, and the large run that they look into.

Everything is made when it is first asked for and never inside what is being timed.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.benchmarks.stopwatch import Spent, timed

PLANWISE = Path(sys.executable).with_name("planwise")
YEARS = "2025-2029"
LARGE = 100_000
HALF = 50_000
SMALL_RUNS = 1_000
SMALL_PEOPLE = 1_000


@dataclass
class Workshop:
    """A directory for one session of measurements."""

    directory: Path
    _places: int = field(default=0, init=False)
    _warm: bool = field(default=False, init=False)

    def new_place(self) -> Path:
        """Return a directory that nothing has been written to."""
        self._places += 1
        return self.directory / f"place_{self._places}"

    def census(self, employees: int) -> Path:
        """Return a generated census of as many people."""
        path = self.directory / f"census_{employees}.parquet"
        if not path.exists():
            timed([PLANWISE, "census", "generate", "--employees", str(employees), "--out", path])
        return path

    def simulate(
        self,
        employees: int,
        scenario: str = "baseline",
        frequency: str = "annual",
        snapshots: str = "year_end",
    ) -> tuple[Spent, Path]:
        """Run a shipped scenario over five years in a process of its own; return its cost and store."""
        files: list[str | Path] = ["--census", self.census(employees), "--out", self.new_place()]
        values = [f"payroll.frequency={frequency}", f"output.balance_snapshots={snapshots}"]
        asked = ["--years", YEARS, *(word for value in values for word in ("--set", value))]
        spent = timed([PLANWISE, "simulate", scenario, *asked, "--json", *files])
        return spent, Path(json.loads(spent.output)["store"])

    @cached_property
    def large_run(self) -> tuple[Spent, Path]:
        """What 100,000 people over five years cost, and the sealed store."""
        return self.simulate(LARGE)

    @cached_property
    def small_sweep(self) -> dict[str, Any]:
        """What a sweep of a thousand runs of 1,000 people over five years on two workers says of itself."""
        files: list[str | Path] = ["--census", self.census(SMALL_PEOPLE), "--out", self.new_place()]
        runs = ["--scenarios", "baseline", "--seeds", f"1-{SMALL_RUNS}", "--years", YEARS]
        spent = timed([PLANWISE, "sweep", *runs, "--keep", "summary", "--workers", "2", "--json", *files])
        said: dict[str, Any] = json.loads(spent.output)
        return said

    @cached_property
    def store_of_millions(self) -> Path:
        """The store of 50,000 people over five years: 3 million events."""
        return self.simulate(HALF)[1]

    def warm_up(self) -> None:
        """Run once what no measurement counts: it leaves compiled modules behind, and files in memory."""
        if not self._warm:
            self._warm = True
            self.simulate(100)

    @property
    def large_store(self) -> Path:
        """The store of 100,000 people over five years."""
        return self.large_run[1]
