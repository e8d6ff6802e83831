"""The state of a workforce: frames that only ``evolve`` may author, and the questions asked of them.

An expression here is a definition (who is employed, what was paid); it decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from simulation.dates import completed_years, days_in_year, year_end, year_start
from simulation.rules.days import Days
from simulation.rules.rounding import Whole
from simulation.units import divide_half_up

Seeds: TypeAlias = NDArray[np.uint64]

KEYS = ("seed", "person")
"""What names a row of every state frame: people are numbered within a seed in the order of their arrival."""

LOAN_KEYS = (*KEYS, "loan_number")
"""What names a loan."""

IDENTITY = (*KEYS, "employee_id", "person_key")
"""A person's number, the id that people know it by, and the key of its draws."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything that is known of a workforce at one moment of the fold over its events.

    ``people`` is one row a seed and employee, former employees included, sorted by both (``PeopleFrame``);
    ``raises`` and ``elections`` are those of the open year with their days; ``loans`` is one row a loan that
    was ever taken.
    """

    people: pl.DataFrame
    raises: pl.DataFrame
    elections: pl.DataFrame
    loans: pl.DataFrame

    def for_seed(self, seed: int) -> State:
        """Return the part of a batch that belongs to one seed."""
        return State(*(_of_seed(getattr(self, name), seed) for name in State.__slots__))


def _of_seed(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return the rows of one seed, which stand together: every frame of a state is in the order of seeds."""
    seeds, mine = frame["seed"].to_numpy(), np.uint64(seed)
    first, end = int(np.searchsorted(seeds, mine)), int(np.searchsorted(seeds, mine, side="right"))
    return frame[first:end]


def rows_of(people: pl.DataFrame, rows: pl.DataFrame) -> Whole:
    """Return the row of people that each of some rows is about: events, loans.

    People are numbered without gaps within a seed and stand in that order, so that no join is needed.
    """
    numbers = rows["person"].to_numpy().astype(np.int64)
    seeds = people["seed"].to_numpy()
    if not len(seeds) or seeds[0] == seeds[-1]:
        return numbers
    # Few seeds are searched, and not the many people of each.
    begins: Whole = np.append(0, np.flatnonzero(seeds[1:] != seeds[:-1]) + 1)
    each = rows["seed"].to_numpy()
    counts = counts_in_order(seeds[begins], each)
    places = begins[np.searchsorted(seeds[begins], each)] if counts is None else np.repeat(begins, counts)
    return numbers + places


def counts_in_order(seeds: Seeds, each: Seeds) -> Whole | None:
    """Return how many rows each of some seeds has, which ascend; none of rows in no order or of another seed.

    Most rows stand in the order of seeds, and are quicker counted than looked up one by one.
    """
    first, end = (np.searchsorted(each, seeds, side=side) for side in ("left", "right"))
    in_order = (end - first).sum() == len(each) and not np.any(each[1:] < each[:-1])
    return end - first if in_order else None


def seed_places(seeds: Seeds, each: Seeds) -> Whole:
    """Return the place of each row's seed among some seeds, which ascend; their number for another seed."""
    if len(seeds) == 1:
        return np.asarray(each != seeds[0], dtype=np.int64)
    counts = counts_in_order(seeds, each)
    if counts is not None:
        return np.repeat(np.arange(len(seeds)), counts)
    place = np.searchsorted(seeds, each)
    known = np.append(seeds, np.uint64(0))[place] == each
    return np.where(known & (place < len(seeds)), place, len(seeds))


def employed() -> pl.Expr:
    """Return who is on the payroll and has no last day."""
    return pl.col("termination_date").is_null()


def deferring() -> pl.Expr:
    """Return whose deferral election is above nought."""
    return pl.sum_horizontal("deferral_bp", "roth_deferral_bp") > 0


def left_in(year: int) -> pl.Expr:
    """Return whose last day lies in the year."""
    return pl.col("termination_date").is_between(year_start(year), year_end(year)).fill_null(value=False)


def worked_in_year() -> pl.Expr:
    """Return who was on the payroll for at least a day of the open year."""
    return pl.col("start_date").is_not_null()


def hired_in_year() -> pl.Expr:
    """Return who came in the open year, rehired people included."""
    return worked_in_year() & ~pl.col("opened_year")


def last_day(year: int) -> pl.Expr:
    """Return the last day on the payroll in the open year."""
    return pl.when(left_in(year)).then(pl.col("termination_date")).otherwise(pl.lit(year_end(year)))


def last_days(people: pl.DataFrame, year: int) -> Days:
    """Return ``last_day`` of each of the people as an array."""
    left, end = people["termination_date"].to_numpy(), np.datetime64(year_end(year))
    return np.where((left >= np.datetime64(year_start(year))) & (left <= end), left, end)


def paid_cents(year: int) -> pl.Expr:
    """Return what was paid in the year: each day at that day's rate, less the share of unpaid leave.

    ``day_cents`` is the sum over days of the annual rate, so that pay is rounded once, to the cent.
    """
    days = pl.max_horizontal(pl.col("employed_days"), pl.lit(1))
    worked = pl.col("employed_days") - pl.col("leave_days").cast(pl.Int64)
    return divide_half_up(pl.col("day_cents") * worked, days * days_in_year(year))


def full_year_cents() -> pl.Expr:
    """Return the annual rate at which the days of the year were paid: pay as if all had been worked."""
    return divide_half_up(pl.col("day_cents"), pl.max_horizontal(pl.col("employed_days"), pl.lit(1)))


def age(on: date) -> pl.Expr:
    """Return completed years of age."""
    return completed_years("birth_date", on)


def service(on: date) -> pl.Expr:
    """Return completed years of service, the breaks of rehired people left out."""
    return completed_years("service_date", on)
