"""Permissible withdrawals of default contributions: who takes them back, and when. Code section 414(w).

Enrolment stops the deferrals on that day, and the engine of withdrawals pays them out: both ask here, and
the draw is one for life, so that both get the same answer.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.dates import day_between, year_start
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
    if not auto.enabled or auto.form == "basic":
        return people.clear().with_columns(**_NOBODY)
    first = np.datetime64(year_start(year - 1))
    lately = np.flatnonzero(people["enrollment_date"].to_numpy() >= first)
    draw = _draw(people[["seed", "person_key"]][lately], 0).alias("withdrawal_draw")
    struck = np.flatnonzero(draw.to_numpy() < float(auto.withdrawal_rate))
    takers = people[lately[struck]].hstack([draw[struck]]).filter(_SWEPT)
    day = _day(context.scenario.payroll.frequency, auto.withdrawal_window_days, year)
    days = takers.hstack([_draw(takers, 1)]).select(withdrawal_date=day)
    return takers.hstack(days).filter(
        pl.col("withdrawal_date").dt.year() == year, pl.col("withdrawal_date") <= last_day(year)
    )


_SWEPT: Final = pl.col("election").is_in(["automatic", "stop"]) & ~pl.col("was_rehired")
_NOBODY: Final = {
    "withdrawal_draw": pl.lit(None, dtype=pl.Float64),
    "withdrawal_date": pl.lit(None, dtype=pl.Date),
}


def _draw(people: pl.DataFrame, k: int) -> pl.Series:
    return uniform(people, Purpose.PERMISSIBLE_WITHDRAWAL, FOR_LIFE, k).alias("drawn")


@cache
def _day(frequency: str, window_days: int, year: int) -> pl.Expr:
    """Return the day after a pay date: the first one with default contributions, or one in the window."""
    paid = pl.Series([on for of in (year - 1, year, year + 1) for on in pay_dates(frequency, of)])
    first = pl.lit(paid).gather(pl.lit(paid).search_sorted(pl.col("enrollment_date"), side="left"))
    latest = day_before(last_withdrawal_election(first, window_days))
    drawn = day_between(first, latest, pl.col("drawn"))
    return day_after(pl.lit(paid).gather(pl.lit(paid).search_sorted(drawn, side="right") - 1))
