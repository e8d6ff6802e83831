"""The five pay levers by level, and growth and turnover, as sliders over a `TuningState`.

It says where each slider stands and moves the state when one is moved; what the values do is not known here.
"""

from __future__ import annotations

from typing import Any, Final

from app.components.slider_grid import Cell, SliderGrid, SliderRow
from app.state.tuning import GROWTH, STEP, TURNOVER, TuningState, base_values, window
from simulation.parameters import LEVERS, Lever, Scenario, parameters
from simulation.parameters.levels import LEVELS, TOP_LEVEL
from simulation.parameters.levers import PROMOTION_PROBABILITY

PERCENT: Final = 100
TEN_THOUSAND: Final = 10_000
STEPS: Final = 5
"""Ten-thousandths in one step of a slider: 0.05 %; the number beside it takes any."""

RATES: Final = {"growth": (GROWTH, -1000, 2000), "turnover": (TURNOVER, 0, 4000)}
"""State parameters of the workforce: their dotted key, and the reach of their slider."""


class LeverSliders:
    """Sliders that follow a tuning state and move it."""

    def __init__(self, state: TuningState) -> None:
        """Take the state that is moved."""
        self._state = state
        self._base: dict[tuple[str, int], int] = {}
        self.view = SliderGrid()
        self.view.param.watch(self._moved, "moved")

    def follow(self, base: Scenario) -> None:
        """Stand where the state says, over a base."""
        self._base = dict(base_values(base, self._state.year))
        rows = [self._lever_row(lever, base) for lever in LEVERS.values()]
        self.view.stand([*rows, self._rates_row(base)])

    def _lever_row(self, lever: Lever, base: Scenario) -> SliderRow:
        record = lever.record
        factor = TEN_THOUSAND if record.unit == "multiplier" else PERCENT
        unit = "times" if record.unit == "multiplier" else f"%, {record.unit}"
        cells = tuple(self._lever_cell(lever, level, factor) for level in LEVELS)
        return SliderRow(record.title, _hint(lever, base), unit, cells)

    def _lever_cell(self, lever: Lever, level: int, factor: int) -> Cell:
        """Return one slider, its reach around the base's values of all levels."""
        base, moved = self._base[lever.name, level], self._state.moved(lever.name, level)
        value = base if moved is None else moved
        low, high = (int(bound / STEP) for bound in lever.bounds)
        start, end = window([self._base[lever.name, other] for other in LEVELS], low, high)
        return Cell(
            key=f"{lever.name}.{level}",
            label=f"Level {level}",
            value=value / factor,
            base=base / factor,
            start=min(start, value) / factor,
            end=max(end, value) / factor,
            low=low / factor,
            high=high / factor,
            step=STEPS / factor,
            disabled=lever.name == PROMOTION_PROBABILITY and level == TOP_LEVEL,
        )

    def _rates_row(self, base: Scenario) -> SliderRow:
        flat = base.flat()
        cells = tuple(self._rate_cell(name, flat[key], key, reach) for name, (key, *reach) in RATES.items())
        hint = "Exits of a year are over the mean of opening and closing headcount."
        return SliderRow("Workforce", hint, "%", cells)

    def _rate_cell(self, name: str, stated: Any, key: str, reach: list[int]) -> Cell:
        record, moved = parameters()[key], getattr(self._state, name)
        base = None if stated is None else int(stated / STEP)
        value = base if moved is None else moved
        return Cell(
            key=name,
            label=record.title,
            value=None if value is None else value / PERCENT,
            base=None if base is None else base / PERCENT,
            start=min(reach[0], value or 0) / PERCENT,
            end=max(reach[1], value or 0) / PERCENT,
            low=float(record.minimum) * PERCENT,
            high=float(record.maximum) * PERCENT,
            step=STEPS / PERCENT,
        )

    def _moved(self, event: Any) -> None:
        """Move the state as the reader moved a slider; a value that is the base's is no move."""
        key, shown = str(event.new.get("key", "")), event.new.get("value")
        if not isinstance(shown, int | float):
            return
        if key in RATES:
            self._state.param.update(**{key: round(shown * PERCENT)})
            return
        name, _, level = key.partition(".")
        if name not in LEVERS or level not in {str(known) for known in LEVELS}:
            return
        factor = TEN_THOUSAND if LEVERS[name].record.unit == "multiplier" else PERCENT
        value = round(shown * factor)
        self._state.move(name, int(level), None if value == self._base.get((name, int(level))) else value)


def _hint(lever: Lever, base: Scenario) -> str:
    """Return what a lever is, and how a level that is set stands beside those that share a total."""
    total = base.flat().get(lever.scaled_by) if lever.scaled_by else None
    if total is None:
        return lever.record.description
    title = parameters()[lever.scaled_by].title.lower()
    return (
        f"A level that you set counts as you set it; the others are scaled to the {title}, "
        f"{float(total):.1%} over all of them."
    )
