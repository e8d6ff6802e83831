"""Questions to sealed runs: comparison, spread, parameters, the workforce of any date, one person's history.

Results are Polars frames. Everything is read from stores; nothing here runs or writes a simulation.
"""

from __future__ import annotations

from simulation.query.account import account
from simulation.query.as_of import snapshot
from simulation.query.balance_series import balance_series, write_balance_series
from simulation.query.balances import balances, reconstructed_balances
from simulation.query.employee import history
from simulation.query.happened import happened
from simulation.query.paired import COMPARISON_COLUMNS, Comparison, compare, comparison
from simulation.query.parameters import parameter_changes
from simulation.query.plan_status import plan_status
from simulation.query.plan_tests import (
    PlanRun,
    failure_rates,
    plan_tests,
    portions,
    rates_of,
    tested_portion,
    tested_runs,
    verdict_frame,
)
from simulation.query.plan_years import plan_years
from simulation.query.population import POPULATION_METRICS, STATUS_GROUPS, population_metrics
from simulation.query.spread import quantiles
from simulation.query.sweep import Sweep, open_sweep
from simulation.query.vested import with_vested

__all__ = [
    "COMPARISON_COLUMNS",
    "POPULATION_METRICS",
    "STATUS_GROUPS",
    "Comparison",
    "PlanRun",
    "Sweep",
    "account",
    "balance_series",
    "balances",
    "compare",
    "comparison",
    "failure_rates",
    "happened",
    "history",
    "open_sweep",
    "parameter_changes",
    "plan_status",
    "plan_tests",
    "plan_years",
    "population_metrics",
    "portions",
    "quantiles",
    "rates_of",
    "reconstructed_balances",
    "snapshot",
    "tested_portion",
    "tested_runs",
    "verdict_frame",
    "with_vested",
    "write_balance_series",
]
