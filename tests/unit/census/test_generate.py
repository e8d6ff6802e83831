"""The generated census: the same people every time, and people such as a firm has."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from simulation.census import generate_census, read_census
from simulation.census import population as table
from simulation.census.people import line
from simulation.errors import CensusError

DEMO = Path(__file__).parents[3] / "scenarios" / "census" / "demo.parquet"
CENSUS = generate_census(20_000, seed=11)
PEOPLE = CENSUS.frame.with_columns(
    age=(pl.lit(CENSUS.as_of) - pl.col("birth_date")).dt.total_days() / 365.25,
    service=(pl.lit(CENSUS.as_of) - pl.col("hire_date")).dt.total_days() / 365.25,
    full_time=pl.col("compensation_cents") * 2080 / pl.col("scheduled_hours") / 100,
    rate=pl.col("deferral_bp") + pl.col("roth_deferral_bp"),
    balance=pl.sum_horizontal(pl.col("^balance_.*$")) / 100,
)


def share(condition: pl.Expr, of: pl.Expr | None = None) -> float:
    people = PEOPLE if of is None else PEOPLE.filter(of)
    return float(people.select(condition.fill_null(value=False).mean()).item())


def median(column: str, of: pl.Expr | None = None) -> float:
    people = PEOPLE if of is None else PEOPLE.filter(of)
    return float(people.select(pl.median(column)).item())


def test_the_shipped_demo_is_what_the_code_generates() -> None:
    assert read_census(DEMO).digest == generate_census(10_000, seed=42).digest


def test_the_first_people_of_a_larger_census_are_the_same_people() -> None:
    small, large = generate_census(500, seed=3), generate_census(2_000, seed=3)
    assert large.frame.head(500).equals(small.frame)


def test_another_seed_gives_other_people() -> None:
    one, other = generate_census(200, seed=1).frame, generate_census(200, seed=2).frame
    assert (one["birth_date"] == other["birth_date"]).sum() < 5


def test_another_date_moves_the_dates_and_nothing_else_of_the_job() -> None:
    one, other = generate_census(200), generate_census(200, as_of=date(2020, 6, 30))
    same = ["employee_id", "job_level", "department", "compensation_cents", "deferral_bp"]
    assert one.frame.select(same).equals(other.frame.select(same))
    assert (other.frame["hire_date"] <= date(2020, 6, 30)).all()


@pytest.mark.parametrize("employees", [1, 2, 3, 5])
@pytest.mark.parametrize("seed", [0, 42, 2**64 - 1])
def test_the_smallest_firms_are_sound(employees: int, seed: int) -> None:
    assert generate_census(employees, seed=seed).headcount == employees


@pytest.mark.parametrize(
    ("employees", "seed", "message"),
    [(0, 1, "employees"), (-5, 1, "employees"), (5, -1, "seed"), (5, 2**64, "seed")],
)
def test_impossible_requests_are_refused(employees: int, seed: int, message: str) -> None:
    with pytest.raises(CensusError, match=message):
        generate_census(employees, seed=seed)


@pytest.mark.parametrize(("level", "expected"), list(enumerate([0.42, 0.28, 0.18, 0.09, 0.03], start=1)))
def test_levels_have_their_shares(level: int, expected: float) -> None:
    assert share(pl.col("job_level") == level) == pytest.approx(expected, abs=0.012)


@pytest.mark.parametrize(
    ("level", "expected"), list(enumerate([48_000, 68_000, 95_000, 135_000, 210_000], start=1))
)
def test_levels_have_their_median_pay(level: int, expected: int) -> None:
    assert median("full_time", pl.col("job_level") == level) == pytest.approx(expected, rel=0.025)


def test_pay_is_in_whole_dollars() -> None:
    assert (PEOPLE["compensation_cents"] % 100).sum() == 0


def test_tenure_is_as_published() -> None:
    assert median("service") == pytest.approx(3.9, abs=0.3)
    assert share(pl.col("service") < 1) == pytest.approx(0.22, abs=0.015)


def test_everybody_was_at_least_eighteen_when_hired() -> None:
    assert PEOPLE.select((pl.col("age") - pl.col("service")).min()).item() > 17.99


@pytest.mark.parametrize(
    ("one", "other"),
    [("age", "service"), ("service", "balance"), ("job_level", "age"), ("service", "full_time")],
)
def test_what_belongs_together_goes_together(one: str, other: str) -> None:
    assert PEOPLE.select(pl.corr(one, other)).item() > 0.15


def test_departments_differ_in_their_levels() -> None:
    assert 8 <= PEOPLE["department"].n_unique() <= 10
    levels = PEOPLE.group_by("department").agg(pl.mean("job_level"))["job_level"].sort().to_list()
    assert levels[-1] - levels[0] > 0.8


def test_part_time_is_for_the_lower_levels() -> None:
    part_time = pl.col("scheduled_hours") < 2080
    assert share(part_time, pl.col("job_level") <= 2) == pytest.approx(0.12, abs=0.012)
    assert share(part_time, pl.col("job_level") >= 3) < 0.05


def test_nearly_four_in_five_defer() -> None:
    assert share(pl.col("rate") > 0) == pytest.approx(0.785, abs=0.02)


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(18, 25, 550), (25, 35, 680), (35, 45, 730), (45, 55, 790), (55, 65, 930)]
)
def test_deferrals_have_their_mean_by_age(low: int, high: int, expected: int) -> None:
    savers = PEOPLE.filter(pl.col("rate") > 0, pl.col("age").is_between(low, high, closed="left"))
    assert savers["rate"].mean() == pytest.approx(expected, abs=40)


def test_who_never_elected_has_no_savings_of_their_own() -> None:
    never = PEOPLE.filter(pl.col("deferral_bp").is_null())
    assert never.height > 0
    assert never.select(pl.sum_horizontal("balance_pre_tax_cents", "balance_roth_cents").sum()).item() == 0


def test_owners_are_few_officers_and_the_same_in_every_size() -> None:
    counts = {
        seed: generate_census(3, seed=seed).frame.filter(pl.col("ownership_bp") > 0) for seed in range(20)
    }
    assert {owners.height for owners in counts.values()} == {0, 1, 2, 3}
    assert all(
        owners["is_officer"].all() and owners["job_level"].min() in {5, None} for owners in counts.values()
    )


def test_officers_are_of_the_top_level() -> None:
    assert PEOPLE.filter(pl.col("is_officer"))["job_level"].unique().to_list() == [5]


def test_prior_year_pay_is_a_part_for_who_was_hired_in_the_year() -> None:
    hired = PEOPLE.filter(pl.col("hire_date") == pl.date(2024, 12, 1))
    part = hired["prior_year_compensation_cents"] / hired["compensation_cents"]
    assert hired.height > 0
    assert part.is_between(30 / 366, 32 / 366).all()


def test_prior_year_is_the_last_one_that_is_over() -> None:
    census = generate_census(300, as_of=date(2024, 6, 30)).frame
    hired_since = pl.col("hire_date") > date(2023, 12, 31)
    assert census.filter(hired_since)["prior_year_compensation_cents"].null_count() > 0
    assert census.filter(hired_since)["prior_year_compensation_cents"].drop_nulls().is_empty()
    assert census.filter(~hired_since)["prior_year_compensation_cents"].null_count() == 0


def test_tables_of_shares_add_up_to_one() -> None:
    shares = [table.LEVEL_SHARES, table.CLASS_SHARES, table.CLASS_SHARES_ORGANISED, table.RATING_SHARES]
    by_level = zip(*(mix for mix, _ in table.DEPARTMENTS.values()), strict=True)
    assert [sum(each) for each in [*shares, *by_level]] == pytest.approx([1.0] * 9)


def test_a_broken_line_is_what_numpy_interpolates() -> None:
    draws = np.linspace(-0.5, 1.5, 101)
    expected = np.interp(draws, table.PAY_SHARES, table.PAY_SPREAD)
    assert line(table.PAY_SHARES, table.PAY_SPREAD, draws) == pytest.approx(expected)
