"""What describes a workforce: age, service, pay, job level, deferral rate, each a whole number a person.

Pay of later years is divided by the growth of the pay structure since the census (COLA, by level): prices
rise in every scenario, so that unindexed pay would move whatever happens to the people. What is left is a
change of mix, of merit and of promotions. Pay is counted in whole dollars: cents tell only people apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from simulation.context import INDEX_ONE
from simulation.dates import completed_years
from simulation.distributions import Distribution
from simulation.elections import total_bp
from simulation.rules.rounding import Whole
from simulation.units import CENTS_PER_DOLLAR, divide_half_up

ATTRIBUTES: Final[Mapping[str, str]] = {
    "age": "completed years of age",
    "service": "completed years of service, breaks left out",
    "pay": "annual pay in dollars of the census date",
    "level": "job level",
    "deferral": "deferral rate in basis points, pre-tax and Roth together; nought of who never chose",
}
"""What is compared, and in which unit."""


READ: Final = (
    *("seed", "termination_date", "birth_date", "service_date", "compensation_cents", "job_level"),
    *("deferral_bp", "roth_deferral_bp"),
)
"""The columns of the state that it takes."""


def of_census(census: pl.DataFrame, as_of: date) -> dict[str, Distribution]:
    """Return how the people of a census are distributed, by attribute."""
    people = census.rename({"hire_date": "service_date"})
    return distributed(_counted(people, as_of, pl.lit(INDEX_ONE)))


def of_people(people: pl.DataFrame, on: date, structure: pl.DataFrame) -> dict[str, Whole]:
    """Return the attributes of people of a state on a day; ``structure`` is the context's."""
    levels, growth = (structure[name] for name in ("job_level", "index"))
    index = pl.col("job_level").replace_strict(levels, growth, return_dtype=pl.Int64)
    return _counted(people, on, index)


def distributed(values: Mapping[str, Whole]) -> dict[str, Distribution]:
    """Return how attributes of some people, at least one, are distributed."""
    return {name: Distribution.of(values[name]) for name in ATTRIBUTES}


def _counted(people: pl.DataFrame, on: date, index: pl.Expr) -> dict[str, Whole]:
    values = {
        "age": completed_years("birth_date", on),
        "service": completed_years("service_date", on),
        "pay": divide_half_up(pl.col("compensation_cents") * INDEX_ONE, index * CENTS_PER_DOLLAR),
        "level": pl.col("job_level"),
        "deferral": total_bp(),
    }
    rows = people.select(values[name].cast(pl.Int64).alias(name) for name in ATTRIBUTES)
    return {name: rows[name].to_numpy() for name in ATTRIBUTES}
