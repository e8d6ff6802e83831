"""Permissible withdrawals of default contributions: who takes them back, and when. Code section 414(w).

Enrolment stops the deferrals on that day, and the engine of withdrawals pays them out: both ask here, and
the draw is one for life, so that both get the same answer.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import polars as pl

from simulation.dates import year_start
from simulation.elections import FOR_LIFE
from simulation.pay_periods import pay_dates
from simulation.rng import Purpose, uniform_array
from simulation.rules.automatic_enrolment import last_withdrawal_election
from simulation.rules.days import ONE_DAY, Days, day_between
from simulation.state import last_days

if TYPE_CHECKING:
    from simulation.context import YearContext
    from simulation.hazards import Floats
    from simulation.rules.rounding import Truths, Whole


class Takers(NamedTuple):
    """Who takes default contributions back, by row of people: by which draw, on which day."""

    row: Whole
    draw: Floats
    on: Days

    def at(self, places: Truths) -> Takers:
        """Return some of them."""
        return Takers._make(column[places] for column in self)


def taken_back(context: YearContext, people: pl.DataFrame) -> Takers:
    """Return the people who take their default contributions back this year.

    The same before and after the deferrals were stopped.
    """
    since = people["enrollment_date"].to_numpy()
    lately = np.flatnonzero(since >= np.datetime64(year_start(context.year - 1)))
    takers = taken_back_by(context, people, lately, since[lately])
    return takers.at(people[("election",)][takers.row].select(_SWEPT).to_series().to_numpy())


_SWEPT: Final = pl.col("election").is_in(["automatic", "stop"]).fill_null(value=False)


def taken_back_by(context: YearContext, people: pl.DataFrame, rows: Whole, since: Days) -> Takers:
    """Return those who take them back this year, of some rows of people whom the plan enrolled on a day.

    The day follows a pay date, so that nothing is contributed after it; who leaves before it takes a
    distribution instead, and a second enrolment after rehire has no window.
    """
    auto, year = context.scenario.plan.auto_enrollment, context.year
    window = auto.enabled & (auto.form != "basic") & (since >= np.datetime64(year_start(year - 1)))
    once = window & ~people["was_rehired"].to_numpy()[rows]
    rows, since = rows[once], since[once]
    seeds, keys = people["seed"].to_numpy()[rows], people["person_key"].to_numpy()[rows]
    draw = uniform_array(seeds, Purpose.PERMISSIBLE_WITHDRAWAL, FOR_LIFE, keys)
    struck = draw < float(auto.withdrawal_rate)
    drawn = uniform_array(seeds[struck], Purpose.PERMISSIBLE_WITHDRAWAL, FOR_LIFE, keys[struck], k=1)
    paid = _paid(context.scenario.payroll.frequency, year)
    on = _day(paid, since[struck], auto.withdrawal_window_days, drawn)
    in_time = (on >= np.datetime64(year_start(year))) & (on <= last_days(people, year)[rows[struck]])
    return Takers(rows[struck], draw[struck], on).at(in_time)


@cache
def _paid(frequency: str, year: int) -> Days:
    """Return the pay dates of a year, of the one before and of the one after."""
    return np.array([on for of in (year - 1, year, year + 1) for on in pay_dates(frequency, of)], "M8[D]")


def _day(paid: Days, since: Days, window_days: int, draw: Floats) -> Days:
    """Return the day after a pay date: the first one with default contributions, or one in the window."""
    first = paid[np.searchsorted(paid, since)]
    latest = last_withdrawal_election(first, window_days) - ONE_DAY
    drawn = day_between(first, latest, draw)
    return paid[np.searchsorted(paid, drawn, side="right") - 1] + ONE_DAY
