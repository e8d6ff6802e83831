"""When money that is not vested is forfeited, used and restored.

Code section 411(a)(3)(D) and (6)(C); Reg. 1.411(a)-7(d); Prop. Reg. 1.401-7 (88 FR 12282). Dates are column
expressions, plan years calendar years unless an end is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from simulation.rules.exact import column
from simulation.rules.periods import day_after, months_after, period_end
from simulation.rules.rounding import Truths, Whole, Wholes
from simulation.rules.service import BREAKS_THAT_COUNT, break_in_service, run_length

FIRST_YEAR_OF_DEADLINE: Final = 2024
"""Forfeitures of plan years that begin earlier count as incurred in the first that begins in 2024."""

REPAYMENT_MONTHS: Final = 60


def fifth_break_end(hours_by_year: Mapping[int, pl.Expr]) -> pl.Expr:
    """Return 31 December of the first year that ends five consecutive one-year breaks, or null.

    The years follow one another; hours are those of each plan year, nought after termination.
    """
    run, ends = pl.lit(0), []
    for year, hours in sorted(hours_by_year.items()):
        run = run_length(run, break_in_service(hours))
        ends.append(pl.when(run >= BREAKS_THAT_COUNT).then(pl.date(year, 12, 31)))
    return pl.min_horizontal(ends)


def fifth_break_end_after(last_year_of_service: pl.Expr) -> pl.Expr:
    """Return the same for people who never work again: five years after the last with over 500 hours."""
    return pl.date(last_year_of_service + BREAKS_THAT_COUNT, 12, 31)


def forfeiture_date(
    termination: pl.Expr, distribution: pl.Expr, break_end: pl.Expr, deemed_cash_out: pl.Expr
) -> pl.Expr:
    """Return the day of forfeiture: whole distribution or fifth break, whichever is first; null for neither.

    ``deemed_cash_out`` marks people with nothing vested whose plan holds them paid out on termination:
    Reg. 1.411(a)-7(d)(4).
    """
    return pl.min_horizontal(pl.when(deemed_cash_out).then(termination), distribution, break_end)


def use_by(plan_year_end: pl.Expr) -> pl.Expr:
    """Return the last day to use what was forfeited in the plan year that ends on the given day.

    Twelve months after the end of the plan year in which it was, or counts as, incurred.
    """
    begin = months_after(day_after(plan_year_end), -12)
    first = pl.date(FIRST_YEAR_OF_DEADLINE, begin.dt.month(), begin.dt.day())
    return period_end(pl.max_horizontal(begin, first), 24)


def repayment_deadline(rehire: pl.Expr) -> pl.Expr:
    """Return the last day to pay back a cash-out after rehire: five years on.

    Source: Reg. 1.411(a)-7(d)(4)(iv)(C).
    """
    return period_end(rehire, REPAYMENT_MONTHS)


def restored_cents(forfeited_cents: Wholes, breaks: Wholes, repaid: Truths) -> Whole:
    """Return what rehire restores: all that was forfeited, or nothing after five consecutive breaks.

    ``repaid`` marks people who paid the cash-out back in time; who had nothing vested counts as having
    repaid on rehire. Section 411(a)(7)(C).
    """
    return column(np.where(repaid & (column(breaks) < BREAKS_THAT_COUNT), forfeited_cents, 0))
