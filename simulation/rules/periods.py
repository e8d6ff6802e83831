"""Months and twelve-month periods counted from a day; the plan year is the calendar year.

A day that its month does not have falls on the first of the next, as a 29 February birthday on 1 March.
Column expressions of dates.
"""

from __future__ import annotations

import polars as pl


def months_after(day: pl.Expr, months: int) -> pl.Expr:
    """Return the same day of the month so many months later: 2024-02-29 and 12 months give 2025-03-01."""
    kept_inside = day.dt.offset_by(f"{months}mo")
    cut = kept_inside.dt.day() != day.dt.day()
    return (kept_inside.cast(pl.Int32) + cut.cast(pl.Int32)).cast(pl.Date)


def day_before(day: pl.Expr) -> pl.Expr:
    """Return the last day of a period that ends where another begins."""
    return day.dt.offset_by("-1d")


def day_after(day: pl.Expr) -> pl.Expr:
    """Return the first day on which what a period asked for is met."""
    return day.dt.offset_by("1d")


def period_end(begin: pl.Expr, months: int) -> pl.Expr:
    """Return the last day of a period of so many months: the day before the anniversary."""
    return day_before(months_after(begin, months))
