"""Two folds over one log: SQL and the engines' own state, over whatever a scenario makes happen."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.query import plan_status, reconstructed_balances, snapshot, with_vested
from simulation.store import Store, open_store, verify
from tests.stores import make_stores

SCENARIOS = st.fixed_dictionaries(
    {
        "workforce.termination.total_rate": st.sampled_from(["0.05", "0.3", "0.5"]),
        "workforce.growth.rate": st.sampled_from(["-0.3", "0", "0.4"]),
        "workforce.growth.mode": st.sampled_from(["exact", "expected"]),
        "workforce.rehire.rate": st.sampled_from(["0", "0.9"]),
        "workforce.rehire.within_years": st.sampled_from([1, 5]),
        "workforce.promotion.rate": st.sampled_from(["0", "0.4"]),
        "workforce.hours.leave_rate": st.sampled_from(["0", "0.6"]),
        "compensation.market.share_of_gap": st.sampled_from(["0", "0.5"]),
        "plan.loans.default_rate": st.sampled_from(["0", "0.5"]),
        "plan.forfeitures.use": st.sampled_from(["expenses", "reduce_contributions", "reallocate"]),
        "plan.accounts.returns": st.sampled_from(["historical", "none"]),
        "payroll.frequency": st.sampled_from(["annual", "quarterly"]),
        "workforce.reduction_in_force": st.sampled_from([[], [{"date": "2026-02-28", "share": "0.3"}]]),
    }
)


def _accounts_agree(store: Store, year: int) -> None:
    """Two folds of the accounts: SQL over the events, and the engines' own balances at the year end."""
    folded = reconstructed_balances(store, date(year, 12, 31))
    money = [name for name in folded.columns if name.startswith(("balance", "total", "loan"))]
    sealed = store.sql(
        "SELECT * FROM fct_participant_balance_snapshots WHERE simulation_year = ? ORDER BY employee_id",
        [year],
    ).filter(pl.any_horizontal(pl.col("total_balance", "loan_balance") > 0))
    assert folded.select("employee_id", *money).equals(sealed.select("employee_id", *money))


def _plan_status_agrees(store: Store, year: int) -> None:
    """Two folds of who takes part: SQL over the events, and the engines' own view of all who worked."""
    sealed = store.snapshot_rows(year)
    folded = sealed.select("employee_id").join(
        plan_status(store, date(year, 12, 31), former=True),
        on="employee_id",
        how="left",
        maintain_order="left",
    )
    assert folded["is_eligible"].equals(sealed["is_eligible"])
    assert folded["is_enrolled"].equals(sealed["is_enrolled"])
    deferral_bp = (folded["deferral_rate"] * 10_000).cast(pl.Int32)
    assert deferral_bp.to_list() == sealed["deferral_bp"].to_list()
    owned = with_vested(
        reconstructed_balances(store, date(year, 12, 31)), plan_status(store, date(year, 12, 31), former=True)
    )
    known = store.sql(
        "SELECT employee_id, vested_balance FROM fct_participant_balance_snapshots WHERE snapshot_date = ?",
        [date(year, 12, 31)],
    )
    both = owned.filter(pl.col("total_balance") > 0).join(known, on="employee_id", how="left")
    assert both["vested_balance"].to_list() == both["vested_balance_right"].to_list()


@settings(max_examples=8)
@given(values=SCENARIOS, seed=st.integers(0, 2**63 - 1))
def test_the_log_alone_gives_what_was_sealed(values: dict[str, object], seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = make_stores(Path(folder), seeds=[seed], values=values, years=(2025, 2028))[0].store
        report = verify(path)
        assert report.ok, str(report)
        with open_store(path) as store:
            for year in range(2025, 2029):
                sealed = store.snapshot_rows(year).filter(pl.col("employment_status") == "active")
                folded = snapshot(store, date(year, 12, 31))
                assert folded["employee_id"].to_list() == sealed["employee_id"].to_list()
                _accounts_agree(store, year)
                _plan_status_agrees(store, year)
                assert folded["tenure_years"].to_list() == sealed["tenure_years"].to_list()
