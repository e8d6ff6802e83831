"""What the plan years of a sealed run say that the tests of a plan rest on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from simulation.parameters import load_scenario
from simulation.query.plan_years import plan_years
from simulation.sealing import simulate_batch
from tests.populations import QUIET, census_of

SHARED = {
    **QUIET,
    "plan.profit_sharing.formula": "new_comparability",
    "plan.profit_sharing.minimum_hours": 0,
    "plan.eligibility.service_months": 6,
}


def test_pay_behind_an_allocation_is_that_since_entry_and_pay_of_the_year_before_that_of_the_census(
    tmp_path: Path,
) -> None:
    # E2 enters on 1 June 2025 after six months: 214 of 365 days of 73,000.
    census = census_of(
        {"compensation_cents": 73_000_00},
        {"compensation_cents": 73_000_00, "hire_date": date(2024, 12, 1)},
        {"compensation_cents": 73_000_00, "prior_year_compensation_cents": 70_000_00},
    )
    scenario = load_scenario("baseline", years=(2025, 2025)).changed(SHARED)
    (run,) = simulate_batch(scenario, census, [1], out=tmp_path)
    (year,) = plan_years(run.store)
    people = year.people.filter(pl.col("employee_id").str.starts_with("E")).sort("employee_id")
    assert people.select("pay_cents", "allotted_pay_cents", "lookback_pay_cents").rows() == [
        (73_000_00, 73_000_00, 73_000_00),
        (73_000_00, 42_800_00, 0),
        (73_000_00, 73_000_00, 70_000_00),
    ]
    assert people["profit_sharing_cents"].to_list() == [3_650_00, 2_140_00, 3_650_00]
