"""Loans that are owed, beside their borrowers, and the day on which a borrower stops paying.

Repayment and default ask the same question, and must not answer it differently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.dates import year_end, year_start
from simulation.loan_ledger import Calendar
from simulation.rng import Purpose, uniform
from simulation.state import rows_of

if TYPE_CHECKING:
    from simulation.context import YearContext
    from simulation.loan_ledger import Days
    from simulation.rules.rounding import Truths
    from simulation.state import State

CURED_BEFORE: Final = 10
"""First month in which a missed payment's cure period would end after the year."""

_BORROWER: Final = ("employee_id", "person_key", "termination_date", "termination_reason", "opened_year")


def open_loans(context: YearContext, state: State) -> pl.DataFrame:
    """Return the loans that are owed, one row each, with the columns of their borrowers and four more.

    - ``offset``: whether the borrower's exit in the year ends the loan, by the plan's terms or by death;
    - ``missed``: the day of the first payment that a borrower in service fails to make this year and never
      makes good, null for nearly all, and ``default_draw``. It falls into the first three quarters, so that
      the cure period ends inside the year, and on loans of earlier years only;
    - ``pays_through``: the last day of the year on which a payment that is due is made.
    """
    first, last = np.datetime64(year_start(context.year)), np.datetime64(year_end(context.year))
    owed = state.loans[np.flatnonzero(np.isnat(state.loans["end_date"].to_numpy()))]
    owed = owed.hstack(state.people[[*_BORROWER]][rows_of(state.people, owed)])
    exits = owed["termination_date"].to_numpy()
    in_service = np.isnat(exits) & owed["opened_year"].to_numpy() & (owed["start_date"].to_numpy() < first)
    draw = uniform(owed, Purpose.LOAN_DEFAULT, context.year).alias("default_draw")
    stops = in_service & (draw.to_numpy() < float(context.scenario.plan.loans.default_rate))
    missed = np.where(stops, _missable(context, owed), np.datetime64("NaT"))
    offset = (exits >= first) & (exits <= last) & _ends_by_exit(context, owed)
    through = np.where(offset, exits, np.where(stops, missed - 1, last))
    return owed.hstack(
        [
            draw,
            pl.Series("missed", missed),
            pl.Series("offset", offset),
            pl.Series("pays_through", through),
        ]
    )


def _missable(context: YearContext, owed: pl.DataFrame) -> Days:
    """Return a drawn due date of each loan whose cure period ends in the year."""
    due = Calendar.of(context.scenario.payroll.frequency, context.year, context.year).days
    days = due[due < np.datetime64(f"{context.year}-{CURED_BEFORE}")]
    draw = uniform(owed, Purpose.LOAN_DEFAULT, context.year, k=1).to_numpy()
    return np.asarray(days[(draw * len(days)).astype(np.int64)], dtype="datetime64[D]")


def _ends_by_exit(context: YearContext, owed: pl.DataFrame) -> Truths:
    if context.scenario.plan.loans.on_exit == "offset":
        return np.ones(owed.height, dtype=np.bool_)
    died = (pl.col("termination_reason") == "death").fill_null(value=False)
    return owed.select(died).to_series().to_numpy()
