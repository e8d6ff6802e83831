"""Dates of the worked examples: ISO strings in and out of column expressions of one row."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import polars as pl


def day(text: str | None) -> pl.Expr:
    """Return a date, or a null of dates for nothing, as an expression."""
    return pl.lit(date.fromisoformat(text) if text else None, dtype=pl.Date)


def value(expression: pl.Expr) -> Any:
    """Return the one value of an expression."""
    return pl.select(expression).item()


def iso(expression: pl.Expr) -> str | None:
    """Return the one date of an expression as an ISO string, or nothing for null."""
    found = value(expression)
    return found.isoformat() if found is not None else None


def numbers(pattern: str, text: str) -> tuple[int, ...] | None:
    """Return the whole numbers that the groups of a pattern find in a text, or nothing."""
    found = re.search(pattern, text, re.IGNORECASE)
    return tuple(int(group.replace(",", "")) for group in found.groups()) if found else None
