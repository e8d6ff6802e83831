"""The working of a test as people read it: those whom it hits first, columns named with their units."""

from __future__ import annotations

from typing import Final

import polars as pl

WORST_FIRST: Final = (
    "refund_cents",
    "excess_cents",
    "due_cents",
    "below_gateway",
    "key",
    "is_hce",
    "ratio_bp",
    "equivalent_bp",
    "balance_cents",
    "additions_cents",
    "deferred_cents",
)
"""Columns that tell how much somebody is hit, or comes near to it; the earlier ones count more."""


def most_affected_first(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a working by what each person is hit with, then by employee id."""
    telling = [name for name in WORST_FIRST if name in rows.columns]
    named = ["employee_id"] if "employee_id" in rows.columns else []
    if not [*telling, *named]:
        return rows
    return rows.sort(*telling, *named, descending=[True] * len(telling) + [False] * len(named))


def heading(column: str) -> str:
    """Return a column's name in words, with its unit: ``Pay, $`` for ``pay_cents``."""
    words = column.removesuffix("_cents").removesuffix("_bp").replace("_", " ")
    told = {"is hce": "Highly compensated", "employee id": "Employee"}.get(words, words.capitalize())
    return f"{told}, $" if column.endswith("_cents") else told
