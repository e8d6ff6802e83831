"""A synthetic census: plausible, deterministic, and the first people of a larger one.

Every draw is a function of seed and person, so nobody depends on how many others there are. Knows the
tables of ``population`` and no file format.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from simulation.census import population as table
from simulation.census.canonical import Census
from simulation.census.fields import FULL_TIME_HOURS
from simulation.census.people import Draw, Floats, People, Whole, line, line_by_row, whole
from simulation.census.savings import elections_and_balances
from simulation.errors import CensusError, Problem
from simulation.ids import person_keys

DEFAULT_AS_OF: Final = date(2024, 12, 31)
MAXIMUM_EMPLOYEES: Final = 10_000_000
_DAYS_PER_YEAR: Final = 365.25


def generate_census(employees: int, seed: int = 42, as_of: date = DEFAULT_AS_OF) -> Census:
    """Return a synthetic census; the first n people of a larger one with the same seed are the same.

    Args:
        employees: How many people, at least 1.
        seed: Any whole number from 0 to 2^64 - 1.
        as_of: The day that it describes.

    Raises:
        CensusError: A number of people or a seed outside its bounds.
    """
    _check(employees, seed)
    numbers = pl.int_range(1, employees + 1, eager=True)
    ids = pl.select("E" + numbers.cast(pl.String).str.zfill(6)).to_series().alias("employee_id")
    people = People(person_keys(ids).to_numpy(), seed)
    founders = _founders(people)
    job = _job(people, founders)
    plan = elections_and_balances(people, job)
    first_day = as_of.toordinal() - date(1970, 1, 1).toordinal()
    frame = pl.DataFrame(
        {
            "employee_id": ids,
            "birth_date": _days_before(first_day, job["age"]),
            "hire_date": _days_before(first_day, job["service"]),
            "job_level": job["level"] + 1,
            "department": pl.Series(list(table.DEPARTMENTS)).gather(job["department"]),
            "compensation_cents": job["pay"] * 100,
            "scheduled_hours": job["hours"],
            "performance_rating": _ratings(people, job["service"]),
            "employee_class": pl.Series(table.CLASSES).gather(job["class"]),
            "ownership_bp": _ownership(employees, founders),
            "is_officer": job["officer"],
            "family_of": _family(ids, founders),
            "prior_year_compensation_cents": _prior_year(people, job, as_of),
            **plan,
        }
    )
    return Census(frame, as_of, f"generated: {employees} employees, seed {seed}, as of {as_of}")


def _check(employees: int, seed: int) -> None:
    problems = []
    if not 1 <= employees <= MAXIMUM_EMPLOYEES:
        problems.append(Problem("employees", str(employees), f"1 to {MAXIMUM_EMPLOYEES}"))
    if not 0 <= seed < 2**64:
        problems.append(Problem("seed", str(seed), "0 to 18446744073709551615"))
    if problems:
        raise CensusError("no census can be generated", problems=problems)


def _founders(people: People) -> int:
    """Return how many of the first people own a part of the firm: none to three, by the first one's draw."""
    draw = people.draw(Draw.FOUNDERS)[0]
    return min(int(draw * (len(table.OWNERSHIP_BP) + 1)), len(people.keys))


def _job(people: People, founders: int) -> dict[str, Any]:
    level = people.pick(Draw.LEVEL, table.LEVEL_SHARES)
    level[:founders] = len(table.LEVEL_SHARES) - 1
    age = line_by_row(table.AGE_SHARES, table.AGES, level, people.draw(Draw.AGE))
    service = _service(age, people.draw(Draw.SERVICE))
    department = _department(level, people.draw(Draw.DEPARTMENT))
    hours = _hours(people, level)
    officer = (level == len(table.LEVEL_SHARES) - 1) & (people.draw(Draw.OFFICER) < table.OFFICER_SHARE)
    officer[:founders] = True
    return {
        "level": level,
        "age": age,
        "service": service,
        "department": department,
        "hours": hours,
        "pay": _pay(people.draw(Draw.PAY), level, service, department, hours),
        "class": _employee_class(people, level, department),
        "officer": officer,
    }


def _service(age: Floats, draw: Floats) -> Floats:
    """Return years of service: the table stretched by age, cut off at the youngest age of hire."""
    stretch = line(table.SERVICE_STRETCH_AGES, table.SERVICE_STRETCH, age)
    longest = (age - table.YOUNGEST_HIRE) / stretch
    possible = line(table.SERVICE_YEARS, table.SERVICE_SHARES, longest)
    return line(table.SERVICE_SHARES, table.SERVICE_YEARS, draw * possible) * stretch


def _department(level: Whole, draw: Floats) -> Whole:
    shares = np.array([shares for shares, _ in table.DEPARTMENTS.values()])
    bounds = np.cumsum(shares, axis=0)[:-1]
    department = np.zeros(len(level), dtype=np.int64)
    for bound in bounds:
        department += draw >= bound[level]
    return department


def _hours(people: People, level: Whole) -> Whole:
    part_time = people.draw(Draw.PART_TIME) < np.array(table.PART_TIME_SHARES)[level]
    hours = np.array(table.PART_TIME_HOURS)[people.pick(Draw.HOURS, table.PART_TIME_HOURS_SHARES)]
    return np.where(part_time, hours, FULL_TIME_HOURS)


def _pay(draw: Floats, level: Whole, service: Floats, department: Whole, hours: Whole) -> Whole:
    """Return base pay in whole dollars a year for the scheduled hours."""
    rates = np.array([rate for _, rate in table.DEPARTMENTS.values()])
    spread = line(table.PAY_SHARES, table.PAY_SPREAD, draw)
    grown = line(table.PAY_SERVICE_YEARS, table.PAY_SERVICE, service)
    full_time = np.array(table.PAY_MIDDLES)[level] * spread * grown * rates[department]
    return whole(full_time * hours / FULL_TIME_HOURS)


def _employee_class(people: People, level: Whole, department: Whole) -> Whole:
    organised = np.array([name in table.ORGANISED_DEPARTMENTS for name in table.DEPARTMENTS])[department]
    anywhere = people.pick(Draw.CLASS, table.CLASS_SHARES)
    there = people.pick(Draw.CLASS, table.CLASS_SHARES_ORGANISED)
    return np.where(level <= 1, np.where(organised, there, anywhere), 0)


def _ratings(people: People, service: Floats) -> pl.Series:
    ratings = pl.Series(people.pick(Draw.RATING, table.RATING_SHARES) + 1)
    return ratings.set(pl.Series(service < table.RATED_AFTER_YEARS), None)


def _ownership(employees: int, founders: int) -> Whole:
    ownership = np.zeros(employees, dtype=np.int64)
    ownership[:founders] = table.OWNERSHIP_BP[:founders]
    return ownership


def _family(ids: pl.Series, founders: int) -> pl.Series:
    """Return the owner whose family a person is: the first who is no founder belongs to the first founder."""
    relative = pl.int_range(len(ids), eager=True) == founders
    first = ids[0] if founders else None
    return pl.select(pl.when(relative).then(pl.lit(first, dtype=pl.String))).to_series()


def _prior_year(people: People, job: dict[str, Any], as_of: date) -> pl.Series:
    """Return cents paid in the last calendar year that was over on the as-of date; null if hired later."""
    last_day = as_of if (as_of.month, as_of.day) == (12, 31) else date(as_of.year - 1, 12, 31)
    year_days = last_day.toordinal() - date(last_day.year - 1, 12, 31).toordinal()
    days = np.floor(job["service"] * _DAYS_PER_YEAR).astype(np.int64) + 1 - (as_of - last_day).days
    whole_year = days >= year_days
    ratio = np.where(whole_year, line(table.RAISE_SHARES, table.RAISE_RATIO, people.draw(Draw.RAISE)), 1.0)
    paid = whole(job["pay"] * ratio * np.clip(days, 0, year_days) / year_days)
    return pl.Series(paid * 100).set(pl.Series(days <= 0), None)


def _days_before(first_day: int, years: Floats) -> pl.Series:
    days = np.floor(years * _DAYS_PER_YEAR).astype(np.int32)
    return pl.Series((first_day - days).astype(np.int32)).cast(pl.Date)
