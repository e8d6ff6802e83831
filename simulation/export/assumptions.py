"""What scenarios were given that the baseline was not, in few rows and with units, for screen and paper.

Reads nothing: `simulation.query.parameter_changes` finds the changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Final

import polars as pl

from simulation.parameters import parameters

MISSING: Final = "–"

_VALUES: Final = ("parameter", "baseline_value", "scenario_value")


def parameter_info(changes: pl.DataFrame, scenarios: Sequence[str]) -> pl.DataFrame:
    """Return one row a parameter, set of levels, span of years and pair of values.

    Args:
        changes: rows of `simulation.query.parameter_changes`.
        scenarios: the scenarios that are shown, in their order.

    Returns:
        scenario, parameter, levels and years as texts, baseline_value, scenario_value, origin.
    """
    if changes.is_empty():
        return changes
    places = {name: place for place, name in enumerate(scenarios)}
    kept = changes.filter(pl.col("scenario").is_in(list(places))).sort(
        pl.col("scenario").replace_strict(places, default=None), maintain_order=True
    )
    years = kept.group_by("scenario", *_VALUES, "job_level", "origin", maintain_order=True).agg(
        "simulation_year"
    )
    spans = years.with_columns(pl.col("simulation_year").map_elements(_spans, pl.String).alias("years"))
    levels = spans.group_by("scenario", *_VALUES, "years", "origin", maintain_order=True).agg("job_level")
    return levels.with_columns(pl.col("job_level").map_elements(_spans, pl.String).alias("levels"))


def titled(parameter: str) -> tuple[str, str]:
    """Return a parameter's title and unit; of one that this version does not know, nothing."""
    record = parameters().get(parameter)
    return (record.title, record.unit) if record else ("", "")


def value_text(text: str | None, unit: str) -> str:
    """Return a value with its unit as a reader expects it: ``3.2 %``, ``× 1.03``, ``$2,500``."""
    if text in {None, "", "null"}:
        return MISSING
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        return str(text)
    if unit.startswith(("share", "rate")):
        return f"{value * 100:f}".rstrip("0").rstrip(".") + " %" if value else "0 %"
    if unit == "multiplier":
        return f"× {text}"
    return f"${value:,}" if unit.startswith("USD") else str(text)


def _spans(numbers: pl.Series) -> str:
    """Return whole numbers as spans: 2025, 2026, 2027 and 2029 are ``2025–2027, 2029``."""
    known = sorted(number for number in numbers if number is not None)
    breaks = [index for index, (low, high) in enumerate(pairwise(known), start=1) if high != low + 1]
    parts = [known[start:end] for start, end in pairwise([0, *breaks, len(known)])] if known else []
    return ", ".join(str(part[0]) if len(part) == 1 else f"{part[0]}–{part[-1]}" for part in parts)
