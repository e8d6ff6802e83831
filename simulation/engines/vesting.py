"""What participants own of employer money at the end of the year, or on their last day.

Service counts by the schedule of each source; age, death, disability and a partial termination make
everything theirs. What is owned is never taken back by a schedule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.balances import BALANCES, VESTED, amounts
from simulation.dates import completed_years, year_end, year_start
from simulation.engines.decided import decided
from simulation.events.sources import EMPLOYER
from simulation.rules.partial_termination import participants
from simulation.rules.periods import months_after
from simulation.rules.service import year_of_service
from simulation.rules.vesting import vested_bp
from simulation.state import last_days, left_in
from simulation.units import BP, basis_points

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.parameters.plan import Vesting
    from simulation.rules.rounding import Truths, Whole
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
    year, people = context.year, _people(context, state)
    full = _full(context, people)
    service = people.select(_service(plan.vesting, year)).to_series().to_numpy()
    entry, starting = people["entry_date"].to_numpy(), year == context.scenario.horizon.start_year
    first = people["entered"].to_numpy() & (entry >= np.datetime64(year_start(year)))
    told = starting | first | (service != people["credited_service"].to_numpy())
    schedules, now = [plan.vesting.vested_bp(source) for source in EMPLOYER], {}
    for schedule, name in zip(schedules, VESTED, strict=True):
        before = people[name].to_numpy()
        earned = np.maximum(vested_bp(schedule, service), before)
        now[name] = np.where(full, BP, earned)
        told = told | (now[name] != before)
    rows = np.flatnonzero(told)
    owned = {name: share[rows] for name, share in now.items()}
    rule = "plan.vesting.service_method"
    changed = decided(people[rows], "vesting", rule=rule, credited_service=service[rows], **owned)
    return {"vesting": changed}


def _people(context: YearContext, state: State) -> pl.DataFrame:
    """Return whom vesting is about, with the last day in the year."""
    people, last = state.people, last_days(state.people, context.year)
    start, entry = people["start_date"].to_numpy(), people["entry_date"].to_numpy()
    entered = entry <= np.datetime64(year_end(context.year))
    owning = amounts(people, BALANCES).sum(axis=1) > 0
    rows = np.flatnonzero(~np.isnat(start) & (entered | owning))
    beside = [pl.Series("effective_date", last[rows]), pl.Series("entered", entered[rows])]
    return people[_READ][rows].hstack(beside)


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
    born_by = np.datetime64(year_end(year - vesting.normal_retirement_age))
    full: Truths = people["birth_date"].to_numpy() <= born_by
    left = np.flatnonzero(~np.isnat(people["termination_date"].to_numpy()))
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
        dismissed = left_in(year) & pl.col("termination_reason").is_in(BY_THE_EMPLOYER)
        facts = people[left].select(
            whole=of_age | pl.col("termination_reason").is_in(reasons), dismissed=dismissed
        )
        whole, by_employer = (column.to_numpy() for column in facts)
        full[left] = whole
        full |= _partially_terminated(context, people, left[by_employer])
    return full


def _partially_terminated(context: YearContext, people: pl.DataFrame, dismissed: Whole) -> Truths:
    """Tell whom a partial termination vests: all who left by the employer's choice in a year of so many.

    Turnover is over the participants of 1 January and those added in the year, seed by seed; those who quit
    are known to have left of their own accord.
    """
    _, seed = np.unique(people["seed"].to_numpy(), return_inverse=True)
    entered, entry = people["entered"].to_numpy(), people["entry_date"].to_numpy()
    before = people["opened_year"].to_numpy() & (entry < np.datetime64(year_start(context.year)))
    size = int(seed[-1]) + 1
    initial, added = (np.bincount(seed[entered & who], minlength=size) for who in (before, ~before))
    severed = np.bincount(seed[dismissed[entered[dismissed]]], minlength=size)
    threshold = basis_points(context.scenario.plan.partial_termination.threshold)
    reached = (severed * BP >= participants(initial, added) * threshold) & (severed > 0)
    vested = np.zeros(people.height, dtype=np.bool_)
    vested[dismissed] = reached[seed[dismissed]]
    return vested
