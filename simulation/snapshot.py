"""The workforce at a year end as analysts read it: one row an employee who worked in the year.

Columns are derived from the state by expressions; nothing is decided here, and nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import numpy as np
import polars as pl

from simulation.dates import completed_years, year_end
from simulation.state import (
    State,
    age,
    deferring,
    employed,
    full_year_cents,
    hired_in_year,
    last_day,
    left_in,
    paid_cents,
)
from simulation.units import CENT

AGE_BOUNDS: Final = (25, 35, 45, 55, 65)
TENURE_BOUNDS: Final = (2, 5, 10, 20)
"""Where a band of completed years begins; the first band lies below the first bound."""

STATUS_CODES: Final = (
    "continuous_active",
    "experienced_termination",
    "new_hire_active",
    "new_hire_termination",
)
"""Here at the opening and still here; left; came in the year (or came back) and still here; came and left."""

SNAPSHOT_COLUMNS: Final[Mapping[str, pl.DataType]] = MappingProxyType(
    {
        "employee_id": pl.String(),
        "simulation_year": pl.Int32(),
        "snapshot_date": pl.Date(),
        "employment_status": pl.String(),
        "detailed_status_code": pl.String(),
        "job_level": pl.Int8(),
        "department": pl.String(),
        "hire_date": pl.Date(),
        "age": pl.Int32(),
        "tenure_years": pl.Int32(),
        "age_band": pl.String(),
        "tenure_band": pl.String(),
        "scheduled_hours": pl.Int32(),
        "current_compensation_cents": pl.Int64(),
        "prorated_annual_compensation_cents": pl.Int64(),
        "full_year_equivalent_compensation_cents": pl.Int64(),
        "is_eligible": pl.Boolean(),
        "is_enrolled": pl.Boolean(),
        "deferral_bp": pl.Int32(),
        "termination_date": pl.Date(),
        "termination_reason": pl.String(),
    }
)


def workforce_snapshot(state: State, year: int) -> pl.DataFrame:
    """Return who worked in a year, as they stood on 31 December or on their last day, by employee id.

    Pay is in cents: the annual rate, what was paid in the year, and what a full year at the days' mean
    rate would have paid.
    """
    rows = np.flatnonzero(~np.isnat(state.people["start_date"].to_numpy()))
    there = state.people[_READ][rows].with_columns(_standing(year))
    return there.with_columns(_BANDED)[["seed", "person", *SNAPSHOT_COLUMNS]]


_READ: Final = (
    *("seed", "person", "employee_id", "job_level", "department", "birth_date", "hire_date", "service_date"),
    *("scheduled_hours", "compensation_cents", "entry_date", "deferral_bp", "roth_deferral_bp"),
    *("opened_year", "start_date", "termination_date", "termination_reason"),
    *("day_cents", "employed_days", "leave_days"),
)


@cache
def _standing(year: int) -> tuple[pl.Expr, ...]:
    """Return the columns of who worked in a year, the bands of age and tenure left out."""
    never_elected = pl.col("deferral_bp").is_null() & pl.col("roth_deferral_bp").is_null()
    columns = {
        "simulation_year": pl.lit(year),
        "snapshot_date": pl.lit(year_end(year)),
        "employment_status": pl.when(employed()).then(pl.lit("active")).otherwise(pl.lit("terminated")),
        "detailed_status_code": _status_code(year),
        "age": age(year_end(year)),
        "tenure_years": completed_years("service_date", last_day(year)),
        "current_compensation_cents": pl.col("compensation_cents"),
        "prorated_annual_compensation_cents": paid_cents(year),
        "full_year_equivalent_compensation_cents": full_year_cents(),
        "is_eligible": (pl.col("entry_date") <= last_day(year)).fill_null(value=False),
        "is_enrolled": deferring(),
        "deferral_bp": pl.when(~never_elected).then(pl.sum_horizontal("deferral_bp", "roth_deferral_bp")),
    }
    return tuple(column.cast(SNAPSHOT_COLUMNS[name]).alias(name) for name, column in columns.items())


def _status_code(year: int) -> pl.Expr:
    row = 2 * hired_in_year().cast(pl.UInt32) + left_in(year).cast(pl.UInt32)
    return pl.lit(pl.Series(STATUS_CODES)).gather(row)


def band_names(bounds: Sequence[int]) -> list[str]:
    """Return the names of bands: ``<25``, ``25-34``, ``65+``."""
    inner = [f"{low}-{high - 1}" for low, high in pairwise(bounds)]
    return [f"<{bounds[0]}", *inner, f"{bounds[-1]}+"]


def band(years: str, bounds: Sequence[int]) -> pl.Expr:
    """Return the name of the band that a column of completed years falls in."""
    row = pl.lit(pl.Series(bounds, dtype=pl.Int32)).search_sorted(pl.col(years), side="right")
    return pl.lit(pl.Series(band_names(bounds))).gather(row)


_BANDED: Final = (
    band("age", AGE_BOUNDS).alias("age_band"),
    band("tenure_years", TENURE_BOUNDS).alias("tenure_band"),
)


def _dollars(cents: str) -> pl.Expr:
    return pl.col(cents).sum().cast(pl.Decimal(28, 8)) * pl.lit(CENT)


STATUS_TOTALS: Final[Mapping[str, pl.Expr]] = MappingProxyType(
    {
        "headcount": pl.len(),
        "current_compensation": _dollars("current_compensation_cents"),
        "prorated_annual_compensation": _dollars("prorated_annual_compensation_cents"),
        "full_year_equivalent_compensation": _dollars("full_year_equivalent_compensation_cents"),
        "age": pl.col("age").sum(),
        "tenure_years": pl.col("tenure_years").sum(),
    }
)
"""Totals by employment status that add up, so that any choice of statuses is a sum of rows."""


def status_totals(snapshot: pl.DataFrame) -> pl.DataFrame:
    """Return one row a seed, year, status code and total.

    Columns ``seed``, ``simulation_year``, ``detailed_status_code``, ``metric``, ``value`` (dollars, years or
    people).
    """
    keys = ("seed", "simulation_year", "detailed_status_code")
    exact = {name: total.cast(pl.Decimal(28, 8)) for name, total in STATUS_TOTALS.items()}
    return (
        snapshot.group_by(keys)
        .agg(**exact)
        .unpivot(index=keys, variable_name="metric", value_name="value")
        .sort(*keys, "metric")
    )
