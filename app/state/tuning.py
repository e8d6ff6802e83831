"""What is chosen on the Tuning page, and the scenario that it makes of its base.

Values are whole ten-thousandths (basis points of a rate), so that a link carries them exactly. It knows no
widget and no file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Final

import param

from app.state.url import Linked
from simulation.parameters import LEVERS, Levers, Scenario, effective_levers
from simulation.parameters.levels import LEVELS

STEP: Final = Decimal("0.0001")
ALL_YEARS: Final = 0
GROWTH: Final = "workforce.growth.rate"
TURNOVER: Final = "workforce.termination.total_rate"
OWN_SEED: Final = "own"
STANDARD_SEED: Final = 42
CELL: Final = re.compile(r"(?P<lever>[a-z_]+)\.(?P<level>[1-5])(?:@(?P<year>\d{4}))?")


class TuningState(Linked):
    """A base scenario, what is moved from it, and the seeds to run it with."""

    in_link: ClassVar[tuple[str, ...]] = (
        "base",
        "year",
        "levers",
        "growth",
        "turnover",
        "census",
        "seed_kind",
        "seed",
        "seeds",
        "also",
    )

    steps: ClassVar[frozenset[str]] = frozenset({"base", "census", "year"})

    base = param.String(default="baseline", doc="The scenario that is tuned.")
    year = param.Integer(
        default=ALL_YEARS, bounds=(0, 2150), doc="The year that the sliders set; 0: every year."
    )
    levers = param.Dict(
        default={}, doc="What is moved: 'merit_base.1' or 'merit_base.1@2027' to ten-thousandths."
    )
    growth = param.Integer(
        default=None, allow_None=True, doc="Headcount growth in ten-thousandths; none: the base's."
    )
    turnover = param.Integer(
        default=None, allow_None=True, doc="Total turnover in ten-thousandths; none: the base's."
    )
    census = param.String(default="demo", doc="The census to run on.")
    seed_kind: Any = param.Selector(default="42", objects=["42", "own", "random"], doc="Where seeds begin.")
    seed = param.Integer(default=STANDARD_SEED, bounds=(0, 2**31 - 1), doc="The first seed.")
    seeds = param.Integer(
        default=4, bounds=(1, 200), doc="How many seeds are run, counted up from the first."
    )
    also = param.List(default=[], item_type=str, doc="Other scenarios to run beside base and tuned.")

    def first_seed(self) -> int:
        """Return the seed of the preview, and the first of the sweep."""
        return STANDARD_SEED if self.seed_kind == "42" else self.seed

    def all_seeds(self) -> tuple[int, ...]:
        """Return the seeds of the sweep."""
        return tuple(range(self.first_seed(), self.first_seed() + self.seeds))

    def is_moved(self) -> bool:
        """Return whether anything differs from the base."""
        return bool(self.levers) or self.growth is not None or self.turnover is not None

    def move(self, lever: str, level: int, value: int | None) -> None:
        """Set a lever of a level for the chosen year, or for every year; nothing takes it back to the base.

        What is set for every year wins over what was set for single ones before.
        """
        moved = dict(self.levers)
        if self.year == ALL_YEARS:
            moved = {cell: kept for cell, kept in moved.items() if not cell.startswith(f"{lever}.{level}@")}
        moved.pop(self._cell(lever, level), None)
        if value is not None:
            moved[self._cell(lever, level)] = value
        self.levers = moved

    def moved(self, lever: str, level: int) -> int | None:
        """Return what a lever is set to in the chosen year, or nothing if it stands at the base."""
        everywhere = self.levers.get(f"{lever}.{level}")
        return self.levers.get(self._cell(lever, level), everywhere)

    def reset(self) -> None:
        """Go back to the base."""
        self.param.update(levers={}, growth=None, turnover=None)

    def values(self) -> Mapping[str, Decimal]:
        """Return the dotted keys that are moved besides the levers."""
        chosen = {GROWTH: self.growth, TURNOVER: self.turnover}
        return {key: value * STEP for key, value in chosen.items() if value is not None}

    def levers_over(self, base: Scenario) -> Levers:
        """Return the base's lever rows with what is moved laid over them.

        Raises:
            ScenarioError: a value is out of its lever's bounds, or there is no such lever.
        """
        rows = base.lever_rows
        for cell, value in sorted(self.levers.items(), key=lambda item: "@" in item[0]):
            match = CELL.fullmatch(cell)
            if match is None:
                continue
            years = [int(match["year"])] if match["year"] else list(base.horizon.years)
            rows = rows.with_value(match["lever"], Decimal(value) * STEP, years, [int(match["level"])])
        return rows

    def scenario(self, base: Scenario) -> Scenario:
        """Return the tuned scenario.

        Raises:
            ScenarioError: something is out of bounds; every problem is named.
        """
        return base.changed(dict(self.values()), self.levers_over(base))

    def _cell(self, lever: str, level: int) -> str:
        return f"{lever}.{level}" if self.year == ALL_YEARS else f"{lever}.{level}@{self.year}"

    def _value(self, name: str, text: str) -> Any:
        """Return a text of a link as a value; levers are checked here, for no parameter class knows them."""
        value = super()._value(name, text)
        if name == "levers":
            for cell, moved in value.items():
                match = CELL.fullmatch(cell)
                if match is None or match["lever"] not in LEVERS or type(moved) is not int:
                    msg = f"{cell!r} is no lever"
                    raise ValueError(msg)
        return value


def base_values(base: Scenario, year: int) -> Mapping[tuple[str, int], int]:
    """Return the base's value of each lever and level in ten-thousandths, for a year or the first one."""
    chosen = base.horizon.start_year if year == ALL_YEARS else year
    rows = effective_levers(base)
    found = {(name, level): rows.get(chosen, level, name) for name in LEVERS for level in LEVELS}
    return {key: int(value / STEP) for key, value in found.items() if value is not None}


def window(values: Sequence[int], low: int, high: int) -> tuple[int, int]:
    """Return the reach of a slider around a base: wide enough to tune, inside the parameter's bounds.

    Bounds such as 0 to 100 % would leave a merit of 4 % no room to be set by hand; the number beside the
    slider takes any allowed value.
    """
    if low > 0:
        return low, high
    top = max(500, *(-(-value * 5 // 2 // 500) * 500 for value in values))
    return low, min(high, top)
