"""Permissible withdrawals of default contributions: who takes them back, and when. Code section 414(w).

Enrolment stops the deferrals on that day, and the engine of withdrawals pays them out: both ask here, and
the draw is one for life, so that both get the same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.dates import day_between
from simulation.elections import FOR_LIFE
from simulation.pay_periods import pay_dates
from simulation.rng import Purpose, uniform
from simulation.rules.automatic_enrolment import last_withdrawal_election
from simulation.rules.periods import day_after, day_before
from simulation.state import last_day

if TYPE_CHECKING:
    from simulation.context import YearContext

NEEDED: Final = ("election", "enrollment_date", "was_rehired", "termination_date")
"""The columns that are read besides those that name a person."""


def taken_back(context: YearContext, people: pl.DataFrame) -> pl.DataFrame:
    """Return the people who take their default contributions back this year, on ``withdrawal_date``.

    Adds the ``withdrawal_draw``. The same before and after the deferrals were stopped. The day follows a pay
    date, so that nothing is contributed after it; who leaves before it takes a distribution instead, and a
    second enrolment after rehire has no window.
    """
    auto, year = context.scenario.plan.auto_enrollment, context.year
    swept = pl.col("election").is_in(["automatic", "stop"]) & ~pl.col("was_rehired")
    recent = pl.col("enrollment_date").dt.year() >= year - 1
    asked = people.filter(swept & recent & pl.lit(auto.enabled and auto.form != "basic"))
    draws = uniform(asked, Purpose.PERMISSIBLE_WITHDRAWAL, FOR_LIFE)
    takers = asked.with_columns(withdrawal_draw=draws).filter(
        pl.col("withdrawal_draw") < float(auto.withdrawal_rate)
    )
    when = pl.lit(uniform(takers, Purpose.PERMISSIBLE_WITHDRAWAL, FOR_LIFE, k=1))
    return takers.with_columns(withdrawal_date=_day(context, when)).filter(
        pl.col("withdrawal_date").dt.year() == year, pl.col("withdrawal_date") <= last_day(year)
    )


def _day(context: YearContext, draw: pl.Expr) -> pl.Expr:
    """Return the day after a pay date: the first one with default contributions, or one in the window."""
    frequency, window = context.scenario.payroll.frequency, context.scenario.plan.auto_enrollment
    years = (context.year - 1, context.year, context.year + 1)
    paid = pl.Series([on for year in years for on in pay_dates(frequency, year)], dtype=pl.Date)
    first = pl.lit(paid).gather(pl.lit(paid).search_sorted(pl.col("enrollment_date"), side="left"))
    latest = day_before(last_withdrawal_election(first, window.withdrawal_window_days))
    drawn = day_between(first, latest, draw)
    return day_after(pl.lit(paid).gather(pl.lit(paid).search_sorted(drawn, side="right") - 1))
