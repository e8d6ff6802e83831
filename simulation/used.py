"""The parameter values that a year really used, with where each came from: what an auditor asks for first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from simulation.context import YearContext


NO_PARAMETERS = pl.DataFrame(
    schema={
        "seed": pl.UInt64,
        "simulation_year": pl.Int32,
        "job_level": pl.Int8,
        "parameter": pl.String,
        "value": pl.String,
        "unit": pl.String,
        "origin": pl.String,
    }
)
"""The columns of a year's parameters, without rows: genesis uses none."""


_AS_TEXT: Final = [
    pl.col("value_text" if name == "value" else name).cast(dtype).alias(name)
    for name, dtype in NO_PARAMETERS.schema.items()
]


def used_parameters(context: YearContext) -> pl.DataFrame:
    """Return one row a seed, level (null: all) and parameter for the year, as text with unit and origin."""
    return context.seed_frame().join(context.parameters, how="cross").select(_AS_TEXT)
