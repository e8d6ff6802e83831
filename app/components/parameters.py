"""What the scenarios of a comparison were given that the baseline was not, gathered into few rows.

`parameter_info` gathers years and levels that agree, `parameter_table` shows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise

import polars as pl
from markupsafe import Markup

from app.components.tables import nowrap, table
from app.theme import MISSING
from simulation.parameters import parameters

_VALUES = ("parameter", "baseline_value", "scenario_value")


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


def parameter_table(info: pl.DataFrame, baseline: str) -> Markup:
    """Return the table; without a row it says that nothing differs."""
    title = Markup('<h2 class="section">What was set differently</h2>')
    if info.is_empty():
        return title + Markup('<p class="muted">Nothing: only the seeds differ.</p>')
    head = (
        ("Scenario", False),
        ("Parameter", False),
        ("Levels", False),
        ("Years", False),
        (baseline, True),
        ("Scenario", True),
        ("Set by", False),
    )
    return title + table("", head, (_row(row) for row in info.iter_rows(named=True)))


def _row(row: dict[str, str]) -> list[str | Markup]:
    record = parameters().get(row["parameter"])
    name = Markup('{} <span class="muted">{}</span>').format(record.title if record else "", row["parameter"])
    unit = record.unit if record else ""
    values = [_value(row[column], unit) for column in ("baseline_value", "scenario_value")]
    levels, years = (nowrap(text) for text in (row["levels"] or "all", row["years"]))
    return [nowrap(row["scenario"]), name, levels, years, *values, row["origin"] or ""]


def _value(text: str | None, unit: str) -> str:
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
