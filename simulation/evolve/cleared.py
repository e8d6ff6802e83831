"""What belongs to one open year, and what it starts from."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import polars as pl

from simulation.events.sources import SOURCES

FLOWS: Final = (
    *(f"year_{source}_cents" for source in SOURCES),
    "year_catchup_cents",
    "year_returns_cents",
    "year_fees_cents",
    "year_lent_cents",
    "year_repaid_cents",
    "year_withdrawn_cents",
    "year_distributed_cents",
    "year_forfeited_cents",
    "year_restored_cents",
    "year_forfeitures_used_cents",
    "year_reallocated_cents",
)
"""What moved in a participant's account in the open year: contributions by source, and all else."""

CLEARED: Final = MappingProxyType(
    {
        "leave_days": pl.lit(0, dtype=pl.Int32),
        "hours": pl.lit(0, dtype=pl.Int32),
        "promotion_date": pl.lit(None, dtype=pl.Date),
        "promotion_raise_bp": pl.lit(None, dtype=pl.Int32),
        **{flow: pl.lit(0, dtype=pl.Int64) for flow in FLOWS},
    }
)
"""The columns of people that a new year starts without."""
