"""What there is to run: scenario files, census files, and the demo that a first visit starts.

Files only: what a scenario says is for `simulation.parameters` to read.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from app.jobs import SweepSpec
from app.places import Places
from simulation.errors import CensusError, Problem, ScenarioError, nearest
from simulation.parameters.places import shipped_directory

DEMO_SEEDS: Final = tuple(range(1, 9))
DEMO_SCENARIOS: Final = ("baseline", "high_growth", "cost_control")
DEMO_CENSUS: Final = "demo"
PLANS: Final = "plans"
"""Where the shipped plan designs lie."""


class Catalogue:
    """The scenario and census files that a server offers."""

    def __init__(self, places: Places) -> None:
        """Take the data directory; shipped files are offered beside its own."""
        self._places = places

    def scenarios(self) -> Mapping[str, Path]:
        """Return scenario files by name, then the shipped plan designs as ``plans/NAME``.

        One of the user's hides a shipped one of the same name.
        """
        designs = _by_stem(shipped_directory() / PLANS, "*.yaml")
        shipped = _by_stem(shipped_directory(), "*.yaml")
        own = _by_stem(self._places.scenarios, "*.yaml")
        return shipped | own | {f"{PLANS}/{name}": path for name, path in designs.items()}

    def scenario(self, name: str) -> Path:
        """Return the file of a scenario.

        Raises:
            ScenarioError: there is none of that name; the nearest is named.
        """
        found = self.scenarios()
        if name not in found:
            problem = Problem("scenario", f"{name!r}", ", ".join(found), nearest(name, list(found)))
            raise ScenarioError("no scenario of that name", problems=[problem])
        return found[name]

    def censuses(self) -> Mapping[str, Path]:
        """Return census files by name; one of the user's hides a shipped one of the same name."""
        shipped = _by_stem(shipped_directory() / "census", "*.parquet")
        return shipped | _by_stem(self._places.census, "*.parquet")

    def census(self, name: str) -> Path:
        """Return the file of a census.

        Raises:
            CensusError: there is none of that name; the nearest is named.
        """
        found = self.censuses()
        if name not in found:
            problem = Problem("census", f"{name!r}", ", ".join(found), nearest(name, list(found)))
            raise CensusError("no census of that name", problems=[problem])
        return found[name]

    def demo(self, name: str = "demo") -> SweepSpec:
        """Return the demo: three scenarios, some seeds, the demo census."""
        scenarios = tuple(self.scenario(scenario) for scenario in DEMO_SCENARIOS)
        return SweepSpec(name=name, scenarios=scenarios, census=self.census(DEMO_CENSUS), seeds=DEMO_SEEDS)


def _by_stem(directory: Path, pattern: str) -> dict[str, Path]:
    return {path.stem: path for path in sorted(directory.glob(pattern)) if not path.name.startswith(".")}
