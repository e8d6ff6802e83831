from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from simulation.snapshot import (
    AGE_BOUNDS,
    SNAPSHOT_COLUMNS,
    STATUS_CODES,
    STATUS_TOTALS,
    band_names,
    status_totals,
    workforce_snapshot,
)
from simulation.year import YearRecord
from tests.populations import QUIET, census_of, metric, run_all, scenario_of
from tests.stores import EVENTFUL, small_census

LAYOFF = {
    **QUIET,
    "workforce.growth.rate": "-0.5",
    "workforce.reduction_in_force": [{"date": "2025-06-30", "count": 1}],
}


@pytest.fixture(scope="module")
def records() -> list[YearRecord]:
    return run_all(scenario_of(EVENTFUL, years=(2025, 2026)), small_census())


def snapshots(records: list[YearRecord]) -> pl.DataFrame:
    return pl.concat(workforce_snapshot(record.state, record.year) for record in records[1:])


def test_the_columns_are_those_that_are_promised(records: list[YearRecord]) -> None:
    assert snapshots(records).schema == pl.Schema(
        {"seed": pl.UInt64(), "person": pl.Int32(), **SNAPSHOT_COLUMNS}
    )


def test_headcounts_are_those_of_the_summary(records: list[YearRecord]) -> None:
    counted = snapshots(records).group_by("simulation_year", maintain_order=True).agg(
        end=pl.col("detailed_status_code").is_in(["continuous_active", "new_hire_active"]).sum(),
        start=pl.col("detailed_status_code").is_in(["continuous_active", "experienced_termination"]).sum(),
        hires=pl.col("detailed_status_code").is_in(["new_hire_active", "new_hire_termination"]).sum(),
    )  # fmt: skip
    for column, name in (("end", "headcount_end"), ("start", "headcount_start"), ("hires", "hires")):
        assert counted[column].to_list() == metric(records, name)


def test_pay_adds_up_to_the_summary(records: list[YearRecord]) -> None:
    paid = snapshots(records).group_by("simulation_year", maintain_order=True).agg(
        pl.col("prorated_annual_compensation_cents").sum()
    )  # fmt: skip
    cents = [value * 100 for value in metric(records, "total_compensation")]
    assert paid["prorated_annual_compensation_cents"].to_list() == cents


def test_somebody_who_leaves_is_shown_as_they_left() -> None:
    records = run_all(scenario_of(LAYOFF), census_of({}, {}))
    rows = workforce_snapshot(records[1].state, 2025)
    stayed = rows.row(by_predicate=pl.col("employment_status") == "active", named=True)
    left = rows.row(by_predicate=pl.col("employment_status") == "terminated", named=True)
    assert stayed["detailed_status_code"] == "continuous_active"
    assert stayed["prorated_annual_compensation_cents"] == 6_000_000
    assert left["detailed_status_code"] == "experienced_termination"
    assert left["termination_date"] == date(2025, 6, 30)
    assert left["termination_reason"] == "layoff"
    assert left["prorated_annual_compensation_cents"] == round(6_000_000 * 181 / 365)
    assert left["full_year_equivalent_compensation_cents"] == 6_000_000


@pytest.mark.parametrize(
    ("born", "age", "band"),
    [
        (date(2001, 1, 1), 24, "<25"),
        (date(2000, 12, 31), 25, "25-34"),
        (date(1991, 1, 1), 34, "25-34"),
        (date(1990, 12, 31), 35, "35-44"),
        (date(1960, 12, 31), 65, "65+"),
    ],
)
def test_ages_are_completed_years_in_bands(born: date, age: int, band: str) -> None:
    records = run_all(scenario_of(QUIET), census_of({"birth_date": born, "hire_date": date(2020, 1, 1)}))
    row = workforce_snapshot(records[1].state, 2025).row(0, named=True)
    assert (row["age"], row["age_band"]) == (age, band)


def test_bands_have_readable_names() -> None:
    assert band_names(AGE_BOUNDS) == ["<25", "25-34", "35-44", "45-54", "55-64", "65+"]


@pytest.mark.parametrize(
    ("pre_tax", "roth", "enrolled", "deferral"),
    [(None, None, False, None), (0, None, False, 0), (600, None, True, 600), (300, 200, True, 500)],
)
def test_an_election_of_the_census_is_shown(
    pre_tax: int | None, roth: int | None, enrolled: bool, deferral: int | None
) -> None:
    census = census_of({"deferral_bp": pre_tax, "roth_deferral_bp": roth})
    row = workforce_snapshot(run_all(scenario_of(QUIET), census)[1].state, 2025).row(0, named=True)
    assert (row["is_enrolled"], row["deferral_bp"]) == (enrolled, deferral)


def test_status_totals_add_up_over_the_codes(records: list[YearRecord]) -> None:
    rows = snapshots(records)
    totals = status_totals(rows)
    assert set(totals["metric"]) == set(STATUS_TOTALS)
    assert set(totals["detailed_status_code"]) <= set(STATUS_CODES)
    paid = totals.filter(pl.col("metric") == "prorated_annual_compensation")["value"].sum()
    assert paid == Decimal(rows["prorated_annual_compensation_cents"].sum()) / 100


def test_totals_are_exact_beyond_what_a_float_holds() -> None:
    row = workforce_snapshot(run_all(scenario_of(QUIET), census_of({}))[1].state, 2025)
    rich = pl.concat([row, row]).with_columns(current_compensation_cents=pl.Series([2**60 + 1, 1]))
    totals = status_totals(rich).filter(pl.col("metric") == "current_compensation")
    assert totals["value"].to_list() == [Decimal(2**60 + 2) / 100]
