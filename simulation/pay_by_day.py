"""What people had been paid by the end of any day of the open year, and what of it they elected to defer.

Whole columns, one row a person. A day is a number: how many days of the year have passed when it ends, so
that 0 is the year's beginning. Pay grows day by day at the annual rate of that day, so a raise, a hire, an
exit or an election counts from its own day, whatever the pay calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Self

import numpy as np
import polars as pl

from simulation.dates import days_in_year, year_start
from simulation.rules.rounding import Whole, Wholes, half_up, part
from simulation.state import KEYS, State, last_day

NEVER: Final = 10**6
"""A day that no year has."""


def days_before(day: pl.Expr, year: int) -> pl.Expr:
    """Return how many days of the year had passed before a day: none for an earlier one, null for none."""
    return (day.cast(pl.Int32).cast(pl.Int64) - _first_number(year)).clip(lower_bound=0)


def _first_number(year: int) -> int:
    return (year_start(year) - date(1970, 1, 1)).days


@dataclass(frozen=True, slots=True)
class Steps:
    """Values that hold from a day on: one row a step, in the order of days, one column a person.

    Where somebody has fewer steps than others, the last ones begin on ``NEVER``.
    """

    days: Whole
    values: dict[str, Whole]

    @classmethod
    def of(cls, people: pl.DataFrame, steps: pl.DataFrame, year: int, *values: str) -> Self:
        """Return the steps of people; ``steps`` has the keys, ``effective_date`` and the values."""
        rows = people.select(*KEYS).with_row_index("row")
        found = steps.join(rows, on=KEYS, how="inner", maintain_order="left")
        row = found["row"].to_numpy().astype(np.int64)
        day = found["effective_date"].to_physical().to_numpy() - _first_number(year)
        order = np.lexsort((day, row))
        place = _nth(row[order]), row[order]
        shape = int(place[0].max(initial=-1)) + 1, people.height
        days = np.full(shape, NEVER, dtype=np.int64)
        days[place] = day[order]
        columns = {name: np.zeros(shape, dtype=np.int64) for name in values}
        for name, column in columns.items():
            column[place] = found[name].to_numpy()[order]
        return cls(days, columns)


def _nth(rows: Whole) -> Whole:
    """Return how many equal rows stand before each one; equal rows stand together."""
    counts = np.arange(len(rows))
    begins = np.concatenate([[True], rows[1:] != rows[:-1]]) if len(rows) else np.zeros(0, dtype=np.bool_)
    return counts - np.maximum.accumulate(np.where(begins, counts, 0))


@dataclass(frozen=True, slots=True)
class PayByDay:
    """The pay of people over the open year."""

    first: Whole
    last: Whole
    opening_rate: Whole
    raises: Steps
    worked: Whole
    employed: Whole
    days: int

    @classmethod
    def of(cls, state: State, people: pl.DataFrame, year: int) -> Self:
        """Return the pay of some of the state's people, all of whom worked in the year."""
        raises = Steps.of(people, state.raises, year, "change_cents")
        bounds = people.select(
            first=days_before(pl.col("start_date"), year),
            last=days_before(last_day(year), year) + 1,
            worked=pl.col("employed_days") - pl.col("leave_days").cast(pl.Int64),
            employed=pl.max_horizontal("employed_days", pl.lit(1, dtype=pl.Int64)),
        )
        rate = people["compensation_cents"].to_numpy() - raises.values["change_cents"].sum(axis=0)
        return cls(
            bounds["first"].to_numpy(),
            bounds["last"].to_numpy(),
            rate,
            raises,
            bounds["worked"].to_numpy(),
            bounds["employed"].to_numpy(),
            days_in_year(year),
        )

    def through(self, day: Wholes) -> Whole:
        """Return what had been paid when a day ended, in cents; unpaid leave is spread over the year.

        Each amount is rounded alone, so that what is paid from one day to another is a difference of two,
        and the periods add up to the year to the cent.
        """
        until = np.minimum(day, self.last)
        cent_days = self.opening_rate * np.maximum(until - self.first, 0)
        for since, change in zip(self.raises.days, self.raises.values["change_cents"], strict=True):
            cent_days = cent_days + change * np.maximum(until - since, 0)
        return half_up(cent_days * self.worked, self.employed * self.days)

    def between(self, after: Wholes, day: Wholes) -> Whole:
        """Return what was paid after one day up to another, in cents; nought if that is not later."""
        return self.through(np.maximum(day, after)) - self.through(after)


@dataclass(frozen=True, slots=True)
class Elected:
    """What of a stretch of pay people elected to defer, in cents."""

    pre_tax: Whole
    roth: Whole

    @property
    def total(self) -> Whole:
        """Return both together."""
        return self.pre_tax + self.roth


def elected(pay: PayByDay, elections: Steps, after: Wholes, day: Wholes) -> Elected:
    """Return what people elected to defer of their pay after one day up to another.

    Each election's share of the pay that was earned under it, half-up by source.
    """
    nothing = np.zeros(len(pay.first), dtype=np.int64)
    found = Elected(nothing, nothing)
    ends = [*elections.days[1:], np.full_like(nothing, NEVER)][: len(elections.days)]
    rates = zip(elections.values["pre_tax_bp"], elections.values["roth_bp"], strict=True)
    for since, until, (pre_tax_bp, roth_bp) in zip(elections.days, ends, rates, strict=True):
        begin, end = np.maximum(since, after), np.minimum(until, day)
        if (begin < end).any():
            earned = pay.between(begin, end)
            found = Elected(found.pre_tax + part(earned, pre_tax_bp), found.roth + part(earned, roth_bp))
    return found
