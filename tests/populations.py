"""Small worlds for tests: a census of a few stated people, a scenario of a few stated values, and runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from simulation.census import Census
from simulation.events import columns
from simulation.events.catalogue import STAMPED_COLUMNS
from simulation.frames import CensusFrame
from simulation.parameters import Scenario, load_scenario
from simulation.run import run
from simulation.year import YearRecord

AS_OF = date(2024, 12, 31)

STANDS = {
    "workforce.termination.total_rate": None,
    "workforce.termination.new_hire_rate": None,
    "workforce.promotion.rate": None,
    "compensation.merit.budget": None,
}
"""No asked total: every hazard and rate as its table has it, so that nobody's chance depends on others."""

QUIET = {
    **STANDS,
    "workforce.termination.table_multiplier": 0,
    "workforce.termination.retirement_by_age": [{"from_age": 60, "rate": 0}],
    "workforce.termination.disability_by_age": [{"from_age": 20, "rate": 0}],
    "workforce.termination.death_by_age": [{"from_age": 20, "rate": 0}],
    "workforce.growth.rate": 0,
    "workforce.promotion.by_level": {1: 0, 2: 0, 3: 0, 4: 0, 5: 0},
    "workforce.hours.leave_rate": 0,
    "compensation.cola.rate": 0,
    "compensation.merit.by_level": {1: 0, 2: 0, 3: 0, 4: 0, 5: 0},
}
"""Nothing happens unless a test asks for it."""

PERSON: Mapping[str, Any] = {
    "birth_date": date(1985, 6, 15),
    "hire_date": date(2018, 3, 1),
    "job_level": 2,
    "department": "Operations",
    "compensation_cents": 6_000_000,
    "scheduled_hours": 2080,
    "performance_rating": None,
    "employee_class": "regular",
    "ownership_bp": 0,
    "is_officer": False,
    "family_of": None,
    "prior_year_compensation_cents": None,
    "deferral_bp": None,
    "roth_deferral_bp": None,
    "balance_pre_tax_cents": 0,
    "balance_roth_cents": 0,
    "balance_match_cents": 0,
    "balance_nonelective_cents": 0,
}
"""Somebody unremarkable: 60,000 a year, level 2, 39 years old, six years of service."""


def census_of(*people: Mapping[str, Any], as_of: date = AS_OF) -> Census:
    """Return a census of people who differ from ``PERSON`` as stated; ids E1, E2, ... unless given."""
    rows = [{"employee_id": f"E{n}", **PERSON, **person} for n, person in enumerate(people, start=1)]
    frame = pl.DataFrame(rows, schema=CensusFrame.create_empty().schema)
    return Census(frame=frame, as_of=as_of, source="stated in a test")


def scenario_of(
    values: Mapping[str, Any] | None = None, *, years: tuple[int, int] = (2025, 2025)
) -> Scenario:
    """Return the baseline with some dotted keys set."""
    return load_scenario("baseline", years=years).changed(dict(values or {}))


def run_all(scenario: Scenario, census: Census, seeds: Sequence[int] = (42,)) -> list[YearRecord]:
    """Return every record of a run, genesis first."""
    return list(run(scenario, census, list(seeds)))


def events_of(records: Sequence[YearRecord], event_type: str, *, year: int | None = None) -> pl.DataFrame:
    """Return one type's events over all years, or of one; an empty frame if there are none."""
    frames = [
        record.events[event_type]
        for record in records
        if event_type in record.events and year in {None, record.year}
    ]
    return pl.concat(frames) if frames else pl.DataFrame(schema={**columns(event_type), **STAMPED_COLUMNS})


def metric(records: Sequence[YearRecord], name: str, *, seed: int | None = None) -> list[Any]:
    """Return one metric's values in the order of years (and of seeds, unless one is named)."""
    rows = pl.concat([record.summary for record in records]).filter(pl.col("metric") == name)
    chosen = rows if seed is None else rows.filter(pl.col("seed") == seed)
    return chosen.sort("seed", "simulation_year")["value"].to_list()
