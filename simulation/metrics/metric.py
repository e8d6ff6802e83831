"""What a metric is: an exact fraction of totals that are counted over the people of one seed and year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, TypeAlias

import polars as pl

Totals: TypeAlias = Mapping[str, int]
"""Whole numbers of people, cents or basis points, by name."""

Counted: TypeAlias = Callable[[int], pl.Expr]
"""Who is counted at the end of a year: a condition on the people."""

Summed: TypeAlias = tuple[tuple[str, ...], str]
"""The columns whose values are summed, and the name of the count over whom."""


class Unit(StrEnum):
    """What a metric is counted in."""

    PEOPLE = "people"
    DOLLARS = "dollars"
    RATE = "rate"


class Metric(NamedTuple):
    """One number of the summary; ``formula`` gives it exactly (dollars as cents), or none for 0 / 0."""

    name: str
    title: str
    unit: Unit
    definition: str
    formula: Callable[[Totals], Fraction | int | None]


def ratio(part: int, whole: int) -> Fraction | None:
    """Return a part of a whole, or none where there is no whole."""
    return Fraction(part, whole) if whole else None


def growth(now: Fraction | None, before: Fraction | None) -> Fraction | None:
    """Return the growth from one number to another, or none without either."""
    return now / before - 1 if now is not None and before else None
