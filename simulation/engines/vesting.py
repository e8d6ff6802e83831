"""What participants own of employer money at the end of the year, or on their last day.

Service counts by the schedule of each source; age, death, disability and a partial termination make
everything theirs. What is owned is never taken back by a schedule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.balances import BALANCES, VESTED, total_balance
from simulation.dates import completed_years, year_end, year_start
from simulation.engines.decided import decided
from simulation.events.sources import EMPLOYER
from simulation.rules.partial_termination import participants
from simulation.rules.periods import months_after
from simulation.rules.service import year_of_service
from simulation.rules.vesting import vested_bp
from simulation.state import last_day, left_in, worked_in_year
from simulation.units import BP, basis_points

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.parameters.plan import Vesting
    from simulation.rules.rounding import Truths
    from simulation.state import State

ADULT: Final = 18
"""Service before this age may be left out: section 411(a)(4)(A)."""

BY_THE_EMPLOYER: Final = ("layoff", "involuntary")
"""Reasons of leaving that count towards a partial termination: Rev. Rul. 2007-43."""

_READ: Final = (
    *("seed", "person", "employee_id", "birth_date", "hire_date", "service_date", "opened_year"),
    *("start_date", "termination_date", "termination_reason", "entry_date", "employer_entry_date"),
    *("hours", "years_of_service", "part_time_years", "credited_service"),
    *VESTED,
    *BALANCES,
)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return what changed for those who worked in the year and take part or have an account.

    In the first year of somebody's participation, or of the simulation, there is an event in any case.
    """
    plan = context.scenario.plan
    if not plan.enabled:
        return {}
    people = _people(context, state)
    full = _full(context, people)
    service = people["service"].to_numpy()
    told = people["first"].to_numpy() | (service != people["credited_service"].to_numpy())
    schedules = [plan.vesting.vested_bp(source) for source in EMPLOYER]
    now = [people["service"].alias("credited_service")]
    for schedule, name in zip(schedules, VESTED, strict=True):
        before = people[name].to_numpy()
        earned = np.maximum(vested_bp(schedule, service), before)
        owned = np.where(full, BP, earned)
        told = told | (owned != before)
        now.append(pl.Series(name, owned))
    changed = people[list(_TOLD)].hstack(now).filter(pl.Series(told))
    return {"vesting": decided(changed, "vesting", rule="plan.vesting.service_method")}


_TOLD: Final = ("seed", "person", "employee_id", "effective_date")


def _people(context: YearContext, state: State) -> pl.DataFrame:
    """Return whom vesting is about, with last day and service, and who is told of it in any case."""
    year = context.year
    entered = (pl.col("entry_date") <= pl.lit(year_end(year))).fill_null(value=False)
    starting = year == context.scenario.horizon.start_year
    first = pl.col("entry_date").is_between(year_start(year), year_end(year)).fill_null(value=False)
    return (
        state.people[list(_READ)]
        .lazy()
        .filter(worked_in_year() & (entered | (total_balance() > 0)))
        .with_columns(effective_date=last_day(year), entered=entered, first=pl.lit(starting) | first)
        .with_columns(service=_service(context.scenario.plan.vesting, year))
        .collect()
    )


def _service(vesting: Vesting, year: int) -> pl.Expr:
    """Return the years of credited service on the last day: never fewer than were credited before."""
    years = _elapsed(vesting) if vesting.service_method == "elapsed" else _by_hours(vesting, year)
    return pl.max_horizontal(years, "credited_service").cast(pl.Int32)


def _elapsed(vesting: Vesting) -> pl.Expr:
    """Return completed years since the first day of service, or since the 18th birthday if later."""
    grown_up = months_after(pl.col("birth_date"), 12 * ADULT)
    counted = pl.max_horizontal("service_date", grown_up)
    since = counted if vesting.exclude_service_before_18 else pl.col("service_date")
    return completed_years(since, pl.col("effective_date"))


def _by_hours(vesting: Vesting, year: int) -> pl.Expr:
    """Return years with 1,000 hours, and for long-term part-timers with 500: section 401(k)(15)(B)(iii).

    Part-time years that were credited once stay credited. Years that ended before the 18th birthday can be
    left out, the number of them being known from the dates of hire and birth.
    """
    part_time = pl.col("entered") & (
        pl.col("employer_entry_date").is_null() | (pl.col("employer_entry_date") > pl.lit(year_end(year)))
    )
    full = pl.col("years_of_service") + pl.when(part_time).then("part_time_years").otherwise(0)
    young = pl.col("birth_date").dt.year() + ADULT - pl.col("hire_date").dt.year()
    left_out = pl.min_horizontal(young.clip(lower_bound=0), full) if vesting.exclude_service_before_18 else 0
    grown_up = pl.col("birth_date").dt.year() + ADULT <= year
    counts = year_of_service(pl.col("hours"), part_time)
    counts = counts & grown_up if vesting.exclude_service_before_18 else counts
    return pl.max_horizontal(full - left_out, pl.col("credited_service") + counts.cast(pl.Int32))


def _full(context: YearContext, people: pl.DataFrame) -> Truths:
    """Tell who owns everything: by age on the last day, or by the way of leaving.

    Whoever stays has reached an age if the birthday comes by 31 December; leavers are looked at one by one.
    """
    vesting, year = context.scenario.plan.vesting, context.year
    full = (people["birth_date"] <= year_end(year - vesting.normal_retirement_age)).to_numpy().copy()
    left = np.flatnonzero(people["termination_date"].is_not_null().to_numpy())
    if len(left):
        reasons = [
            reason
            for reason, switch in (
                ("death", vesting.full_at_death),
                ("disability", vesting.full_at_disability),
            )
            if switch
        ]
        of_age = completed_years("birth_date", pl.col("effective_date")) >= vesting.normal_retirement_age
        whole = of_age | pl.col("termination_reason").is_in(reasons) | _partially_terminated(context, people)
        full[left] = people[left].select(whole).to_series().to_numpy()
    return full


def _partially_terminated(context: YearContext, people: pl.DataFrame) -> pl.Expr:
    """Tell whom a partial termination vests: all who left by the employer's choice in a year of so many.

    Turnover is over the participants of 1 January and those added in the year, seed by seed; those who quit
    are known to have left of their own accord.
    """
    dismissed = left_in(context.year) & pl.col("termination_reason").is_in(BY_THE_EMPLOYER)
    counts = (
        people.lazy()
        .filter("entered")
        .group_by("seed", maintain_order=True)
        .agg(
            severances=dismissed.sum().cast(pl.Int64),
            initial=_there_before(context.year).sum().cast(pl.Int64),
            added=(~_there_before(context.year)).sum().cast(pl.Int64),
        )
        .collect()
    )
    severed = counts["severances"].to_numpy()
    there = participants(counts["initial"].to_numpy(), counts["added"].to_numpy())
    threshold = basis_points(context.scenario.plan.partial_termination.threshold)
    reached = np.asarray((severed * BP >= there * threshold) & (severed > 0))
    seeds = counts["seed"].filter(pl.Series(reached, dtype=pl.Boolean))
    return dismissed & pl.col("seed").is_in(seeds.to_list())


def _there_before(year: int) -> pl.Expr:
    return pl.col("opened_year") & (pl.col("entry_date") < year_start(year))
