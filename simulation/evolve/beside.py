"""Changes set beside the rows that they change."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from simulation.state import KEYS


def beside(rows: pl.DataFrame, changes: pl.DataFrame, keys: Sequence[str] = KEYS) -> pl.DataFrame:
    """Return rows with the columns of at most one change each beside them, null where there is none.

    Only the changes are moved: the rows' own columns are not copied.
    """
    aligned = rows.select(keys).join(changes, on=keys, how="left", maintain_order="left")
    return rows.hstack(aligned.drop(keys))
