"""What people had been paid by the end of any day of the open year, and what of it they elected to defer.

Whole columns, one row a person. A day is a number: how many days of the year have passed when it ends, so
that 0 is the year's beginning. Pay grows day by day at the annual rate of that day, so a raise, a hire, an
exit or an election counts from its own day, whatever the pay calendar.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple, Self

import numpy as np
import polars as pl

from simulation.dates import days_in_year, year_start
from simulation.rules.rounding import Whole, Wholes, half_up, part
from simulation.state import State, last_day, rows_of

NEVER: Final = 10**6
"""A day that no year has."""


def days_before(day: pl.Expr, year: int) -> pl.Expr:
    """Return how many days of the year had passed before a day: none for an earlier one, null for none."""
    return (day.cast(pl.Int32).cast(pl.Int64) - _first_number(year)).clip(lower_bound=0)


def _first_number(year: int) -> int:
    return (year_start(year) - date(1970, 1, 1)).days


class Steps(NamedTuple):
    """Values that hold from a day on: one row a step, in the order of days, one column a person.

    Where somebody has fewer steps than others, the last ones begin on ``NEVER``.
    """

    days: Whole
    values: dict[str, Whole]

    @classmethod
    def of(cls, state: State, people: pl.DataFrame, steps: pl.DataFrame, year: int, *values: str) -> Self:
        """Return the steps of some of the state's people, out of one of its frames of steps."""
        place = np.full(state.people.height, -1, dtype=np.int64)
        place[rows_of(state.people, people)] = np.arange(people.height)
        row = place[rows_of(state.people, steps)]
        day = steps["effective_date"].to_physical().to_numpy() - _first_number(year)
        # The state keeps them in this order: sorting what is sorted takes one look at it.
        order = np.argsort(row * NEVER + day, kind="stable")
        order = order[np.searchsorted(row[order], 0) :]
        row, day = row[order], day[order]
        where = _nth(row), row
        shape = int(where[0].max(initial=-1)) + 1, people.height
        days = np.full(shape, NEVER, dtype=np.int64)
        days[where] = day
        columns = {name: np.zeros(shape, dtype=np.int64) for name in values}
        for name, column in columns.items():
            column[where] = steps[name].to_numpy()[order]
        return cls(days, columns)

    def some(self, rows: Whole) -> Self:
        """Return the steps of some of the people, by their rows."""
        values = {name: column[:, rows] for name, column in self.values.items()}
        return self._replace(days=self.days[:, rows], values=values)


def _nth(rows: Whole) -> Whole:
    """Return how many equal rows stand before each one; equal rows stand together."""
    counts = np.arange(len(rows))
    begins = np.concatenate([[True], rows[1:] != rows[:-1]]) if len(rows) else np.zeros(0, dtype=np.bool_)
    return counts - np.maximum.accumulate(np.where(begins, counts, 0))


class PayByDay(NamedTuple):
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
        raises = Steps.of(state, people, state.raises, year, "change_cents")
        bounds = people.select(**_bounds(year))
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

    def some(self, rows: Whole) -> Self:
        """Return the pay of some of the people, by their rows."""
        return self._replace(
            first=self.first[rows],
            last=self.last[rows],
            opening_rate=self.opening_rate[rows],
            raises=self.raises.some(rows),
            worked=self.worked[rows],
            employed=self.employed[rows],
        )

    def through(self, day: Wholes) -> Whole:
        """Return what had been paid when a day ended, in cents; unpaid leave is spread over the year.

        Each amount is rounded alone, so that what is paid from one day to another is a difference of two,
        and the periods add up to the year to the cent.
        """
        until = np.minimum(day, self.last)
        cent_days = self.opening_rate * np.maximum(until - self.first, 0)
        for since, change in zip(self.raises.days, self.raises.values["change_cents"], strict=True):
            cent_days += change * np.maximum(until - since, 0)
        return half_up(cent_days * self.worked, self.employed * self.days)

    def between(self, after: Wholes, day: Wholes) -> Whole:
        """Return what was paid after one day up to another, in cents; nought if that is not later."""
        return self.through(np.maximum(day, after)) - self.through(after)


@cache
def _bounds(year: int) -> dict[str, pl.Expr]:
    return {
        "first": days_before(pl.col("start_date"), year),
        "last": days_before(last_day(year), year) + 1,
        "worked": pl.col("employed_days") - pl.col("leave_days").cast(pl.Int64),
        "employed": pl.max_horizontal("employed_days", pl.lit(1, dtype=pl.Int64)),
    }


class Elected(NamedTuple):
    """What of a stretch of pay people elected to defer, in cents."""

    pre_tax: Whole
    roth: Whole

    @property
    def total(self) -> Whole:
        """Return both together."""
        return self.pre_tax + self.roth


class Held(NamedTuple):
    """The rates in force when a day ended, and how many elections of the year had begun by then."""

    begun: int
    pre_tax_bp: Whole
    roth_bp: Whole


class Elections(NamedTuple):
    """What people elected to defer, each election from its day on, but not before they entered the plan.

    The columns are the elections in the order of their days: whose it is, and its rates. ``steps`` are the
    same by person.
    """

    steps: Steps
    days: Whole
    rows: Whole
    pre_tax_bp: Whole
    roth_bp: Whole

    @classmethod
    def of(cls, state: State, people: pl.DataFrame, entry: Whole, year: int) -> Self:
        """Return the elections of some of the state's people who entered on a day."""
        found = Steps.of(state, people, state.elections, year, "pre_tax_bp", "roth_bp")
        steps = found._replace(days=np.maximum(found.days, entry))
        # Of one person's elections of one day the last one stands last, and holds.
        order = np.argsort(steps.days, axis=None, kind="stable")
        order = order[: np.searchsorted(steps.days.ravel()[order], days_in_year(year))]
        rates = (steps.values[name].ravel()[order] for name in ("pre_tax_bp", "roth_bp"))
        return cls(steps, steps.days.ravel()[order], order % max(people.height, 1), *rates)

    def nothing(self) -> Held:
        """Return what is in force before the year."""
        people = self.steps.days.shape[1]
        return Held(0, np.zeros(people, dtype=np.int64), np.zeros(people, dtype=np.int64))

    def held(self, before: Held, day: int) -> Held:
        """Return what is in force when a day ends, from what was so on an earlier day."""
        begun = int(np.searchsorted(self.days, day, side="right"))
        if begun == before.begun:
            return before
        new = slice(before.begun, begun)
        pre_tax_bp, roth_bp = before.pre_tax_bp.copy(), before.roth_bp.copy()
        pre_tax_bp[self.rows[new]], roth_bp[self.rows[new]] = self.pre_tax_bp[new], self.roth_bp[new]
        return Held(begun, pre_tax_bp, roth_bp)

    def of_period(self, pay: PayByDay, held: Held, begin: int, end: int, paid: Whole) -> Elected:
        """Return what was elected of the pay of a period, given that and what its beginning found in force.

        Only those with an election inside the period need more than one rate.
        """
        found = Elected(part(paid, held.pre_tax_bp), part(paid, held.roth_bp))
        changing = self.rows[held.begun : np.searchsorted(self.days, end)]
        if len(changing):
            by_stretch = self.between(pay, begin, end, changing)
            found.pre_tax[changing], found.roth[changing] = by_stretch.pre_tax, by_stretch.roth
        return found

    def between(self, pay: PayByDay, after: Wholes, day: Wholes, rows: Whole) -> Elected:
        """Return what some people elected to defer of their pay after one day up to another.

        Each election's share of the pay that was earned under it, half-up by source.
        """
        some, steps = pay.some(rows), self.steps.some(rows)
        pre_tax = roth = np.zeros(len(rows), dtype=np.int64)
        begins = [np.minimum(np.maximum(since, after), day) for since in steps.days]
        paid = [some.through(begin) for begin in (*begins, day)]
        rates = zip(steps.values["pre_tax_bp"], steps.values["roth_bp"], strict=True)
        for (before, upto), (pre_tax_bp, roth_bp) in zip(pairwise(paid), rates, strict=True):
            pre_tax = pre_tax + part(upto - before, pre_tax_bp)
            roth = roth + part(upto - before, roth_bp)
        return Elected(pre_tax, roth)
