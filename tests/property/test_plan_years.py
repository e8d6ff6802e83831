"""Two folds into plan years: SQL over a sealed store, and the state that the engines themselves keep."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.census import Census, generate_census
from simulation.compliance import Outcome, PlanYear, suite
from simulation.compliance.key_employees import accounts
from simulation.compliance.top_heavy import top_heavy
from simulation.dates import year_end
from simulation.events.sources import EMPLOYER, SOURCES
from simulation.family import owned_bp
from simulation.lookback import lookback_pay
from simulation.query import plan_tests, verdict_frame
from simulation.query.plan_years import plan_years, plan_years_of
from simulation.sealing import simulate
from simulation.state import State, left_in, paid_cents, worked_in_year
from simulation.year import YearRecord
from tests.populations import events_of, run_all, scenario_of
from tests.stores import EVENTFUL

YEARS: Final = (2025, 2027)
OWNERS, OFFICERS = 2, 9

SCENARIOS = st.fixed_dictionaries(
    {
        "workforce.termination.total_rate": st.sampled_from(["0.05", "0.4"]),
        "workforce.rehire.rate": st.sampled_from(["0", "0.9"]),
        "workforce.hours.leave_rate": st.sampled_from(["0", "0.6"]),
        "workforce.reduction_in_force": st.sampled_from([[], [{"date": "2026-02-28", "share": "0.3"}]]),
        "plan.auto_enrollment.scope": st.sampled_from(["new_hires", "all_eligible"]),
        "plan.auto_enrollment.withdrawal_rate": st.sampled_from(["0.01", "0.5"]),
        "plan.eligibility.employer_service_months": st.sampled_from([None, 12]),
        "plan.forfeitures.use": st.sampled_from(["expenses", "reduce_contributions", "reallocate"]),
        "plan.nonelective.rate": st.sampled_from(["0", "0.03"]),
        "plan.profit_sharing.formula": st.sampled_from(["none", "pro_rata", "new_comparability"]),
        "plan.testing.hce_method": st.sampled_from(["prior_year", "current_year"]),
        "payroll.frequency": st.sampled_from(["annual", "quarterly"]),
    }
)


def people_of(seed: int, *, rich: bool) -> Census:
    """Return people of whom a few own the firm, have family or are officers; not all pay is stated.

    The accounts of the ``rich`` officers make the plan top-heavy.
    """
    made = generate_census(60, seed=seed)
    row = pl.int_range(pl.len())
    officer = row < OFFICERS
    frame = made.frame.with_columns(
        ownership_bp=pl.when(row < OWNERS).then(2_000).otherwise("ownership_bp").cast(pl.Int32),
        family_of=pl.when(row.is_between(OWNERS, OFFICERS)).then(pl.lit(made.frame["employee_id"][0])),
        is_officer=officer,
        compensation_cents=pl.when(officer).then(30_000_000).otherwise("compensation_cents"),
        balance_pre_tax_cents=pl.when(officer & rich).then(90_000_000).otherwise("balance_pre_tax_cents"),
        prior_year_compensation_cents=pl.when(row % 3 > 0).then("prior_year_compensation_cents"),
    )
    return Census(frame=frame, as_of=made.as_of, source=made.source)


def of_state(closed: State, year: int) -> pl.DataFrame:
    """Return a plan year as the engines' own state has it, one row a person."""
    last = pl.lit(year_end(year))
    worked = worked_in_year()
    left = worked & left_in(year)
    loans = closed.loans.group_by("person").agg(closing_loans_cents=pl.col("balance_cents").sum())
    people = closed.people.join(loans, on="person", how="left", maintain_order="left")
    return people.with_columns(
        lookback_pay_cents=pl.Series(lookback_pay(people, year)), owned_bp=pl.Series(owned_bp(people))
    ).select(
        *("employee_id", "birth_date", "hire_date", "service_date", "employee_class", "is_officer"),
        *("owned_bp", "lookback_pay_cents", "hours", "entry_date", "employer_entry_date"),
        *(f"vested_{source}_bp" for source in EMPLOYER),
        employee="person",
        worked=worked,
        employed_at_end=worked
        & (pl.col("termination_date").is_null() | (pl.col("termination_date") == last)),
        termination_date=pl.when(left).then("termination_date"),
        termination_reason=pl.when(left).then("termination_reason"),
        pay_cents=pl.when(worked).then(paid_cents(year)).otherwise(0),
        is_hce=pl.col("is_hce").fill_null(value=False),
        **{f"{source}_cents": pl.col(f"year_{source}_cents") for source in SOURCES},
        catchup_cents="year_catchup_cents",
        reallocated_cents="year_reallocated_cents",
        returns_cents="year_returns_cents",
        withdrawn_cents="year_withdrawn_cents",
        distributed_cents="year_distributed_cents",
        opening_balance_cents=pl.sum_horizontal(f"opening_{source}_cents" for source in SOURCES),
        closing_balance_cents=pl.sum_horizontal(f"balance_{source}_cents" for source in SOURCES),
        opening_loans_cents="owed_before_cents",
        closing_loans_cents=pl.col("closing_loans_cents").fill_null(0),
    )


def of_events(records: list[YearRecord], year: int) -> pl.DataFrame:
    """Return what no state keeps: what was taken back, and on which pay money was allotted."""
    back = events_of(records, "withdrawal", year=year).filter(pl.col("reason") == "permissible")
    lost = events_of(records, "forfeiture", year=year).filter(
        pl.col("reason") == "permissible_withdrawal", pl.col("forfeited_from_source") == "employer_match"
    )
    paid = events_of(records, "contribution", year=year)
    regular = (pl.col("source") == "employer_nonelective") & (pl.col("kind") == "regular")
    whole = (pl.col("source") == "employer_profit_sharing") | (pl.col("kind") == "top_heavy")
    found = {
        "taken_back_cents": back.group_by("person").agg(pl.sum("pre_tax_cents") + pl.sum("roth_cents")),
        "match_taken_back_cents": lost.group_by("person").agg(pl.sum("amount_cents")),
        "allotted_pay_cents": paid.group_by("person").agg(
            pl.max_horizontal(
                pl.col("compensation_cents").filter(regular).sum(),
                pl.col("compensation_cents").filter(whole).max(),
            )
        ),
    }
    told = records[-1].state.people.select(employee="person")
    for name, frame in found.items():
        one = frame.select(pl.col("person").alias("employee"), pl.nth(1).alias(name))
        told = told.join(one, on="employee", how="left").with_columns(pl.col(name).fill_null(0))
    return told


def agree(folded: PlanYear, told: pl.DataFrame) -> None:
    """Hold every column of a plan year against what was told otherwise."""
    people = folded.people
    other = people.select("employee").join(told, on="employee", how="left", maintain_order="left")
    for name, dtype in people.schema.items():
        same = people[name].eq_missing(other[name].cast(dtype))
        assert same.all(), f"{folded.year} {name}: {people.filter(~same)['employee_id'].to_list()}"


@settings(max_examples=6)
@given(values=SCENARIOS, seed=st.integers(0, 2**31), rich=st.booleans())
def test_every_column_of_a_plan_year_is_what_the_engines_know(
    values: dict[str, Any], seed: int, rich: bool
) -> None:
    scenario = scenario_of({**EVENTFUL, **values, "seed": seed}, years=YEARS)
    census = people_of(seed % 100, rich=rich)
    records = run_all(scenario, census, [seed])
    with tempfile.TemporaryDirectory() as folder:
        folded = plan_years(simulate(scenario, census, out=Path(folder)).store)
    for year, record in zip(folded, records[1:], strict=True):
        agree(year, of_state(record.state, year.year).join(of_events(records, year.year), on="employee"))
        keys = record.state.people.filter("is_key")["person"].to_list()
        found = accounts(year)
        assert found.people["employee"][found.key].tolist() == keys
        (verdict,) = top_heavy(year)
        assert verdict.outcome is Outcome.PASS, verdict.reason
        assert not rich or year.year > YEARS[0] or verdict.reason.startswith("top-heavy")


@settings(max_examples=4)
@given(
    runs=st.lists(st.tuples(SCENARIOS, st.integers(0, 99), st.integers(0, 2)), min_size=2, max_size=3),
    plan=st.booleans(),
)
def test_runs_that_are_read_together_are_what_each_is_alone(
    runs: list[tuple[dict[str, Any], int, int]], *, plan: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stores = []
        for number, (values, seed, more) in enumerate(runs):
            stated = {**EVENTFUL, **values, "seed": seed, "plan.enabled": plan or number > 0}
            scenario = scenario_of(stated, years=(YEARS[0], YEARS[0] + more))
            census = people_of(seed, rich=bool(number))
            stores.append(simulate(scenario, census, out=Path(folder) / str(number)).store)
        for store, years in zip(stores, plan_years_of(stores), strict=True):
            assert isinstance(years, list)
            alone = plan_years(store)
            assert [year.year for year in years] == [year.year for year in alone]
            for together, one in zip(years, alone, strict=True):
                assert together.people.equals(one.people)
            found = suite.tested_plan(years)
            assert verdict_frame(found).equals(verdict_frame(plan_tests(store)))
            assert all(a.rows.equals(b.rows) for a, b in zip(found, plan_tests(store), strict=True))
