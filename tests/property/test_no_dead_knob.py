"""No knob is dead: each parameter changes a run, or what is kept of it.

Driven by the parameter records: a new parameter fails here until the table says which change shows that it
is alive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from json import dumps, loads
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from simulation.census import Census, generate_census
from simulation.parameters import Levers, Scenario, parameters
from simulation.parameters.record import Record
from simulation.query import plan_tests, verdict_frame
from simulation.sealing import simulate
from simulation.store import open_store
from simulation.store.relations import QUALITY
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
    "output.balance_snapshots": Change("quarter_end"),
    "quality.drift.severity": Change("hard"),
    "quality.drift.ks": Change(1),
    "quality.drift.psi": Change(100),
    "quality.drift.deferral_ks": Change(1),
    "quality.drift.deferral_psi": Change(100),
}
"""Parameters that show only where a run is sealed."""

IN_THE_LEVERS: Final = {"compensation.levers"}

NO_DEFAULT: Final = {"plan.auto_enrollment.enabled": False}
BY_AGE: Final = [{"from_age": 0, "multiplier": 2}, {"from_age": 40, "multiplier": 0.5}]
BY_PAY: Final = [{"from_pay": 0, "multiplier": 2}, {"from_pay": 60_000, "multiplier": 0.5}]
PAID: Final = {"plan.nonelective.rate": 0.05}
INTEGRATED: Final = {"plan.nonelective.rate": 0.05, "plan.nonelective.formula": "integrated"}
POOL: Final = {"plan.profit_sharing.formula": "pro_rata"}
BY_HOURS: Final = {"plan.eligibility.service_method": "hours", "plan.eligibility.service_months": 12}
OUT_OF_WORK: Final = {"workforce.reduction_in_force": [{"date": "2026-05-01", "share": 0.3}]}
DRAWN: Final = {"plan.accounts.returns": "historical"}

MANY_LOANS: Final = {
    "plan.loans.take_up": 0.6,
    "plan.loans.maximum_loans": 3,
    "plan.loans.term_years": 1,
    "plan.loans.mean_amount": 50_000,
}
"""One loan after another, as large as the law allows."""

OF_THE_PLAN: Final[Mapping[str, Change]] = {
    "plan.enabled": Change(False),
    "plan.eligibility.minimum_age": Change(18),
    "plan.eligibility.service_months": Change(12),
    "plan.eligibility.employer_service_months": Change(12),
    "plan.eligibility.service_method": Change("hours", {"plan.eligibility.service_months": 12}),
    "plan.eligibility.entry": Change("semi_annual"),
    "plan.eligibility.excluded_classes": Change(["union", "temporary", "leased"]),
    "plan.eligibility.long_term_part_time": Change(False, BY_HOURS),
    "plan.auto_enrollment.enabled": Change(False),
    "plan.auto_enrollment.form": Change("basic", {"plan.auto_enrollment.withdrawal_rate": 0.5}),
    "plan.auto_enrollment.default_rate": Change(0.03),
    "plan.auto_enrollment.window_days": Change(90),
    "plan.auto_enrollment.scope": Change("all_eligible"),
    "plan.auto_enrollment.opt_out_rate": Change(0.5),
    "plan.auto_enrollment.opt_out_age_multiplier": Change(BY_AGE, {"plan.auto_enrollment.opt_out_rate": 0.4}),
    "plan.auto_enrollment.opt_out_income_multiplier": Change(
        BY_PAY, {"plan.auto_enrollment.opt_out_rate": 0.4}
    ),
    "plan.auto_enrollment.withdrawal_window_days": Change(30, {"plan.auto_enrollment.withdrawal_rate": 0.5}),
    "plan.auto_enrollment.withdrawal_rate": Change(0.5),
    "plan.enrollment.first_year_rate": Change(0.1, NO_DEFAULT),
    "plan.enrollment.long_run_rate": Change(1, NO_DEFAULT),
    "plan.enrollment.age_multiplier": Change(BY_AGE, NO_DEFAULT),
    "plan.enrollment.income_multiplier": Change(BY_PAY, NO_DEFAULT),
    "plan.enrollment.change_of_mind_rate": Change(0.9),
    "plan.deferral.rate_by_age": Change([{"from_age": 0, "rate": 0.03}], NO_DEFAULT),
    "plan.deferral.income_multiplier": Change(BY_PAY, NO_DEFAULT),
    "plan.deferral.spread": Change(0, NO_DEFAULT),
    "plan.deferral.step": Change(0.02),
    "plan.deferral.maximum_rate": Change(0.06),
    "plan.deferral.roth_feature": Change(False),
    "plan.deferral.roth_share": Change(0.9),
    "plan.deferral.catch_up": Change(False),
    "plan.deferral.raise_rate": Change(0.9),
    "plan.deferral.lower_rate": Change(0.9),
    "plan.deferral.stop_rate": Change(0.5),
    "plan.deferral.match_response_share": Change(
        1, {"plan.match.tiers": [{"up_to": 0.1, "rate": 0.5}], **NO_DEFAULT}
    ),
    "plan.deferral.effective": Change("07-01"),
    "plan.escalation.enabled": Change(False),
    "plan.escalation.scope": Change("all"),
    "plan.escalation.increase": Change(0.02),
    "plan.escalation.cap": Change(0.07, {"plan.escalation.increase": 0.02}),
    "plan.escalation.delay_years": Change(0),
    "plan.escalation.month": Change(7),
    "plan.escalation.day": Change(15),
    "plan.escalation.refusal_rate": Change(0.9),
    "plan.match.formula": Change("service"),
    "plan.match.tiers": Change([{"up_to": 0.06, "rate": 1}]),
    "plan.match.service_tiers": Change(
        [{"from_years": 0, "up_to": 0.05, "rate": 1}], {"plan.match.formula": "service"}
    ),
    "plan.match.points_tiers": Change(
        [{"from_points": 0, "up_to": 0.05, "rate": 1}], {"plan.match.formula": "points"}
    ),
    "plan.match.period": Change("annual"),
    "plan.match.true_up": Change(False),
    "plan.match.dollar_cap": Change(500),
    "plan.match.catch_up": Change(False, {"plan.match.tiers": [{"up_to": 1, "rate": 0.1}]}),
    "plan.match.last_day": Change(True, {"plan.match.period": "annual"}),
    "plan.match.minimum_hours": Change(1000, {"plan.match.period": "annual"}),
    "plan.nonelective.formula": Change("service", PAID),
    "plan.nonelective.rate": Change(0.05),
    "plan.nonelective.bands": Change(
        [{"start": 0, "rate": 0.01}, {"start": 3, "rate": 0.1}], {"plan.nonelective.formula": "service"}
    ),
    "plan.nonelective.integration.level": Change(0.2, INTEGRATED),
    "plan.nonelective.integration.excess_rate": Change(
        0.04, {**INTEGRATED, "plan.nonelective.integration.level": 0.2}
    ),
    "plan.nonelective.payment": Change("annual", PAID),
    "plan.nonelective.last_day": Change(True, {**PAID, "plan.nonelective.payment": "annual"}),
    "plan.nonelective.minimum_hours": Change(1000, {**PAID, "plan.nonelective.payment": "annual"}),
    "plan.profit_sharing.formula": Change("new_comparability"),
    "plan.profit_sharing.rate": Change(0.06, POOL),
    "plan.profit_sharing.integration_level": Change(0.2, {"plan.profit_sharing.formula": "integrated"}),
    "plan.profit_sharing.groups": Change(
        [{"from_level": 1, "rate": 0.05}, {"from_level": 4, "rate": 0.1}],
        {"plan.profit_sharing.formula": "new_comparability"},
    ),
    "plan.profit_sharing.last_day": Change(False, POOL),
    "plan.profit_sharing.minimum_hours": Change(0, POOL),
    "plan.profit_sharing.residual": Change("none", POOL),
    "plan.vesting.match": Change("immediate"),
    "plan.vesting.nonelective": Change("immediate", PAID),
    "plan.vesting.profit_sharing": Change("immediate", POOL),
    "plan.vesting.custom": Change(
        [{"from_years": 0, "vested": 0.5}, {"from_years": 3, "vested": 1}],
        {"plan.vesting.custom": [{"from_years": 0, "vested": 1}], "plan.vesting.match": "custom"},
    ),
    "plan.vesting.service_method": Change("elapsed"),
    "plan.vesting.exclude_service_before_18": Change(True),
    "plan.vesting.normal_retirement_age": Change(55),
    "plan.vesting.full_at_death": Change(False, {"workforce.termination.death_by_age": certain_from(30)}),
    "plan.vesting.full_at_disability": Change(
        False, {"workforce.termination.disability_by_age": certain_from(30)}
    ),
    "plan.forfeitures.timing": Change("five_breaks"),
    "plan.forfeitures.deemed_cash_out": Change(False, {"plan.vesting.match": "cliff3"}),
    "plan.forfeitures.use": Change("reallocate"),
    "plan.forfeitures.restore_on_rehire": Change(False, {"workforce.rehire.rate": 0.9}),
    "plan.accounts.returns": Change("none"),
    "plan.accounts.glide_path": Change([{"from_age": 0, "equity_share": 1}]),
    "plan.accounts.equity_return": Change(0.1),
    "plan.accounts.bond_return": Change(0.1),
    "plan.accounts.equity_volatility": Change(0.3, DRAWN),
    "plan.accounts.bond_volatility": Change(0.3, DRAWN),
    "plan.accounts.fee_rate": Change(0),
    "plan.accounts.fee_per_participant": Change(0),
    "plan.loans.enabled": Change(False),
    "plan.loans.take_up": Change(0.5),
    "plan.loans.age_multiplier": Change(BY_AGE, {"plan.loans.take_up": 0.4}),
    "plan.loans.mean_amount": Change(3000),
    "plan.loans.interest_rate": Change(0.05),
    "plan.loans.term_years": Change(2),
    "plan.loans.maximum_loans": Change(3, {"plan.loans.take_up": 0.5}),
    "plan.loans.highest_balance": Change("cumulative", MANY_LOANS),
    "plan.loans.default_rate": Change(0.5),
    "plan.loans.on_exit": Change("repay"),
    "plan.distributions.cash_out_rate": Change(0.1),
    "plan.distributions.rollover_rate": Change(0.5),
    "plan.distributions.force_out_limit": Change(1000),
    "plan.distributions.cash_limit": Change(0),
    "plan.distributions.hardship_rate": Change(0.3),
    "plan.distributions.hardship_share": Change(0.9),
    "plan.distributions.in_service_rate": Change(0.9),
    "plan.distributions.required_minimum": Change(False),
    "plan.partial_termination.threshold": Change(1, OUT_OF_WORK),
    "plan.testing.hce_method": Change("current_year"),
    "plan.testing.top_paid_election": Change(True),
    "plan.testing.approach": Change(0.5),
    "payroll.frequency": Change("weekly"),
    "limits.indexation.rate": Change(0.1),
}

LAWFUL: Final = {
    "plan.vesting.match": "immediate",
    "plan.vesting.nonelective": "immediate",
    "plan.nonelective.rate": 0.03,
}
"""What safe harbours ask of a plan."""

TOO_MUCH: Final = {
    **NO_DEFAULT,
    "plan.deferral.income_multiplier": [
        {"from_pay": 0, "multiplier": 0.1},
        {"from_pay": 120_000, "multiplier": 3},
    ],
    "plan.deferral.raise_rate": 1,
}
"""The highly compensated defer so much more than the others that the ADP test fails."""

IN_THE_VERDICTS: Final[Mapping[str, Change]] = {
    "plan.established": Change("2023-06-01"),
    "plan.match.safe_harbor": Change("basic", LAWFUL),
    "plan.nonelective.safe_harbor": Change(True, LAWFUL),
    "plan.testing.adp_year": Change("prior"),
    "plan.testing.acp_year": Change("prior"),
    "plan.testing.excludable": Change("separately"),
    "plan.testing.correction": Change("qnec", TOO_MUCH),
}
"""Parameters that show only where the plan of a finished run is tested."""


@cache
def census() -> Census:
    return generate_census(300, seed=1)


@cache
def unusual() -> Census:
    """Return people of whom a third are old, a third work short hours, and a third began as children."""
    generated = generate_census(300, seed=1)
    kind = pl.int_range(pl.len()) % 3
    frame = generated.frame.with_columns(
        birth_date=pl.when(kind == 0)
        .then(pl.date(1950, 6, 15))
        .when(kind == 1)
        .then("birth_date")
        .otherwise(pl.col("hire_date").dt.offset_by("-15y")),
        scheduled_hours=pl.when(kind == 1).then(700).otherwise("scheduled_hours").cast(pl.Int32),
    )
    return Census(frame=frame, as_of=generated.as_of, source=generated.source)


@cache
def part_time() -> Census:
    """Return people who all work short hours, so that the top-paid group is a fifth of nobody."""
    generated = generate_census(300, seed=1)
    frame = generated.frame.with_columns(scheduled_hours=pl.lit(700, dtype=pl.Int32))
    return Census(frame=frame, as_of=generated.as_of, source=generated.source)


PEOPLE: Final[Mapping[str, Callable[[], Census]]] = {
    "plan.distributions.required_minimum": unusual,
    "plan.eligibility.long_term_part_time": unusual,
    "plan.eligibility.service_method": unusual,
    "plan.testing.top_paid_election": part_time,
    "plan.vesting.exclude_service_before_18": unusual,
}
"""Whom parameters need that matter only to people whom a generated census seldom has."""


@cache
def ground(values: str, people: Callable[[], Census] = census) -> list[YearRecord]:
    """Return the run of the baseline with some values, as JSON, kept for those that share it."""
    return run_all(scenario_of(loads(values), years=YEARS), people())


def log(records: list[YearRecord]) -> dict[str, pl.DataFrame]:
    """Return all events of a run by type, and its summary."""
    types = {name for record in records for name in record.events}
    events = {name: pl.concat([r.events[name] for r in records if name in r.events]) for name in types}
    return events | {"summary": pl.concat([record.summary for record in records])}


def same(a: list[YearRecord], b: list[YearRecord]) -> bool:
    left, right = log(a), log(b)
    return left.keys() == right.keys() and all(left[name].equals(right[name]) for name in left)


@pytest.mark.parametrize("key", [*CHANGES, *OF_THE_PLAN])
def test_another_value_changes_the_log_or_the_summary(key: str) -> None:
    change = {**CHANGES, **OF_THE_PLAN}[key]
    people = PEOPLE.get(key, census)
    before = ground(dumps(change.ground), people)
    scenario = scenario_of({}, years=YEARS).changed({**change.ground, key: change.value})
    assert not same(before, run_all(scenario, people())), f"{key} = {change.value} changes nothing"


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
    assert not same(ground("{}"), changed)
    assert same(ground("{}")[:2], changed[:2]), "a row for 2026 reached into 2025"


def kept(scenario: Scenario, out: Path) -> tuple[str, int, int, list[tuple[Any, ...]]]:
    """Return a sealed run's digest, how many events and balances its store kept, and what its gates said."""
    result = simulate(scenario, generate_census(20, seed=1), out=out)
    with open_store(result.store) as store:
        balances = store.sql("FROM balance_snapshot")
        return result.digest, store.events().height, balances.height, store.rows(QUALITY).rows()


@pytest.mark.parametrize("key", IN_THE_STORE)
def test_what_shows_only_in_the_store_changes_it(key: str, tmp_path: Path) -> None:
    before = scenario_of({}, years=(2025, 2025))
    after = before.changed({key: IN_THE_STORE[key].value})
    assert kept(before, tmp_path / "before") != kept(after, tmp_path / "after")


def verdicts(scenario: Scenario, out: Path) -> pl.DataFrame:
    """Return what the tests of the plan find in a run."""
    return verdict_frame(plan_tests(simulate(scenario, census(), out=out).store))


@pytest.mark.parametrize("key", IN_THE_VERDICTS)
def test_what_only_tests_of_the_plan_read_changes_their_verdicts(key: str, tmp_path: Path) -> None:
    change = IN_THE_VERDICTS[key]
    before = scenario_of({**change.ground}, years=(2025, 2025))
    after = before.changed({key: change.value})
    assert not verdicts(before, tmp_path / "before").equals(verdicts(after, tmp_path / "after"))


@pytest.mark.parametrize("record", parameters().values(), ids=lambda record: record.key)
def test_every_parameter_has_a_change_that_proves_what_it_is(record: Record) -> None:
    live = {*CHANGES, *IN_THE_STORE, *IN_THE_LEVERS, *OF_THE_PLAN, *IN_THE_VERDICTS}
    assert (record.key in live) is not record.identity
