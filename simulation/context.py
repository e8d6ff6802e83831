"""What a phase may know besides the state: the year, the scenario's values for it, the census's profile.

A context is made once a year for a whole batch of seeds and never changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from simulation.units import cents, divide_half_up, share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.distributions import Distribution
    from simulation.parameters import Scenario
    from simulation.profile import HiringProfile


@dataclass(frozen=True, slots=True)
class YearContext:
    """One year of one scenario for a batch of seeds.

    ``levers`` has one row a level (``merit_bp``, ``cola_bp``, ``new_hire_adjustment_bp``,
    ``promotion_probability_bp``, ``promotion_raise_bp`` and whether merit and promotion are scaled);
    ``planned`` is the headcount of the growth path before and after the year, as if all went to plan;
    ``bands`` one row a level with this year's ``minimum_cents``, ``midpoint_cents``, ``maximum_cents`` of
    full-time pay; ``structure`` one row a level with ``index``, the growth of the pay structure since the
    census in millionths; ``parameters`` all values that the year uses, each with what set it; ``census`` how
    its people were distributed, by attribute.
    """

    year: int
    scenario: Scenario
    seeds: tuple[int, ...]
    planned: tuple[int, int]
    levers: pl.DataFrame
    bands: pl.DataFrame
    structure: pl.DataFrame
    parameters: pl.DataFrame
    profile: HiringProfile
    census: Mapping[str, Distribution]

    def seed_frame(self) -> pl.DataFrame:
        """Return one row a seed."""
        return pl.DataFrame({"seed": pl.Series(self.seeds, dtype=pl.UInt64)})


def growth_path(scenario: Scenario, opening: int) -> list[int]:
    """Return the planned headcount at the census date and at each year's end.

    Growth compounds unrounded, so that a small employer's half person is not lost every year; a stated
    headcount starts the path anew.
    """
    growth = scenario.workforce.growth
    stated = growth.headcount_path or {}
    exact = Fraction(opening)
    path = [opening]
    for year in range(scenario.horizon.start_year, scenario.horizon.end_year + 1):
        exact = Fraction(stated[year]) if year in stated else exact * (1 + Fraction(growth.rate))
        path.append(divide_half_up(exact.numerator, exact.denominator))
    return path


INDEX_ONE = 1_000_000
"""The pay structure's index stands in millionths, so that years of compounding lose nothing visible."""


def structure_index(levers: pl.DataFrame, year: int) -> pl.DataFrame:
    """Return the growth of the pay structure by level up to and including a year: ``index``, millionths."""
    index = dict.fromkeys(levers["job_level"].unique(), INDEX_ONE)
    past = levers.filter(pl.col("simulation_year") <= year).sort("simulation_year")
    for level, cola_bp in past.select("job_level", "cola_bp").iter_rows():
        index[level] += share(index[level], cola_bp)
    return pl.DataFrame(
        {"job_level": list(index), "index": list(index.values())},
        schema={"job_level": pl.Int8, "index": pl.Int64},
    ).sort("job_level")


def base_bands(scenario: Scenario, census: pl.DataFrame, full_time_hours: int) -> pl.DataFrame:
    """Return the pay bands at the census date: the scenario's table, or the census's own spread.

    From the census: 5th percentile, median and 99th percentile of full-time pay by level.
    """
    bands = scenario.compensation.bands
    if bands.source == "table" and bands.table is not None:
        rows = [
            (level, cents(row.minimum), cents(row.midpoint), cents(row.maximum))
            for level, row in sorted(bands.table.items())
        ]
        return pl.DataFrame(rows, schema=_BANDS, orient="row")
    pay = pl.col("compensation_cents") * full_time_hours // pl.col("scheduled_hours")
    return (
        census.group_by("job_level")
        .agg(
            minimum_cents=pay.quantile(0.05, "lower"),
            midpoint_cents=pay.quantile(0.5, "lower"),
            maximum_cents=pay.quantile(0.99, "higher"),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in _BANDS.items())
        .sort("job_level")
    )


_BANDS = {
    "job_level": pl.Int8(),
    "minimum_cents": pl.Int64(),
    "midpoint_cents": pl.Int64(),
    "maximum_cents": pl.Int64(),
}


def with_index(bands: pl.DataFrame, structure: pl.DataFrame) -> pl.DataFrame:
    """Return bands moved with the pay structure, each limit rounded to the cent."""
    limits = [name for name in _BANDS if name.endswith("_cents")]
    return (
        bands.join(structure, on="job_level", how="left", maintain_order="left")
        .with_columns(divide_half_up(pl.col(name) * pl.col("index"), INDEX_ONE) for name in limits)
        .drop("index")
    )
