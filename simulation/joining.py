"""Who joins of their own accord, and when: year of eligibility by year of eligibility.

    F(n) = long_run (1 - (1 - first_year / long_run)^n)

is the share that has joined after n years: the asked share in the first year, and of those still to come the
same share again in each later one. What else may happen to them before that day is the engine's to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from simulation.dates import day_between, year_end, year_start
from simulation.elections import FOR_LIFE, by_age, by_pay
from simulation.rng import Purpose, uniform
from simulation.rules.periods import day_before, months_after
from simulation.state import last_day

if TYPE_CHECKING:
    from simulation.context import YearContext
    from simulation.hazards import Floats
    from simulation.parameters.plan import Enrollment
    from simulation.rules.rounding import Whole


def joining(context: YearContext, people: pl.DataFrame) -> pl.DataFrame:
    """Return people who never chose with the ``join_date`` of those who would join this year, else null.

    Within a year of eligibility: one draw for life, on a day drawn for life, so that it is asked once. After
    it: the chance of the year that leads to the long-run share. Adds the ``chance`` and the ``draw``, and
    whether it was the ``first_year``.
    """
    year = context.year
    dated = people.with_columns(
        first_date=_first_date(people), later_date=_later_date(people, year), nth=_nth_year(year)
    )
    drawn = dated.with_columns(
        first_draw=uniform(people, Purpose.VOLUNTARY_ENROLLMENT, FOR_LIFE),
        later_draw=uniform(people, Purpose.VOLUNTARY_ENROLLMENT, year),
        first_chance=_chances(context, dated, "first_date", pl.lit(1)),
        later_chance=_chances(context, dated, "later_date", pl.col("nth")),
    )
    first = (
        (pl.col("first_draw") < pl.col("first_chance"))
        & (pl.col("first_date").dt.year() == year)
        & pl.col("first_date").is_between(pl.col("start_date"), last_day(year))
    )
    later = (pl.col("later_draw") < pl.col("later_chance")) & (pl.col("later_date") <= last_day(year))

    def of_either(name: str) -> pl.Expr:
        return pl.when(first).then(f"first_{name}").when(later).then(f"later_{name}")

    return drawn.with_columns(
        join_date=of_either("date"), chance=of_either("chance"), draw=of_either("draw"), first_year=first
    )


def joined_by(asked: Enrollment, years: Whole) -> Floats:
    """Return the share that has joined after so many years of eligibility, both multipliers 1.

    Powers by multiplication, year by year: a machine's own power function may differ in the last bit.
    """
    first, most = float(asked.first_year_rate), float(asked.long_run_rate)
    stays_out = 1.0 - first / most if most else 0.0
    still_to_come = np.multiply.accumulate([1.0, *[stays_out] * int(years.max(initial=0))])
    shares: Floats = most * (1.0 - still_to_come[np.maximum(years, 0)])
    return shares


def chance_to_join(asked: Enrollment, nth: Whole, multiplier: Floats) -> Floats:
    """Return the chance to join within the n-th year of eligibility of those who have not joined before.

    ``(m F(n) - m F(n-1)) / (1 - m F(n-1))``: the multiplier m makes the shares somebody's own.
    """
    before = np.minimum(multiplier * joined_by(asked, nth - 1), 1.0)
    after = np.minimum(multiplier * joined_by(asked, nth), 1.0)
    left = 1.0 - before
    chances: Floats = np.divide(after - before, left, out=np.zeros_like(left), where=left > 0.0)
    return chances


def _first_date(people: pl.DataFrame) -> pl.Expr:
    """Return a day within a year of eligibility, the same whenever it is asked for."""
    entry = pl.col("entry_date")
    draw = pl.lit(uniform(people, Purpose.ENROLLMENT_DATE, FOR_LIFE))
    return day_between(entry, day_before(months_after(entry, 12)), draw)


def _later_date(people: pl.DataFrame, year: int) -> pl.Expr:
    """Return a day of the year, after the first year of eligibility; null if that has not ended."""
    since = pl.max_horizontal(
        months_after(pl.col("entry_date"), 12), pl.lit(year_start(year)), pl.col("start_date")
    )
    draw = pl.lit(uniform(people, Purpose.ENROLLMENT_DATE, year))
    ends = pl.lit(year_end(year))
    return pl.when(since <= ends).then(day_between(since, ends, draw))


def _nth_year(year: int) -> pl.Expr:
    """Return which year of eligibility the open one is: the second holds the first anniversary of entry."""
    return year - pl.col("entry_date").dt.year() + 1


def _chances(context: YearContext, people: pl.DataFrame, day: str, nth: pl.Expr) -> pl.Series:
    """Return each person's chance to join within a year of eligibility, by age on a day and by pay."""
    asked, on = context.scenario.plan.enrollment, pl.col(day).fill_null(year_end(context.year))
    facts = people.select(
        nth=nth.cast(pl.Int64),
        multiplier=by_age(asked.age_multiplier, "multiplier", on) * by_pay(asked.income_multiplier),
    )
    chances = chance_to_join(asked, facts["nth"].to_numpy(), facts["multiplier"].to_numpy())
    return pl.Series(chances, dtype=pl.Float64)
