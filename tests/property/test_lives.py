"""What must hold for every population, scenario and seed: the promises that auditors would test first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.census import Census, generate_census
from simulation.events import EVENT_TYPES
from simulation.parameters import Scenario
from simulation.replay import replay
from simulation.year import YearRecord
from tests.populations import AS_OF, STANDS, census_of, events_of, metric, run_all, scenario_of

PEOPLE = st.fixed_dictionaries(
    {
        "birth_date": st.dates(date(1945, 1, 1), date(2006, 1, 1)),
        "hire_date": st.dates(date(2008, 1, 1), AS_OF),
        "job_level": st.integers(1, 5),
        "department": st.sampled_from(["Plant", "Office", "Sales"]),
        "compensation_cents": st.integers(1_500_000, 90_000_000),
        "scheduled_hours": st.sampled_from([800, 1040, 1664, 2080]),
        "performance_rating": st.sampled_from([None, 1, 3, 5]),
        "prior_year_compensation_cents": st.one_of(st.none(), st.integers(0, 90_000_000)),
    }
)
CENSUSES = st.lists(PEOPLE, min_size=1, max_size=40).map(lambda people: census_of(*people))
RATES = st.integers(0, 4_000).map(lambda points: f"{points / 100}%")
SCENARIOS = st.fixed_dictionaries(
    {
        "workforce.growth.rate": st.sampled_from(["-30%", "-2%", "0%", "3%", "60%"]),
        "workforce.growth.mode": st.sampled_from(["exact", "expected"]),
        "workforce.termination.total_rate": st.one_of(st.none(), RATES),
        "workforce.termination.new_hire_rate": st.one_of(st.none(), RATES),
        "workforce.rehire.rate": st.sampled_from(["0%", "2%", "100%"]),
        "workforce.promotion.rate": st.one_of(st.none(), RATES),
        "workforce.hours.leave_rate": st.sampled_from(["0%", "50%"]),
        "workforce.hiring.limit": st.sampled_from([None, 0, 2]),
        "compensation.cola.rate": st.sampled_from(["0%", "1.5%"]),
        "compensation.merit.budget": st.one_of(st.none(), st.just("3.2%")),
        "compensation.merit.effective": st.sampled_from(["04-01", [1] * 12]),
        "compensation.market.share_of_gap": st.sampled_from(["0%", "40%"]),
        "compensation.bands.allow_exceed": st.booleans(),
        "workforce.reduction_in_force": st.sampled_from([[], [{"date": "2026-02-28", "share": "25%"}]]),
    }
).map(lambda values: scenario_of(values, years=(2025, 2028)))
SEEDS = st.integers(0, 2**63 - 1)


def _log(records: Sequence[YearRecord], seed: int) -> dict[str, pl.DataFrame]:
    return {kind: events_of(records, kind).filter(pl.col("seed") == seed) for kind in EVENT_TYPES}


@settings(max_examples=8)
@given(CENSUSES, SCENARIOS, SEEDS)
def test_a_replay_of_the_log_gives_the_runs_state_column_for_column(
    census: Census, scenario: Scenario, seed: int
) -> None:
    records = run_all(scenario, census, [seed])
    for until in range(1, len(records) + 1):
        again = replay((record.year, record.events) for record in records[:until])
        assert again.people.equals(records[until - 1].state.people)


@settings(max_examples=8)
@given(CENSUSES, SCENARIOS, st.lists(SEEDS, min_size=2, max_size=4, unique=True))
def test_a_batch_of_seeds_equals_single_runs(census: Census, scenario: Scenario, seeds: list[int]) -> None:
    together = run_all(scenario, census, seeds)
    for seed in seeds:
        alone = _log(run_all(scenario, census, [seed]), seed)
        assert all(frame.equals(alone[kind]) for kind, frame in _log(together, seed).items())


@settings(max_examples=8)
@given(CENSUSES, SCENARIOS, SEEDS, st.randoms(use_true_random=False))
def test_shuffled_census_rows_give_the_same_log(
    census: Census, scenario: Scenario, seed: int, order: Any
) -> None:
    rows = list(range(census.frame.height))
    order.shuffle(rows)
    shuffled = Census(frame=census.frame[rows], as_of=census.as_of, source=census.source)
    assert shuffled.digest == census.digest
    first, second = (_log(run_all(scenario, which, [seed]), seed) for which in (census, shuffled))
    assert all(frame.equals(second[kind]) for kind, frame in first.items())


@settings(max_examples=8)
@given(CENSUSES, SCENARIOS, SEEDS)
def test_every_cent_of_pay_is_somebodys_days(census: Census, scenario: Scenario, seed: int) -> None:
    records = run_all(scenario, census, [seed])
    for record, total in zip(records[1:], metric(records, "total_compensation"), strict=True):
        paid = record.state.people.filter(pl.col("start_date").is_not_null())
        days = 366 if record.year % 4 == 0 else 365
        cents = sum(
            int(
                (
                    Decimal(row["day_cents"])
                    * (row["employed_days"] - row["leave_days"])
                    / (row["employed_days"] * days)
                ).quantize(Decimal(1), "ROUND_HALF_UP")
            )
            for row in paid.iter_rows(named=True)
        )
        assert total == Decimal(cents).scaleb(-2)


@settings(max_examples=8)
@given(SEEDS, st.integers(0, 119))
def test_one_more_leaver_changes_no_strangers_life(seed: int, who: int) -> None:
    # Everything as the tables have it: an asked total is shared out among all and would tie lives together.
    census = generate_census(120)
    leaver = census.frame["employee_id"][who]
    gone = Census(
        frame=census.frame.with_columns(
            department=pl.when(pl.col("employee_id") == leaver)
            .then(pl.lit("Closing"))
            .otherwise("department")
        ),
        as_of=census.as_of,
        source=census.source,
    )
    order = [{"date": "2025-03-03", "department": "Closing", "share": "100%"}]
    years = (2025, 2027)
    quiet = run_all(scenario_of({**STANDS, "workforce.growth.mode": "exact"}, years=years), gone, [seed])
    values = {**STANDS, "workforce.reduction_in_force": order}
    stirred = run_all(scenario_of(values, years=years), gone, [seed])
    first, second = _log(quiet, seed), _log(stirred, seed)
    numbering = ["event_sequence"]
    strangers = pl.col("employee_id").str.starts_with("E") & (pl.col("employee_id") != leaver)
    # The forfeiture account is one for all: what a leaver forfeits pays for somebody's contribution.
    for kind in [kind for kind in EVENT_TYPES if kind != "forfeiture_use"]:
        assert (
            first[kind]
            .filter(strangers)
            .drop(numbering)
            .equals(second[kind].filter(strangers).drop(numbering))
        )
    _assert_shared_slots_are_the_same_people(first, second)


def _assert_shared_slots_are_the_same_people(
    first: dict[str, pl.DataFrame], second: dict[str, pl.DataFrame]
) -> None:
    both = first["hire"].join(second["hire"], on="employee_id", how="inner", suffix="_other")
    for column in ("birth_date", "hire_date", "department", "annual_compensation_cents", "scheduled_hours"):
        assert both[column].equals(both[f"{column}_other"].alias(column))


def test_a_hire_is_the_same_person_in_every_scenario() -> None:
    census = generate_census(300)
    base = _log(run_all(scenario_of(), census), 42)
    grown = _log(run_all(scenario_of({"workforce.growth.rate": "20%"}), census), 42)
    assert set(base["hire"]["employee_id"]) < set(grown["hire"]["employee_id"])
    _assert_shared_slots_are_the_same_people(base, grown)


def test_a_twenty_ninth_of_february_is_lived_through() -> None:
    leap = {"birth_date": date(1988, 2, 29), "hire_date": date(2024, 2, 29)}
    records = run_all(scenario_of(years=(2025, 2029)), census_of(*[leap] * 20), range(3))
    assert metric(records, "headcount_end", seed=0)[-1] == 23  # 20 x 1.03^5 = 23.2


def test_year_2050_is_reached_by_everybody_who_stays() -> None:
    records = run_all(scenario_of(years=(2025, 2050)), census_of(*[{}] * 10))
    assert records[-1].year == 2050
    assert metric(records, "headcount_end")[-1] > 10


def test_pay_of_a_cent_is_paid() -> None:
    records = run_all(scenario_of(), census_of({"compensation_cents": 1}))
    assert metric(records, "total_compensation")[0] >= Decimal("0.01")


def test_hired_on_the_census_date_counts_from_the_first_day() -> None:
    new = {"hire_date": AS_OF, "birth_date": AS_OF - timedelta(days=365 * 30)}
    assert metric(run_all(scenario_of(), census_of(new)), "headcount_start") == [1]
