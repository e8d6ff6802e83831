"""Tables of one row a job level as arrays in which whole columns of levels are looked up."""

from __future__ import annotations

import numpy as np
import polars as pl

from simulation.frames import JOB_LEVELS
from simulation.rules.rounding import Whole


def of_levels(table: pl.DataFrame, column: str, absent: int = 0) -> Whole:
    """Return one column of a table, a level's value at the level's number; ``absent`` where there is none."""
    values = np.full(JOB_LEVELS.stop, absent, dtype=np.int64)
    values[table["job_level"].to_numpy()] = table[column].to_numpy()
    return values
