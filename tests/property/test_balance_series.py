"""Accounts of any date: written in the run or afterwards, from the nearest snapshot or from all events."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.dates import year_end
from simulation.query import (
    balance_series,
    balances,
    plan_status,
    reconstructed_balances,
    with_vested,
    write_balance_series,
)
from simulation.rules.snapshot_dates import SNAPSHOTS, snapshot_dates
from simulation.store import Store, open_store
from tests.property.test_store_folds import SCENARIOS
from tests.stores import make_stores

YEARS = (2025, 2028)
FIRST, LAST = date(2024, 12, 31), date(2028, 12, 31)
TELLING = (
    *(FIRST, FIRST + timedelta(days=1), date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)),
    *(date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2), date(2027, 12, 31), date(2025, 1, 2)),
    *(date(2025, 1, 3), date(2025, 1, 4), date(2028, 12, 29), date(2028, 12, 30), LAST),
)
"""The first and the last day, 29 February, days about Fridays and about the turn of years."""

DAYS = st.sampled_from(TELLING) | st.dates(FIRST, LAST)
VIEW = "FROM fct_participant_balance_snapshots ORDER BY snapshot_date, employee_id"


def _shown(store: Store, day: date) -> pl.DataFrame:
    """Return the rows of a snapshot with money in them, as ``balances`` has them."""
    rows = store.sql("FROM fct_participant_balance_snapshots WHERE snapshot_date = ? ORDER BY ALL", [day])
    return rows.filter(pl.any_horizontal(pl.col("total_balance", "loan_balance") > 0))


def _dates(every: str) -> Iterator[date]:
    return (day for year in range(YEARS[0], YEARS[1] + 1) for day in snapshot_dates(every, year))


@settings(max_examples=6)
@given(
    values=SCENARIOS,
    seed=st.integers(0, 2**62),
    every=st.sampled_from([*SNAPSHOTS]),
    other=st.sampled_from([*SNAPSHOTS]),
    days=st.lists(DAYS, min_size=6, max_size=6, unique=True),
)
def test_accounts_of_a_date_are_one_however_they_are_come_by(
    values: dict[str, object], seed: int, every: str, other: str, days: list[date]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stated = {**values, "output.balance_snapshots": every}
        path = make_stores(Path(folder), seeds=[seed], values=stated, years=YEARS)[0].store
        before = path.read_bytes()
        with open_store(path) as store:
            made = balance_series(store, every)
            assert made["snapshot_date"].is_sorted()
            assert made.sort("snapshot_date", "employee_id").equals(store.sql(VIEW))
            beside, rows = write_balance_series(store, other)
            assert pl.read_parquet(beside).height == rows
            for day in days:
                whole = reconstructed_balances(store, day)
                assert balances(store, day).equals(whole)
                assert balances(store, day, beside=beside).equals(whole)
        assert path.read_bytes() == before


@settings(max_examples=3)
@given(values=SCENARIOS, seed=st.integers(0, 2**62), every=st.sampled_from(["weekly", "month_end"]))
def test_snapshots_are_the_fold_of_the_log_by_sql(values: dict[str, object], seed: int, every: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stated = {**values, "output.balance_snapshots": every}
        path = make_stores(Path(folder), seeds=[seed], values=stated, years=YEARS)[0].store
        with open_store(path) as store:
            for day in [*_dates(every)][:: 7 if every == "weekly" else 3]:
                sealed, folded = _shown(store, day), reconstructed_balances(store, day)
                money = [name for name in folded.columns if name.startswith(("balance", "total", "loan"))]
                assert folded.select("employee_id", *money).equals(sealed.select("employee_id", *money))
                owned = with_vested(folded, plan_status(store, day, former=True))
                assert owned["vested_balance"].to_list() == sealed["vested_balance"].to_list()
            assert balances(store, year_end(2026)).equals(reconstructed_balances(store, year_end(2026)))
