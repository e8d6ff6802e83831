"""Loans that are owed, beside their borrowers, and the day on which a borrower stops paying.

Repayment and default ask the same question, and must not answer it differently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.dates import year_end, year_start
from simulation.loan_ledger import repayment_frequency
from simulation.pay_periods import pay_dates
from simulation.rng import Purpose, uniform
from simulation.state import KEYS, employed, left_in

if TYPE_CHECKING:
    from datetime import date

    from simulation.context import YearContext
    from simulation.state import State

CURED_IN_THE_YEAR: Final = 10
"""First month in which a missed payment's cure period would end after the year."""

_BORROWER: Final = (
    *KEYS,
    "employee_id",
    "person_key",
    "termination_date",
    "termination_reason",
    "opened_year",
)


def open_loans(context: YearContext, state: State) -> pl.DataFrame:
    """Return the loans that are owed, one row each, with the columns of their borrowers.

    ``missed`` is the day of the first payment that a borrower in service fails to make this year and never
    makes good, null for nearly all. It falls into the first three quarters, so that the cure period ends
    inside the year, and on loans of earlier years only.
    """
    year, rate = context.year, float(context.scenario.plan.loans.default_rate)
    owed = state.loans.filter(pl.col("end_date").is_null()).join(
        state.people.select(_BORROWER), on=KEYS, maintain_order="left"
    )
    days = missable(context)
    draw = pl.lit(uniform(owed, Purpose.LOAN_DEFAULT, year))
    place = (pl.lit(uniform(owed, Purpose.LOAN_DEFAULT, year, k=1)) * len(days)).floor().cast(pl.Int32)
    in_service = employed() & pl.col("opened_year") & (pl.col("start_date") < year_start(year))
    missed = pl.lit(pl.Series(days, dtype=pl.Date)).gather(place)
    return owed.with_columns(default_draw=draw, missed=pl.when(in_service & (draw < rate)).then(missed))


def missable(context: YearContext) -> list[date]:
    """Return the due dates of the year whose cure period ends in it."""
    frequency = repayment_frequency(context.scenario.payroll.frequency)
    return [day for day in pay_dates(frequency, context.year) if day.month < CURED_IN_THE_YEAR]


def ends_at_exit(context: YearContext) -> pl.Expr:
    """Tell whether a borrower's exit in the year ends the loan: by the plan's terms, and always by death."""
    offset = context.scenario.plan.loans.on_exit == "offset"
    return left_in(context.year) & (pl.lit(offset) | (pl.col("termination_reason") == "death"))


def pays_through(context: YearContext) -> pl.Expr:
    """Return the last day of the year on which a payment that is due is made."""
    return (
        pl.when(ends_at_exit(context))
        .then("termination_date")
        .when(pl.col("missed").is_not_null())
        .then(pl.col("missed").dt.offset_by("-1d"))
        .otherwise(pl.lit(year_end(context.year)))
    )
