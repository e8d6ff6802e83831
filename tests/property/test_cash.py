"""Cash is neither made nor lost, whatever the plan and whoever is in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.census import Census
from simulation.dates import year_end, year_start
from simulation.events import EVENT_TYPES
from simulation.events.sources import SOURCES, Source
from simulation.evolve import open_year
from simulation.parameters import Scenario
from simulation.quality.gates import TOLD_GATES
from simulation.replay import replay
from simulation.state import KEYS, State
from simulation.year import YearRecord
from tests.populations import AS_OF, STANDS, census_of, events_of, run_all, scenario_of

BALANCES = st.sampled_from([0, 0, 1, 7_777, 250_000, 1_234_567, 45_000_001])
PEOPLE = st.fixed_dictionaries(
    {
        "birth_date": st.dates(date(1945, 1, 1), date(2006, 1, 1)),
        "hire_date": st.dates(date(2008, 1, 1), AS_OF),
        "job_level": st.integers(1, 5),
        "compensation_cents": st.integers(1_500_000, 60_000_000),
        "scheduled_hours": st.sampled_from([400, 800, 1664, 2080]),
        "employee_class": st.sampled_from(["regular", "regular", "union", "leased"]),
        "ownership_bp": st.sampled_from([0, 0, 501]),
        "deferral_bp": st.sampled_from([None, 0, 400, 1_000]),
        "roth_deferral_bp": st.sampled_from([None, 0, 300]),
        "balance_pre_tax_cents": BALANCES,
        "balance_roth_cents": BALANCES,
        "balance_match_cents": BALANCES,
        "balance_nonelective_cents": BALANCES,
    }
)
CENSUSES = st.lists(PEOPLE, min_size=1, max_size=40).map(lambda people: census_of(*people))
SOME = st.sampled_from(["0%", "25%", "100%"])
PLANS = st.fixed_dictionaries(
    {
        "payroll.frequency": st.sampled_from(["annual", "quarterly", "monthly", "biweekly"]),
        "workforce.termination.total_rate": st.sampled_from(["5%", "40%", None]),
        "workforce.rehire.rate": st.sampled_from(["0%", "100%"]),
        "workforce.reduction_in_force": st.sampled_from([[], [{"date": "2026-02-28", "share": "25%"}]]),
        "plan.match.period": st.sampled_from(["payroll", "annual"]),
        "plan.nonelective.rate": st.sampled_from(["0%", "3%"]),
        "plan.profit_sharing.formula": st.sampled_from(["none", "pro_rata"]),
        "plan.vesting.match": st.sampled_from(["immediate", "cliff3", "graded_2_6"]),
        "plan.vesting.service_method": st.sampled_from(["hours", "elapsed"]),
        "plan.forfeitures.timing": st.sampled_from(["distribution", "five_breaks"]),
        "plan.forfeitures.deemed_cash_out": st.booleans(),
        "plan.forfeitures.use": st.sampled_from(["expenses", "reduce_contributions", "reallocate"]),
        "plan.accounts.returns": st.sampled_from(["deterministic", "historical", "none"]),
        "plan.accounts.equity_volatility": st.sampled_from(["17%", "60%"]),
        "plan.accounts.fee_per_participant": st.sampled_from([0, "60.00", 10_000]),
        "plan.loans.take_up": st.sampled_from(["13%", "60%"]),
        "plan.loans.term_years": st.sampled_from([1, 2, 5]),
        "plan.loans.maximum_loans": st.sampled_from([1, 3]),
        "plan.loans.highest_balance": st.sampled_from(["outstanding_then", "cumulative"]),
        "plan.loans.default_rate": SOME,
        "plan.loans.on_exit": st.sampled_from(["offset", "repay"]),
        "plan.distributions.cash_out_rate": st.sampled_from(["0%", "50%"]),
        "plan.distributions.rollover_rate": st.sampled_from(["0%", "50%"]),
        "plan.distributions.hardship_rate": SOME,
        "plan.distributions.hardship_share": SOME,
        "plan.distributions.in_service_rate": SOME,
        "plan.auto_enrollment.withdrawal_rate": SOME,
    }
).map(lambda values: scenario_of({**STANDS, **values}, years=(2025, 2027)))
SEEDS = st.integers(0, 2**63 - 1)

SIGNS: Mapping[str, int] = {
    "contribution": 1,
    "restoration": 1,
    "investment_return": 1,
    "loan_repayment": 1,
    "forfeiture_use": 1,
    "withdrawal": -1,
    "distribution": -1,
    "rollover": -1,
    "loan": -1,
    "forfeiture": -1,
    "fee": -1,
}
NAMED_IN = {
    "contribution": "source",
    "restoration": "restored_to_source",
    "forfeiture": "forfeited_from_source",
}


def _years(records: Sequence[YearRecord]) -> Iterator[tuple[State, YearRecord]]:
    """Yield each year's opening state with its record."""
    for before, record in pairwise(records):
        yield open_year(before.state, record.year), record


def _moves(record: YearRecord, source: Source) -> pl.DataFrame:
    """Return what moved in one source, event by event: the movement statement of the whole workforce."""
    nothing = pl.DataFrame(
        schema={"seed": pl.UInt64, "person": pl.Int32, "effective_date": pl.Date, "cents": pl.Int64}
    )
    parts = [nothing]
    for kind, sign in SIGNS.items():
        frame = events_of([record], kind)
        amount = pl.col("amount_cents")
        if kind in NAMED_IN:
            frame = frame.filter(pl.col(NAMED_IN[kind]).cast(pl.String) == source.value)
        elif kind == "forfeiture_use":
            here = source is Source.PROFIT_SHARING
            frame = frame.filter((pl.col("use").cast(pl.String) == "reallocate") & pl.lit(here))
        else:
            amount = pl.col(f"{source.column}_cents")
        parts.append(frame.select(*KEYS, "effective_date", cents=sign * amount))
    return pl.concat(parts)


@settings(max_examples=8)
@given(CENSUSES, PLANS, st.lists(SEEDS, min_size=1, max_size=2, unique=True))
def test_every_source_of_every_account_reconciles_and_is_never_overdrawn(
    census: Census, scenario: Scenario, seeds: list[int]
) -> None:
    for opened, record in _years(run_all(scenario, census, seeds)):
        first, closing = year_start(record.year), record.state.people
        for source in Source:
            balance, held = f"balance_{source.column}_cents", f"cent_days_{source.column}"
            opening = opened.people.select(*KEYS, effective_date=pl.lit(first), cents=balance)
            daily = (
                pl.concat([opening, _moves(record, source)])
                .group_by(*KEYS, "effective_date")
                .agg(pl.col("cents").sum())
                .sort(*KEYS, "effective_date")
                .with_columns(left=pl.col("cents").cum_sum().over(KEYS))
            )
            assert daily.filter(pl.col("left") < 0).is_empty()
            days = (pl.lit(year_end(record.year)) - pl.col("effective_date")).dt.total_days() + 1
            sums = daily.group_by(KEYS).agg(pl.col("cents").sum(), days=(pl.col("cents") * days).sum())
            wrong = closing.join(sums, on=KEYS, how="left").filter(
                (pl.col(balance) != pl.col("cents").fill_null(0))
                | (pl.col(held) != pl.col("days").fill_null(0))
            )
            assert wrong.is_empty()


@settings(max_examples=5)
@given(CENSUSES, PLANS, SEEDS)
def test_forfeitures_are_conserved_and_never_used_before_they_are_there(
    census: Census, scenario: Scenario, seed: int
) -> None:
    fund = 0
    for record in run_all(scenario, census, [seed])[1:]:
        came, restored, used = (
            int(events_of([record], kind)["amount_cents"].sum())
            for kind in ("forfeiture", "restoration", "forfeiture_use")
        )
        assert used <= max(fund - restored, 0)
        fund += came - restored - used
        assert record.state.people["forfeiture_account_cents"].sum() == fund


@settings(max_examples=5)
@given(CENSUSES, PLANS, SEEDS)
def test_a_loan_is_repaid_or_ends_and_pays_back_what_it_bore(
    census: Census, scenario: Scenario, seed: int
) -> None:
    records = run_all(scenario, census, [seed])
    loans = records[-1].state.loans
    key = ("person", "loan_number")
    repaid = events_of(records, "loan_repayment").group_by(key).agg(pl.col("principal_cents").sum())
    lost = events_of(records, "loan_default").select(
        *key, lost=pl.col("amount_cents") - pl.col("accrued_interest_cents")
    )
    told = loans.join(repaid, on=key, how="left").join(lost, on=key, how="left")
    paid = pl.col("principal_cents_right").fill_null(0) + pl.col("lost").fill_null(0)
    assert told.filter(pl.col("principal_cents") != paid + pl.col("balance_cents")).is_empty()
    assert loans.filter((pl.col("balance_cents") == 0) != pl.col("end_date").is_not_null()).is_empty()
    assert loans.filter(pl.col("principal_cents") > 5_000_000).is_empty()
    many = loans.filter(pl.col("end_date").is_null()).group_by("person").len()
    assert many.filter(pl.col("len") > scenario.plan.loans.maximum_loans).is_empty()


@settings(max_examples=4)
@given(CENSUSES, PLANS, SEEDS)
def test_a_loan_is_no_more_than_was_there_and_every_promise_of_a_year_is_kept(
    census: Census, scenario: Scenario, seed: int
) -> None:
    for opened, record in _years(run_all(scenario, census, [seed])):
        lent = events_of([record], "loan").group_by("person").agg(pl.col("amount_cents").sum())
        total = pl.sum_horizontal(f"balance_{source}_cents" for source in SOURCES)
        there = opened.people.select("person", there=total)
        assert lent.join(there, on="person").filter(pl.col("amount_cents") > pl.col("there")).is_empty()
        held = record.quality.filter(pl.col("severity") == "hard")
        assert set(held["gate"]) == {gate.name for gate in TOLD_GATES}
        assert held["passed"].all()


@settings(max_examples=4)
@given(CENSUSES, PLANS, st.lists(SEEDS, min_size=2, max_size=3, unique=True))
def test_a_batch_of_plans_equals_single_runs_and_replays_to_its_loans(
    census: Census, scenario: Scenario, seeds: list[int]
) -> None:
    together = run_all(scenario, census, seeds)
    again = replay((record.year, record.events) for record in together)
    assert again.people.equals(together[-1].state.people)
    assert again.loans.equals(together[-1].state.loans)
    for seed in seeds:
        alone = run_all(scenario, census, [seed])
        for kind in EVENT_TYPES:
            mine = events_of(together, kind).filter(pl.col("seed") == seed)
            assert mine.equals(events_of(alone, kind)), kind
