"""No knob is dead: each parameter that is not marked inert changes a run, and what is marked changes none.

Driven by the parameter records: a new parameter fails here until the table says which change shows that it
is alive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from simulation.census import Census, generate_census
from simulation.parameters import Levers, Scenario, parameters
from simulation.parameters.record import Record
from simulation.sealing import simulate
from simulation.store import open_store
from simulation.year import YearRecord
from tests.populations import run_all, scenario_of

YEARS: Final = (2025, 2027)
LEVELS: Final = range(1, 6)
SPRING: Final = [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]


@dataclass(frozen=True)
class Change:
    """A value that is not the default's, and what else the scenario needs for it to matter."""

    value: Any
    ground: Mapping[str, Any] = field(default_factory=dict)


def certain_from(age: int) -> list[dict[str, Any]]:
    """Return a hazard by age that takes half of the people from an age on."""
    return [{"from_age": age, "rate": 0.5}]


PAY_BANDS: Final = {
    level: {"minimum": 30_000 * level, "midpoint": 40_000 * level, "maximum": 50_000 * level}
    for level in LEVELS
}

CHANGES: Final[Mapping[str, Change]] = {
    "horizon.start_year": Change(2026),
    "horizon.end_year": Change(2026),
    "workforce.growth.rate": Change(0.1),
    "workforce.growth.mode": Change("expected"),
    "workforce.growth.headcount_path": Change({2026: 330}),
    "workforce.termination.total_rate": Change(0.3),
    "workforce.termination.new_hire_rate": Change(0.5),
    "workforce.termination.table_multiplier": Change(2),
    "workforce.termination.by_service": Change([{"from_years": 0, "rate": 0.3}]),
    "workforce.termination.age_multiplier": Change([{"from_age": 0, "multiplier": 2}]),
    "workforce.termination.level_multiplier": Change(dict.fromkeys(LEVELS, 2)),
    "workforce.termination.involuntary_share": Change(0.9),
    "workforce.termination.retirement_by_age": Change(certain_from(50)),
    "workforce.termination.disability_by_age": Change(certain_from(40)),
    "workforce.termination.death_by_age": Change(certain_from(40)),
    "workforce.termination.month_weights": Change(SPRING),
    "workforce.reduction_in_force": Change([{"date": "2026-05-01", "share": 0.1}]),
    "workforce.rehire.rate": Change(0.5),
    "workforce.rehire.within_years": Change(1, {"workforce.rehire.rate": 0.5}),
    "workforce.hiring.limit": Change(5),
    "workforce.hiring.level_mix": Change({1: 1, 2: 0, 3: 0, 4: 0, 5: 0}),
    "workforce.hiring.part_time_share": Change(0.9),
    "workforce.hiring.pay_adjustment": Change(1.1),
    "workforce.hiring.month_weights": Change(SPRING),
    "workforce.promotion.rate": Change(0.2),
    "workforce.promotion.by_level": Change({1: 0, 2: 0.1, 3: 0.1, 4: 0.1, 5: 0}),
    "workforce.promotion.age_multiplier": Change(
        [{"from_age": 0, "multiplier": 0}, {"from_age": 40, "multiplier": 1}]
    ),
    "workforce.promotion.tenure_multiplier": Change(
        [{"from_years": 0, "multiplier": 0}, {"from_years": 6, "multiplier": 1}]
    ),
    "workforce.promotion.raise_mean": Change(0.2),
    "workforce.promotion.raise_spread": Change(0),
    "workforce.promotion.minimum_service_years": Change(8),
    "workforce.promotion.month_weights": Change(SPRING),
    "workforce.hours.full_time_hours": Change(1950),
    "workforce.hours.leave_rate": Change(0.5),
    "workforce.hours.leave_min_days": Change(50, {"workforce.hours.leave_rate": 0.5}),
    "workforce.hours.leave_max_days": Change(20, {"workforce.hours.leave_rate": 0.5}),
    "compensation.cola.rate": Change(0.03),
    "compensation.cola.effective": Change("07-01"),
    "compensation.merit.budget": Change(0.05),
    "compensation.merit.by_level": Change({1: 0.1, 2: 0.01, 3: 0.01, 4: 0.01, 5: 0.01}),
    "compensation.merit.rating_multiplier": Change({1: 1, 2: 1, 3: 1, 4: 1, 5: 3}),
    "compensation.merit.effective": Change(SPRING),
    "compensation.merit.prorate_new_hires": Change(False),
    "compensation.market.share_of_gap": Change(0.5),
    "compensation.market.effective": Change("10-01", {"compensation.market.share_of_gap": 0.5}),
    "compensation.bands.source": Change("table", {"compensation.bands.table": PAY_BANDS}),
    "compensation.bands.table": Change(
        {level: {"minimum": 1, "midpoint": 2, "maximum": 10_000_000} for level in LEVELS},
        {"compensation.bands.source": "table", "compensation.bands.table": PAY_BANDS},
    ),
    "compensation.bands.allow_exceed": Change(True),
    "compensation.bands.index_with_cola": Change(False),
}

IN_THE_STORE: Final = {
    "plan_design_id": Change("other"),
    "seed": Change(7),
    "output.keep": Change("summary"),
}
"""Parameters that show only where a run is sealed."""

IN_THE_LEVERS: Final = {"compensation.levers"}

INERT: Final[Mapping[str, Any]] = {
    "plan.match.tiers": [],
    "plan.match.true_up": False,
    "plan.nonelective.rate": 0.05,
    "plan.auto_enrollment.enabled": False,
    "plan.auto_enrollment.default_rate": 0.03,
    "plan.vesting.match": "immediate",
    "payroll.frequency": "weekly",
    "limits.indexation.rate": 0.05,
    "output.balance_snapshots": "none",
}
"""Parameters that nothing reads yet, with another value each."""


@cache
def census() -> Census:
    return generate_census(300, seed=1)


@cache
def ground(values: tuple[tuple[str, Any], ...]) -> list[YearRecord]:
    """Return the run of the baseline with some values, kept for those that share it."""
    return run_all(scenario_of({key: as_value(value) for key, value in values}, years=YEARS), census())


def as_key(value: Any) -> Any:
    return tuple((key, as_key(item)) for key, item in value.items()) if isinstance(value, dict) else value


def as_value(value: Any) -> Any:
    return {key: as_value(item) for key, item in value} if isinstance(value, tuple) else value


def log(records: list[YearRecord]) -> dict[str, pl.DataFrame]:
    """Return all events of a run by type, and its summary."""
    types = {name for record in records for name in record.events}
    events = {name: pl.concat([r.events[name] for r in records if name in r.events]) for name in types}
    return events | {"summary": pl.concat([record.summary for record in records])}


def same(a: list[YearRecord], b: list[YearRecord]) -> bool:
    left, right = log(a), log(b)
    return left.keys() == right.keys() and all(left[name].equals(right[name]) for name in left)


@pytest.mark.parametrize("key", CHANGES)
def test_another_value_changes_the_log_or_the_summary(key: str) -> None:
    change = CHANGES[key]
    before = ground(tuple((name, as_key(value)) for name, value in change.ground.items()))
    scenario = scenario_of({}, years=YEARS).changed({**change.ground, key: change.value})
    assert not same(before, run_all(scenario, census())), f"{key} = {change.value} changes nothing"


def test_what_is_marked_inert_changes_nothing() -> None:
    assert same(ground(()), run_all(scenario_of(INERT, years=YEARS), census()))


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("merit_base", 0.1),
        ("cola_rate", 0.05),
        ("new_hire_salary_adjustment", 1.2),
        ("promotion_probability", 0.4),
        ("promotion_raise", 0.3),
    ],
)
def test_a_row_of_the_levers_changes_the_log(parameter: str, value: float) -> None:
    rows = Levers().with_value(parameter, value, [2026], [1, 2, 3, 4])
    changed = run_all(scenario_of({}, years=YEARS).with_levers(rows), census())
    assert not same(ground(()), changed)
    assert same(ground(())[:2], changed[:2]), "a row for 2026 reached into 2025"


def kept(scenario: Scenario, out: Path) -> tuple[str, int]:
    """Return the digest of a sealed run and how many of its events the store kept."""
    result = simulate(scenario, generate_census(20, seed=1), out=out)
    with open_store(result.store) as store:
        return result.digest, store.events().height


@pytest.mark.parametrize("key", IN_THE_STORE)
def test_what_shows_only_in_the_store_changes_it(key: str, tmp_path: Path) -> None:
    before = scenario_of({}, years=(2025, 2025))
    after = before.changed({key: IN_THE_STORE[key].value})
    assert kept(before, tmp_path / "before") != kept(after, tmp_path / "after")


@pytest.mark.parametrize("record", parameters().values(), ids=lambda record: record.key)
def test_every_parameter_has_a_change_that_proves_what_it_is(record: Record) -> None:
    tables = {"live": {*CHANGES, *IN_THE_STORE, *IN_THE_LEVERS}, "inert": {*INERT}}
    if record.identity:
        assert all(record.key not in table for table in tables.values())
    else:
        assert record.key in tables["inert" if record.inert else "live"]


def test_every_change_is_a_change() -> None:
    flat = Scenario().changed(INERT).flat()
    assert all(flat[key] != Scenario().flat()[key] for key in INERT)
